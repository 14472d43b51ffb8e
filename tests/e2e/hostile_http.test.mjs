// SPDX-License-Identifier: Apache-2.0
// WIRE.md, "HTTP itself": bytes in, the answer's status and whether the connection is closed, and what the upstream received
// (nothing, for whatever is refused). S20, S22, S24, S25, S26, S27, S28.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { complete, exchange } from './support/raw.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

let gate, upstream, host;

before(async () => {
  upstream = await startRecordingUpstream(({ line }, socket) => {
    const target = line.split(' ')[1];
    if (target.startsWith('/cut')) { socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this'); setTimeout(() => socket.destroy(), 50); return undefined; }
    if (target.startsWith('/bad/both')) return 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n';
    if (target.startsWith('/bad/lengths')) return 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok';
    if (target.startsWith('/bad/fold')) return 'HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n\r\nok';
    if (target.startsWith('/bad/garbage')) return 'SMTP ready\r\n\r\n';
    if (target.startsWith('/early')) return 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
    if (target.startsWith('/chunked')) return 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: t\r\n\r\n';
    if (target.startsWith('/none')) return 'HTTP/1.1 204 No Content\r\n\r\n';
    if (target.startsWith('/same')) return 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 99\r\n\r\n';
    if (target.startsWith('/until-close')) { socket.end('HTTP/1.0 200 OK\r\n\r\nuntil close'); return undefined; }
    if (line.startsWith('HEAD')) return 'HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n';
    return upstream.plain();
  });
  gate = await Sallyport.serve({
    users: [ada], web: upstream.origin, top: { aliases: ['http://other.localhost'], internal_hosts: ['gate.internal'], workers: 1 },
    routes: [{ path: '/*', upstream: 'web', access: 'public' }, { path: '/limited/*', upstream: 'web', access: 'public', max_body: '1KiB' }],
    webUpstream: { head_timeout: '2s' },
    extra: '[limits]\nheader_timeout = "1s"\nidle_timeout = "5s"\nbody_timeout = "1s"',
  });
  host = `localhost:${gate.port}`;
});
after(async () => { await gate?.stop(); await upstream?.stop(); });
beforeEach(() => upstream?.clear());

const H = () => `Host: ${host}\r\n`;
const send = (bytes, options = {}) => exchange(gate.port, typeof bytes === 'function' ? bytes(H()) : bytes, { enough: complete, ...options });

// name, bytes (h is the Host line), status. All of these are refused with close, and the upstream hears nothing.
const framing = [
  ['Content-Length and Transfer-Encoding', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['two different Content-Length', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`, 400],
  ['two equal Content-Length', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, 400],
  ['Content-Length as a list', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: 5, 5\r\n\r\nhello`, 400],
  ['Content-Length with a plus', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: +5\r\n\r\nhello`, 400],
  ['Content-Length negative', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: -1\r\n\r\n`, 400],
  ['Content-Length in hex', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: 0x5\r\n\r\nhello`, 400],
  ['Content-Length empty', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length:\r\n\r\n`, 400],
  ['Content-Length beyond 64 bits', (h) => `POST /x HTTP/1.1\r\n${h}Content-Length: 99999999999999999999\r\n\r\n`, 400],
  ['Transfer-Encoding unknown', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding gzip, chunked', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding chunked twice', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding chunked, identity', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding with a vertical tab', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`, 400],
  ['Transfer-Encoding in HTTP/1.0', (h) => `POST /x HTTP/1.0\r\n${h}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['chunk size not hex', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n`, 400, { mayReach: true }],
  ['chunk size too large', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n`, 400, { mayReach: true }],
  ['chunk without CRLF after it', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n`, 400, { mayReach: true }],
  ['chunk line ended by a bare LF', (h) => `POST /x HTTP/1.1\r\n${h}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n`, 400, { mayReach: true }],
  ['bare LF at the end of a field', (h) => `GET /x HTTP/1.1\r\n${h}X-A: b\nX-C: d\r\n\r\n`, 400],
  ['bare LF everywhere', (h) => `GET /x HTTP/1.1\n${h.replace('\r', '')}\n`, 400],
  ['bare CR in a value', (h) => `GET /x HTTP/1.1\r\n${h}X-A: b\rX-C: d\r\n\r\n`, 400],
  ['obs-fold', (h) => `GET /x HTTP/1.1\r\n${h}X-A: b\r\n c\r\n\r\n`, 400],
  ['obs-fold before the first field', (h) => `GET /x HTTP/1.1\r\n X-A: b\r\n${h}\r\n`, 400],
  ['NUL in a value', (h) => `GET /x HTTP/1.1\r\n${h}X-A: b\0c\r\n\r\n`, 400],
  ['NUL in a name', (h) => `GET /x HTTP/1.1\r\n${h}X\0A: b\r\n\r\n`, 400],
  ['a control character in a value', (h) => `GET /x HTTP/1.1\r\n${h}X-A: b\x01c\r\n\r\n`, 400],
  ['space before the colon', (h) => `GET /x HTTP/1.1\r\n${h}X-A : b\r\n\r\n`, 400],
  ['space in a name', (h) => `GET /x HTTP/1.1\r\n${h}X A: b\r\n\r\n`, 400],
  ['empty name', (h) => `GET /x HTTP/1.1\r\n${h}: b\r\n\r\n`, 400],
  ['a line without a colon', (h) => `GET /x HTTP/1.1\r\n${h}nonsense\r\n\r\n`, 400],
  ['no Host', () => 'GET /x HTTP/1.1\r\n\r\n', 400],
  ['two Hosts', (h) => `GET /x HTTP/1.1\r\n${h}${h}\r\n`, 400],
  ['two spaces in the request line', (h) => `GET  /x HTTP/1.1\r\n${h}\r\n`, 400],
  ['a tab in the request line', (h) => `GET\t/x HTTP/1.1\r\n${h}\r\n`, 400],
  ['no version', (h) => `GET /x\r\n${h}\r\n`, 400],
  ['version in lower case', (h) => `GET /x http/1.1\r\n${h}\r\n`, 400],
  ['a method that is no token', (h) => `GE(T /x HTTP/1.1\r\n${h}\r\n`, 400],
  ['bytes of 0x80 and above in the target', (h) => `GET /\xc3\xa9 HTTP/1.1\r\n${h}\r\n`, 400],
  ['a space in the target', (h) => `GET /a b HTTP/1.1\r\n${h}\r\n`, 400],
];

describe('framing in doubt', () => {
  for (const [name, bytes, status, { mayReach = false } = {}] of framing) {
    test(`S25 ${name} → ${status} and close`, async () => {
      const answer = await send((h) => bytes(h), { patience: 3000, enough: undefined });
      assert.equal(answer.status, status, answer.text);
      assert.equal(answer.closed, true, 'the connection closes');
      assert.equal(answer.statuses.length, 1, 'what follows is not taken for a request');
      // A body is streamed, so a fault deep inside it may be found when the head has gone up; it is cut there, never completed.
      if (!mayReach) assert.equal(upstream.requests.length, 0, 'nothing was forwarded');
      else assert.equal(upstream.requests.length, 0, 'no complete request arrived');
    });
  }

  test('S25 what is smuggled behind a refused request never runs', async () => {
    const smuggled = `GET /smuggled HTTP/1.1\r\n${H()}\r\n`;
    for (const [, bytes] of framing) await send((h) => bytes(h) + smuggled, { patience: 400 });
    assert.equal(upstream.requests.some(({ line }) => line.includes('/smuggled')), false);
  });
});

const refusals = [
  ['TRACE', (h) => `TRACE / HTTP/1.1\r\n${h}\r\n`, 405],
  ['TRACK', (h) => `TRACK / HTTP/1.1\r\n${h}\r\n`, 405],
  ['CONNECT', (h) => `CONNECT ${h.slice(6).trim()} HTTP/1.1\r\n${h}\r\n`, 405],
  ['a foreign Host (S28)', () => 'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n', 421],
  ['our Host on another port (S28)', () => 'GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n', 421],
  ['an absolute target elsewhere (S20)', (h) => `GET http://evil.example/x HTTP/1.1\r\n${h}\r\n`, [400, 421]],
  ['an internal host beyond /api/auth', () => 'GET /x HTTP/1.1\r\nHost: gate.internal\r\n\r\n', 421],
  ['a head beyond 16 KiB', (h) => `GET / HTTP/1.1\r\n${h}X-A: ${'a'.repeat(17000)}\r\n\r\n`, 431],
  ['101 fields', (h) => `GET / HTTP/1.1\r\n${h}${Array.from({ length: 101 }, (_, i) => `X-${i}: a\r\n`).join('')}\r\n`, 431],
  ['a target beyond 8 KiB', (h) => `GET /${'a'.repeat(8300)} HTTP/1.1\r\n${h}\r\n`, 414],
  ['a body beyond the route\'s limit', (h) => `POST /limited/x HTTP/1.1\r\n${h}Sec-Fetch-Site: same-origin\r\nContent-Length: 2000\r\n\r\n${'a'.repeat(2000)}`, 413],
  ['%2e%2e out of the root (S20)', (h) => `GET /a/%2e%2e/%2e%2e/x HTTP/1.1\r\n${h}\r\n`, 400],
  ['an encoded slash (S20)', (h) => `GET /a%2fb HTTP/1.1\r\n${h}\r\n`, 400],
  ['an encoded backslash (S20)', (h) => `GET /a%5cb HTTP/1.1\r\n${h}\r\n`, 400],
  ['a backslash (S20)', (h) => `GET /a\\b HTTP/1.1\r\n${h}\r\n`, 400],
  ['an encoded NUL (S20)', (h) => `GET /a%00b HTTP/1.1\r\n${h}\r\n`, 400],
  ['a broken escape (S20)', (h) => `GET /a%zz HTTP/1.1\r\n${h}\r\n`, 400],
  ['overlong UTF-8 (S20)', (h) => `GET /a%c0%af HTTP/1.1\r\n${h}\r\n`, 400],
  ['a fragment in the target (S20)', (h) => `GET /a#b HTTP/1.1\r\n${h}\r\n`, 400],
  ['a target without a slash', (h) => `GET x HTTP/1.1\r\n${h}\r\n`, 400],
  ['HTTP/2.0', (h) => `GET / HTTP/2.0\r\n${h}\r\n`, [400, 505]],
  ['the HTTP/2 preface', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 405, 421, 505]],
  ['an unknown expectation', (h) => `GET / HTTP/1.1\r\n${h}Expect: tea\r\n\r\n`, [400, 417]],
  ['TLS spoken to a plain port', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', [400, null]],
];

describe('refused', () => {
  for (const [name, bytes, status] of refusals) {
    test(`${name} → ${[status].flat().join(' or ')}`, async () => {
      const answer = await send((h) => bytes(h), { patience: 2500 });
      assert.ok([status].flat().includes(answer.status), `${answer.status}: ${answer.text.slice(0, 300)}`);
      assert.equal(upstream.requests.length, 0, 'nothing was forwarded');
    });
  }

  test('a head that does not end → 408 and close', async () => {
    const answer = await send((h) => `GET / HTTP/1.1\r\n${h}X-A: `, { patience: 4000, enough: undefined });
    assert.equal(answer.status, 408);
    assert.equal(answer.closed, true);
  });

  test('a head that trickles in is cut after header_timeout, counted from its first byte', async () => {
    const begun = Date.now();
    const answer = await exchange(gate.port, [...`GET / HTTP/1.1\r\n${H()}X-Slow: aaaaaaaaaa`], { pause: 60, patience: 4000 });
    assert.equal(answer.status, 408);
    assert.ok(Date.now() - begun < 6000);
  });

  test('a body that stops coming → 408 or cut', async () => {
    const answer = await send((h) => `POST /x HTTP/1.1\r\n${h}Sec-Fetch-Site: same-origin\r\nContent-Length: 100\r\n\r\nsome`, { patience: 4000, enough: undefined });
    assert.equal(answer.closed, true);
    assert.ok([408, null].includes(answer.status), answer.text);
  });
});

// target sent → what the upstream gets as target
const canonical = [
  ['/a/./b', '/a/b'], ['/a/../b', '/b'], ['/%61', '/a'], ['/a/%2e/b', '/a/b'], ['//a//b', '/a/b'], ['/a%20b', '/a%20b'], ['/%c3%a9', '/%C3%A9'],
  ['/a?x=/../%2f', '/a?x=/../%2f'], ['/a;b=c', null], ['/', '/'], ['/%7ea', '/~a'],
];

describe('one canonical target', () => {
  for (const [sent, expected] of canonical) {
    test(`S20 ${sent} is ${expected ?? 'refused or passed as one thing'}`, async () => {
      const answer = await send((h) => `GET ${sent} HTTP/1.1\r\n${h}\r\n`);
      if (answer.status === 400) { assert.equal(upstream.requests.length, 0); if (expected) assert.ok(['//a//b', '/a;b=c'].includes(sent), 'canonicalised, not refused'); return; }
      assert.equal(answer.status, 200, answer.text);
      if (expected) assert.equal(upstream.requests[0].line.split(' ')[1], expected);
    });
  }

  test('S20 the absolute form of our own origin is the same target', async () => {
    const answer = await send((h) => `GET http://${host}/abs?q HTTP/1.1\r\n${h}\r\n`);
    assert.equal(answer.status, 200);
    assert.equal(upstream.requests[0].line.split(' ')[1], '/abs?q');
  });

  test('S20 no spelling of /api/auth reaches an upstream', async () => {
    for (const path of ['/api/auth/x', '/api//auth/x', '/api/./auth/x', '/x/../api/auth/x', '/%61pi/auth/x', '/api/%61uth/x', '/api/auth%2fx', '/API/auth/../../api/auth/x', '/api/auth;x/y', '/.well-known/jwks.json']) {
      await send((h) => `GET ${path} HTTP/1.1\r\n${h}\r\n`);
    }
    assert.deepEqual(upstream.requests.filter(({ line }) => /^GET \/(api\/auth|\.well-known)(\/|\b)/.test(line)).map(({ line }) => line), []);
  });
});

describe('passed on', () => {
  const headers = (name) => upstream.header(upstream.requests[0], name);

  test('HTTP/1.0 without keep-alive is answered and closed', async () => {
    const answer = await send((h) => `GET /x HTTP/1.0\r\n${h}\r\n`, { enough: undefined });
    assert.equal(answer.status, 200);
    assert.equal(answer.closed, true);
  });

  test('HTTP/1.0 gets no chunked answer', async () => {
    const answer = await send((h) => `GET /chunked HTTP/1.0\r\n${h}\r\n`, { enough: undefined });
    assert.doesNotMatch(answer.text, /transfer-encoding/i);
    assert.match(answer.text, /hello$/);
  });

  test('keep-alive and pipelining: answers in order', async () => {
    const answer = await send((h) => ['/1', '/2', '/3'].map((path) => `GET ${path} HTTP/1.1\r\n${h}\r\n`).join(''), { enough: (text) => text.split('HTTP/1.1 200').length === 4 && text.endsWith('ok') });
    assert.deepEqual(answer.statuses, [200, 200, 200]);
    assert.equal(answer.closed, false);
    assert.deepEqual(upstream.requests.map(({ line }) => line.split(' ')[1]), ['/1', '/2', '/3']);
  });

  test('Connection: close is kept', async () => {
    const answer = await send((h) => `GET /x HTTP/1.1\r\n${h}Connection: close\r\n\r\n`, { enough: undefined });
    assert.equal(answer.status, 200);
    assert.equal(answer.closed, true);
    assert.match(answer.text, /^connection: close/im);
  });

  test('Expect: 100-continue is answered and the body then forwarded', async () => {
    const answer = await exchange(gate.port, [`POST /x HTTP/1.1\r\n${H()}Sec-Fetch-Site: same-origin\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n`, 'hello'], { pause: 150, enough: (text) => /200 OK[^]*ok$/.test(text) });
    assert.deepEqual(answer.statuses, [100, 200]);
    assert.equal(upstream.requests[0].body.toString(), 'hello');
  });

  test('a chunked body arrives whole, its extensions and trailers dropped', async () => {
    const answer = await send((h) => `POST /x HTTP/1.1\r\n${h}Sec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\nTrailer: X-Auth-Subject\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Auth-Subject: root\r\n\r\n`);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(upstream.requests[0].body.toString(), 'hello world');
    assert.equal(/root/.test(upstream.requests[0].head), false);
  });

  test('HEAD, 204 and 304 have no body, and the connection goes on', async () => {
    const answer = await send((h) => `HEAD /x HTTP/1.1\r\n${h}\r\nGET /none HTTP/1.1\r\n${h}\r\nGET /same HTTP/1.1\r\n${h}\r\nGET /last HTTP/1.1\r\n${h}\r\n`, { enough: (text) => text.endsWith('ok') });
    assert.deepEqual(answer.statuses, [200, 204, 304, 200]);
  });

  test('103 comes through before the answer', async () => {
    const answer = await send((h) => `GET /early HTTP/1.1\r\n${h}\r\n`, { enough: (text) => text.endsWith('ok') });
    assert.deepEqual(answer.statuses, [103, 200]);
    assert.match(answer.text, /link: <\/a.css>/i);
  });

  test('an answer that ends with its connection is delivered whole', async () => {
    const answer = await send((h) => `GET /until-close HTTP/1.1\r\n${h}\r\n`, { enough: (text) => text.includes('until close') && /0\r\n\r\n$/.test(text) });
    assert.match(answer.text, /until close/);
  });

  test('S27 hop-by-hop headers and those that Connection names stay here', async () => {
    await send((h) => `GET /x HTTP/1.1\r\n${h}Connection: X-Secret, Authorization, X-Forwarded-Host\r\nX-Secret: s\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nProxy-Authorization: Basic x\r\nProxy-Connection: keep-alive\r\nHTTP2-Settings: AAMAAABkAAQAAP\r\nUpgrade: h2c\r\n\r\n`);
    for (const name of ['x-secret', 'keep-alive', 'proxy-authorization', 'proxy-connection', 'http2-settings', 'upgrade']) assert.deepEqual(headers(name), [], name);
    assert.equal(headers('x-forwarded-host')[0], host, 'Connection cannot strip what the gateway adds');
  });

  test('S22 identity headers from clients are dropped in every spelling', async () => {
    const spellings = ['X-Auth-Subject', 'x-auth-subject', 'X_Auth_Subject', 'X-AUTH_SUBJECT', 'X-Auth-Email', 'X_AUTH_GROUPS', 'X-Auth-Csrf', 'X-Auth-Session', 'X-Middleware-Subrequest', 'x_middleware_subrequest'];
    await send((h) => `GET /x HTTP/1.1\r\n${h}${spellings.map((name) => `${name}: forged\r\n`).join('')}Authorization: Bearer forged\r\n\r\n`);
    assert.equal(/forged/.test(upstream.requests[0]?.head ?? ''), false);
  });

  test('S23 a foreign bearer is not passed on', async () => {
    await send((h) => `GET /x HTTP/1.1\r\n${h}Authorization: Basic Zm9vOmJhcg==\r\n\r\n`);
    assert.deepEqual(upstream.requests.flatMap((request) => upstream.header(request, 'authorization')), []);
  });

  test('S24 X-Forwarded-* of a stranger is not believed', async () => {
    await send((h) => `GET /x HTTP/1.1\r\n${h}X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=6.6.6.6;host=evil.example\r\nX-Real-IP: 6.6.6.6\r\n\r\n`);
    assert.equal(/6\.6\.6\.6|evil\.example/.test(upstream.requests[0].head), false, upstream.requests[0].head);
    assert.equal(headers('x-forwarded-for')[0], '127.0.0.1');
    assert.equal(headers('x-forwarded-proto')[0], 'http');
  });

  test('Host, X-Request-Id and traceparent are there, once', async () => {
    await send((h) => `GET /x HTTP/1.1\r\n${h}\r\n`);
    assert.deepEqual(headers('host'), [host]);
    assert.equal(headers('x-request-id').length, 1);
    assert.match(headers('traceparent')[0], /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  test('S28 an alias is us', async () => {
    assert.equal((await send('GET /x HTTP/1.1\r\nHost: other.localhost\r\n\r\n')).status, 200);
  });

  test('an internal host may ask /api/auth, and gets public URLs', async () => {
    const answer = await send('GET /api/auth/providers HTTP/1.1\r\nHost: gate.internal\r\n\r\n');
    assert.equal(answer.status, 200);
    assert.match(answer.text, new RegExp(`http://${host}/api/auth/callback/credentials`));
  });
});

describe('upstream trouble', () => {
  test('S26 an answer cut in the middle is cut for the client', async () => {
    const answer = await send((h) => `GET /cut HTTP/1.1\r\n${h}\r\n`, { patience: 3000 });
    assert.equal(answer.closed, true);
    assert.ok(!/only this$/.test(answer.text) || /content-length: 100/i.test(answer.text), 'no whole-looking body');
  });

  for (const path of ['/bad/both', '/bad/lengths', '/bad/fold', '/bad/garbage']) {
    test(`S25 ${path} is a 502, and its connection is not used again`, async () => {
      const answer = await send((h) => `GET ${path} HTTP/1.1\r\n${h}\r\n`, { patience: 3000 });
      assert.equal(answer.status, 502, answer.text);
      assert.equal((await send((h) => `GET /fine HTTP/1.1\r\n${h}\r\n`)).text.endsWith('ok'), true);
    });
  }

  test('an upstream that takes too long is a 504; one that refuses a 502', async () => {
    const silent = await startRecordingUpstream(() => undefined);
    const port = silent.port;
    const other = await Sallyport.serve({ web: silent.origin, webUpstream: { head_timeout: '1s', connect_timeout: '1s' } });
    try {
      const ask = () => exchange(other.port, `GET /x HTTP/1.1\r\nHost: localhost:${other.port}\r\n\r\n`, { enough: complete, patience: 5000 });
      assert.equal((await ask()).status, 504);
      await silent.stop();
      assert.equal((await ask()).status, 502, `nothing listens on ${port}`);
    } finally { await other.stop(); }
  });
});

describe('WebSocket handshakes', () => {
  const handshake = (extra = '', { method = 'GET', version = 'HTTP/1.1', key = 'dGhlIHNhbXBsZSBub25jZQ==' } = {}) => (h) =>
    `${method} /ws ${version}\r\n${h}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\n${extra}\r\n`;
  const right = () => `Origin: http://${host}\r\nSec-WebSocket-Version: 13\r\n`;

  test('S13 a foreign Origin is a 403', async () => {
    const answer = await send(handshake('Origin: http://evil.example\r\nSec-WebSocket-Version: 13\r\n'));
    assert.equal(answer.status, 403, answer.text);
    assert.equal(upstream.requests.length, 0);
  });
  test('an upstream that does not answer 101 gives an ordinary answer', async () => {
    const answer = await send(handshake(right()));
    assert.equal(answer.status, 200, answer.text);
  });
  test('another version, method or a body is refused or not upgraded', async () => {
    for (const bytes of [handshake(`Origin: http://${host}\r\nSec-WebSocket-Version: 8\r\n`), handshake(right(), { method: 'POST' }), handshake(`${right()}Content-Length: 2\r\n`), handshake(right(), { key: 'short' })]) {
      const answer = await send(bytes, { patience: 1200 });
      assert.notEqual(answer.status, 101);
      for (const request of upstream.requests) assert.deepEqual(upstream.header(request, 'upgrade'), []);
      upstream.clear();
    }
  });
});

test('the gateway is alive and sane after all of this', async () => {
  const answer = await send((h) => `GET /x HTTP/1.1\r\n${h}\r\n`);
  assert.equal(answer.status, 200);
  assert.equal(gate.process.exited, null);
});
