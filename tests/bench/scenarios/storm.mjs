// SPDX-License-Identifier: Apache-2.0
// p99 of proxied GETs, at rest and while 500 people a second sign in: an open loop that does not wait for answers.
import http from 'node:http';
import { browserHead } from '../support/browser_head.mjs';
import { wrk } from '../support/measure.mjs';
import { median } from '../support/statistics.mjs';
import { ada } from '../../e2e/support/sallyport.mjs';

export const title = 'p99 while 500 sign-ins a second arrive';

async function storm({ gate, perSecond, until }) {
  const client = gate.client(), { csrfToken } = await client.csrf();
  const body = new URLSearchParams({ csrfToken, email: ada.email, password: ada.password, json: 'true' }).toString();
  const headers = { Host: new URL(gate.origin).host, Cookie: client.jar.header(), Origin: gate.origin, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': body.length };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 }), statuses = {};
  let sent = 0;
  const open = [];
  const begun = performance.now();
  while (!until.over) {
    for (const due = ((performance.now() - begun) / 1000) * perSecond; sent < due; ++sent) {
      open.push(new Promise((done) => {
        const outgoing = http.request({ host: '127.0.0.1', port: gate.port, path: '/api/auth/callback/credentials', method: 'POST', headers, agent }, (answer) => {
          statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
          answer.resume().on('end', done);
        });
        outgoing.on('error', () => { statuses.error = (statuses.error ?? 0) + 1; done(); });
        outgoing.end(body);
      }));
    }
    await new Promise((done) => setTimeout(done, 5));
  }
  const seconds = (performance.now() - begun) / 1000;
  await Promise.all(open);
  agent.destroy();
  return { arrived: sent / seconds, accepted: (statuses[200] ?? 0) / seconds, statuses };
}

export async function run({ peers: [peer], load: { rounds, seconds, say } }) {
  const target = { url: `${peer.origin}/api/notes`, headers: browserHead(peer.publicOrigin, peer) };
  const load = { seconds, connections: 8, threads: 1 };
  const rest = [], stormy = [];
  let last;
  for (let round = 0; round < Math.min(rounds, 5); ++round) {
    rest.push((await wrk(target, load)).p99);
    const until = { over: false };
    const sign = storm({ gate: peer.gate, perSecond: 500, until });
    stormy.push((await wrk(target, load)).p99);
    until.over = true;
    last = await sign;
    say(`  round ${round + 1}: p99 ${rest.at(-1).toFixed(2)} ms at rest, ${stormy.at(-1).toFixed(2)} ms in the storm; ${last.arrived.toFixed(0)} sign-ins/s arrived, ${last.accepted.toFixed(0)} accepted (${JSON.stringify(last.statuses)})`);
  }
  return [{ name: peer.name, rest_p99: median(rest), storm_p99: median(stormy), ratio: median(stormy) / median(rest), arrived: last.arrived, accepted: last.accepted, statuses: last.statuses }];
}
