// SPDX-License-Identifier: Apache-2.0
// A byte tunnel to an upstream that keeps what the gateway sent: how the tests learn which tokens an upstream has seen.
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

export async function startTap(upstream) {
  const { hostname, port } = new URL(upstream);
  const chunks = [];
  const sockets = new Set();
  const server = createServer((client) => {
    const target = connect(Number(port), hostname);
    sockets.add(client).add(target);
    client.on('data', (piece) => chunks.push(Buffer.from(piece)));
    client.pipe(target);
    target.pipe(client);
    for (const [from, to] of [[client, target], [target, client]]) {
      from.on('error', () => to.destroy());
      from.on('close', () => { sockets.delete(from); to.destroy(); });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    sent: () => Buffer.concat(chunks).toString('latin1'),
    /** Every bearer that came by. */
    bearers: () => [...new Set([...Buffer.concat(chunks).toString('latin1').matchAll(/^authorization: *bearer +(\S+)/gim)].map(([, token]) => token))],
    stop: () => { for (const socket of sockets) socket.destroy(); server.close(); },
  };
}
