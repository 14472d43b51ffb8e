// SPDX-License-Identifier: Apache-2.0
// Sign-out that means it: at the provider too, its tokens revoked, on all devices, and by the provider's own word (the logout
// modules of the OpenID Foundation's relying party plans, each test named after its module).
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { CookieJar, request } from './support/http.mjs';
import { macSigned, makeKey, signed, startHostileProvider, unsigned } from './support/hostile_provider.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort } from './support/processes.mjs';
import { signInAt } from './support/provider_signin.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport } from './support/sallyport.mjs';

const kEvent = 'http://schemas.openid.net/event/backchannel-logout';
const routes = [{ path: '/api/*', upstream: 'api', access: 'session', identity: 'provider' }];
const now = () => Math.floor(Date.now() / 1000);

const until = async (what, condition) => {
  for (const end = Date.now() + 10_000; !(await condition());) {
    assert.ok(Date.now() < end, what);
    await new Promise((done) => { setTimeout(done, 50); });
  }
};

const upgrade = (head) => {
  const key = head.headers.find(([name]) => name.toLowerCase() === 'sec-websocket-key')?.[1];
  if (!key) return 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
};

/** Opens a WebSocket in the client's name. → {closed()} once the tunnel stands */
const openSocket = (client, port) => new Promise((done, fail) => {
  const socket = connect(port, '127.0.0.1');
  let closed = false, text = '';
  socket.on('error', () => {});
  socket.on('close', () => { closed = true; fail(new Error(`no tunnel: ${text}`)); });
  socket.on('data', (piece) => { text += piece; if (text.startsWith('HTTP/1.1 101')) done({ closed: () => closed }); });
  socket.write(`GET /api/socket HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`
    + `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: ${client.jar.header()}\r\n\r\n`);
});

async function signOut(client, fields = {}) {
  const { csrfToken } = await client.csrf();
  const answer = await client.request('/api/auth/signout', { method: 'POST', headers: { 'X-Auth-Return-Redirect': '1' }, form: { csrfToken, callbackUrl: '/bye', ...fields } });
  assert.equal(answer.status, 200, answer.text);
  return answer.json().url;
}

/** What the person does at the provider: "Yes, sign me out". → where the provider sends them */
async function confirmThere(op, url, jar) {
  const asked = await request(url, { jar });
  const action = /<form[^>]*action="([^"]+)"/.exec(asked.text)?.[1];
  assert.ok(action, `${asked.status} ${asked.text}`);
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked.text)[1];
  const done = await request(new URL(action, op.issuer).href, { method: 'POST', jar, form: { xsrf, logout: 'yes' } });
  return done.headers.location;
}

for (const strategy of ['database', 'jwt']) {
  describe(`sign-out at the provider, ${strategy} sessions`, () => {
    let op, gate, api;
    before(async () => {
      const port = await freePort();
      op = await startOidcProvider({ origin: `http://localhost:${port}` });
      api = await startRecordingUpstream(upgrade);
      gate = await Sallyport.serve({ port, api: api.origin, routes, session: { strategy }, extra: op.toml('work', 'logout = "provider"') });
    });
    after(async () => { await gate?.stop(); await op?.stop(); await api?.stop(); });
    const signedIn = async (jar = new CookieJar(), login = 'ada') => {
      const client = gate.client();
      assert.equal((await signInAt(op, client, login, { jar })).status, 302);
      assert.ok(await client.session());
      return client;
    };

    test('oidcc-client-test-rp-init-logout', async () => {
      const jar = new CookieJar();
      const client = await signedIn(jar);
      const url = new URL(await signOut(client));
      assert.equal(await client.session(), null, 'signed out here whatever happens there');
      assert.ok(url.href.startsWith(`${op.issuer}/session/end?`));
      assert.equal(url.searchParams.get('id_token_hint'), op.issued.findLast((token) => token.split('.').length === 3));
      assert.equal(url.searchParams.get('post_logout_redirect_uri'), `${gate.origin}/api/auth/signout/callback`);
      const state = url.searchParams.get('state');
      assert.match(state, /^[0-9a-f]{32}$/);
      const back = await confirmThere(op, url.href, jar);
      assert.equal(back, `${gate.origin}/api/auth/signout/callback?state=${state}`);
      const home = await client.navigate(back.slice(gate.origin.length));
      assert.equal(home.status, 303);
      assert.equal(home.headers.location, `${gate.origin}/bye`);
      assert.equal((await client.navigate(back.slice(gate.origin.length))).headers.location, `${gate.origin}/`, 'the state counts once');
    });

    for (const [module, queries] of Object.entries({ 'no-state': ['', '?state='], 'other-state': ['?state=other', '?state=other&callbackUrl=https%3A%2F%2Fevil.example'] })) {
      test(`oidcc-client-test-rp-init-logout-${module}: signed out here, and the way back leads home`, async () => {
        for (const query of queries) {
          const client = await signedIn();
          await signOut(client);
          const back = await client.navigate(`/api/auth/signout/callback${query}`);
          assert.equal(back.headers.location, `${gate.origin}/`);
          assert.equal(await client.session(), null);
        }
      });
    }

    test('a link to the way back signs nobody out', async () => {
      const person = await signedIn();
      await person.navigate('/api/auth/signout/callback?state=x');
      assert.ok(await person.session());
    });

    test('the sign-out page may lead to the provider, and no further', async () => {
      const client = await signedIn();
      const page = await client.navigate('/api/auth/signout');
      assert.match(page.headers['content-security-policy'], new RegExp(`form-action 'self' ${op.issuer}(;|$)`));
      const { csrfToken } = await client.csrf();
      const answer = await client.navigate('/api/auth/signout', { method: 'POST', headers: { 'Sec-Fetch-Site': 'same-origin' }, form: { csrfToken } });
      assert.equal(answer.status, 302);
      assert.ok(answer.headers.location.startsWith(`${op.issuer}/session/end?`));
    });

    test('RFC 7009: the tokens are void at the provider after sign-out, of one and of all devices', async () => {
      const one = await signedIn(), other = await signedIn(), third = await signedIn();
      const revoked = () => op.count('/token/revocation');
      const before = revoked();
      await signOut(one);
      await until('both tokens of one session revoked', () => revoked() === before + 2);
      const { xsrfToken } = await other.csrf();
      const ended = await other.request('/api/auth/sessions?except=current', { method: 'DELETE', headers: { 'X-XSRF-TOKEN': xsrfToken } });
      assert.equal(ended.status, 200, ended.text);
      assert.equal(await third.session(), null);
      await until('and of the other devices', () => revoked() >= before + 4);
      assert.ok(await other.session());
    });

    test('oidcc-client-test-rp-backchannel-rpinitlogout: signing out there ends every session of it here, open WebSockets too', async () => {
      const jar = new CookieJar();
      const one = await signedIn(jar), other = await signedIn(jar), stranger = await signedIn(new CookieJar(), 'bob');
      const socket = await openSocket(other, gate.port), strangers = await openSocket(stranger, gate.port);
      await confirmThere(op, await signOut(one), jar);
      await until('the socket is cut', () => socket.closed());
      assert.equal(await other.session(), null);
      assert.ok(await stranger.session());
      assert.ok(!strangers.closed());
    });
  });
}

describe('S36 back-channel logout tokens', () => {
  let hostile, gate, api, issuer;
  let logins = 0, sids = true;
  before(async () => {
    const port = await freePort();
    hostile = await startHostileProvider({
      op: { claims: (claims) => { logins += 1; return { ...claims, sub: `person-${logins}`, email: `p${logins}@example.com`, ...(sids ? { sid: `sid-${logins}` } : {}) }; } },
      away: { before: (what, _, __, response) => { if (what === 'jwks') { response.writeHead(500); response.end(); return true; } return false; } },
    });
    issuer = hostile.issuer('op');
    api = await startRecordingUpstream(upgrade);
    gate = await Sallyport.serve({ port, api: api.origin, routes, extra: hostile.toml('op', 'op') + hostile.toml('away', 'away') });
  });
  after(async () => { await gate?.stop(); await hostile?.stop(); await api?.stop(); });

  const person = async () => {
    const client = gate.client();
    assert.equal((await signInAt(hostile, client, '', { id: 'op' })).status, 302);
    return Object.assign(client, { sub: `person-${logins}`, sid: `sid-${logins}` });
  };
  const claimsFor = (client, changes = {}) => {
    const claims = { iss: issuer.url, aud: hostile.client.id, iat: now(), exp: now() + 120, jti: randomUUID(), events: { [kEvent]: {} }, sub: client.sub, sid: client.sid, ...changes };
    for (const [name, value] of Object.entries(claims)) if (value === undefined) delete claims[name];
    return claims;
  };
  const token = (client, changes, { key = issuer.keys[0], header = { typ: 'logout+jwt' } } = {}) => signed(claimsFor(client, changes), key, header);
  const post = (form, { id = 'op', headers = {} } = {}) => request(`http://127.0.0.1:${gate.port}/api/auth/backchannel-logout/${id}`, {
    method: 'POST', body: form instanceof URLSearchParams ? form.toString() : new URLSearchParams({ logout_token: form }).toString(),
    headers: { Host: `localhost:${gate.port}`, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  });

  for (const [name, changes] of Object.entries({ 'sid and sub': {}, 'sid only': { sub: undefined }, 'sub only': { sid: undefined } })) {
    test(`oidcc-client-test-rp-backchannel-rpinitlogout: ${name}`, async () => {
      const client = await person(), bystander = await person();
      const socket = await openSocket(client, gate.port);
      const answer = await post(await token(client, changes));
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.headers['cache-control'], /no-store/);
      assert.equal(await client.session(), null);
      await until('the socket is cut', () => socket.closed());
      assert.ok(await bystander.session());
    });
  }

  test('a session that knows no sid ends by its sub, whatever sid the token names', async () => {
    sids = false;
    const client = await person();
    sids = true;
    const bystander = await person();
    assert.equal((await post(await token(client, { sub: undefined }))).status, 200);
    assert.ok(await client.session(), 'nothing says that it is meant');
    assert.equal((await post(await token(client))).status, 200);
    assert.equal(await client.session(), null);
    assert.ok(await bystander.session());
  });

  test('a token without typ, from before it was recommended, is good too', async () => {
    const client = await person();
    assert.equal((await post(await token(client, {}, { header: {} }))).status, 200);
    assert.equal(await client.session(), null);
  });

  test('nobody to sign out is no mistake', async () => {
    assert.equal((await post(await token({ sub: 'nobody', sid: 'none' }))).status, 200);
  });

  const bad = {
    'oidcc-client-test-rp-backchannel-rpinitlogout-alg-none': (client) => unsigned(claimsFor(client)),
    'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg': (client) => macSigned(claimsFor(client), hostile.client.secret, { typ: 'logout+jwt' }),
    'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud': (client) => token(client, { aud: 'another-client' }),
    'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss': (client) => token(client, { iss: 'https://elsewhere.example' }),
    'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event': (client) => token(client, { events: { 'http://schemas.openid.net/event/other': {} } }),
    'oidcc-client-test-rp-backchannel-rpinitlogout-no-event': (client) => token(client, { events: undefined }),
    'oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce': (client) => token(client, { nonce: 'n' }),
    'an expired token': (client) => token(client, { iat: now() - 300, exp: now() - 120 }),
    'a token without exp': (client) => token(client, { exp: undefined }),
    'iat in the future': (client) => token(client, { iat: now() + 600, exp: now() + 900 }),
    'no iat': (client) => token(client, { iat: undefined }),
    'no jti': (client) => token(client, { jti: undefined }),
    'neither sub nor sid': (client) => token(client, { sub: undefined, sid: undefined }),
    'a key that is not the provider\'s': async (client) => token(client, {}, { key: await makeKey('RS256', 'shared') }),
    'an ID token': (client) => token(client, { events: undefined, nonce: 'n' }, { header: { typ: 'JWT' } }),
    'text that is no token': () => 'x.y.z',
  };
  for (const [name, make] of Object.entries(bad)) {
    test(`${name} → 400, sessions live`, async () => {
      const client = await person();
      const answer = await post(await make(client));
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.headers['cache-control'], /no-store/);
      assert.ok(await client.session());
    });
  }

  test('a replayed jti → 400, the new session lives', async () => {
    const client = await person();
    const logout = await token(client, { sid: undefined });
    assert.equal((await post(logout)).status, 200);
    logins -= 1; // the same person signs in again
    const again = await person();
    assert.equal((await post(logout)).status, 400);
    assert.ok(await again.session());
  });

  test('§2.6: the sub of another user with somebody\'s sid → 400, nobody is signed out', async () => {
    const client = await person(), other = await person();
    const contradictory = await token(client, { sub: other.sub });
    for (let round = 0; round < 2; round += 1) {
      const answer = await post(contradictory);
      assert.equal(answer.status, 400, answer.text);
      assert.match(answer.headers['cache-control'], /no-store/);
    }
    assert.ok(await client.session());
    assert.ok(await other.session());
  });

  test('two tokens in one form, none, or JSON → 400', async () => {
    const client = await person();
    const good = await token(client);
    assert.equal((await post(new URLSearchParams([['logout_token', good], ['logout_token', good]]))).status, 400);
    assert.equal((await post(new URLSearchParams())).status, 400);
    assert.equal((await request(`http://127.0.0.1:${gate.port}/api/auth/backchannel-logout/op`, { method: 'POST', json: { logout_token: good }, headers: { Host: `localhost:${gate.port}` } })).status, 400);
    assert.ok(await client.session());
    assert.equal((await post(good)).status, 200, 'it is good by itself');
  });

  test('cookies are ignored: a signed-in browser cannot do without a token', async () => {
    const client = await person();
    assert.equal((await post('', { headers: { Cookie: client.jar.header() } })).status, 400);
    assert.ok(await client.session());
  });

  test('another provider\'s token, and an unknown provider', async () => {
    const client = await person();
    const good = await token(client);
    assert.equal((await post(good, { id: 'nowhere' })).status, 404);
    const answer = await post(good, { id: 'away' });
    assert.ok([400, 503].includes(answer.status), answer.text);
    assert.ok(await client.session());
  });
});
