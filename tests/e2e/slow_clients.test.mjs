// SPDX-License-Identifier: Apache-2.0
// Five thousand connections that trickle heads, trickle bodies, or never read: people are served meanwhile, each of the five
// thousand is ended by its time-out or least rate, and memory is bounded and given back.
// SALLYPORT_E2E_SLOW makes them fewer.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { bigSize } from './support/big_upstream.mjs';
import { keepLoad } from './support/load.mjs';
import { scrape } from './support/metrics.mjs';
import { Process, until } from './support/processes.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

const many = Number(process.env.SALLYPORT_E2E_SLOW ?? 5000);
const memory = (pid, what) => Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** A connection of one of three kinds. `tick` sends what it trickles. */
class Slow {
  constructor(gate, i) {
    this.kind = i % 50 === 49 ? 'reader' : i % 2 === 0 ? 'head' : 'body';
    this.text = '';
    this.host = new URL(gate.origin).host;
    this.origin = gate.origin;
    this.socket = connect({ port: gate.port, host: '127.0.0.1', localAddress: `127.0.1.${1 + (i % 20)}` });
    this.socket.on('error', () => {}).on('close', () => { this.closed = true; });
    this.received = 0;
    if (this.kind !== 'reader') this.socket.on('data', (piece) => { this.text += piece.toString('latin1'); });
    this.ready = once(this.socket, 'connect').then(() => this.begin(i));
  }
  begin(i) {
    if (this.kind === 'head') {
      this.socket.write('GET');   // begun at once: without a byte it would be an idle connection, which is closed silently
      this.rest = ` /x HTTP/1.1\r\nHost: ${this.host}\r\nX-Endless: ${'x'.repeat(1000)}`;
    }
    if (this.kind === 'body') {
      const ours = i % 4 === 1;
      this.socket.write(`POST ${ours ? '/api/auth/callback/credentials' : '/upload'} HTTP/1.1\r\nHost: ${this.host}\r\nOrigin: ${this.origin}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 4000\r\n\r\n`);
      this.rest = 'a'.repeat(3999);
    }
    if (this.kind === 'reader') {
      this.socket.write(`GET /big HTTP/1.1\r\nHost: ${this.host}\r\n\r\n`);
      this.socket.pause();
    }
  }
  /** A reader that begins to read after all. */
  async readOn() {
    this.socket.on('data', (piece) => { this.received += piece.length; });
    this.socket.resume();
    if (!this.closed) await once(this.socket, 'close').catch(() => {});
  }
  tick() {
    if (this.closed || !this.rest) return;
    this.socket.write(this.rest[0]);
    this.rest = this.rest.slice(1);
  }
}

test(`${many} slow connections while people are served`, { timeout: 240_000 }, async () => {
  const upstream = new Process('upstream', process.execPath, [join(import.meta.dirname, 'support/big_upstream.mjs')]);
  const port = await until(() => /port (\d+)/.exec(upstream.output)?.[1], { what: 'the upstream' });
  const gate = await Sallyport.serve({
    web: `http://127.0.0.1:${port}`, users: [ada], webUpstream: { max_connections: 8192, connect_timeout: '1m', csrf: 'off' },
    routes: [{ path: '/private/*', upstream: 'web', access: 'session' }, { path: '/*', upstream: 'web', access: 'public' }],
    extra: '[limits]\nheader_timeout = "8s"\nbody_timeout = "8s"\nwrite_timeout = "8s"\nmin_body_rate = 500\nworker_wait = "0s"',
  });
  const slow = [], people = [];
  let timer;
  try {
    const client = await gate.signedIn(ada);
    people.push(keepLoad(gate, { connections: 6, path: '/x' }), keepLoad(gate, { connections: 2, path: '/private/x', headers: { Cookie: client.jar.header() } }));
    await until(() => people.every((load) => load.answers > 20), { what: 'people' });
    const rest = memory(gate.pid, 'VmRSS');

    let turn = 0;
    // A twentieth of them every 50 ms: a byte a second each.
    timer = setInterval(() => { for (let i = turn++ % 20; i < slow.length; i += 20) slow[i].tick(); }, 50);
    for (let i = 0; i < many; ++i) {
      slow.push(new Slow(gate, i));
      if (i % 100 === 99) await Promise.all(slow.slice(-100).map((it) => it.ready));
    }
    const opened = Date.now();
    const seen = people.map((load) => load.answers);
    await until(() => slow.every((it) => it.kind === 'reader' || it.closed), { timeout: 90_000, every: 200, what: 'the end of every slow head and body' })
      .catch((error) => { throw new Error(`${error.message}; left: ${['head', 'body'].map((kind) => `${slow.filter((it) => it.kind === kind && !it.closed).length} of ${kind}`)}`); });
    // A client that reads nothing does not learn that it was cut, either.
    const cut = async () => (await scrape(gate)).value('sallyport_requests_aborted_total', { route: '/*', reason: 'timeout' });
    await until(async () => await cut() >= slow.filter((it) => it.kind === 'reader').length, { timeout: 100_000, every: 500, what: 'the end of every slow reader' })
      .catch(async (error) => { throw new Error(`${error.message}; ${await cut()} were cut`); });
    const lasted = (Date.now() - opened) / 1000;
    const most = memory(gate.pid, 'VmHWM');

    for (const it of slow) {
      if (it.kind !== 'reader') assert.match(it.text, /^HTTP\/1.1 408 /, `a slow ${it.kind}: ${it.text.slice(0, 100)}`);
    }
    for (const it of slow.filter(({ kind }) => kind === 'reader')) {
      await it.readOn();
      assert.ok(it.received > 0 && it.received < bigSize, `a slow reader got ${it.received} of ${bigSize} bytes`);
    }
    assert.ok((await scrape(gate)).value('sallyport_requests_total', { route: '/*', status: '4xx' }) > many / 10, 'some of the bodies were on their way to the upstream');
    for (let i = 0; i < people.length; ++i) assert.ok(people[i].answers > seen[i] + 20, 'people were served meanwhile');
    for (const load of people) { const { failures } = await load.stop(); assert.deepEqual(failures, []); }
    assert.ok(lasted < 60, `the last one went after ${lasted} s`);
    assert.ok(most < rest + 60 + many * 0.06, `${most.toFixed(0)} MiB at the most, ${rest.toFixed(0)} before: more than 60 KiB a connection`);
    clearInterval(timer);
    for (const it of slow) it.socket.destroy();
    await until(async () => (await scrape(gate)).value('sallyport_connections') === 0, { what: 'no connection being left' });
    await until(async () => (await scrape(gate)).value('sallyport_upstream_connections', { upstream: 'web', state: 'busy' }) === 0, { what: 'no exchange being left at the upstream' });
  } finally {
    clearInterval(timer);
    for (const it of slow) it.socket.destroy();
    await gate.stop();
    for (const load of people) await load.stop();
    await upstream.stop();
  }
});
