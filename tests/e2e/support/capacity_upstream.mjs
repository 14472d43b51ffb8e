// SPDX-License-Identifier: Apache-2.0
// An upstream of fixed capacity: `places` requests at once, each for `takes` ms; whoever comes beyond that waits in its queue.
// In a process of its own, so that a busy load generator does not make it slow: node capacity_upstream.mjs PLACES TAKES
import http from 'node:http';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

export async function startCapacityUpstream({ places, takes }) {
  const it = { served: 0, busy: 0, mostBusy: 0, mostWaiting: 0, perSecond: (places * 1000) / takes };
  const waiting = [];
  const serve = (answer) => {
    it.busy += 1;
    it.mostBusy = Math.max(it.mostBusy, it.busy);
    setTimeout(() => {
      it.busy -= 1;
      it.served += 1;
      answer.end('served');
      if (waiting.length) serve(waiting.shift());
    }, takes);
  };
  const server = http.createServer({ keepAliveTimeout: 120_000 }, (request, answer) => {
    request.resume();
    if (it.busy < places) return serve(answer);
    waiting.push(answer);
    it.mostWaiting = Math.max(it.mostWaiting, waiting.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  it.origin = `http://127.0.0.1:${server.address().port}`;
  it.forget = () => Object.assign(it, { served: 0, mostBusy: 0, mostWaiting: 0 });
  it.stop = () => { server.close(); server.closeAllConnections(); };
  return it;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [places, takes] = process.argv.slice(2).map(Number);
  console.log(`listens on ${(await startCapacityUpstream({ places, takes })).origin}`);
}
