// SPDX-License-Identifier: Apache-2.0
// Instructions of our own code per request, counted by callgrind: the same on a busy machine as on an idle one, so what a change
// gives is seen at once. The kernel's part is not in it, and hardware that valgrind does not know (SHA extensions) is not used.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import http from 'node:http';
import { run as command, until } from '../../e2e/support/processes.mjs';
import { scratch } from '../../e2e/support/sallyport.mjs';
import { browserHead } from '../support/browser_head.mjs';

export const title = 'Instructions per request (callgrind)';

const requests = 1000;

export const wrapper = (out) => ['valgrind', '--tool=callgrind', '--instr-atstart=no', '--separate-threads=no', `--callgrind-out-file=${out}.%p`, ...(process.env.SALLYPORT_CALLGRIND ?? '').split(' ').filter(Boolean)];
export const outFolder = () => scratch('callgrind');

async function send(agent, { url, headers, method = 'GET', body = '' }, times) {
  for (let i = 0; i < times; ++i) {
    await new Promise((done, fail) => {
      const outgoing = http.request(url, { agent, method, headers: { ...headers, ...(body && { 'Content-Length': Buffer.byteLength(body) }) } }, (answer) => {
        if (answer.statusCode !== 200) fail(new Error(`status ${answer.statusCode}`));
        answer.resume().on('end', done).on('error', fail);
      }).on('error', fail);
      outgoing.end(body);
    });
  }
}

async function count(peer, target) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await send(agent, target, 100);
  const control = (...args) => command('callgrind_control', [...args, String(peer.gate.pid)], { timeout: 30_000 });
  await control('-i', 'on');
  await control('-z');
  await send(agent, target, requests);
  const before = new Set(readdirSync(peer.out));
  await control('-d');
  await control('-i', 'off');
  agent.destroy();
  const dump = await until(() => readdirSync(peer.out).find((name) => !before.has(name) && /^totals:|^summary:/m.test(readFileSync(join(peer.out, name), 'utf8'))), { what: 'the dump' });
  const text = readFileSync(join(peer.out, dump), 'utf8');
  return { instructions: Number(/^(?:totals|summary): (\d+)/m.exec(text)[1]) / requests, dump: join(peer.out, dump) };
}

export async function run({ peers, load: { say } }) {
  const rows = [];
  for (const peer of peers) {
    const origin = peer.publicOrigin, headers = browserHead(origin, peer);
    const targets = [
      ['proxied GET', { url: `${peer.origin}/api/notes?page=1`, headers }],
      ['POST of 1 KiB', { url: `${peer.origin}/api/notes`, method: 'POST', headers: { ...headers, Origin: origin, 'Content-Type': 'application/json', 'X-XSRF-TOKEN': peer.xsrf }, body: JSON.stringify({ text: 'x'.repeat(1024 - 11) }) }],
      ['GET /api/auth/session', { url: `${peer.origin}/api/auth/session`, headers }],
    ];
    for (const [what, target] of targets) {
      const { instructions, dump } = await count(peer, target);
      rows.push({ name: `${peer.name}: ${what}`, instructions });
      say(`  ${peer.name}, ${what}: ${instructions.toFixed(0)} instructions (${dump})`);
    }
  }
  return rows;
}
