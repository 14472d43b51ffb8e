// SPDX-License-Identifier: Apache-2.0
// A long run of mixed traffic against the real binary, with reloads in between, watched through /metrics.
// It passes when every request that should be answered was, memory is flat, and nothing is left open at the end.
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { scrape } from '../e2e/support/metrics.mjs';
import { until } from '../e2e/support/processes.mjs';
import { Sallyport, ada } from '../e2e/support/sallyport.mjs';
import { judge, median } from './verdict.mjs';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) { console.error('usage: script/soak [--minutes N]'); process.exit(2); }
const end = Date.now() + minutes * 60_000;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function startUpstream() {
  const server = createServer((request, response) => {
    if (request.url.startsWith('/stream')) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      let left = 5;
      const timer = setInterval(() => { response.write('data: x\n\n'); if (--left === 0) { clearInterval(timer); response.end(); } }, 50);
      response.on('close', () => clearInterval(timer));
      return;
    }
    let size = 0;
    request.on('data', (piece) => { size += piece.length; });
    request.on('end', () => {
      const body = request.url.startsWith('/big') ? Buffer.alloc(256 * 1024, 'b') : JSON.stringify({ size });
      response.writeHead(200, { 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    });
    request.on('error', () => {});
  });
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n');
    socket.on('data', (piece) => socket.write(piece));
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } };
}

const upstream = await startUpstream();
const gate = await Sallyport.serve({
  web: upstream.origin, webUpstream: { pooled_idle_timeout: '5s' }, users: [ada], top: { workers: 2 },
  routes: [{ path: '/private/*', upstream: 'web', access: 'session' }, { path: '/*', upstream: 'web', access: 'public' }],
  extra: '[limits]\nidle_timeout = "5s"\nheader_timeout = "2s"\n[log]\naccess_file = "/dev/null"\n',
});

const done = {}, faults = [];
const inTime = (work) => { let timer; return Promise.race([work, new Promise((_, fail) => { timer = setTimeout(() => fail(new Error('not done in 60 s')), 60_000); })]).finally(() => clearTimeout(timer)); };
/** The server closes it. Unread bytes would hide the end. */
const closed = (socket) => { socket.resume(); return once(socket, 'close'); };
/** What one kind of client does, again and again, with `gap` ms between. A throw is a fault. */
function keep(name, gap, work) {
  done[name] = 0;
  return (async () => {
    while (Date.now() < end) {
      try { await inTime(work()); done[name] += 1; } catch (error) { faults.push(`${name}: ${error.message}`); await pause(200); }
      await pause(gap);
    }
  })();
}
const expect = (answer, ...statuses) => { if (!statuses.includes(answer.status)) throw new Error(`status ${answer.status}: ${answer.text.slice(0, 120)}`); };
const raw = async (bytes, use) => {
  const socket = connect(gate.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes);
  try { await use(socket); } finally { socket.destroy(); }
};
const head = (target, more = '') => `GET ${target} HTTP/1.1\r\nHost: localhost:${gate.port}\r\n${more}\r\n`;

const client = await gate.signedIn(ada);
const traffic = [
  ...Array.from({ length: 4 }, () => keep('public', 2, async () => expect(await gate.client().request('/x'), 200))),
  ...Array.from({ length: 4 }, () => keep('private', 2, async () => expect(await client.request('/private/x'), 200))),
  keep('post', 5, async () => expect(await client.unsafe('/private/x', { body: 'x'.repeat(1024) }), 200)),
  keep('big', 20, async () => expect(await gate.client().request('/big'), 200)),
  keep('upload', 50, async () => expect(await gate.client().request('/upload', { method: 'PUT', body: 'x'.repeat(512 * 1024) }), 200)),
  keep('stream', 20, async () => expect(await gate.client().request('/stream'), 200)),
  keep('own', 10, async () => { if (!(await client.session())?.user) throw new Error('signed out'); }),
  keep('sign in and out', 250, async () => { const one = await gate.signedIn(ada); expect(await one.signOut(), 200, 302); }),
  keep('refused', 20, async () => { expect(await gate.client().request('/private/x'), 401); }),
  keep('no HTTP', 50, () => raw('this is no request\r\n\r\n', closed)),
  keep('leaves early', 20, () => raw(head('/stream'), () => pause(10))),
  keep('slow head', 500, () => raw('GET / HTTP/1.1\r\nHo', closed)),
  keep('tunnel', 50, () => raw(head('/private/ws', `Origin: ${gate.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: ${client.jar.header()}\r\n`), async (socket) => {
    const [first] = await once(socket, 'data');
    if (!first.toString().startsWith('HTTP/1.1 101')) throw new Error(first.toString().slice(0, 80));
    socket.write('hello');
    await once(socket, 'data');
  })),
  keep('reload', Math.max(2000, (minutes * 60_000) / 30), async () => { const { code, stderr } = await gate.cli(['reload']); if (code !== 0) throw new Error(stderr); }),
];

const samples = [];
const watch = (async () => {
  const begun = Date.now();
  while (Date.now() < end) {
    await pause(Math.min(5000, Math.max(500, (minutes * 60_000) / 60)));
    const { value } = await scrape(gate);
    samples.push({ at: Date.now() - begun, rss: value('process_resident_memory_bytes'), fds: value('process_open_fds') });
    if (process.stdout.isTTY) process.stdout.write(`\r${((Date.now() - begun) / 60_000).toFixed(1)} min  ${(samples.at(-1).rss / 2 ** 20).toFixed(1)} MiB  ${samples.at(-1).fds} fds  ${faults.length} faults `);
  }
})();
await Promise.all([...traffic, watch]);

// Idle connections and pooled ones have their time-outs; then only what was open at the start may be.
let left;
try {
  left = await until(async () => { const { value } = await scrape(gate); left = { connections: value('sallyport_connections'), upstream: value('sallyport_upstream_connections'), fds: value('process_open_fds') }; return left.connections === 0 && left.upstream === 0 && left; }, { timeout: 90_000, every: 1000, what: 'everything being closed' });
} catch { /* judged below */ }
const ended = await gate.stop();
upstream.stop();

const verdict = judge({ samples, left, faults, ended });
console.log(`\n${Object.entries(done).map(([name, count]) => `${count} × ${name}`).join(', ')}`);
console.log(`memory: ${(median(samples.slice(0, 3).map(({ rss }) => rss)) / 2 ** 20).toFixed(1)} MiB at first, ${(verdict.early / 2 ** 20).toFixed(1)} MiB after warming up, ${(verdict.late / 2 ** 20).toFixed(1)} MiB at the end`);
for (const sentence of verdict.sentences) console.log(`FAILED  ${sentence}`);
console.log(verdict.sentences.length === 0 ? 'soak passed' : 'soak failed');
process.exit(verdict.sentences.length === 0 ? 0 : 1);
