// SPDX-License-Identifier: Apache-2.0
// An upstream made of bare sockets: keeps the exact bytes of each request and answers what the test says.
import { createServer } from 'node:net';
import { once } from 'node:events';

const plain = (body = 'ok') => `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/**
 * answer(head, socket) → a string or Buffer to send, or undefined when it has dealt with the socket itself.
 * Request bodies are read by Content-Length or chunked coding before `answer` is called, unless `streaming`.
 */
export async function startRecordingUpstream(answer = () => plain(), { host = '127.0.0.1', port = 0, path, streaming = false } = {}) {
  const requests = []; // {head, line, headers: [[name, value]], body}
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let waiting = Buffer.alloc(0), busy = false;
    const pump = async () => {
      if (busy) return;
      for (let parsed; (parsed = next(waiting, streaming));) {
        busy = true;
        waiting = waiting.subarray(parsed.length);
        requests.push(parsed.request);
        const text = await answer(parsed.request, socket);
        if (text !== undefined && !socket.destroyed) socket.write(text);
        busy = false;
      }
    };
    socket.on('data', (piece) => { waiting = Buffer.concat([waiting, piece]); pump(); });
  });
  server.listen(path ?? { port, host });
  await once(server, 'listening');
  const origin = path ? `unix:${path}` : `http://${host}:${server.address().port}`;
  return {
    origin, requests, plain,
    port: path ? undefined : server.address().port,
    clear: () => { requests.length = 0; },
    header: (request, name) => request.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value),
    stop: async () => { for (const socket of sockets) socket.destroy(); server.close(); await once(server, 'close').catch(() => {}); },
  };
}

function next(bytes, streaming) {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = bytes.subarray(0, end).toString('latin1');
  const [line, ...fields] = head.split('\r\n');
  const headers = fields.map((field) => { const at = field.indexOf(':'); return [field.slice(0, at), field.slice(at + 1).trim()]; });
  const find = (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const start = end + 4;
  let length = 0, body = Buffer.alloc(0);
  if (!streaming && /chunked/i.test(find('transfer-encoding') ?? '')) {
    const whole = dechunk(bytes.subarray(start));
    if (!whole) return null;
    ({ length, body } = whole);
  } else if (!streaming) {
    length = Number(find('content-length') ?? 0);
    if (bytes.length < start + length) return null;
    body = bytes.subarray(start, start + length);
  }
  return { length: start + length, request: { head, line, headers, body: Buffer.from(body), rest: streaming ? bytes.subarray(start) : undefined } };
}

function dechunk(bytes) {
  const parts = [];
  for (let at = 0; ;) {
    const eol = bytes.indexOf('\r\n', at);
    if (eol < 0) return null;
    const size = parseInt(bytes.subarray(at, eol).toString('latin1'), 16);
    const from = eol + 2;
    if (bytes.length < from + size + 2) return null;
    parts.push(bytes.subarray(from, from + size));
    at = from + size + 2;
    if (size === 0) return { length: at, body: Buffer.concat(parts) };
  }
}
