// SPDX-License-Identifier: Apache-2.0
// One body of 1 GiB down and one up, in CPU seconds of the proxy.
import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { run as command } from '../../e2e/support/processes.mjs';
import { processorTime, residentMemory } from '../support/measure.mjs';
import { median, ratio } from '../support/statistics.mjs';

export const title = 'Body of 1 GiB';

const file = '/dev/shm/sallyport-bench-big.bin', bytes = 2 ** 30;

async function curl(peer, args) {
  const headers = Object.entries({ Host: peer.host ?? new URL(peer.origin).host, Cookie: peer.cookies ?? '', Origin: peer.publicOrigin ?? peer.origin, 'Sec-Fetch-Site': 'same-origin', 'X-XSRF-TOKEN': peer.xsrf ?? '' });
  const { code, stdout, stderr } = await command('curl', ['-sS', '--fail', '-o', '/dev/null', '-w', '%{size_download} %{size_upload}', ...headers.flatMap(([name, value]) => ['-H', `${name}: ${value}`]), ...args], { timeout: 120_000 });
  assert.equal(code, 0, `${peer.name}: ${stderr}`);
  return stdout.split(' ').map(Number);
}

export async function run({ peers, load: { rounds, say } }) {
  writeFileSync(file, '');
  truncateSync(file, bytes);
  const samples = Object.fromEntries(peers.map(({ name }) => [name, { down: [], up: [], rss: 0 }]));
  try {
    for (let round = 0; round < Math.min(rounds, 5); ++round) {
      for (const peer of round % 2 ? [...peers].reverse() : peers) {
        const its = samples[peer.name];
        let before = processorTime(peer.pids());
        const [down] = await curl(peer, [`${peer.origin}/api/big/sallyport-bench-big.bin`]);
        assert.equal(down, bytes, `${peer.name}: the whole body came`);
        its.down.push((processorTime(peer.pids()) - before) / 1e9);
        before = processorTime(peer.pids());
        const [, up] = await curl(peer, ['-H', 'Expect:', '-T', file, '-X', 'POST', `${peer.origin}/api/drain`]);
        assert.equal(up, bytes, `${peer.name}: the whole body went`);
        its.up.push((processorTime(peer.pids()) - before) / 1e9);
        its.rss = Math.max(its.rss, residentMemory(peer.pids()));
      }
      say(`  round ${round + 1}: ${peers.map(({ name }) => `${name} ${samples[name].down.at(-1).toFixed(2)} s down, ${samples[name].up.at(-1).toFixed(2)} s up`).join('; ')}`);
    }
  } finally { rmSync(file, { force: true }); }
  const [first] = peers;
  return peers.map(({ name }) => ({ name, down: median(samples[name].down), up: median(samples[name].up), rss: samples[name].rss,
    down_ratio: ratio(samples[name].down, samples[first.name].down), up_ratio: ratio(samples[name].up, samples[first.name].up) }));
}
