// SPDX-License-Identifier: Apache-2.0
// Sign-in by the existing API's login endpoint: its tokens stay in the session, go to the API, are refreshed once however many
// requests ask, and never reach the browser.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { until } from './support/processes.mjs';
import { Sallyport } from './support/sallyport.mjs';

const person = { email: 'ada@example.com', password: 'as the API knows it' };

async function startFakeApi() {
  const it = { logins: [], refreshes: [], bearers: [], logouts: [], tokens: new Set(), refreshStatus: 200, expiresIn: 3600, number: 0 };
  const issue = () => {
    it.number += 1;
    const pair = { accessToken: `backend-access-${it.number}-${'a'.repeat(20)}`, refreshToken: `backend-refresh-${it.number}-${'r'.repeat(20)}`, expiresIn: it.expiresIn };
    it.tokens.add(pair.accessToken).add(pair.refreshToken);
    return pair;
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const json = (status, body) => { response.writeHead(status, { 'Content-Type': 'application/json' }); response.end(JSON.stringify(body)); };
    if (request.url === '/login') {
      const body = JSON.parse(text);
      it.logins.push({ body, headers: request.headers });
      if (body.username === 'down@example.com') return json(500, {});
      if (body.username === 'locked@example.com') return json(423, { code: 'locked' });
      if (body.username !== person.email || body.password !== person.password) return json(401, { code: 'bad_credentials' });
      return json(200, { data: { user: { id: 42, name: 'Ada of the API', email: person.email, plan: 'pro', groups: ['staff'] }, ...issue() } });
    }
    if (request.url === '/refresh') {
      it.refreshes.push(JSON.parse(text));
      await new Promise((done) => setTimeout(done, 50));
      return it.refreshStatus === 200 ? json(200, { data: issue() }) : json(it.refreshStatus, { code: 'no' });
    }
    if (request.url === '/logout') { it.logouts.push(request.headers.authorization); return json(200, {}); }
    it.bearers.push(request.headers.authorization ?? null);
    return json(200, { bearer: request.headers.authorization ? 'there' : 'missing' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  it.origin = `http://127.0.0.1:${server.address().port}`;
  it.stop = () => { server.closeAllConnections(); server.close(); };
  return it;
}

for (const strategy of ['database', 'jwt']) {
  describe(`signin.backend, ${strategy} sessions`, () => {
    let api, gate;
    before(async () => {
      api = await startFakeApi();
      gate = await Sallyport.serve({
        session: { strategy, claims: ['plan'] }, password: null, api: api.origin,
        routes: [{ path: '/api/*', upstream: 'api', access: 'session', identity: 'backend' }, { path: '/staff/*', upstream: 'api', access: 'session', identity: 'headers', groups: ['staff'] },
          { path: '/root/*', upstream: 'api', access: 'session', groups: ['root'] }],
        extra: `[signin.backend]
url = "${api.origin}/login"
refresh_url = "${api.origin}/refresh"
logout_url = "${api.origin}/logout"
user_path = "data.user"
id_path = "data.user.id"
name_path = "data.user.name"
email_path = "data.user.email"
groups_path = "data.user.groups"
access_token_path = "data.accessToken"
refresh_token_path = "data.refreshToken"
expires_in_path = "data.expiresIn"
claims = ["plan"]
[signin.backend.fields]
email = "username"
[pages]
new_user = "/welcome"`,
      });
    });
    after(async () => { await gate?.stop(); api?.stop(); });
    beforeEach(() => { Object.assign(api, { expiresIn: 3600, refreshStatus: 200 }); api.logins.length = api.refreshes.length = api.bearers.length = api.logouts.length = 0; });

    test('it is the provider `credentials`', async () => {
      const { credentials } = (await gate.client().request('/api/auth/providers')).json();
      assert.equal(credentials.type, 'credentials');
    });

    test('the API checks the password; control fields are not passed on', async () => {
      const client = gate.client();
      const answer = await client.signIn(person.email, person.password, { redirect: 'false' });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(Object.keys(api.logins[0].body).sort(), ['password', 'username']);
      assert.match(api.logins[0].headers['content-type'], /^application\/json/);
      const { user } = await client.session();
      assert.equal(user.name, 'Ada of the API');
      assert.equal(user.email, person.email);
      // A newcomer to us: the app's page for them comes first, once.
      assert.ok(answer.json().url.startsWith(`${gate.origin}/welcome?callbackUrl=http`), answer.json().url);
      assert.equal((await gate.client().signIn(person.email, person.password)).json().url, `${gate.origin}/`);
    });

    test('identity = "backend" attaches the API\'s own token', async () => {
      const client = await gate.signedIn(person);
      assert.equal((await client.request('/api/x')).json().bearer, 'there');
      assert.match(api.bearers[0], /^Bearer backend-access-\d+-a+$/);
    });

    test('groups decide; identity headers are percent-encoded and complete', async () => {
      const client = await gate.signedIn(person);
      assert.equal((await client.request('/staff/x')).status, 200);
      assert.equal((await client.request('/root/x')).status, 403);
    });

    test('S7 the API\'s tokens never reach the browser, and no cookie holds them', async () => {
      const client = gate.client();
      const answers = [await client.signIn(person.email, person.password), await client.request('/api/auth/session'), await client.request('/api/auth/me'), await client.request('/api/x'), await client.navigate('/api/auth/account')];
      for (const answer of answers) for (const token of api.tokens) assert.equal((JSON.stringify(answer.headers) + answer.text).includes(token), false);
      for (const token of api.tokens) assert.equal(gate.log.includes(token), false, 'S62');
    });

    test('S35 an expired token is refreshed once, however many requests ask', async () => {
      api.expiresIn = 1;
      const client = await gate.signedIn(person);
      api.expiresIn = 3600;
      await until(async () => { await client.request('/api/x'); return api.refreshes.length > 0; }, { every: 100, what: 'a refresh' });
      api.refreshes.length = 0;

      api.expiresIn = 1;
      const other = await gate.signedIn(person);
      api.expiresIn = 3600;
      await new Promise((done) => setTimeout(done, 1100)); // the token's own life, which is the API's clock and not ours to turn
      api.bearers.length = api.refreshes.length = 0;
      const answers = await Promise.all(Array.from({ length: 25 }, () => other.request('/api/x')));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      assert.equal(api.refreshes.length, 1, 'single flight');
      assert.equal(new Set(api.bearers).size, 1, 'all of them with the new token');
    });

    test('S35 a refresh that fails with 5xx does not end the session', async () => {
      api.expiresIn = 1;
      const client = await gate.signedIn(person);
      await new Promise((done) => setTimeout(done, 1100));
      api.refreshStatus = 500;
      const answer = await client.request('/api/x');
      assert.ok([200, 502, 503].includes(answer.status), `${answer.status}`);
      assert.equal((await client.session()).user.email, person.email);
      Object.assign(api, { refreshStatus: 200, expiresIn: 3600 });
      await until(async () => (await client.request('/api/x')).status === 200, { what: 'recovery', every: 200 });
    });

    test('S35 a refresh that the API refuses ends the session', async () => {
      api.expiresIn = 1;
      const client = await gate.signedIn(person);
      await new Promise((done) => setTimeout(done, 1100));
      api.refreshStatus = 401;
      const refused = await client.request('/api/x');
      assert.equal(refused.status, 401);
      assert.equal(refused.json().code, 'login_required');
      assert.match(refused.json().signin_url, /^http/);
      assert.equal(await client.session(), null);
    });

    test('a wrong password: 401 in v4 style with the code as error, 200 in v5 style with it as code', async () => {
      const v4 = await gate.client().signIn(person.email, 'wrong');
      assert.equal(v4.status, 401);
      assert.match(v4.json().url, /\/api\/auth\/error\?error=bad_credentials/);
      const client = gate.client();
      const { csrfToken } = await client.csrf();
      const v5 = await client.request('/api/auth/callback/credentials', { method: 'POST', headers: { 'X-Auth-Return-Redirect': '1' }, form: { csrfToken, email: 'locked@example.com', password: 'x' } });
      assert.equal(v5.status, 200);
      assert.match(v5.json().url, /\/api\/auth\/signin\?error=CredentialsSignin&code=locked/);
    });

    test('S60 an API in trouble is no sign-in and no wrong password', async () => {
      const answer = await gate.client().signIn('down@example.com', person.password);
      assert.equal(answer.setCookies.some((line) => /session-token=[^;]/.test(line)), false);
      assert.doesNotMatch(answer.text, /CredentialsSignin/);
    });

    test('signing out tells the API', async () => {
      const client = await gate.signedIn(person);
      assert.equal((await client.signOut()).status, 200);
      await until(() => api.logouts.length === 1, { what: 'the API being told' });
      assert.match(api.logouts[0], /^Bearer backend-access-/);
      assert.equal((await client.request('/api/x')).status, 401);
    });
  });
}
