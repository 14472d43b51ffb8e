// SPDX-License-Identifier: Apache-2.0
// A request in the steady state asks the allocator for nothing: malloc and its kin are counted in the real binary's workers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Sallyport, ada, scratch } from './support/sallyport.mjs';

const sanitized = /sanitize|asan|build\/dev/.test(process.env.SALLYPORT_BINARY ?? '');
let gate, upstream, client, xsrfToken, file;

before(async () => {
  const dir = scratch('allocations'), library = join(dir, 'count.so');
  file = join(dir, 'count');
  writeFileSync(file, Buffer.alloc(8));
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, join(import.meta.dirname, 'support/count_allocations.c')]);
  upstream = http.createServer((req, res) => req.resume().on('end', () => res.writeHead(200, { 'Content-Type': 'application/json' }).end('{"notes":[]}')));
  upstream.keepAliveTimeout = 60_000;
  await new Promise((done) => upstream.listen(0, '127.0.0.1', done));
  gate = await Sallyport.serve({
    users: [ada], top: { workers: 1 }, api: `http://127.0.0.1:${upstream.address().port}`, env: { LD_PRELOAD: library, SALLYPORT_ALLOCATIONS: file },
    extra: `[log]\naccess = true\naccess_file = "${join(dir, 'access.log')}"\n
      [limits]\nuncounted = []\nrequests_per_address_per_second = 1000000\nconnections_per_address = 1000\nrequests_in_flight = 1000\n`,
    apiUpstream: { max_in_flight: 1000 },
    routes: [{ path: '/*', upstream: 'api', access: 'session', identity: 'jwt', max_in_flight: 1000, requests_per_address_per_minute: 10_000_000 }],
  });
  client = await gate.signedIn(ada);
  ({ xsrfToken } = await client.csrf());
});
after(async () => { await gate?.stop(); upstream?.close(); upstream?.closeAllConnections(); });

const counted = () => Number(readFileSync(file).readBigUInt64LE());

async function send(agent, times, { path = '/api/notes', method = 'GET', body = '', headers = {} }) {
  const url = new URL(path, `http://127.0.0.1:${gate.port}`);
  for (let i = 0; i < times; ++i) {
    await new Promise((done, fail) => http.request(url, { agent, method, headers: {
      Host: new URL(gate.origin).host, Cookie: client.jar.header(), 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', ...(body && { 'Content-Length': body.length }), ...headers,
    } }, (answer) => { assert.equal(answer.statusCode, 200); answer.resume().on('end', done); }).on('error', fail).end(body));
  }
}

const cases = {
  'a proxied GET with a session and a token for the API': {},
  'a CSRF-checked POST': { method: 'POST', body: JSON.stringify({ text: 'x'.repeat(1000) }), headers: { 'Content-Type': 'application/json' }, csrf: true },
  'GET /api/auth/session': { path: '/api/auth/session' },
};
for (const [what, { csrf, headers, ...request }] of Object.entries(cases)) {
  test(`${what} allocates nothing`, { skip: sanitized && 'sanitizers take frames from the allocator on purpose' }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const it = { ...request, headers: { ...headers, ...(csrf && { Origin: gate.origin, 'X-XSRF-TOKEN': xsrfToken }) } };
    await send(agent, 300, it);
    const before = counted();
    await send(agent, 3000, it);
    const allocations = counted() - before;
    agent.destroy();
    // What is left is housekeeping's, once a second: one allocation a request would be 3000.
    assert.ok(allocations <= 300, `${allocations} allocations in 3000 requests`);
  });
}
