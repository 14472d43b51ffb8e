// SPDX-License-Identifier: Apache-2.0
// The command line, by the plain-text scripts in cli/: each alone on a fresh store, and again with a server running, when
// commands go over its socket. Then the commands whose effect on a running server must be felt at once.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { check, parseScript, withVariables, wordsOf } from './support/cli_script.mjs';
import { freePort, until } from './support/processes.mjs';
import { Sallyport, ada, cli, scratch, toml } from './support/sallyport.mjs';

const folder = join(import.meta.dirname, 'cli');

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const blocks = parseScript(readFileSync(join(folder, file), 'utf8'));
  for (const running of file === 'help.txt' || file === 'secret.txt' ? [false] : [false, true]) {
    describe(`${file}${running ? ', with a server running' : ''}`, () => {
      let dir, gate;
      const variables = {};
      test('set-up', async () => {
        if (running) { gate = await Sallyport.serve({ web: 'http://127.0.0.1:9' }); dir = gate.dir; return; }
        dir = scratch('cli');
        writeFileSync(join(dir, 'sallyport.toml'), toml({ port: await freePort(), admin: await freePort(), web: 'http://127.0.0.1:9' }));
      });
      for (const block of blocks) {
        test(`${block.line}: ${block.name}`, async () => {
          const [program, ...args] = wordsOf(withVariables(block.command, variables));
          assert.equal(program, 'sallyport');
          check(block, await cli(args, { cwd: dir, input: block.input.length ? `${block.input.join('\n')}\n` : '' }), variables);
        });
      }
      test('tear-down', () => gate?.stop());
    });
  }
}

describe('commands that a running server feels at once', () => {
  const live = async () => {
    const http = createServer((_, response) => response.end('ok'));
    const sockets = new WebSocketServer({ server: http });
    sockets.on('connection', (socket) => socket.send('hello'));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const gate = await Sallyport.serve({ users: [ada], api: `http://127.0.0.1:${http.address().port}`, routes: [{ path: '/*', upstream: 'api', access: 'session', identity: 'jwt' }] });
    const client = await gate.signedIn(ada);
    const socket = new WebSocket(`ws://127.0.0.1:${gate.port}/ws`, { headers: { Host: `localhost:${gate.port}`, Origin: gate.origin, Cookie: client.jar.header() } });
    await once(socket, 'message');
    return { gate, client, socket, stop: async () => { socket.terminate(); await gate.stop(); sockets.close(); http.closeAllConnections(); http.close(); } };
  };

  const commands = {
    'session revoke ID': async (gate) => {
      const [{ id }] = JSON.parse((await gate.cli(['session', 'list', '--json'])).stdout).sessions;
      return gate.cli(['session', 'revoke', id]);
    },
    'session revoke --user': (gate) => gate.cli(['session', 'revoke', '--user', ada.email]),
    'user disable': (gate) => gate.cli(['user', 'disable', ada.email]),
    'user password': (gate) => gate.cli(['user', 'password', ada.email, '--password-stdin'], { input: 'a different passphrase\n' }),
  };

  for (const [name, run] of Object.entries(commands)) {
    test(`S5 ${name}: the session is dead and its open WebSocket cut within a second`, async () => {
      const { gate, client, socket, stop } = await live();
      try {
        const closed = once(socket, 'close');
        const done = await run(gate);
        assert.equal(done.code, 0, done.stderr);
        await Promise.race([closed, new Promise((_, fail) => setTimeout(() => fail(new Error('still open after a second')), 1000))]);
        assert.equal(await client.session(), null);
        assert.equal((await client.request('/x')).status, 401);
      } finally { await stop(); }
    });
  }

  test('key rotate: the new key is published, tokens go on', async () => {
    const { gate, client, stop } = await live();
    try {
      const keys = async () => (await gate.client().request('/.well-known/jwks.json')).json().keys.map(({ kid }) => kid);
      const before = await keys();
      assert.equal((await gate.cli(['key', 'rotate'])).code, 0);
      await until(async () => (await keys()).length > before.length, { what: 'the new key in the JWKS' });
      assert.ok((await keys()).includes(before[0]), 'the old one stays until its last token has expired');
      assert.equal((await client.request('/x')).status, 200);
    } finally { await stop(); }
  });

  test('status says that it runs; the control socket is the owner\'s alone', async () => {
    const { gate, stop } = await live();
    try {
      const status = await gate.cli(['status', '--json']);
      assert.equal(status.code, 0, status.stderr);
      const socket = readdirSync(gate.dir).find((name) => name.endsWith('.sock'));
      assert.equal(statSync(join(gate.dir, socket)).mode & 0o777, 0o600);
    } finally { await stop(); }
  });

  test('token inspect explains a token of ours', async () => {
    const tokens = [];
    const http = createServer((request, response) => { tokens.push(request.headers.authorization.slice(7)); response.end(); });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const gate = await Sallyport.serve({ users: [ada], api: `http://127.0.0.1:${http.address().port}`, routes: [{ path: '/*', upstream: 'api', access: 'session', identity: 'jwt' }] });
    try {
      await (await gate.signedIn(ada)).request('/x');
      const inspected = await gate.cli(['token', 'inspect', tokens[0]]);
      assert.equal(inspected.code, 0, inspected.stderr);
      assert.match(inspected.stdout, /at\+jwt/);
      assert.match(inspected.stdout, /\bapi\b/);
      assert.match(inspected.stdout, /^Verified: /m);
      const forged = await gate.cli(['token', 'inspect', `${tokens[0].slice(0, -8)}AAAAAAAA`]);
      assert.match(forged.stdout, /^Not verified: /m);
    } finally { await gate.stop(); http.closeAllConnections(); http.close(); }
  });

  test('S63 the audit log has the sign-in, the refusal and the revocation', async () => {
    const { gate, stop } = await live();
    try {
      await gate.client().signIn(ada.email, 'wrong');
      await gate.cli(['session', 'revoke', '--user', ada.email]);
      const { code, stdout, stderr } = await gate.cli(['audit', 'list', '--json']);
      assert.equal(code, 0, stderr);
      for (const event of [/sign.?in/i, /session\.revoke/, /fail|refus|denied|bad/i]) assert.match(stdout, event);
      assert.equal(stdout.includes('wrong'), false);
    } finally { await stop(); }
  });
});
