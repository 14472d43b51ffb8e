// SPDX-License-Identifier: Apache-2.0
// A hostile client against the endpoints of sign-in at providers: races for one answer, planted cookies, odd methods and bodies,
// and two ways in taken away at once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { CookieJar, request } from './support/http.mjs';
import { startHostileProvider } from './support/hostile_provider.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort } from './support/processes.mjs';
import { begin, comeBack, signInAt } from './support/provider_signin.mjs';
import { complete, exchange } from './support/raw.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

const kMany = 20;
const sessionOf = (client) => client.jar.ending('session-token');

describe('a hostile client at the provider endpoints', () => {
  let op, hostile, gate, logins = 0;
  before(async () => {
    const port = await freePort();
    op = await startOidcProvider({ origin: `http://localhost:${port}`, ids: ['work', 'posted'] });
    const anyone = { claims: (claims) => ({ ...claims, sub: `anyone-${logins}`, email: undefined }) };
    hostile = await startHostileProvider({ one: anyone, two: anyone });
    gate = await Sallyport.serve({ port, web: 'http://127.0.0.1:9', users: [ada], extra: op.toml('work') + op.toml('posted', 'response_mode = "form_post"', 'Posted') + hostile.toml('one', 'one') + hostile.toml('two', 'two') });
  });
  after(async () => { await gate?.stop(); await op?.stop(); await hostile?.stop(); });

  const copyOf = (client) => {
    const copy = gate.client();
    for (const pair of client.jar.header().split('; ').filter(Boolean)) copy.jar.set(...pair.split(/=(.*)/s).slice(0, 2));
    return copy;
  };
  const raw = (bytes) => exchange(gate.port, bytes, { enough: complete });
  const host = () => `Host: localhost:${gate.port}\r\n`;

  test(`S12 one answer shown ${kMany} times at once signs in once`, async () => {
    const client = gate.client();
    const arrived = await op.walk((await begin(client, 'work')).url, { login: 'ada' });
    const asked = op.count('/token');
    const copies = Array.from({ length: kMany }, () => copyOf(client));
    const answers = await Promise.all(copies.map((copy) => comeBack(copy, arrived)));
    assert.equal(copies.filter(sessionOf).length, 1);
    assert.equal(answers.filter(({ headers }) => /error=/.test(headers.location)).length, kMany - 1);
    assert.equal(op.count('/token'), asked + 1, 'the code is redeemed once');
  });

  test('S12 a transaction that is planted together with its answer is refused when it was made elsewhere, changed, or cut', async () => {
    const attacker = gate.client();
    const arrived = await op.walk((await begin(attacker, 'work')).url, { login: 'bob' });
    const [name] = attacker.jar.names().filter((one) => one.includes('.transaction.'));
    const value = attacker.jar.get(name);
    for (const bad of ['', 'x', value.slice(0, -1), `${value}A`, `${value.slice(0, 20)}${value[20] === 'A' ? 'B' : 'A'}${value.slice(21)}`, randomBytes(300).toString('base64url'), 'A'.repeat(4000)]) {
      const victim = gate.client();
      victim.jar.set(name, bad);
      const answer = await comeBack(victim, arrived);
      assert.match(answer.headers.location, /error=OAuthCallbackError/);
      assert.equal(sessionOf(victim), undefined);
    }
    const wrongName = gate.client();
    wrongName.jar.set(name.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0')), value);
    assert.match((await comeBack(wrongName, arrived)).headers.location, /error=OAuthCallbackError/);
    assert.equal((await comeBack(attacker, arrived)).headers.location, `${gate.origin}/`, 'it was good all the time');
  });

  test('a hundred planted transactions break nothing', async () => {
    const client = gate.client();
    for (let i = 0; i < 100; i += 1) client.jar.set(`authjs.transaction.${randomBytes(8).toString('hex')}`, randomBytes(40).toString('base64url'));
    const started = await begin(client, 'work');
    assert.equal(started.status, 200, started.text);
    assert.equal((await comeBack(client, await op.walk(started.url, { login: 'ada' }))).headers.location, `${gate.origin}/`);
  });

  test('answers that are none: repeated, empty, oversized and odd parameters get a page, and no request to the provider', async () => {
    const asked = op.count('/token');
    const client = gate.client();
    const arrived = new URL(await op.walk((await begin(client, 'work')).url, { login: 'ada' }));
    const { code, state } = Object.fromEntries(arrived.searchParams);
    for (const query of [`code=${code}&code=x&state=${state}`, `code=${code}&state=${state}&state=x`, `code=&state=${state}`, `state=${state}`, `code=${code}`, '', `code=${code}&state=${state}&iss=https://evil.example`,
      `code=${'c'.repeat(5000)}&state=${state}`, `code=${code}%00&state=${state}%00`, `code[]=${code}&state[]=${state}`, `%63ode=${code}&state=${'s'.repeat(600)}`, `code=${code}&state=${state}&response=eyJ.x.y`.replace(`state=${state}`, 'state=other')]) {
      const answer = await copyOf(client).navigate(`/api/auth/callback/work?${query}`);
      assert.equal(answer.status, 302, `${query}: ${answer.status}`);
      assert.match(answer.headers.location, /error=(OAuthCallbackError|Configuration)/, query);
      assert.match(answer.headers['cache-control'], /no-store/);
    }
    assert.equal(op.count('/token'), asked);
  });

  test('S11 other methods do nothing, and say so', async () => {
    for (const path of ['/api/auth/callback/work', '/api/auth/start/work', '/api/auth/signin/work', '/api/auth/backchannel-logout/work', '/api/auth/account/disconnect', '/api/auth/signout/callback']) {
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
        const answer = await request(`${gate.at}${path}`, { method, headers: { Host: `localhost:${gate.port}` } });
        assert.ok([400, 403, 404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
        assert.deepEqual(answer.setCookies, []);
      }
    }
  });

  test('a logout token where none belongs is not looked at', async () => {
    const token = 'eyJhbGciOiJSUzI1NiJ9.e30.x';
    const form = (body, type = 'application/x-www-form-urlencoded', more = '') => raw(`POST /api/auth/backchannel-logout/work HTTP/1.1\r\n${host()}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`);
    const multipart = `--b\r\nContent-Disposition: form-data; name="logout_token"\r\n\r\n${token}\r\n--b--\r\n`;
    for (const [body, type] of [[`logout_token=${token}`, 'text/plain'], [`{"logout_token":"${token}"}`, 'application/json'], [multipart, 'multipart/form-data; boundary=b'], [`logout_token[]=${token}`], ['logout_token=%00'], ['logout_token='], ['=']]) {
      const answer = await form(body, type);
      assert.ok([400, 415].includes(answer.status), `${type} ${body.slice(0, 30)}: ${answer.status}`);
    }
    const inQuery = await raw(`POST /api/auth/backchannel-logout/work?logout_token=${token} HTTP/1.1\r\n${host()}Content-Length: 0\r\n\r\n`);
    assert.equal(inQuery.status, 400);
    const large = await form(`logout_token=${'x'.repeat(300_000)}`);
    assert.ok([400, 413].includes(large.status), `${large.status}`);
    assert.equal((await request(`${gate.at}/api/auth/providers`, { headers: { Host: `localhost:${gate.port}` } })).status, 200);
  });

  test('S33 of people who connect one account at the same moment, one gets it', async () => {
    logins += 1;
    const people = await Promise.all(['p1', 'p2', 'p3', 'p4'].map(async (login) => {
      const client = gate.client();
      assert.equal((await signInAt(op, client, login, { jar: new CookieJar() })).status, 302);
      return { client, me: (await client.request('/api/auth/me')).json().user.id };
    }));
    const arrived = await Promise.all(people.map(async ({ client }) => hostile.walk((await begin(client, 'one', { callbackUrl: '/api/auth/account' })).url)));
    const answers = await Promise.all(people.map(({ client }, i) => comeBack(client, arrived[i])));
    assert.equal(answers.filter(({ headers }) => !/notice=/.test(headers.location)).length, 1, answers.map(({ headers }) => headers.location).join(' '));
    const owner = gate.client();
    assert.equal((await signInAt(hostile, owner, '', { id: 'one' })).status, 302);
    const winner = people[answers.findIndex(({ headers }) => !/notice=/.test(headers.location))];
    assert.equal((await owner.request('/api/auth/me')).json().user.id, winner.me);
    for (const { client, me } of people) assert.equal((await client.request('/api/auth/me')).json().user.id, me, 'nobody became somebody else');
  });

  test('S33 the last two ways in are not both taken away by two requests at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      logins += 1;
      const client = gate.client();
      assert.equal((await signInAt(hostile, client, '', { id: 'one' })).status, 302);
      assert.equal((await signInAt(hostile, client, '', { id: 'two', callbackUrl: '/api/auth/account' })).status, 302);
      const account = `anyone-${logins}`;
      const gone = await Promise.all(['one', 'two'].map((provider) => client.unsafe('/api/auth/account/disconnect', { json: { provider, account } })));
      assert.deepEqual(gone.map(({ status }) => status).sort(), [204, 409], gone.map(({ text }) => text).join('\n'));
    }
  });

  test('S1 S12 a session of somebody else in the browser that comes back is not linked to the account', async () => {
    logins += 1;
    const victim = await gate.signedIn(ada);
    const before = (await victim.request('/api/auth/me')).json().user.id;
    const attacker = gate.client();
    const arrived = await hostile.walk((await begin(attacker, 'one')).url);
    for (const pair of attacker.jar.header().split('; ').filter((one) => one.includes('.transaction.'))) victim.jar.set(...pair.split(/=(.*)/s).slice(0, 2));
    await comeBack(victim, arrived);
    const again = gate.client();
    await signInAt(hostile, again, '', { id: 'one' });
    assert.notEqual((await again.request('/api/auth/me')).json().user.id, before, 'the account opens nobody else’s user');
  });
});
