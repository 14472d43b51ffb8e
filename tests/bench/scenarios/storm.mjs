// SPDX-License-Identifier: Apache-2.0
// p99 of proxied GETs, at rest and while 500 people a second sign in. The storm comes from wrk too: a generator in JavaScript
// took a third of a processor for itself and so was half of what was measured.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process } from '../../e2e/support/processes.mjs';
import { ada, scratch } from '../../e2e/support/sallyport.mjs';
import { browserHead } from '../support/browser_head.mjs';
import { wrk } from '../support/measure.mjs';
import { median } from '../support/statistics.mjs';

export const title = 'p99 while 500 sign-ins a second arrive';

const people = 300, pause = 480;   // each signs in, waits so many ms after the answer, and signs in again

/** A wrk script that signs ada in, with random pauses so that people do not march in step. → its path */
async function signInScript(gate) {
  const client = gate.client(), { csrfToken } = await client.csrf();
  const headers = { Host: new URL(gate.origin).host, Cookie: client.jar.header(), Origin: gate.origin, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded' };
  const path = join(scratch('storm'), 'sign_in.lua');
  writeFileSync(path, `
wrk.method = "POST"
wrk.body = ${JSON.stringify(new URLSearchParams({ csrfToken, email: ada.email, password: ada.password, json: 'true' }).toString())}
${Object.entries(headers).map(([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`).join('\n')}
function delay() return ${pause - 100} + math.random(200) end
`);
  return path;
}

export async function run({ peers: [peer], load: { rounds, seconds, say } }) {
  const target = { url: `${peer.origin}/api/notes`, headers: browserHead(peer.publicOrigin, peer) };
  const load = { seconds, connections: 8, threads: 1 };
  const script = await signInScript(peer.gate);
  const rest = [], stormy = [];
  let arrived, accepted;
  for (let round = 0; round < Math.min(rounds, 5); ++round) {
    if (round > 0) await new Promise((done) => setTimeout(done, 3000));   // those who were accepted last are still being signed in
    rest.push((await wrk(target, load)).p99);
    const storm = new Process('storm', 'wrk', ['-t1', `-c${people}`, `-d${seconds + 2}s`, '--timeout', '30s', '-s', script, `${peer.origin}/api/auth/callback/credentials`]);
    await new Promise((done) => setTimeout(done, 1000));   // until all of them are under way
    stormy.push((await wrk(target, load)).p99);
    await storm.ended;
    const [requests, refused] = [/(\d+) requests in/, /Non-2xx or 3xx responses: (\d+)/].map((pattern) => Number(pattern.exec(storm.output)?.[1] ?? 0));
    if (requests === 0 || requests === refused) throw new Error(`nobody was signed in:\n${storm.output}`);
    arrived = Number(/Requests\/sec:\s+([\d.]+)/.exec(storm.output)[1]);
    accepted = ((requests - refused) / requests) * arrived;
    say(`  round ${round + 1}: p99 ${rest.at(-1).toFixed(2)} ms at rest, ${stormy.at(-1).toFixed(2)} ms in the storm; ${arrived.toFixed(0)} sign-ins/s answered, ${accepted.toFixed(0)} accepted`);
  }
  return [{ name: peer.name, rest_p99: median(rest), storm_p99: median(stormy), ratio: median(stormy) / median(rest), arrived, accepted }];
}
