// SPDX-License-Identifier: Apache-2.0
// Bytes to a port and what comes back: for requests that no HTTP client would send.
import { connect } from 'node:net';

/**
 * Sends `bytes` (or each of a list, with a pause between) and reads until the peer closes, `enough(text)` holds or `patience` ms pass.
 * → {text, closed, status, statuses}
 */
export async function exchange(port, bytes, { patience = 1500, enough, host = '127.0.0.1', halfClose = false, pause = 20 } = {}) {
  const socket = connect(port, host);
  const pieces = [];
  let closed = false, wake = () => {};
  socket.on('data', (piece) => { pieces.push(piece); wake(); });
  socket.on('error', () => { closed = true; wake(); });
  socket.on('close', () => { closed = true; wake(); });
  socket.on('end', () => { closed = true; wake(); });
  await new Promise((done) => { socket.once('connect', done); socket.once('error', done); });
  for (const part of [bytes].flat()) {
    if (!closed) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
    if (Array.isArray(bytes)) await new Promise((done) => setTimeout(done, pause));
  }
  if (halfClose) socket.end();
  const text = () => Buffer.concat(pieces).toString('latin1');
  const end = Date.now() + patience;
  while (!closed && !(enough?.(text())) && Date.now() < end) {
    await new Promise((done) => { wake = done; setTimeout(done, Math.min(50, Math.max(1, end - Date.now()))); });
  }
  socket.destroy();
  const statuses = [...text().matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, code]) => Number(code));
  return { text: text(), closed, status: statuses.find((code) => code >= 200) ?? statuses[0] ?? null, statuses };
}

export const complete = (text) => {
  const at = text.indexOf('\r\n\r\n');
  if (at < 0) return false;
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, at))?.[1];
  return length === undefined ? /0\r\n\r\n$/.test(text) || /^HTTP\/1\.1 (204|304)/.test(text) : text.length >= at + 4 + Number(length);
};
