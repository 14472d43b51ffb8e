// SPDX-License-Identifier: Apache-2.0
// What a soak's figures mean.

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const MIB = 2 ** 20;

/**
 * samples: [{rss, fds}] in order; left: {connections, upstream, fds} after the traffic; faults: sentences; ended: {code}.
 * Memory is flat when its median of the last fifth is within 5 % and 4 MiB of that of the second fifth (the first warms caches up).
 */
export function judge({ samples, left, faults, ended }) {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const early = median(samples.slice(fifth, 2 * fifth).map(({ rss }) => rss));
  const late = median(samples.slice(-fifth).map(({ rss }) => rss));
  const sentences = [];
  if (samples.length < 5) sentences.push('too short to judge: fewer than five samples');
  if (late > early * 1.05 + 4 * MIB) sentences.push(`memory grew from ${(early / MIB).toFixed(1)} to ${(late / MIB).toFixed(1)} MiB`);
  if (!left) sentences.push('the server did not answer at the end');
  else {
    if (left.connections > 0) sentences.push(`${left.connections} connections of clients are left`);
    if (left.upstream > 0) sentences.push(`${left.upstream} connections to the upstream are left`);
    const most = Math.max(...samples.map(({ fds }) => fds));
    if (left.fds > 80 || left.fds > most) sentences.push(`${left.fds} descriptors are open without any traffic`);
  }
  if (faults.length > 0) sentences.push(`${faults.length} faults, among them: ${[...new Set(faults)].slice(0, 5).join('; ')}`);
  if (ended.code !== 0) sentences.push(`it ended with ${JSON.stringify(ended)}`);
  return { early, late, sentences };
}
