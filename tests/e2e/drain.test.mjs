// SPDX-License-Identifier: Apache-2.0
// SIGTERM: requests in flight finish, new ones are not taken, the process ends with 0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepLoad, numbersSeen } from './support/load.mjs';
import { exchange } from './support/raw.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { until } from './support/processes.mjs';
import { Sallyport } from './support/sallyport.mjs';

const routes = [{ path: '/*', upstream: 'web', access: 'public' }];

test('a request in flight finishes, then the process ends with 0', async () => {
  let release;
  const upstream = await startRecordingUpstream(async () => { await new Promise((done) => { release = done; }); return upstream.plain('slow but whole'); });
  const gate = await Sallyport.serve({ web: upstream.origin, routes, top: { drain_limit: '20s' } });
  const answer = gate.client().request('/slow');
  await until(() => release, { what: 'the request at the upstream' });
  gate.process.signal('SIGTERM');
  await until(async () => (await exchange(gate.port, '', { patience: 30 })).closed, { what: 'the listener being closed' });
  assert.equal(gate.process.exited, null, 'it waits');
  release();
  const { status, text } = await answer;
  assert.equal(status, 200);
  assert.equal(text, 'slow but whole');
  assert.deepEqual(await gate.process.ended, { code: 0, signal: null });
  await upstream.stop();
});

test('under load every request is accounted for: answered whole, or refused before anybody has seen it', async () => {
  const upstream = await startRecordingUpstream(async () => { await new Promise((done) => setTimeout(done, 15)); return upstream.plain('whole'); });
  const gate = await Sallyport.serve({ web: upstream.origin, routes, top: { drain_limit: '20s' } });
  const load = keepLoad(gate, { connections: 32, path: '/x', numbered: true, untilRefused: true });
  await until(() => load.answers > 300, { what: 'load' });
  gate.process.signal('SIGTERM');
  await load.over;
  const { failures, asked, whole, untouched, bodies } = await load.stop();
  assert.deepEqual(await gate.process.ended, { code: 0, signal: null });
  assert.deepEqual(failures, []);
  assert.deepEqual(Object.keys(bodies), ['whole']);
  assert.equal(asked.length, whole.length + untouched.length, 'nothing in between');
  assert.ok(untouched.length <= 32, 'one a connection');
  // A request that crosses the close of its idle connection has reached nobody: a client may send it again, whatever it is.
  assert.deepEqual(numbersSeen(upstream), [...whole].sort((a, b) => a - b), 'the upstream has seen those that were answered, each once, and no other');
  await upstream.stop();
});

test('what has not ended by drain_limit is cut', async () => {
  const upstream = await startRecordingUpstream(() => undefined);
  const gate = await Sallyport.serve({ web: upstream.origin, routes, top: { drain_limit: '1s' } });
  const answer = gate.client().request('/never').catch((error) => error);
  await until(() => upstream.requests.length === 1, { what: 'the request at the upstream' });
  const begun = Date.now();
  gate.process.signal('SIGTERM');
  await gate.process.ended;
  assert.ok(Date.now() - begun < 8000, 'it did not wait for ever');
  const result = await answer;
  assert.ok(result instanceof Error || result.status >= 500, 'cut or 5xx, never a whole-looking answer');
  await upstream.stop();
});

test('SIGINT does the same', async () => {
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', routes });
  assert.deepEqual(await gate.stop('SIGINT'), { code: 0, signal: null });
});
