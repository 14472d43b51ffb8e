// SPDX-License-Identifier: Apache-2.0
// Resident memory: at rest, with 10,000 idle keep-alive connections that have each made a request, and after they have closed.
import { connect } from 'node:net';
import { residentMemory } from '../support/measure.mjs';
import { browserHead } from '../support/browser_head.mjs';
import { until } from '../../e2e/support/processes.mjs';

export const title = 'Memory of idle connections';

export async function run({ peers, load: { idle, say } }) {
  const results = [];
  for (const peer of peers) {
    const rest = residentMemory(peer.pids()), url = new URL(peer.origin);
    const head = `GET /api/notes HTTP/1.1\r\n${Object.entries(browserHead(peer.publicOrigin ?? peer.origin, peer)).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
    const sockets = [];
    const one = () => new Promise((done, fail) => {
      const socket = connect(Number(url.port), '127.0.0.1', () => socket.write(head)).once('data', () => done()).on('error', fail);
      sockets.push(socket);
    });
    while (sockets.length < idle) await Promise.all(Array.from({ length: Math.min(200, idle - sockets.length) }, one));
    const held = residentMemory(peer.pids());
    for (const socket of sockets) socket.destroy();
    let after = Infinity;
    await until(() => { after = Math.min(after, residentMemory(peer.pids())); return after < rest + 16; }, { timeout: 15_000, every: 500 }).catch(() => {});
    results.push({ name: peer.name, idle_connections: idle, rest, held, after });
    say(`  ${peer.name}: ${rest.toFixed(1)} MiB at rest, ${held.toFixed(1)} with ${idle} connections, ${after.toFixed(1)} after`);
  }
  return results;
}
