// SPDX-License-Identifier: Apache-2.0
// Four times what the upstream can serve, by a crowd that does not wait for answers: latency of what is served, against that
// at half of the capacity; with upstream.max_in_flight and, to compare, without.
import { join } from 'node:path';
import { openLoop, percentile } from '../../e2e/support/open_loop.mjs';
import { Process, until } from '../../e2e/support/processes.mjs';
import { Sallyport } from '../../e2e/support/sallyport.mjs';

export const title = 'Four times the load that the upstream can serve';

// 500 requests a second: four times that is still well within what the generator of the load can send, or it is the
// generator that is measured.
const places = 25, takes = 50, capacity = (places * 1000) / takes;

async function measure(name, limit, { seconds, say }) {
  const upstream = new Process('upstream', process.execPath, [join(import.meta.dirname, '../../e2e/support/capacity_upstream.mjs'), String(places), String(takes)]);
  const origin = await until(() => /listens on (\S+)/.exec(upstream.output)?.[1], { what: 'the upstream' });
  const gate = await Sallyport.serve({ web: origin, top: { workers: 1 }, webUpstream: limit, routes: [{ path: '/*', upstream: 'web', access: 'public' }] });
  try {
    const at = async (share) => {
      const perSecond = capacity * share;
      const { answers, errors, lag } = await openLoop(gate, { perSecond, total: perSecond * seconds });
      const of = (status) => answers.filter((it) => it.status === status).map(({ ms }) => ms);
      const [served, shed] = [of(200), of(503)];
      return { offered: perSecond, served: served.length / seconds, shed: shed.length / seconds, p99: percentile(served, 0.99), lag: percentile(lag, 0.99), shed_p99: shed.length ? percentile(shed, 0.99) : 0, other: answers.length - served.length - shed.length + errors.length };
    };
    await at(0.2);
    const half = await at(0.5), four = await at(4);
    say(`  ${name}: ${four.offered}/s offered, ${four.served.toFixed(0)}/s served with p99 ${four.p99.toFixed(0)} ms (${half.p99.toFixed(0)} ms at half), ${four.shed.toFixed(0)}/s refused with p99 ${four.shed_p99.toFixed(0)} ms, ${four.other} otherwise; the generator was late by ${four.lag.toFixed(1)} ms (p99)`);
    return { name, capacity, half_p99: half.p99, ...four, ratio: four.p99 / half.p99 };
  } finally { await gate.stop(); await upstream.stop(); }
}

export async function run({ load }) {
  return [await measure('Sallyport, max_in_flight', { max_in_flight: places }, load), await measure('Sallyport, no limit', {}, load)];
}
