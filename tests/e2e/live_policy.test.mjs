// SPDX-License-Identifier: Apache-2.0
// S5, WIRE.md §3: WebSockets, event streams and long bodies are cut when their route's policy no longer holds while the session
// lives; others of the same session go on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { until } from './support/processes.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

const routes = [
  { path: '/*', upstream: 'api', access: 'session' },
  { path: '/staff/*', upstream: 'api', access: 'session', groups: ['staff'], csrf: 'origin' },
];
const pro = '[[route]]\npath = "/pro/*"\nupstream = "api"\naccess = "session"\nclaims = { plan = ["pro", "team"] }';

for (const strategy of ['database', 'jwt']) {
  describe(`a change of the person, ${strategy} sessions`, () => {
    let http, sockets, gate, client;
    before(async () => {
      http = createServer((request, response) => {
        if (request.method === 'POST') { request.resume(); return; }
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('data: hello\n\n');
      });
      sockets = new WebSocketServer({ server: http });
      sockets.on('connection', (socket) => { socket.on('message', (data) => socket.send(`echo ${data}`)); socket.send('hello'); });
      http.listen(0, '127.0.0.1');
      await once(http, 'listening');
      gate = await Sallyport.serve({
        users: [ada], api: `http://127.0.0.1:${http.address().port}`, routes, extra: pro, session: { strategy, update_claims: ['plan'] },
      });
    });
    after(async () => { await gate?.stop(); sockets?.close(); http?.closeAllConnections(); http?.close(); });

    const groups = async (...args) => {
      const done = await gate.cli(['user', 'groups', ada.email, ...args]);
      assert.equal(done.code, 0, done.stderr);
    };
    const setPlan = async (plan) => {
      const { csrfToken } = await client.csrf();
      const answer = await client.request('/api/auth/session', { method: 'POST', json: { csrfToken, data: { plan } } });
      assert.equal(answer.status, 200, answer.text);
    };
    const headers = () => ({ Host: new URL(gate.origin).host, Origin: gate.origin, 'Sec-Fetch-Site': 'same-origin', Cookie: client.jar.header() });

    const tunnel = async (path) => {
      const socket = new WebSocket(`ws://127.0.0.1:${gate.port}${path}`, { headers: headers() });
      await once(socket, 'message');
      const it = { name: `WebSocket ${path}`, closed: false, lives: async () => { const answer = once(socket, 'message'); socket.send('x'); await answer; }, end: () => socket.terminate() };
      socket.on('close', () => { it.closed = true; });
      socket.on('error', () => {});
      return it;
    };
    const stream = async (path) => {
      const outgoing = send({ port: gate.port, path, headers: headers() }).on('error', () => {});
      outgoing.end();
      const [answer] = await once(outgoing, 'response');
      assert.equal(answer.statusCode, 200);
      await once(answer, 'data');
      const it = { name: `SSE ${path}`, closed: false, lives: async () => assert.equal(answer.destroyed, false), end: () => outgoing.destroy() };
      for (const event of ['close', 'error']) answer.on(event, () => { it.closed = true; });
      return it;
    };
    const upload = async (path) => {
      const arrived = once(http, 'request');
      const outgoing = send({ port: gate.port, path, method: 'POST', headers: { ...headers(), 'Content-Length': 1_000_000 } });
      const it = { name: `upload to ${path}`, closed: false, lives: async () => assert.equal(outgoing.destroyed, false), end: () => outgoing.destroy() };
      outgoing.on('error', () => {});
      outgoing.on('close', () => { it.closed = true; });
      outgoing.write('begins');
      await arrived;
      return it;
    };
    const cutWithinASecond = (all) => until(() => all.every(({ closed }) => closed), { timeout: 1000, what: 'the cut of what asks for it' });

    test('S5 a group taken away by the command line cuts what asks for it, and nothing else', async () => {
      await groups('--add', 'staff', '--add', 'other');
      client = await gate.signedIn(ada);
      const asking = [await tunnel('/staff/ws'), await stream('/staff/events'), await upload('/staff/upload')];
      const others = [await tunnel('/ws'), await stream('/events')];
      await groups('--remove', 'other');
      for (const one of [...asking, ...others]) await one.lives();
      await groups('--remove', 'staff');
      await cutWithinASecond(asking);
      for (const one of others) { await one.lives(); assert.equal(one.closed, false, one.name); one.end(); }
      assert.equal((await client.request('/staff/x')).status, 403, 'and it does not come back');
      assert.notEqual(await client.session(), null, 'the session lives');
      await groups('--add', 'staff');
      const again = await tunnel('/staff/ws');
      await again.lives();
      again.end();
    });

    test('S5 a claim that the session loses does the same', async () => {
      client = await gate.signedIn(ada);
      assert.equal((await client.request('/pro/x')).status, 403);
      await setPlan('pro');
      const asking = [await tunnel('/pro/ws'), await stream('/pro/events')];
      const others = [await tunnel('/ws'), await stream('/events')];
      await setPlan('team');
      for (const one of asking) await one.lives();
      await setPlan('free');
      await cutWithinASecond(asking);
      for (const one of others) { await one.lives(); assert.equal(one.closed, false, one.name); one.end(); }
      assert.equal((await client.request('/pro/x')).status, 403);
    });
  });
}
