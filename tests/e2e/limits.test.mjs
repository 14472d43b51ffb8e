// SPDX-License-Identifier: Apache-2.0
// What one client address, one route and one upstream may be asked: 429 and 503 with Retry-After, before anything is done.
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { scrape } from './support/metrics.mjs';
import { until } from './support/processes.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada, toml } from './support/sallyport.mjs';

const page = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', Accept: 'text/html' };

describe('limits', () => {
  let gate, upstream, options, held = [];
  const write = (changes = {}) => writeFileSync(gate.config, toml({ ...options, ...changes, port: gate.port, admin: gate.adminPort }));
  const use = async (changes) => { write(changes); const { code, stderr } = await gate.cli(['reload']); assert.equal(code, 0, stderr); };
  const limits = (values) => ({ extra: `[limits]\nuncounted = []\n${values}` });
  /** One request from a loopback address of its own. */
  const from = (address, path = '/x', headers = {}) => new Promise((done, fail) => {
    http.get({ host: '127.0.0.1', port: gate.port, path, localAddress: address, agent: false, headers: { Host: new URL(gate.origin).host, Accept: 'application/json', ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => { text += piece; }).on('end', () => done({ status: answer.statusCode, headers: answer.headers, text, json: () => JSON.parse(text) })).on('error', fail);
    }).on('error', fail);
  });
  const statuses = async (count, ...args) => { const all = []; for (let i = 0; i < count; ++i) all.push((await from(...args)).status); return all; };
  const shed = async (limit) => (await scrape(gate)).value('sallyport_requests_shed_total', { limit });
  const release = () => { for (const answer of held.splice(0)) answer(); };

  before(async () => {
    upstream = await startRecordingUpstream(async ({ line, headers }, socket) => {
      if (headers.some(([key, value]) => key.toLowerCase() === 'upgrade' && value === 'websocket')) {
        socket.removeAllListeners('data');
        return 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
      }
      if (line.includes('/events')) return 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n7\r\ndata: 1\r\n';
      if (line.includes('/slow')) await new Promise((done) => held.push(done));
      return upstream.plain();
    });
    options = { web: upstream.origin, secret: 'an end-to-end secret that is long enough', users: [ada], routes: [{ path: '/*', upstream: 'web', access: 'public' }] };
    gate = await Sallyport.serve(options);
  });
  beforeEach(async () => { release(); await use({}); });
  after(async () => { release(); await gate?.stop(); await upstream?.stop(); });

  test('S55 a client address has its burst, then 429 with Retry-After; others have theirs', async () => {
    await use(limits('requests_per_address_per_second = 1\nrequest_burst_per_address = 5'));
    const seen = upstream.requests.length;
    const begun = Date.now();
    const kinds = [['/x', {}], ['/x', page], ['/api/auth/session', {}]];
    const all = await Promise.all(Array.from({ length: 90 }, (_, i) => from('127.0.0.21', ...kinds[i % 3]).then((answer) => ({ ...answer, kind: i % 3 }))));
    const passed = all.filter(({ status }) => status === 200);
    assert.ok(passed.length >= 5 && passed.length <= 5 + Math.ceil((Date.now() - begun) / 1000), `${passed.length} passed`);
    const refused = all.find(({ status, kind }) => status !== 200 && kind === 0);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal(refused.headers['content-type'], 'application/problem+json');
    assert.equal(refused.json().code, 'too_many_requests');
    const shown = all.find(({ status, kind }) => status !== 200 && kind === 1);
    assert.equal(shown.status, 429);
    assert.match(shown.headers['content-type'], /^text\/html/);
    assert.match(shown.text, /Too many requests/);
    assert.ok(all.some(({ status, kind }) => status === 429 && kind === 2), 'our own paths too');
    assert.equal(upstream.requests.length - seen, passed.filter(({ kind }) => kind !== 2).length, 'the upstream heard of none of those');
    assert.equal((await from('127.0.0.22')).status, 200);
    await until(async () => (await from('127.0.0.21')).status === 200, { what: 'the rate refilling', every: 200 });
    assert.ok(await shed('address_rate') >= 3);
  });

  test('S55 of requests at once, over all workers, no more than the burst passes', async () => {
    await use(limits('requests_per_address_per_second = 1\nrequest_burst_per_address = 30'));
    const begun = Date.now();
    const all = await Promise.all(Array.from({ length: 120 }, () => from('127.0.0.23')));
    const passed = all.filter(({ status }) => status === 200).length;
    assert.ok(passed >= 30 && passed <= 30 + Math.ceil((Date.now() - begun) / 1000), `${passed} passed`);
    assert.equal(all.filter(({ status }) => status === 429).length, 120 - passed);
  });

  test('S55 behind a trusted proxy the client counts: IPv6 by /64, IPv4-mapped as IPv4', async () => {
    const routes = [{ path: '/*', upstream: 'web', access: 'public', requests_per_address_per_minute: 2 }];
    await use({ routes, top: { trusted_proxies: ['127.0.0.24'] }, ...limits('') });
    const as = (client) => from('127.0.0.24', '/x', { 'X-Forwarded-For': client });
    const seen = [];
    for (const client of ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.1', '2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:1:ffff::3', '2001:db8:0:2::1', '198.51.100.7']) seen.push((await as(client)).status);
    assert.deepEqual(seen, [200, 200, 429, 200, 200, 429, 200, 200]);
    // What a client that is no proxy says of itself counts for nothing.
    for (let i = 0; i < 2; ++i) assert.equal((await from('127.0.0.25', '/x', { 'X-Forwarded-For': `203.0.113.${i}` })).status, 200);
    assert.equal((await from('127.0.0.25', '/x', { 'X-Forwarded-For': '203.0.113.9' })).status, 429);
  });

  test('addresses that are not counted have no limit; by default those are this machine\'s', async () => {
    await use({ extra: '[limits]\nrequests_per_address_per_second = 1\nrequest_burst_per_address = 1\nconnections_per_address = 1' });
    assert.deepEqual(await statuses(4, '127.0.0.26'), [200, 200, 200, 200]);
  });

  test('connections of one address are limited; those of others are not', async () => {
    await use(limits('connections_per_address = 3'));
    const open = async (address) => { const socket = connect({ port: gate.port, host: '127.0.0.1', localAddress: address }); await once(socket, 'connect'); return socket; };
    const ask = async (socket) => { socket.write(`GET /x HTTP/1.1\r\nHost: ${new URL(gate.origin).host}\r\n\r\n`); return (await once(socket, 'data'))[0].toString(); };
    const three = [];
    for (let i = 0; i < 3; ++i) { three.push(await open('127.0.0.27')); assert.match(await ask(three[i]), /^HTTP\/1.1 200/); }
    const fourth = await open('127.0.0.27');
    const [refused] = await once(fourth, 'data');
    assert.match(refused.toString(), /^HTTP\/1.1 429 .*Retry-After: 1\r\n.*too_many_connections/s);
    assert.equal((await from('127.0.0.28')).status, 200);
    assert.match(await ask(three[0]), /^HTTP\/1.1 200/, 'those that are there go on');
    three[0].destroy();
    await until(async () => (await from('127.0.0.27')).status === 200, { what: 'the place of the one that has gone' });
    for (const socket of [...three, fourth]) socket.destroy();
    assert.ok((await scrape(gate)).value('sallyport_connections_refused_total', { limit: 'connections_per_address' }) >= 1);
  });

  test('behind a trusted proxy a client\'s requests under way are limited instead', async () => {
    await use({ top: { trusted_proxies: ['127.0.0.24'] }, ...limits('connections_per_address = 2') });
    const as = (client, path) => from('127.0.0.24', path, { 'X-Forwarded-For': client });
    const slow = [as('192.0.2.77', '/slow'), as('192.0.2.77', '/slow')];
    await until(() => held.length === 2, { what: 'both at the upstream' });
    assert.equal((await as('192.0.2.77', '/x')).status, 429);
    assert.equal((await as('192.0.2.78', '/x')).status, 200);
    release();
    for (const { status } of await Promise.all(slow)) assert.equal(status, 200);
    assert.equal((await as('192.0.2.77', '/x')).status, 200);
  });

  test('a route has a rate of its own for each address, which a reload does not forget', async () => {
    const routes = [{ path: '/search', upstream: 'web', access: 'public', requests_per_address_per_minute: 3 }, ...options.routes];
    await use({ routes, ...limits('') });
    assert.deepEqual(await statuses(4, '127.0.0.29', '/search'), [200, 200, 200, 429]);
    const { headers } = await from('127.0.0.29', '/search');
    assert.ok(Number(headers['retry-after']) > 1 && Number(headers['retry-after']) <= 20, headers['retry-after']);
    assert.equal((await from('127.0.0.29', '/x')).status, 200, 'other routes are not concerned');
    assert.equal((await from('127.0.0.30', '/search')).status, 200);
    await use({ routes, ...limits('connections_per_address = 500') });
    assert.equal((await from('127.0.0.29', '/search')).status, 429, 'what was counted stays counted');
    routes[0].requests_per_address_per_minute = 600;
    await use({ routes, ...limits('') });
    await until(async () => (await from('127.0.0.29', '/search')).status === 200, { what: 'a place: one comes back in 0.1 s by the new rate, in 20 s by the old', timeout: 10_000 });
  });

  for (const [what, changes] of [
    ['an upstream', { webUpstream: { max_in_flight: 2 } }],
    ['a route', { routes: [{ path: '/*', upstream: 'web', access: 'public', max_in_flight: 2 }] }],
  ]) {
    test(`${what} with as many requests under way as may be: the next gets 503 at once`, async () => {
      await use(changes);
      const slow = [from('127.0.0.1', '/slow'), from('127.0.0.1', '/slow')];
      await until(() => held.length === 2, { what: 'both at the upstream' });
      const seen = upstream.requests.length;
      const refused = await from('127.0.0.1');
      assert.equal(refused.status, 503);
      assert.equal(refused.headers['retry-after'], '1');
      assert.equal(refused.json().code, 'overloaded');
      assert.match((await from('127.0.0.1', '/x', page)).text, /<html/);
      assert.equal((await from('127.0.0.1', '/api/auth/session')).status, 200, 'our own paths are not concerned');
      assert.equal(upstream.requests.length, seen);
      await use(changes);
      assert.equal((await from('127.0.0.1')).status, 503, 'also after a reload, with those from before');
      release();
      for (const { status } of await Promise.all(slow)) assert.equal(status, 200);
      assert.deepEqual(await statuses(5, '127.0.0.1'), [200, 200, 200, 200, 200]);
    });
  }

  test('a request that waits for its body takes no place of the upstream\'s until it is sent there', async () => {
    const routes = [{ path: '/x', upstream: 'web', access: 'session' }, ...options.routes];
    await use({ routes, webUpstream: { max_in_flight: 1, csrf: 'token' } });
    const client = await gate.signedIn(ada);
    const socket = connect(gate.port, '127.0.0.1');
    socket.write(`POST /x HTTP/1.1\r\nHost: ${new URL(gate.origin).host}\r\nOrigin: ${gate.origin}\r\nSec-Fetch-Site: same-origin\r\nCookie: ${client.jar.header()}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nhalf=a+form`);
    await until(async () => (await scrape(gate)).value('sallyport_connections') >= 1, { what: 'the connection' });
    const passed = await statuses(3, '127.0.0.1', '/y');
    socket.destroy();
    assert.deepEqual(passed, [200, 200, 200]);
  });

  test('WebSockets and event streams count until they have begun', async () => {
    await use({ webUpstream: { max_in_flight: 1 } });
    const open = [];
    for (const request of [`GET /events HTTP/1.1\r\nHost: ${new URL(gate.origin).host}\r\n\r\n`,
      `GET /ws HTTP/1.1\r\nHost: ${new URL(gate.origin).host}\r\nOrigin: ${gate.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`]) {
      const socket = connect(gate.port, '127.0.0.1');
      socket.write(request);
      assert.match((await once(socket, 'data'))[0].toString(), /^HTTP\/1.1 (200|101)/);
      open.push(socket);
    }
    assert.deepEqual(await statuses(3, '127.0.0.1'), [200, 200, 200]);
    for (const socket of open) socket.destroy();
    assert.equal((await scrape(gate)).value('sallyport_in_flight', { of: 'web' }), 0);
  });

  test('all requests under way have a limit', async () => {
    await use({ top: { workers: 2 }, ...limits('requests_in_flight = 8') });
    const slow = Array.from({ length: 40 }, () => from('127.0.0.1', '/slow'));
    await until(async () => await shed('requests_in_flight') >= 32 && held.length === 8, { what: 'eight at the upstream, the rest refused' });
    release();
    const all = (await Promise.all(slow)).map(({ status }) => status);
    assert.equal(all.filter((status) => status === 503).length, 32);
  });

  test('the limit of unknown session cookies changes by a reload', async () => {
    const routes = [{ path: '/*', upstream: 'web', access: 'session' }];
    await use({ routes, throttle: { unknown_sessions_per_address_per_minute: 2 } });
    const guess = (i) => from('127.0.0.41', '/x', { Cookie: `authjs.session-token=${'a'.repeat(42)}${i}` });
    const seen = [];
    for (let i = 0; i < 4; ++i) seen.push((await guess(i)).status);
    assert.deepEqual(seen, [401, 401, 429, 429]);
    await use({ routes, throttle: { unknown_sessions_per_address_per_minute: 1000 } });
    await until(async () => (await guess(5)).status === 401, { what: 'a place: one comes back in 0.06 s by the new rate, in 30 s by the old', timeout: 10_000 });
  });

  test('refusals are not logged one by one', async () => {
    await use(limits('requests_per_address_per_second = 1\nrequest_burst_per_address = 1'));
    await statuses(30, '127.0.0.42');
    const lines = gate.log.split('\n').filter((line) => line.includes('requests are refused') && line.includes('address_rate'));
    assert.ok(lines.length >= 1 && lines.length <= 4, lines.join('\n'));
  });
});
