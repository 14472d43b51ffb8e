// SPDX-License-Identifier: Apache-2.0
// No file descriptors left: those who are in are served, the others wait or are refused, nothing spins, and it passes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { scrape } from './support/metrics.mjs';
import { until } from './support/processes.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

const LIMIT = 120;
const routes = [{ path: '/private/*', upstream: 'web', access: 'session' }, { path: '/*', upstream: 'web', access: 'public' }];
const openFiles = (pid) => readdirSync(`/proc/${pid}/fd`).length;
/** Seconds on a processor. */
const processor = (pid) => { const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '); return (Number(fields[11]) + Number(fields[12])) / 100; };

/** A keep-alive connection whose requests are written by hand, one at a time. */
class Held {
  static async open(gate) {
    const it = new Held();
    it.host = new URL(gate.origin).host;
    it.socket = connect(gate.port, '127.0.0.1');
    it.text = '';
    it.socket.on('data', (piece) => { it.text += piece; }).on('error', () => {}).on('close', () => { it.closed = true; });
    await once(it.socket, 'connect');
    return it;
  }
  get body() { return this.text.slice(this.text.indexOf('\r\n\r\n') + 4); }
  get status() { return Number(/^HTTP\/1.1 (\d+)/.exec(this.text)?.[1] ?? 0); }
  send(path = '/x', headers = '', body = '') { this.text = ''; this.socket.write(`${body ? 'POST' : 'GET'} ${path} HTTP/1.1\r\nHost: ${this.host}\r\n${headers}${body ? `Content-Length: ${body.length}\r\n` : ''}\r\n${body}`); }
  async ask(...args) {
    this.send(...args);
    await until(() => this.closed || this.whole(), { what: `an answer to ${args[0] ?? '/x'}, got ${JSON.stringify(this.text.slice(0, 100))}`, every: 5 });
    return this.status;
  }
  whole() {
    const at = this.text.indexOf('\r\n\r\n');
    return at > 0 && this.text.length >= at + 4 + Number(/content-length: (\d+)/i.exec(this.text)?.[1] ?? 0);
  }
}

describe('file descriptors', () => {
  let gate, upstream, gated = [], inside = [], outside = [];
  before(async () => {
    upstream = await startRecordingUpstream(async ({ line }) => {
      if (line.includes('/slow')) await new Promise((done) => gated.push(done));
      return upstream.plain();
    });
    gate = await Sallyport.serve({ web: upstream.origin, users: [ada], routes, top: { workers: 1 }, extra: '[limits]\nheader_timeout = "5m"', wrapper: ['prlimit', `--nofile=${LIMIT}:${LIMIT}`] });
  });
  after(async () => { for (const it of [...inside, ...outside]) it.socket.destroy(); for (const answer of gated.splice(0)) answer(); await gate?.stop(); await upstream?.stop(); });

  test('run out: who is in is served, others are postponed or refused, nothing spins or floods the log', async () => {
    const client = await gate.signedIn(ada);
    const cookie = `Cookie: ${client.jar.header()}\r\n`;
    for (let i = 0; i < 20; ++i) { const it = await Held.open(gate); assert.equal(await it.ask(), 200); inside.push(it); }
    for (let i = 0; i < LIMIT; ++i) outside.push(await Held.open(gate));   // into the queue of the kernel, as far as the gateway is concerned
    await until(() => openFiles(gate.pid) >= LIMIT - 2, { what: 'no descriptor being left' });
    await until(() => gate.log.includes('cannot accept connections'), { what: 'the log saying so' });

    const before = processor(gate.pid);
    const begun = Date.now();
    for (let round = 0; round < 5; ++round) {
      for (const it of inside) assert.equal(await it.ask('/private/x', cookie), 200, 'who is in is served');
      await new Promise((done) => setTimeout(done, 400));
    }
    const used = (processor(gate.pid) - before) / ((Date.now() - begun) / 1000);
    assert.ok(used < 0.5, `${(used * 100).toFixed(0)} % of a processor for 100 requests: it spins`);
    const lines = gate.log.split('\n').filter((line) => line.includes('cannot accept connections'));
    assert.ok(lines.length <= 2, `${lines.length} lines`);

    // More requests at once than there are connections to the upstream: 503 for those that find no descriptor, and no address is taken out.
    for (const it of inside) it.send('/slow');
    await until(() => inside.filter((it) => it.whole()).length >= 10 && gated.length + inside.filter((it) => it.whole()).length === inside.length, { what: 'the refusals' });
    const refused = inside.filter((it) => it.whole());
    assert.deepEqual([...new Set(refused.map(({ status }) => status))], [503]);
    assert.match(refused[0].text, /\r\nRetry-After: 1\r\n/i);
    for (const answer of gated.splice(0)) answer();
    await until(() => inside.every((it) => it.whole()), { what: 'the rest of the answers' });
    assert.equal((await inside[0].ask()), 200);

    // Signing in reads and writes the store, whose files are open; it must end, whichever way.
    assert.equal(await inside[1].ask('/api/auth/csrf', cookie), 200);
    const { csrfToken } = JSON.parse(inside[1].body);
    const form = new URLSearchParams({ csrfToken, email: ada.email, password: ada.password, json: 'true' }).toString();
    const status = await inside[1].ask('/api/auth/callback/credentials', `${cookie}Content-Type: application/x-www-form-urlencoded\r\nOrigin: ${gate.origin}\r\nSec-Fetch-Site: same-origin\r\n`, form);
    assert.ok([200, 503].includes(status), `${status}`);
  });

  test('when some are free again, everybody is served', async () => {
    const refused = outside.filter((it) => it.text.startsWith('HTTP/1.1 503')).length;
    for (const it of outside.splice(0)) it.socket.destroy();
    await until(() => openFiles(gate.pid) < LIMIT / 2, { what: 'descriptors being given back' });
    for (let i = 0; i < 20; ++i) assert.equal((await gate.client().request('/x')).status, 200);
    assert.ok(await gate.signedIn(ada), 'sign-in works');
    const { value } = await scrape(gate);
    assert.ok(refused >= 1 && value('sallyport_connections_refused_total', { limit: 'descriptors' }) >= refused, `${refused} got an answer that said so`);
    assert.equal(value('sallyport_upstream_healthy', { upstream: 'web' }), 1);
    for (const it of inside) assert.equal(await it.ask(), 200, 'and those who were in all the time still are');
  });
});
