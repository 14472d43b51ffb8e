// SPDX-License-Identifier: Apache-2.0
// Upstreams with several addresses, on unix sockets, dying and coming back.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { until } from './support/processes.mjs';
import { Sallyport, scratch } from './support/sallyport.mjs';

const named = (name) => startRecordingUpstream(() => `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`);
const publicRoute = [{ path: '/*', upstream: 'web', access: 'public' }];

describe('two addresses', () => {
  test('one is killed, nobody notices; it comes back and is used again', async () => {
    const a = await named('a'), b = await named('b');
    const gate = await Sallyport.serve({ web: [a.origin, b.origin], webUpstream: { out_for: '1s', failures_until_out: 3 }, routes: publicRoute });
    const client = gate.client();
    const get = async () => client.request('/x', { headers: { 'Sec-Fetch-Site': 'none' } });
    try {
      const seen = new Set();
      await until(async () => { seen.add((await get()).text); return seen.size === 2; }, { what: 'both being used' });

      const { port } = a;
      await a.stop();
      const answers = [];
      for (let i = 0; i < 60; ++i) answers.push(await get());
      assert.deepEqual(answers.map(({ status }) => status).filter((status) => status !== 200), [], 'no request was lost');
      assert.deepEqual([...new Set(answers.slice(-10).map(({ text }) => text))], ['b']);

      const back = await startRecordingUpstream(() => 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nback', { port });
      await until(async () => (await get()).text === 'back', { what: 'the first address being used again', timeout: 10_000 });
      await back.stop();
    } finally { await gate.stop(); await b.stop(); }
  });

  test('both down is a 502, then fine again without a restart', async () => {
    const a = await named('a'), b = await named('b');
    const ports = [a.port, b.port];
    const gate = await Sallyport.serve({ web: [a.origin, b.origin], webUpstream: { out_for: '1s' }, routes: publicRoute });
    try {
      const get = () => gate.client().request('/x');
      assert.equal((await get()).status, 200);
      await Promise.all([a.stop(), b.stop()]);
      for (let i = 0; i < 5; ++i) assert.equal((await get()).status, 502);
      const again = await startRecordingUpstream(() => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', { port: ports[0] });
      await until(async () => (await get()).status === 200, { what: 'recovery', timeout: 10_000 });
      await again.stop();
    } finally { await gate.stop(); }
  });
});

test('a POST that may have arrived is never sent twice', async () => {
  let arrived = 0;
  const upstream = await startRecordingUpstream((request, socket) => {
    if (request.line.startsWith('POST')) { arrived += 1; socket.destroy(); return undefined; }
    return 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
  });
  const gate = await Sallyport.serve({ web: upstream.origin, routes: publicRoute });
  try {
    const client = gate.client();
    assert.equal((await client.request('/x')).status, 200);
    const answer = await client.request('/x', { method: 'POST', body: 'once' });
    assert.equal(answer.status, 502);
    assert.equal(arrived, 1);
  } finally { await gate.stop(); await upstream.stop(); }
});

test('a GET whose pooled connection had died is tried again', async () => {
  const upstream = await startRecordingUpstream((_, socket) => { setTimeout(() => socket.destroy(), 5); return 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'; });
  const gate = await Sallyport.serve({ web: upstream.origin, routes: publicRoute });
  try {
    const statuses = [];
    for (let i = 0; i < 40; ++i) {
      statuses.push((await gate.client().request('/x')).status);
      await new Promise((done) => setTimeout(done, i % 3 === 0 ? 8 : 0));
    }
    assert.deepEqual([...new Set(statuses)], [200]);
  } finally { await gate.stop(); await upstream.stop(); }
});

test('an upstream on a unix socket', async () => {
  const path = join(scratch('unix'), 'web.sock');
  const upstream = await startRecordingUpstream(undefined, { path });
  const gate = await Sallyport.serve({ web: `unix:${path}`, routes: publicRoute });
  try {
    assert.equal((await gate.client().request('/x')).text, 'ok');
    assert.deepEqual(upstream.header(upstream.requests[0], 'host'), [`localhost:${gate.port}`]);
  } finally { await gate.stop(); await upstream.stop(); }
});
