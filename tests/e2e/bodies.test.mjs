// SPDX-License-Identifier: Apache-2.0
// Bodies stream both ways with bounded buffers: 2 GiB up and down in under 64 MiB of resident memory, events without delay.
// SALLYPORT_E2E_BODY_MIB makes the bodies smaller.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { until } from './support/processes.mjs';
import { Sallyport } from './support/sallyport.mjs';

const size = Number(process.env.SALLYPORT_E2E_BODY_MIB ?? 2048) * 1024 * 1024;
const limit = 64 * 1024;
const piece = Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 31 + (i >> 8)) & 255));

// VmHWM: the most that was ever resident, in KiB.
const peak = (pid) => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** Writes `total` bytes of the pattern, waiting whenever the other side is slow. */
async function pour(stream, total) {
  for (let left = total; left > 0; left -= piece.length) {
    if (!stream.write(left >= piece.length ? piece : piece.subarray(0, left))) await once(stream, 'drain');
  }
  stream.end();
}

async function drink(stream) {
  let length = 0;
  const hash = createHash('md5');
  for await (const chunk of stream) { length += chunk.length; hash.update(chunk); }
  return { length, hash: hash.digest('hex') };
}

function expectedHash(total) {
  const hash = createHash('md5');
  for (let left = total; left > 0; left -= piece.length) hash.update(left >= piece.length ? piece : piece.subarray(0, left));
  return hash.digest('hex');
}

describe(`bodies of ${size / 1024 / 1024} MiB`, () => {
  let gate, upstream, web, expected, events = [], flood = { written: 0 };

  before(async () => {
    expected = expectedHash(size);
    upstream = http.createServer(async (request, response) => {
      if (request.url === '/upload' || request.url === '/upload-chunked') {
        response.end(JSON.stringify({ ...(await drink(request)), coding: request.headers['transfer-encoding'] ?? null }));
      } else if (request.url === '/download') {
        response.writeHead(200, { 'Content-Length': size });
        await pour(response, size).catch(() => {});
      } else if (request.url === '/download-chunked') {
        await pour(response, size).catch(() => {});
      } else if (request.url === '/flood') {
        response.writeHead(200, { 'Content-Length': 1 << 30 });
        response.on('error', () => {});
        while (!response.destroyed && flood.written < (1 << 30)) {
          flood.written += piece.length;
          if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
        }
      } else if (request.url === '/events') {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.flushHeaders();
        events.push(response);
      }
    });
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    web = `http://127.0.0.1:${upstream.address().port}`;
    gate = await Sallyport.serve({ web, routes: [{ path: '/*', upstream: 'web', access: 'public' }] });
  });
  after(async () => { await gate?.stop('SIGTERM', 3000); upstream?.closeAllConnections(); upstream?.close(); });

  const open = (path, options = {}) => http.request({
    host: '127.0.0.1', port: gate.port, path, agent: false,
    headers: { Host: `localhost:${gate.port}`, 'Sec-Fetch-Site': 'same-origin', ...options.headers }, method: options.method ?? 'GET',
  });

  for (const [name, path, headers] of [['Content-Length', '/upload', { 'Content-Length': size }], ['chunked', '/upload-chunked', { 'Transfer-Encoding': 'chunked' }]]) {
    test(`upload, ${name}`, { timeout: 300_000 }, async () => {
      const request = open(path, { method: 'POST', headers });
      const answered = once(request, 'response');
      await pour(request, size);
      const [response] = await answered;
      let text = '';
      for await (const chunk of response) text += chunk;
      assert.equal(response.statusCode, 200, text);
      const { length, hash } = JSON.parse(text);
      assert.equal(length, size);
      assert.equal(hash, expected);
    });
  }

  for (const path of ['/download', '/download-chunked']) {
    test(path.slice(1), { timeout: 300_000 }, async () => {
      const request = open(path);
      request.end();
      const [response] = await once(request, 'response');
      assert.deepEqual(await drink(response), { length: size, hash: expected });
    });
  }

  test('a client that stops reading stops the upstream, not the memory', async () => {
    const socket = connect(gate.port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => {});
    socket.write(`GET /flood HTTP/1.1\r\nHost: localhost:${gate.port}\r\n\r\n`);
    let last = -1;
    await until(() => { const still = flood.written > 0 && flood.written === last; last = flood.written; return still; }, { every: 300, what: 'the upstream being held back' });
    assert.ok(flood.written < 64 * 1024 * 1024, `${flood.written} bytes went into buffers`);
    socket.destroy();
  });

  test('all of it in under 64 MiB of resident memory', () => {
    const most = peak(gate.pid);
    assert.ok(most < limit, `${most} KiB at the peak`);
  });

  test('an event is there before the next one is sent', async () => {
    const request = open('/events');
    request.end();
    const [response] = await once(request, 'response');
    let text = '';
    response.on('data', (chunk) => { text += chunk; });
    await until(() => events.length === 1, { what: 'the stream at the upstream' });
    for (let i = 0; i < 20; ++i) {
      events[0].write(`data: ${i}\n\n`);
      await until(() => text.endsWith(`data: ${i}\n\n`), { timeout: 2000, every: 1, what: `event ${i}` });
    }
    request.destroy();
    await until(() => events[0].destroyed || events[0].closed, { timeout: 3000, what: 'the upstream hearing that the client has gone' });
  });
});
