// SPDX-License-Identifier: Apache-2.0
// An upstream in a process of its own (node big_upstream.mjs): GET /big is 16 MiB, /upload is read to its end, the rest is quick.
// Says its port when it listens.
import http from 'node:http';
import { pathToFileURL } from 'node:url';

export const bigSize = 16 * 1024 * 1024;   // more than the kernel keeps for a connection

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const piece = Buffer.alloc(65_536, 'x');
  const server = http.createServer((request, answer) => {
    if (request.url === '/upload') { request.resume().on('end', () => answer.end()).on('error', () => {}); return; }
    if (request.url !== '/big') { answer.end('quick'); return; }
    answer.writeHead(200, { 'Content-Length': bigSize }).on('error', () => {});
    let left = bigSize;
    const pour = () => { while (left > 0 && !answer.destroyed) { left -= piece.length; if (!answer.write(piece)) return; } if (left <= 0) answer.end(); };
    answer.on('drain', pour);
    pour();
  });
  server.listen(0, '127.0.0.1', 4096, () => console.log(`port ${server.address().port}`));
}
