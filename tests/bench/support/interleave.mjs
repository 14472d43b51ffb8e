// SPDX-License-Identifier: Apache-2.0
import { cost } from './measure.mjs';
import { median, ratio, spread } from './statistics.mjs';

/**
 * Runs every target once a round, in an order that turns each round, so that what disturbs the machine disturbs all alike.
 * targets: [{name, url, headers, script, pids}] → [{name, micros, spread, rate, p50, p99, rounds, against: {name: ratio}}]
 */
export async function interleave(targets, { rounds, seconds, connections, threads, say }) {
  const samples = new Map(targets.map((target) => [target.name, []]));
  for (const target of targets) await cost(target, { seconds: 1, connections, threads });
  for (let round = 0; round < rounds; ++round) {
    const turn = round % targets.length;
    const order = [...targets.slice(turn), ...targets.slice(0, turn)];
    if (round % 2) order.reverse();
    for (const target of order) samples.get(target.name).push(await cost(target, { seconds, connections, threads }));
    say(`  round ${round + 1} of ${rounds}: ${targets.map(({ name }) => `${name} ${samples.get(name).at(-1).micros.toFixed(1)}`).join(', ')} µs`);
  }
  const of = (name, key) => samples.get(name).map((sample) => sample[key]);
  return targets.map(({ name }) => ({
    name, micros: median(of(name, 'micros')), spread: spread(of(name, 'micros')), rate: median(of(name, 'rate')),
    p50: median(of(name, 'p50')), p99: median(of(name, 'p99')), rounds: of(name, 'micros'),
    against: Object.fromEntries(targets.map((other) => [other.name, ratio(of(name, 'micros'), of(other.name, 'micros'))])),
  }));
}
