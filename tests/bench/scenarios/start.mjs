// SPDX-License-Identifier: Apache-2.0
// From exec to the first answer, on a store that exists.
import { connect } from 'node:net';
import { Process } from '../../e2e/support/processes.mjs';
import { binary } from '../../e2e/support/sallyport.mjs';
import { median, spread } from '../support/statistics.mjs';

export const title = 'Start to first answer';

const firstAnswer = (port, host) => new Promise((done) => {
  const attempt = () => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET /api/auth/providers HTTP/1.1\r\nHost: ${host}\r\n\r\n`));
    socket.once('data', () => { socket.destroy(); done(); }).once('error', () => setTimeout(attempt, 1));
  };
  attempt();
});

export async function run({ gate, load: { rounds, say } }) {
  await gate.stop();
  const times = [];
  for (let round = 0; round < Math.max(rounds, 5); ++round) {
    const begun = performance.now();
    const it = new Process('sallyport', binary, ['serve', '--config', gate.config], { cwd: gate.dir });
    await firstAnswer(gate.port, new URL(gate.origin).host);
    times.push(performance.now() - begun);
    await it.stop();
  }
  say(`  ${median(times).toFixed(1)} ms, ± ${spread(times).toFixed(1)}`);
  return [{ name: 'Sallyport', milliseconds: median(times), spread: spread(times) }];
}
