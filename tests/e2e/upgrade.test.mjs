// SPDX-License-Identifier: Apache-2.0
// A new binary takes over the sockets, the store's lock and the control socket of the one that runs: no request is lost.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { request } from './support/http.mjs';
import { keepLoad, numbersSeen } from './support/load.mjs';
import { scrape } from './support/metrics.mjs';
import { Process, freePort, until } from './support/processes.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada, binary, scratch, toml } from './support/sallyport.mjs';

const routes = [{ path: '/private/*', upstream: 'web', access: 'session' }, { path: '/*', upstream: 'web', access: 'public' }];
const alive = (pid) => { try { process.kill(pid, 0); return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')); } catch { return false; } };
const status = async (gate) => JSON.parse((await gate.cli(['status', '--json'])).stdout);

/** Every process that has served is ended, also those that are not our children. */
async function endAll(gate) {
  try {
    const { pid } = await status(gate);
    if (pid !== gate.pid && alive(pid)) { process.kill(pid, 'SIGTERM'); await until(() => !alive(pid), { what: 'the successor ending' }); }
  } catch { /* it never ran */ }
  await gate?.stop();
}

describe('hot upgrade', () => {
  let gate, upstream, held = [];
  before(async () => {
    upstream = await startRecordingUpstream(async ({ line, headers }, socket) => {
      if (headers.some(([key, value]) => key.toLowerCase() === 'upgrade' && value === 'websocket')) {
        socket.removeAllListeners('data');
        socket.on('data', (piece) => socket.write(piece));
        return 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
      }
      if (line.includes('/slow')) await new Promise((done) => held.push(done));
      return upstream.plain('ok');
    });
  });
  afterEach(async () => { for (const release of held.splice(0)) release(); await endAll(gate); });
  after(async () => { await upstream?.stop(); });
  const start = (options = {}) => Sallyport.serve({ web: upstream.origin, users: [ada], routes, ...options }).then((it) => { gate = it; return it; });

  test('under load, again and again, every request is answered', async () => {
    await start({ top: { drain_limit: '4s' } });
    const client = await gate.signedIn(ada);
    upstream.clear();
    const load = keepLoad(gate, { connections: 24, path: '/x', numbered: true });
    const signedIn = keepLoad(gate, { connections: 8, path: '/private/x', headers: { Cookie: client.jar.header() } });
    await until(() => load.answers > 200 && signedIn.answers > 20, { what: 'load' });
    let former = gate.pid;
    for (let i = 0; i < 3; ++i) {
      const { code, stdout, stderr } = await gate.cli(['upgrade', '--json']);
      assert.equal(code, 0, stderr);
      const answer = JSON.parse(stdout);
      assert.equal(answer.former_pid, former);
      assert.notEqual(answer.pid, former);
      await until(() => !alive(former), { what: 'the former process ending' });
      former = answer.pid;
      assert.equal((await status(gate)).pid, former, 'the control socket is the new one\'s');
      const seen = load.answers;
      await until(() => load.answers > seen + 200, { what: 'load on the new process' });
    }
    const [open, own] = [await load.stop(), await signedIn.stop()];
    assert.deepEqual(open.failures, []);
    assert.deepEqual(own.failures, []);
    assert.deepEqual(Object.keys(open.bodies), ['ok']);
    assert.equal(open.whole.length, open.asked.length);
    assert.deepEqual(numbersSeen(upstream), open.asked.sort((a, b) => a - b), 'each has reached the upstream, once');
    assert.equal(upstream.requests.length, open.answers + own.answers);
    assert.deepEqual(await gate.process.ended, { code: 0, signal: null }, 'the first process ended by itself');
    assert.equal((await client.session()).user.email, ada.email);
    assert.ok(await gate.signedIn(ada));
  });

  test('a slow request ends in the old process while the new one serves; SIGUSR2 does it too', async () => {
    await start();
    const slow = gate.client().request('/slow');
    await until(() => held.length === 1, { what: 'the request at the upstream' });
    gate.process.signal('SIGUSR2');
    await until(async () => (await status(gate)).pid !== gate.pid, { what: 'the successor' });
    assert.equal((await gate.client().request('/x')).text, 'ok');
    assert.equal(gate.process.exited, null, 'it waits for its request');
    const tooSoon = await gate.cli(['upgrade', '--json']);
    assert.equal(tooSoon.code, 1);
    assert.equal(JSON.parse(tooSoon.stderr).error.code, 'still_taking_over');
    held.splice(0)[0]();
    assert.equal((await slow).status, 200);
    await gate.process.ended;
    const { value } = await scrape(gate);
    assert.ok(Date.now() / 1000 - value('process_start_time_seconds') < 60);
    assert.equal(value('sallyport_requests_total', { route: '/*' }), 1, '/metrics is the new process\'s');
  });

  test('an idle connection may send one more request, whose answer says that it is the last', async () => {
    await start();
    const socket = connect(gate.port, '127.0.0.1');
    const ask = async () => { socket.write(`GET /x HTTP/1.1\r\nHost: localhost:${gate.port}\r\n\r\n`); return (await once(socket, 'data'))[0].toString(); };
    assert.doesNotMatch(await ask(), /connection: close/i);
    assert.equal((await gate.cli(['upgrade'])).code, 0);
    const closed = once(socket, 'close');
    // Its answer may come before the drain has begun.
    await until(async () => { const answer = await ask(); assert.match(answer, /^HTTP\/1.1 200/); return /connection: close/i.test(answer); }, { what: 'the last answer' });
    await closed;
  });

  test('S5 a session that ends in the new process is cut in the old one within a second', async () => {
    await start();
    const client = await gate.signedIn(ada);
    const socket = connect(gate.port, '127.0.0.1');
    socket.write(`GET /private/ws HTTP/1.1\r\nHost: ${new URL(gate.origin).host}\r\nOrigin: ${gate.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: ${client.jar.header()}\r\n\r\n`);
    assert.match((await once(socket, 'data'))[0].toString(), /^HTTP\/1.1 101/);
    assert.equal((await gate.cli(['upgrade'])).code, 0);
    socket.write('still there?');
    assert.equal((await once(socket, 'data'))[0].toString(), 'still there?');
    assert.equal(gate.process.exited, null);
    const closed = once(socket, 'close');   // it may come before the sign-out is answered
    await client.signOut();
    const ended = Date.now();
    await closed;
    assert.ok(Date.now() - ended < 1000);
    assert.equal((await client.request('/private/x')).status, 401);
  });

  test('a new process that cannot start changes nothing', async () => {
    await start();
    const load = keepLoad(gate, { connections: 8, path: '/x' });
    await until(() => load.answers > 50, { what: 'load' });
    const good = readFileSync(gate.config, 'utf8');
    writeFileSync(gate.config, good.replace('access = "public"', 'access = "pubic"'));
    const { code, stderr } = await gate.cli(['upgrade']);
    assert.equal(code, 1);
    assert.match(stderr, /did not take over; this one goes on/);
    assert.match(stderr, /ended with 2/);
    writeFileSync(gate.config, `store = "sqlite:other.db"\nadmin_socket = "sallyport.db.sock"\n${good.replace(/^store = .*$/m, '')}`);
    const otherStore = await gate.cli(['upgrade']);
    assert.equal(otherStore.code, 1);
    assert.match(gate.log, /the store has changed/);
    writeFileSync(gate.config, good);
    assert.equal((await status(gate)).pid, gate.pid);
    const seen = load.answers;
    await until(() => load.answers > seen + 50, { what: 'load afterwards' });
    assert.deepEqual((await load.stop()).failures, []);
    assert.equal((await gate.cli(['upgrade'])).code, 0, 'and with a good file it goes');
  });

  test('another server still cannot take the store', async () => {
    await start();
    assert.equal((await gate.cli(['upgrade'])).code, 0);
    const second = await gate.cli(['serve'], { timeout: 10_000 });
    assert.equal(second.code, 1);
    assert.match(second.stderr, /another sallyport is running/);
  });

  test('S63 it is audited', async () => {
    await start();
    assert.equal((await gate.cli(['upgrade'])).code, 0);
    await until(async () => JSON.parse((await gate.cli(['audit', 'list', '--json'])).stdout).events.some(({ event, outcome }) => event === 'server.upgrade' && outcome === 'success'), { what: 'the event' });
  });
});

describe('the service manager', () => {
  // A unix datagram socket needs a helper: Node has none.
  const listen = (path) => new Process('manager', 'python3', ['-c', `
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(${JSON.stringify(path)})
print('listening', flush=True)
while True: print(s.recv(4096).decode().replace('\\n', ' '), flush=True)`]);

  test('is told of ready, reload, watchdog, hand-over and stop', async () => {
    const path = join(scratch('notify'), 'socket');
    const manager = listen(path);
    await until(() => manager.output.includes('listening'), { what: 'the manager' });
    const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', env: { NOTIFY_SOCKET: path, WATCHDOG_USEC: '400000' } });
    const said = (what) => until(() => manager.output.includes(what), { what });
    await said('READY=1 STATUS=Serving http://localhost');
    await said('WATCHDOG=1');
    assert.equal((await gate.cli(['reload'])).code, 0);
    await said('RELOADING=1 MONOTONIC_USEC=');
    const { pid } = JSON.parse((await gate.cli(['upgrade', '--json'])).stdout);
    await said(`MAINPID=${pid}`);
    await gate.process.ended;
    assert.ok(!manager.output.includes('STOPPING'), 'the service goes on');
    process.kill(pid, 'SIGTERM');
    await said('STOPPING=1');
    await until(() => !alive(pid), { what: 'the end' });
    await manager.stop();
  });

  test('hands over sockets (LISTEN_FDS), which are used and not bound again; what waits in their queue is served', async () => {
    const upstream = await startRecordingUpstream();
    const dir = scratch('activation');
    const port = await freePort(), admin = await freePort();
    const config = join(dir, 'sallyport.toml'), front = join(dir, 'front');
    writeFileSync(config, toml({ port, admin, web: upstream.origin, routes, password: false, top: { listen: [`127.0.0.1:${port}`, `unix:${front}`] } }), { mode: 0o600 });
    // Opens the sockets, waits until a connection is queued, and becomes the server.
    const manager = new Process('activation', 'python3', ['-c', `
import os, select, socket
tcp = socket.socket(); tcp.bind(('127.0.0.1', ${port})); tcp.listen(128)
front = socket.socket(socket.AF_UNIX); front.bind(${JSON.stringify(front)}); front.listen(16)
os.dup2(tcp.fileno(), 10); os.dup2(front.fileno(), 11)
print('listening', flush=True)
select.select([10], [], [])
os.dup2(10, 3); os.dup2(11, 4)
for fd in (10, 11): os.close(fd)
os.environ.update(LISTEN_FDS='2', LISTEN_PID=str(os.getpid()))
os.execv(${JSON.stringify(binary)}, ['sallyport', 'serve', '--config', ${JSON.stringify(config)}])`], { cwd: dir });
    try {
      await until(() => manager.output.includes('listening'), { what: 'the sockets' });
      assert.equal((await request(`http://127.0.0.1:${port}/x`, { headers: { Host: `localhost:${port}` } })).status, 200, 'it waited in the queue');
      assert.equal((await request('http://localhost/x', { socketPath: front, headers: { Host: `localhost:${port}` } })).status, 200);
      const answers = await Promise.all(Array.from({ length: 40 }, () => request(`http://127.0.0.1:${port}/x`, { headers: { Host: `localhost:${port}` } })));
      assert.ok(answers.every((answer) => answer.status === 200));
    } finally {
      await manager.stop();
      await upstream.stop();
    }
  });
});
