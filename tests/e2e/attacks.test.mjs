// SPDX-License-Identifier: Apache-2.0
// A hostile client, sibling site or upstream against the running gateway: fixation, tossed cookies, planted CSRF pairs, names
// of hosts, races with the end of a session, poisoned connections, tokens that come back, guesses.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { request as ask } from './support/http.mjs';
import { until } from './support/processes.mjs';
import { complete, exchange } from './support/raw.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada, bob } from './support/sallyport.mjs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const bearerOf = (request, upstream) => upstream.header(request, 'authorization')[0]?.replace('Bearer ', '');

let gate, upstream, host, staff;

before(async () => {
  upstream = await startRecordingUpstream((request, socket) => {
    const target = request.line.split(' ')[1];
    const bearer = bearerOf(request, upstream);
    if (target === '/api/echo') return upstream.plain(`you sent ${bearer}`);
    if (target === '/api/echo-head') return `HTTP/1.1 200 OK\r\nX-Leak: ${bearer}\r\nContent-Length: 2\r\n\r\nok`;
    if (target === '/api/echo-pieces') {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      (async () => {
        for (const piece of ['see ', bearer.slice(0, 50), bearer.slice(50, 51), bearer.slice(51), ' the rest']) {
          if (socket.destroyed) return;
          socket.write(`${piece.length.toString(16)}\r\n${piece}\r\n`);
          await pause(30);
        }
        if (!socket.destroyed) socket.write('0\r\n\r\n');
      })();
      return undefined;
    }
    if (target === '/api/coding') return upstream.plain(upstream.header(request, 'accept-encoding').join() || 'none');
    if (target === '/poison/now') return `${upstream.plain('mine')}${upstream.plain('POISON')}`;
    if (target === '/poison/later') { setTimeout(() => { if (!socket.destroyed) socket.write(upstream.plain('POISON')); }, 60); return upstream.plain('mine'); }
    if (request.line.startsWith('HEAD')) return upstream.plain('POISON');
    if (target === '/ws-late') { setTimeout(() => { if (!socket.destroyed) socket.write(upstream.plain('no tunnel')); }, 200); return undefined; }
    return upstream.plain();
  });
  gate = await Sallyport.serve({
    users: [ada, bob], web: upstream.origin, api: upstream.origin,
    top: { workers: 1, search_answers: true, aliases: ['http://alias.localhost'], internal_hosts: ['gate.internal'] },
    routes: [
      { path: '/*', upstream: 'web', access: 'public' },
      { path: '/api/*', upstream: 'api', access: 'session', identity: 'jwt' },
      { path: '/staff/*', upstream: 'api', access: 'session', groups: ['staff'] },
      { path: '/passed/*', upstream: 'api', access: 'public', authorization: 'pass' },
      { path: '/passed-signed-in/*', upstream: 'api', access: 'session', authorization: 'pass' },
    ],
    extra: '[limits]\nbody_timeout = "5s"',
  });
  host = `localhost:${gate.port}`;
  staff = (...args) => gate.cli(['user', 'groups', ada.email, ...args]);
});
after(async () => { await gate?.stop(); await upstream?.stop(); });
beforeEach(() => upstream?.clear());

const raw = (bytes, options = {}) => exchange(gate.port, bytes, { enough: complete, ...options });
const sessionCookie = (client) => client.jar.ending('session-token');

describe('session fixation and tossed cookies', () => {
  test('S1 a token that was planted before the sign-in is not adopted, and a session that was there dies', async () => {
    const client = gate.client();
    const planted = randomBytes(32).toString('base64url');
    await client.csrf();
    client.jar.set('authjs.session-token', planted);
    assert.equal((await client.signIn(ada.email, ada.password)).status, 200);
    const first = client.jar.get(sessionCookie(client));
    assert.notEqual(first, planted);
    assert.equal((await client.signIn(ada.email, ada.password)).status, 200);
    const stale = gate.client();
    for (const value of [planted, first]) {
      stale.jar.set('authjs.session-token', value);
      assert.equal(await stale.session(), null);
    }
    assert.notEqual(await client.session(), null);
  });

  test('S3 of two session cookies one opens: that one; two different ones open: nobody; never a 500 or a loop', async () => {
    const [mine, theirs] = [await gate.signedIn(ada), await gate.signedIn(bob)];
    const name = sessionCookie(mine);
    const [a, b] = [mine.jar.get(name), theirs.jar.get(name)];
    const who = async (cookie) => {
      const answer = await mine.request('/api/auth/session', { headers: { Cookie: cookie } });
      assert.equal(answer.status, 200, answer.text);
      return answer.json()?.user.email ?? null;
    };
    const garbage = randomBytes(32).toString('base64url');
    assert.equal(await who(`${name}=${garbage}; ${name}=${a}`), ada.email);
    assert.equal(await who(`${name}=${a}; ${name}=${garbage}`), ada.email);
    assert.equal(await who(`${name}=${a}; ${name}=${a}`), ada.email);
    assert.equal(await who(`${name}=${a}; ${name}=${b}`), null);
    assert.equal(await who(`${name}=${b}; ${name}=${a}; ${name}.0=${a}`), null);
    const planted = (count) => Array.from({ length: count }, () => `${name}=${randomBytes(32).toString('base64url')}; `).join('');
    assert.equal(await who(`${planted(3)}${name}=${a}`), ada.email);
    assert.equal(await who(`${name}=${b}; ${planted(3)}${name}=${a}`), null, 'the attacker\'s own is not believed because the person\'s was not looked at');
    assert.equal(await who(Array.from({ length: 60 }, () => `${name}=${randomBytes(32).toString('base64url')}`).join('; ')), null);
    const proxied = await mine.request('/api/x', { headers: { Cookie: `${name}=${a}; ${name}=${b}` } });
    assert.equal(proxied.status, 401);
    assert.equal(upstream.requests.length, 0);
  });
});

describe('CSRF from a sibling site', () => {
  test('S10 a cookie and header pair that is genuine, but another session\'s, fails', async () => {
    const [victim, attacker] = [await gate.signedIn(ada), await gate.signedIn(bob)];
    const { xsrfToken } = await attacker.csrf();
    victim.jar.set('XSRF-TOKEN', xsrfToken);
    const answer = await victim.request('/api/x', { method: 'POST', headers: { 'X-XSRF-TOKEN': xsrfToken } });
    assert.equal(answer.status, 403);
    assert.equal(answer.json().code, 'csrf_token');
    assert.equal(upstream.requests.length, 0);
  });

  test('S10 the right token from the wrong place fails, whatever it calls itself', async () => {
    const client = await gate.signedIn(ada);
    const { xsrfToken } = await client.csrf();
    for (const from of [
      { 'Sec-Fetch-Site': 'same-site', Origin: 'http://evil.localhost' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': undefined, Origin: 'null' },
      { 'Sec-Fetch-Site': undefined, Origin: `${gate.origin}.evil.example` }, { 'Sec-Fetch-Site': undefined, Origin: gate.origin.replace('localhost', 'LOCALHOST.') },
      { 'Sec-Fetch-Site': undefined, Origin: undefined }, { 'Sec-Fetch-Site': 'Same-Origin', Origin: 'http://evil.example' },
    ]) {
      const headers = { Host: host, Cookie: client.jar.header(), 'X-XSRF-TOKEN': xsrfToken, 'Sec-Fetch-Site': 'same-origin', ...from };
      for (const name of Object.keys(headers)) if (headers[name] === undefined) delete headers[name];
      const answer = await ask(`${gate.at}/api/x`, { method: 'POST', headers });
      assert.equal(answer.status, 403, JSON.stringify(from));
      assert.equal(answer.json().code, 'csrf_origin');
    }
    assert.equal(upstream.requests.length, 0);
  });

  test('S12 a sign-in with a planted csrf pair from a sibling is refused: nobody is signed in as somebody else', async () => {
    const attacker = gate.client();
    const { csrfToken } = await attacker.csrf();
    const victim = gate.client();
    victim.jar.set(attacker.jar.ending('csrf-token'), attacker.jar.get(attacker.jar.ending('csrf-token')));
    const answer = await victim.request('/api/auth/callback/credentials', {
      method: 'POST', form: { csrfToken, email: bob.email, password: bob.password, json: 'true' },
      headers: { 'Sec-Fetch-Site': 'same-site', Origin: 'http://evil.localhost' },
    });
    assert.equal(sessionCookie(victim), undefined, answer.text);
  });
});

describe('names of hosts', () => {
  for (const [name, line, also = ''] of [
    ['user information', (h) => `Host: evil@${h}`], ['a foreign host with ours as user', (h) => `Host: ${h}@evil.example`], ['a dot before the port', (h) => `Host: ${h.replace('localhost', 'localhost..')}`],
    ['a path', (h) => `Host: ${h}/evil`], ['a list', (h) => `Host: ${h}, evil.example`], ['a space', (h) => `Host: ${h} evil`], ['nothing', () => 'Host:'],
    ['X-Forwarded-Host of ours', () => 'Host: evil.example', 'X-Forwarded-Host: localhost'], ['Forwarded of ours', () => 'Host: evil.example', 'Forwarded: host=localhost'],
    ['an alias with our port', (h) => `Host: alias.localhost:${h.split(':')[1]}`], ['the internal host in another path', () => 'Host: gate.internal'],
  ]) {
    test(`S28 Host with ${name} finds nothing`, async () => {
      const answer = await raw(`GET /x HTTP/1.1\r\n${line(host)}\r\n${also ? `${also.replace('localhost', host)}\r\n` : ''}\r\n`);
      assert.ok([400, 421].includes(answer.status), `${answer.status}`);
      assert.equal(upstream.requests.length, 0);
    });
  }
  test('S28 an internal host cannot leave /api/auth by dots, and cannot set what links say', async () => {
    for (const path of ['/api/auth/../x', '/api/auth/%2e%2e/x', '/api/auth/./../../x']) assert.ok([400, 421].includes((await raw(`GET ${path} HTTP/1.1\r\nHost: gate.internal\r\n\r\n`)).status), path);
    const answer = await raw('GET /api/auth/signin HTTP/1.1\r\nHost: gate.internal\r\nAccept: text/html\r\n\r\n');
    assert.equal(answer.text.includes('gate.internal'), false);
    assert.equal(upstream.requests.length, 0);
  });
  test('S20 an absolute target and a Host that disagree', async () => {
    for (const [target, name] of [[`http://${host}/x`, 'evil.example'], ['http://evil.example/x', host]]) {
      const answer = await raw(`GET ${target} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
      for (const request of upstream.requests) assert.deepEqual(upstream.header(request, 'host'), [host]);
      if (name === host) assert.ok([400, 421].includes(answer.status));
      upstream.clear();
    }
  });
});

describe('races with the end of a session', () => {
  const slowForm = async (client, path, meanwhile) => {
    const { xsrfToken } = await client.csrf();
    const body = `a=b&_csrf=${encodeURIComponent(xsrfToken)}`;
    const socket = connect(gate.port, '127.0.0.1');
    let answer = '', closed = false;
    socket.on('data', (piece) => { answer += piece; });
    socket.on('error', () => {});
    socket.on('close', () => { closed = true; });
    socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${client.jar.header()}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 3)}`);
    await pause(150);
    await meanwhile();
    if (!closed) socket.write(body.slice(3));
    await until(() => closed || answer.includes('\r\n\r\n'), { what: 'an answer or a cut' });
    socket.destroy();
    return answer;
  };

  test('S5 a form that was begun before the sign-out and ends after it is not forwarded', async () => {
    await ask(`${gate.at}/warm`, { headers: { Host: host } });   // a pooled connection waits
    const client = await gate.signedIn(ada);
    await client.request('/api/warm');
    upstream.clear();
    const answer = await slowForm(client, '/api/late', async () => assert.equal((await gate.cli(['session', 'revoke', '--user', ada.email])).code, 0));
    assert.match(answer, /^(HTTP\/1\.1 401 .*[^]*)?$/);
    assert.equal(upstream.requests.length, 0, 'the upstream heard nothing of it');
  });

  test('S5 nor one whose group was taken away meanwhile', async () => {
    await staff('--add', 'staff');
    const client = await gate.signedIn(ada);
    assert.equal((await client.request('/staff/warm')).status, 200);
    upstream.clear();
    const answer = await slowForm(client, '/staff/late', () => staff('--remove', 'staff'));
    assert.equal(/^HTTP\/1\.1 200/.test(answer), false, answer);
    assert.equal(upstream.requests.length, 0, 'the upstream heard nothing of it');
  });

  test('the same form in peace goes through', async () => {
    const client = await gate.signedIn(ada);
    assert.match(await slowForm(client, '/api/late', async () => {}), /^HTTP\/1\.1 200/);
    assert.equal(upstream.requests.length, 1);
  });

  test('S5 parallel requests around a sign-out: none succeeds after it was acknowledged', async () => {
    for (let round = 0; round < 5; ++round) {
      const client = await gate.signedIn(ada);
      const cookie = client.jar.header();
      const hammer = Array.from({ length: 8 }, async () => {
        for (let i = 0; i < 10; ++i) await client.request('/api/x', { headers: { Cookie: cookie } }).catch(() => {}); // cut in the middle
      });
      assert.equal((await client.signOut()).status, 200);
      assert.equal((await client.request('/api/x', { headers: { Cookie: cookie } })).status, 401);
      await Promise.all(hammer);
      assert.equal((await client.request('/api/x', { headers: { Cookie: cookie } })).status, 401, 'no load that raced it brought it back');
    }
  });
});

describe('an upstream that misbehaves', () => {
  for (const path of ['/poison/now', '/poison/later']) {
    test(`S25 ${path}: bytes behind an answer reach nobody`, async () => {
      for (let i = 0; i < 8; ++i) {
        const answers = await Promise.all([path, '/fine'].map((target) => ask(gate.at + target, { headers: { Host: host } })));
        if (i % 2) await pause(80);
        for (const answer of [...answers, await ask(`${gate.at}/fine`, { headers: { Host: host } })]) assert.equal(answer.text.includes('POISON'), false);
      }
    });
  }
  test('S25 a body after the answer to HEAD reaches nobody', async () => {
    for (let i = 0; i < 8; ++i) {
      const answer = await raw(`HEAD /head HTTP/1.1\r\nHost: ${host}\r\n\r\nGET /fine HTTP/1.1\r\nHost: ${host}\r\n\r\n`, { enough: (text) => text.endsWith('ok') });
      assert.equal(answer.text.includes('POISON'), false);
    }
  });

  test('S7 a token that comes back in a header is dropped; in a body, the answer is cut and the log says whose it was', async () => {
    const client = await gate.signedIn(ada);
    const head = await client.request('/api/echo-head');
    assert.equal(head.status, 200);
    assert.equal(head.headers['x-leak'], undefined);
    for (const path of ['/api/echo', '/api/echo-pieces']) {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${client.jar.header()}\r\n\r\n`, { enough: undefined, patience: 4000 });
      const token = bearerOf(upstream.requests.at(-1), upstream);
      assert.ok(token.length > 100);
      assert.equal(answer.text.includes(token), false, path);
      assert.equal(answer.text.includes('the rest'), false);
      assert.equal(answer.closed, true);
    }
    await until(() => /access token[^\n]*upstream\W+api[^\n]*route\W+\/api\/\*/.test(gate.log), { what: 'the line in the log' });
    assert.equal((await client.request('/api/coding', { headers: { 'Accept-Encoding': 'gzip, br' } })).text, 'none', 'a compressed body could not be searched');
    assert.equal((await client.request('/coding', { headers: { 'Accept-Encoding': 'gzip, br' } })).status, 200);
  });
});

describe('S23 the front door', () => {
  test('a token that was made for an upstream is refused where Authorization passes; others pass', async () => {
    const client = await gate.signedIn(ada);
    await client.request('/api/x');
    const stolen = bearerOf(upstream.requests[0], upstream);
    assert.match(stolen, /^eyJ/);
    upstream.clear();
    for (const path of ['/passed/x', '/passed-signed-in/x']) {
      for (const value of [`Bearer ${stolen}`, `bearer  ${stolen}`, stolen, `DPoP ${stolen}`, `Bearer x, Bearer ${stolen}`]) {
        const answer = await client.request(path, { headers: { Authorization: value } });
        assert.equal(answer.status, 401, `${path} ${value.slice(0, 12)}`);
        assert.match(answer.headers['www-authenticate'], /invalid_token/);
      }
    }
    const twice = await raw(`GET /passed/x HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer mine\r\nAuthorization: Bearer ${stolen}\r\n\r\n`);
    assert.equal(twice.status, 401);
    assert.equal(upstream.requests.length, 0, 'none of it got through');
    const changed = `${stolen.slice(0, -10)}${stolen.at(-10) === 'A' ? 'B' : 'A'}${stolen.slice(-9)}`;
    for (const [path, value] of [['/passed/x', 'Bearer mine'], ['/passed-signed-in/x', 'Basic Zm9vOmJhcg=='], ['/passed/x', `Bearer ${changed}`]]) {
      assert.equal((await client.request(path, { headers: { Authorization: value } })).status, 200);
      assert.deepEqual(upstream.header(upstream.requests.at(-1), 'authorization'), [value]);
    }
  });
});

describe('WebSocket', () => {
  test('S25 what is sent before the upstream has agreed never reaches it as part of the handshake\'s connection', async () => {
    const handshake = `GET /ws-late HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${gate.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
    const smuggled = `GET /api/smuggled HTTP/1.1\r\nHost: ${host}\r\nX-Auth-Subject: root\r\n\r\n`;
    const answer = await raw(handshake + smuggled, { enough: (text) => text.split('HTTP/1.1 ').length > 2, patience: 3000 });
    assert.equal(upstream.requests.some(({ line }) => line.includes('smuggled')), false, 'it was judged as a request of its own');
    assert.ok(answer.statuses.every((status) => [200, 400, 401].includes(status)), `${answer.statuses}`);
  });
});

describe('the stateless session', () => {
  test('S5 an application that opens the cookie itself does not get one of an ended session, on public routes neither', async () => {
    const other = await Sallyport.serve({ users: [ada], web: upstream.origin, session: { strategy: 'jwt' }, compat: { next_auth: 'v5', secret: randomBytes(32).toString('hex'), forward_session_cookie: true } });
    try {
      const client = await other.signedIn(ada);
      const sent = () => upstream.header(upstream.requests.at(-1), 'cookie').join();
      await client.navigate('/x');
      assert.match(sent(), /session-token=/);
      assert.equal((await client.request('/x', { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://evil.example' } })).status, 403, 'S10: the cookie goes on, so its session has the CSRF rule');
      assert.equal((await other.cli(['session', 'revoke', '--user', ada.email])).code, 0);
      assert.equal((await client.navigate('/x')).status, 200);
      assert.doesNotMatch(sent(), /session-token=/);
      await other.client().request('/x', { headers: { Cookie: 'authjs.session-token=garbage; theme=dark' } });
      assert.equal(sent(), 'theme=dark');
    } finally { await other.stop(); }
  });

  test('S4 pages alone keep it alive: its cookie is renewed by navigation, also when the session is in the cache', async () => {
    const other = await Sallyport.serve({ users: [ada], web: upstream.origin, session: { strategy: 'jwt', update_age: '1s' }, top: { workers: 1 } });
    try {
      const client = await other.signedIn(ada);
      await client.request('/dashboard');
      await pause(1300);
      const renews = (answer) => answer.setCookies.some((line) => /session-token=[^;]/.test(line));
      assert.equal(renews(await client.request('/dashboard')), false, 'not by a fetch: another one may be under way with the old cookie');
      const answer = await client.navigate('/dashboard');
      assert.equal(renews(answer), true);
      assert.match(answer.headers['cache-control'], /private/);
      assert.notEqual(await client.session(), null);
    } finally { await other.stop(); }
  });
});

describe('the log', () => {
  test('S62 no request writes a line of its own', async () => {
    const mark = `forged-${randomBytes(4).toString('hex')}`;
    await raw(`GET /x%0a${mark}%20status=200?y=%0d%0a${mark} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: a\tb ${mark}\xff\u001b\r\nReferer: ${mark}\r\n\r\n`);
    await raw(`GET /x%0A${mark}-2 HTTP/1.1\r\nHost: ${host}\r\nX-Request-Id: ${mark}\r\n\r\n`);
    const client = gate.client();
    await client.signIn(`a@b.example\r\n${mark}`, 'x\r\ny');
    await pause(1500);
    for (const line of gate.log.split('\n')) assert.equal(line.startsWith(mark), false, line);
  });
});

describe('guesses of session tokens', () => {
  test('S55 unknown tokens of one address are held up before the store; people with sessions behind it are not', async () => {
    const other = await Sallyport.serve({ users: [ada, bob], api: upstream.origin, throttle: { unknown_sessions_per_address_per_minute: 20 }, routes: [{ path: '/*', upstream: 'api', access: 'session' }] });
    try {
      const good = await other.signedIn(ada);
      const guess = (path) => other.client().request(path, { headers: { Cookie: `authjs.session-token=${randomBytes(32).toString('base64url')}` } });
      const statuses = (await Promise.all(Array.from({ length: 60 }, () => guess('/x')))).map(({ status }) => status);
      const passed = statuses.filter((status) => status === 401).length;
      assert.ok(passed >= 20 && passed <= 25, `${passed} were looked up`);
      assert.equal(statuses.filter((status) => status === 429).length, 60 - passed);
      const own = await guess('/api/auth/session');
      assert.equal(own.status, 429);
      assert.match(own.headers['content-type'], /json/);
      assert.ok(Number(own.headers['retry-after']) > 0);
      for (let i = 0; i < 20; ++i) assert.equal((await good.request('/x')).status, 200, 'on whichever worker');
      assert.equal((await (await other.signedIn(bob)).session()).user.email, bob.email, 'and signing in works');
    } finally { await other.stop(); }
  });
});
