// SPDX-License-Identifier: Apache-2.0
// Forward-auth with the real nginx, Caddy and HAProxy, by the very snippets of docs/forward_auth.md; what Traefik and Envoy
// send is written from their documentation, and is sent to Sallyport directly.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { freePort, missing, proxies } from './support/forward_auth.mjs';
import { Client, request } from './support/http.mjs';
import { exchange } from './support/raw.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

const identity = ['x-auth-subject', 'x-auth-email', 'x-auth-name', 'x-auth-groups', 'x-auth-session', 'x-auth-csrf', 'authorization'];

// Forward-auth alone: no upstream has an address.
const settings = (dialect, peers = ['127.0.0.1']) => `
[forward_auth]
dialect = "${dialect}"
peers = ${JSON.stringify(peers)}
[upstream.app]
external = true
kind = "pages"
[upstream.api]
external = true
claims = ["email"]
[[route]]
path = "/*"
upstream = "app"
access = "session"
identity = "headers"
[[route]]
path = "/public/*"
upstream = "app"
access = "optional"
identity = "headers"
[[route]]
path = "/open/*"
upstream = "app"
access = "public"
[[route]]
path = "/api/*"
upstream = "api"
access = "session"
identity = "jwt"
[[route]]
path = "/passed/*"
upstream = "api"
access = "public"
authorization = "pass"
[[route]]
path = "/staff/*"
upstream = "app"
access = "session"
groups = ["staff"]
`;
const serve = (dialect, publicUrl, options = {}) => Sallyport.serve({ routes: [], users: [ada], publicUrl, extra: settings(dialect, options.peers), ...options });

for (const name of ['nginx', 'caddy', 'haproxy']) {
  const skip = await missing(name);
  describe(`behind the real ${name}`, { skip }, () => {
    let app, gate, proxy, port, origin, person;
    const last = () => app.requests.at(-1);
    const received = (header) => app.header(last(), header);
    const client = () => new Client(origin);

    before(async () => {
      app = await startRecordingUpstream();
      port = await freePort();
      origin = `http://localhost:${port}`;
      gate = await serve(name, origin, { top: { trusted_proxies: ['127.0.0.1'] } });
      proxy = await proxies[name].start({ port, sallyport: gate.port, application: app.port });
      person = client();
      const signedIn = await person.signIn(ada.email, ada.password);
      assert.equal(signedIn.status, 200, signedIn.text);
    });
    after(async () => { await proxy?.stop(); await gate?.stop(); await app?.stop(); });

    test('a signed-in person passes, and the application learns who', async () => {
      app.clear();
      const answer = await person.request('/dashboard?a=%2F&b=1');
      assert.equal(answer.status, 200, answer.text);
      assert.match(last().line, /^GET \/dashboard\?a=%2F&b=1 HTTP\/1\.1$/);
      assert.deepEqual(received('x-auth-email'), [encodeURIComponent(ada.email)]);
      assert.deepEqual(received('x-auth-name'), ['Ada%20Lovelace']);
      assert.match(received('x-auth-subject')[0], /^[\w-]{8,}$/);
      assert.match(received('x-auth-csrf')[0], /^[\w-]{20,}$/);
    });

    test('an API gets an access token in Authorization, never the one that the client sent', async () => {
      app.clear();
      const answer = await person.request('/api/notes');
      assert.equal(answer.status, 200, answer.text);
      const [, bearer] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(received('authorization')[0]);
      const claims = JSON.parse(Buffer.from(bearer.split('.')[1], 'base64url').toString());
      assert.equal(claims.aud, 'api');
      assert.equal(claims.email, ada.email);
      assert.ok(!answer.rawHeaders.join('\n').includes(bearer), 'S7: it does not reach the browser');
      assert.equal((await person.request('/api/notes', { headers: { Authorization: 'Bearer x' } })).status, 401);
    });

    test('without a session pages go to sign-in and back, scripts get 401', async () => {
      app.clear();
      const page = await client().navigate('/dashboard?x=1');
      assert.equal(page.status, 302, page.text);
      assert.equal(page.headers.location, `${origin}/api/auth/signin?callbackUrl=${encodeURIComponent(`${origin}/dashboard?x=1`)}`);
      const script = await client().request('/dashboard');
      assert.equal(script.status, 401);
      assert.equal(script.json().code, 'login_required');
      assert.equal(app.requests.length, 0);
    });

    test('the wrong group is 403', async () => {
      app.clear();
      assert.equal((await person.request('/staff/x')).status, 403);
      assert.equal(app.requests.length, 0);
    });

    test('S10 the original method gets the CSRF check', async () => {
      app.clear();
      assert.equal((await person.request('/dashboard', { method: 'POST', form: { a: '1' }, headers: { Origin: 'http://evil.example', 'Sec-Fetch-Site': 'cross-site' } })).status, 403);
      assert.equal((await person.request('/api/notes', { method: 'DELETE' })).status, 403, 'no token');
      assert.equal((await person.request('/api/notes', { method: 'POST', form: { _csrf: 'x' } })).status, 403, 'a form cannot be looked into');
      assert.equal(app.requests.length, 0);
      assert.equal((await person.request('/dashboard', { method: 'POST', form: { a: '1' } })).status, 200);
      assert.equal(last().body.toString(), 'a=1');
      assert.equal((await person.unsafe('/api/notes', { method: 'PUT', json: { a: 1 } })).status, 200);
      assert.match(last().line, /^PUT \/api\/notes /);
      assert.equal(last().body.toString(), '{"a":1}');
    });

    test('S22 identity headers of a client never reach the application', async () => {
      for (const path of ['/public/x', '/open/x', '/dashboard']) {
        app.clear();
        const who = path === '/dashboard' ? person : client();
        const forged = Object.fromEntries([...identity.slice(0, 6), 'X_Auth_Subject', 'X-Auth_Email', 'X-AUTH-SESSION'].map((header) => [header, 'mallory']));
        const answer = await who.request(path, { headers: forged });
        assert.equal(answer.status, 200, `${path}: ${answer.text}`);
        assert.ok(!last().head.includes('mallory'), `${path}: ${last().head}`);
      }
    });

    test('S24 headers of a client do not say what the request is', async () => {
      app.clear();
      for (const value of ['/public/x', `${origin}/public/x`, 'GET']) {
        for (const header of ['X-Original-URI', 'X-Original-URL', 'X-Original-Method', 'X-Forwarded-Uri', 'X-Forwarded-Method', 'X-Forwarded-Host', 'X-Rewrite-URL',
          'X_Original_URL', 'X_Forwarded_Uri', 'X-Forwarded_Uri']) {
          const answer = await client().request('/dashboard', { headers: { [header]: value } });
          assert.ok([401, 403].includes(answer.status), `${header}: ${answer.status}`);
        }
      }
      assert.equal(app.requests.length, 0);
    });

    test('S20 tricks with the path find no way in', async () => {
      app.clear();
      for (const path of ['/public/../dashboard', '/public/..%2fdashboard', '/public/%2e%2e/dashboard', '/public/..;/dashboard', '/public//../dashboard', '//dashboard',
        '/public/..%5cdashboard', '/dashboard#/public/', '/%64ashboard', '/api/auth/../../dashboard', '/api/auth/..%2f..%2fdashboard', '/public/%2e%2e%2fdashboard', '/./dashboard']) {
        const answer = await exchange(port, `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
        assert.ok(answer.status >= 300 && answer.status < 500, `${path}: ${answer.status}`);
      }
      assert.equal(app.requests.length, 0, app.requests.map((one) => one.line).join('\n'));
    });

    test('S28 another host is refused', { skip: name === 'caddy' ? 'Caddy answers an unknown host by itself' : undefined }, async () => {
      app.clear();
      const answer = await exchange(port, `GET /public/x HTTP/1.1\r\nHost: evil.example:${port}\r\nConnection: close\r\n\r\n`);
      assert.equal(answer.status, 403);
      assert.equal(app.requests.length, 0);
    });

    test('S7 nobody but the proxy reaches /api/auth/verify', async () => {
      for (const path of ['/api/auth/verify', '/api/auth/verify?x', '/api/auth/verify/', '/api/auth/verify/api/notes', '/api/auth//verify', '/api/auth/%76erify', '/api/auth/./verify', '/api/auth/x/../verify', '//api/auth/verify']) {
        const cookie = person.jar.header();
        const answer = await exchange(port, `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${cookie}\r\nX-Original-Method: GET\r\nX-Original-URL: ${origin}/api/notes\r\n`
          + `X-Forwarded-Method: GET\r\nX-Forwarded-Uri: /api/notes\r\nConnection: close\r\n\r\n`);
        assert.ok(answer.status >= 300, `${path}: ${answer.status}`);
        assert.doesNotMatch(answer.text, /bearer ey|x-auth-subject: \w/i, path);
      }
    });

    test('S13 a WebSocket handshake of another origin is refused', async () => {
      app.clear();
      const handshake = (from) => exchange(port, `GET /dashboard HTTP/1.1\r\nHost: localhost:${port}\r\nCookie: ${person.jar.header()}\r\nOrigin: ${from}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`
        + 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n', { enough: (text) => text.includes('\r\n\r\n') });
      assert.equal((await handshake('http://evil.example')).status, 403);
      assert.equal(app.requests.length, 0);
    });

    test('after sign-out the next request is refused', async () => {
      const other = client();
      await other.signIn(ada.email, ada.password);
      assert.equal((await other.request('/dashboard')).status, 200);
      await other.signOut();
      assert.equal((await other.request('/dashboard')).status, 401);
    });

    test('S60 when Sallyport is gone nothing passes', async () => {
      await gate.stop();
      app.clear();
      for (const path of ['/dashboard', '/public/x', '/open/x']) {
        const answer = await person.request(path);
        assert.ok(answer.status >= 500, `${path}: ${answer.status}`);
      }
      assert.equal(app.requests.length, 0);
    });
  });
}

describe('asked directly', () => {
  const gates = {};
  const signedIn = {};
  const origin = 'http://app.localhost';
  before(async () => {
    for (const dialect of ['traefik', 'envoy', 'nginx']) {
      gates[dialect] = await serve(dialect, origin, { top: { allow_insecure_http: true } });
      const client = gates[dialect].client();
      assert.equal((await client.signIn(ada.email, ada.password)).status, 200);
      signedIn[dialect] = client.jar.header();
    }
  });
  after(async () => { for (const gate of Object.values(gates)) await gate.stop(); });
  const ask = (dialect, path, headers, method = 'GET') => request(`${gates[dialect].at}${path}`, { method, headers });
  const traefik = (uri, more = {}) => ask('traefik', '/api/auth/verify', { 'X-Forwarded-For': '203.0.113.9', 'X-Forwarded-Method': 'GET', 'X-Forwarded-Proto': 'http',
    'X-Forwarded-Port': '80', 'X-Forwarded-Host': 'app.localhost', 'X-Forwarded-Uri': uri, 'X-Forwarded-Server': 'edge', 'X-Real-Ip': '203.0.113.9', ...more });
  const envoy = (path, { method = 'GET', headers = {} } = {}) => ask('envoy', `/api/auth/verify${path}`, { Host: 'app.localhost', 'Content-Length': '0', 'x-envoy-internal': 'true', 'X-Forwarded-For': '203.0.113.9', ...headers }, method);

  test('Traefik (headers from its documentation, not run)', async () => {
    const good = await traefik('/dashboard?a=b', { Cookie: signedIn.traefik });
    assert.equal(good.status, 200, good.text);
    assert.equal(good.headers['x-auth-email'], encodeURIComponent(ada.email));
    assert.equal((await traefik('/dashboard')).status, 401);
    assert.equal((await traefik('/dashboard')).headers['x-auth-login-url'], `${origin}/api/auth/signin?callbackUrl=${encodeURIComponent(`${origin}/dashboard`)}`);
    assert.equal((await traefik('/dashboard', { Cookie: signedIn.traefik, 'X-Forwarded-Method': 'POST' })).status, 403);
    assert.equal((await traefik('/dashboard', { Cookie: signedIn.traefik, 'X-Forwarded-Method': 'POST', 'Sec-Fetch-Site': 'same-origin' })).status, 200);
    assert.equal((await traefik('/public/x', { X_Forwarded_Uri: '/open/x' })).status, 403);
  });

  test('Envoy (requests from its documentation, not run)', async () => {
    const good = await envoy('/api/notes?x', { headers: { Cookie: signedIn.envoy } });
    assert.equal(good.status, 200, good.text);
    assert.match(good.headers.authorization, /^Bearer ey/);
    assert.equal((await envoy('/dashboard')).status, 401);
    assert.equal((await envoy('/dashboard', { method: 'POST', headers: { Cookie: signedIn.envoy } })).status, 403);
    assert.equal((await envoy('/dashboard', { method: 'POST', headers: { Cookie: signedIn.envoy, Origin: origin } })).status, 200);
    assert.equal((await envoy('')).status, 403);
  });

  test('S23 where Authorization passes, the client\'s own does, and a token that was made for an upstream does not', async () => {
    const { headers } = await envoy('/api/notes', { headers: { Cookie: signedIn.envoy } });
    assert.equal((await envoy('/passed/x', { headers: { Authorization: headers.authorization } })).status, 401);
    assert.equal((await envoy('/passed/x', { headers: { Authorization: 'Bearer mine' } })).headers.authorization, 'Bearer mine');
  });

  test('S20 an Envoy that does not normalise paths cannot be led to another endpoint, whose 200 would mean yes', async () => {
    for (const path of ['/../session', '/../providers', '/../../../api/auth/csrf', '/%2e%2e/session', '/x/../../session', '//session', '/..', '/;/../session']) {
      const answer = await exchange(gates.envoy.port, `GET /api/auth/verify${path} HTTP/1.1\r\nHost: app.localhost\r\n\r\n`, { enough: (text) => text.includes('\r\n\r\n') });
      assert.equal(answer.status, 403, path);
    }
  });

  test('a 200 always carries every identity header, empty when unknown', async () => {
    for (const path of ['/public/x', '/open/x']) {
      const answer = await traefik(path);
      assert.equal(answer.status, 200);
      for (const header of identity) assert.equal(answer.headers[header], '', `${path} ${header}`);
    }
    const known = await traefik('/public/x', { Cookie: signedIn.traefik });
    assert.notEqual(known.headers['x-auth-subject'], '');
    assert.equal(known.headers['x-auth-groups'], '');
    assert.equal(known.headers.authorization, '');
  });

  test('S24 a peer that is not listed gets 403, whatever it says', async () => {
    const { port } = gates.traefik;
    const answer = await new Promise((done, fail) => http.get({ port, host: '127.0.0.1', localAddress: '127.0.0.9', path: '/api/auth/verify', headers: { Cookie: signedIn.traefik,
      'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Method': 'GET', 'X-Forwarded-Host': 'app.localhost', 'X-Forwarded-Uri': '/open/x' } }, (got) => { got.resume(); done(got); }).on('error', fail));
    assert.equal(answer.statusCode, 403);
    assert.equal(answer.headers['x-auth-subject'], undefined);
  });

  test('S24 the headers of another dialect count for nothing', async () => {
    assert.equal((await ask('nginx', '/api/auth/verify', { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Host': 'app.localhost', 'X-Forwarded-Uri': '/open/x' })).status, 403);
    assert.equal((await ask('nginx', '/api/auth/verify', { 'X-Original-Method': 'GET', 'X-Original-URL': `${origin}/open/x` })).status, 200);
    assert.equal((await ask('nginx', '/api/auth/verify', { 'X-Original-Method': 'GET', 'X-Original-URL': `${origin}/dashboard`, 'X-Forwarded-Uri': '/open/x', 'X-Original-URI': '/open/x' })).status, 401);
  });

  test('answers are 200, 401 or 403 and nothing else, whatever is asked', async () => {
    for (const uri of ['/dashboard', '/open/x', '/staff/x', '/api/notes', '/api/auth/session', '/api/auth/verify', '/api/auth/verify/x', '/nowhere', '/%zz', '', '*', '/a;b', `/${'a'.repeat(7000)}`]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'TRACE', 'PROPFIND', 'get', 'G T']) {
        for (const host of ['app.localhost', 'evil.example', 'app.localhost:81', 'a b']) {
          for (const more of [{}, { Cookie: signedIn.traefik }, { Authorization: 'Bearer x' }]) {
            const answer = await traefik(uri, { 'X-Forwarded-Method': method, 'X-Forwarded-Host': host, ...more });
            assert.ok([200, 401, 403].includes(answer.status), `${method} ${host}${uri}: ${answer.status}`);
            if (host !== 'app.localhost') assert.equal(answer.status, 403);
          }
        }
      }
    }
  });

  test('our own paths pass, for they guard themselves; the verdict itself does not', async () => {
    assert.equal((await traefik('/api/auth/session')).status, 200);
    assert.equal((await traefik('/api/auth/verify', { Cookie: signedIn.traefik })).status, 403);
  });

  test('what another proxy serves is nowhere for those who come to Sallyport itself', async () => {
    assert.equal((await request(`${gates.traefik.at}/open/x`, { headers: { Host: 'app.localhost' } })).status, 404);
  });

  test('without [forward_auth] nobody may ask', async () => {
    const plain = await startRecordingUpstream();
    const gate = await Sallyport.serve({ web: plain.origin });
    try {
      assert.equal((await request(`${gate.at}/api/auth/verify`, { headers: { Host: new URL(gate.origin).host, 'X-Original-Method': 'GET', 'X-Original-URL': `${gate.origin}/` } })).status, 403);
    } finally { await gate.stop(); await plain.stop(); }
  });
});
