// SPDX-License-Identifier: Apache-2.0
// Resident memory over ten million requests: flat after the first million. Some minutes; only when asked for by name.
import { residentMemory, wrk } from '../support/measure.mjs';
import { browserHead } from '../support/browser_head.mjs';

export const title = 'Memory over ten million requests';

export async function run({ peers: [peer], load: { connections, million = 10, say } }) {
  const target = { url: `${peer.origin}/api/notes`, headers: browserHead(peer.publicOrigin, peer) };
  const samples = [];
  for (let requests = 0; samples.length < million;) {
    requests += (await wrk(target, { seconds: 10, connections, threads: 1 })).requests;
    for (; samples.length < Math.min(million, Math.floor(requests / 1e6));) {
      samples.push(residentMemory(peer.pids()));
      say(`  after ${samples.length} million requests: ${samples.at(-1).toFixed(1)} MiB`);
    }
  }
  return [{ name: peer.name, requests: samples.length * 1e6, first: samples[0], last: samples.at(-1), growth: samples.at(-1) - samples[0] }];
}
