// SPDX-License-Identifier: Apache-2.0
// script/bench: Sallyport with all of its work on, beside what people would use instead. Processor time of the proxy's own
// processes per request comes first: it is what stays stable on a noisy machine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { startUpstream } from './support/upstream.mjs';
import { writeReport } from './support/report.mjs';
import { microBenchmarks } from './support/micro.mjs';
import { nginxAuthRequest, nginxPlain, nginxReturn, nginxSameWork, nginxWorkers } from './peers/nginx.mjs';
import { sallyport } from './peers/sallyport.mjs';
import * as get from './scenarios/get.mjs';
import * as post from './scenarios/post.mjs';
import * as session from './scenarios/session.mjs';
import * as bigBody from './scenarios/big_body.mjs';
import * as endurance from './scenarios/endurance.mjs';
import * as instructions from './scenarios/instructions.mjs';
import * as memory from './scenarios/memory.mjs';
import * as start from './scenarios/start.mjs';
import * as storm from './scenarios/storm.mjs';
import * as overload from './scenarios/overload.mjs';
import * as workers from './scenarios/workers.mjs';

const usage = `usage: script/bench [--rounds N] [--seconds N] [--connections N] [--idle N] [--only SCENARIO]... [--no-peers] [--write] [--json]
  scenarios: get post session big_body memory start storm overload workers instructions micro, and by name only: endurance (ten million requests)
  --no-peers  nginx and Sallyport only, without the other programs and their packages
  --write     docs/benchmarks.md and its pictures
  --json      the figures on standard output, and nothing else there`;

const options = { rounds: 7, seconds: 3, connections: 32, idle: 10_000, only: [], peers: true, write: false, json: false };
for (let args = process.argv.slice(2); args.length;) {
  const name = args.shift();
  if (name === '--help') { console.log(usage); process.exit(0); }
  else if (name === '--no-peers') options.peers = false;
  else if (name === '--only') options.only.push(args.shift());
  else if (name === '--write' || name === '--json') options[name.slice(2)] = true;
  else if (['--rounds', '--seconds', '--connections', '--idle'].includes(name) && Number(args[0]) > 0) options[name.slice(2)] = Number(args.shift());
  else { console.error(`unknown argument ${name}\n${usage}`); process.exit(2); }
}
const wanted = (name) => options.only.length === 0 || options.only.includes(name);
const say = (text) => console.error(text);
const heading = ({ title }) => say(`\n${title}`);
const load = { ...options, say };

/** Starts what `make` gives, hands it to `body`, and stops it whatever happens. */
async function with_(makers, body) {
  const started = [];
  try {
    for (const make of makers) {
      const peer = await make();
      started.push(peer);
      say(`  started ${peer.name}`);
    }
    return await body(started);
  } finally {
    await Promise.all(started.map((peer) => peer.stop()));
  }
}

async function otherPeers(upstream) {
  if (!options.peers) return [];
  const absent = ['/usr/sbin/haproxy', '/usr/bin/caddy', '/usr/sbin/apache2', '/usr/lib/apache2/modules/mod_auth_openidc.so', resolve(import.meta.dirname, 'node_modules/next')].filter((path) => !existsSync(path));
  assert.deepEqual(absent, [], 'these are missing; run script/bootstrap --bench, or give --no-peers');
  const [haproxy, caddy, apache, express, next] = await Promise.all(['haproxy', 'caddy', 'apache', 'express', 'next_auth'].map((name) => import(`./peers/${name}.mjs`)));
  return [haproxy.haproxyPlain, haproxy.haproxyHs256, haproxy.haproxyRs256, caddy.caddy, apache.apache, express.express, next.nextAuth].map((make) => () => make(upstream));
}

const version = (command, args, pattern) => {
  try { return pattern.exec(execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))?.[1]; } catch { return undefined; }
};
const result = {
  at: new Date().toISOString(), machine: `${cpus().length} × ${cpus()[0].model}`, kernel: version('uname', ['-r'], /(\S+)/), commit: version('git', ['rev-parse', '--short', 'HEAD'], /(\S+)/),
  options: { rounds: options.rounds, seconds: options.seconds, connections: options.connections, idle: options.idle }, scenarios: {},
};
const upstream = await startUpstream();
const keep = (name, { title }, rows) => { result.scenarios[name] = { title, rows }; };

try {
  const bearerLength = 420;
  const plain = () => nginxPlain(upstream), ours = () => sallyport(upstream);
  if (wanted('get')) {
    heading(get);
    keep('get', get, await with_([plain, () => nginxSameWork(upstream, { bearerLength }), () => nginxAuthRequest(upstream), ours, () => sallyport(upstream, { strategy: 'jwt' }), ...await otherPeers(upstream)],
      (peers) => get.run({ peers, load })));
  }
  if (wanted('post')) { heading(post); keep('post', post, await with_([plain, ours], (peers) => post.run({ peers, load }))); }
  if (wanted('session')) {
    heading(session);
    const rest = (await otherPeers(upstream)).slice(-1);
    keep('session', session, await with_([ours, ...rest], async (peers) => {
      const body = (await peers[0].client.request('/api/auth/session')).text;
      return with_([() => nginxReturn(body)], (fixed) => session.run({ peers: [...fixed, ...peers], load }));
    }));
  }
  if (wanted('big_body')) { heading(bigBody); keep('big_body', bigBody, await with_([plain, ours], (peers) => bigBody.run({ peers, load }))); }
  if (wanted('workers')) { heading(workers); keep('workers', workers, await with_([
    () => sallyport(upstream, { name: 'Sallyport, one worker' }), () => sallyport(upstream, { workers: 2, name: 'Sallyport, two workers' }),
    () => nginxWorkers(upstream, { name: 'nginx, one worker' }), () => nginxWorkers(upstream, { workers: 2, name: 'nginx, two workers' })], (peers) => workers.run({ peers, load }))); }
  if (wanted('memory')) { heading(memory); keep('memory', memory, await with_([ours], (peers) => memory.run({ peers, load }))); }
  if (wanted('storm')) { heading(storm); keep('storm', storm, await with_([ours], (peers) => storm.run({ peers, load }))); }
  if (wanted('overload')) { heading(overload); keep('overload', overload, await overload.run({ load })); }
  if (wanted('start')) { heading(start); keep('start', start, await with_([ours], ([{ gate }]) => start.run({ gate, load }))); }
  if (options.only.includes('endurance')) { heading(endurance); keep('endurance', endurance, await with_([ours], (peers) => endurance.run({ peers, load }))); }
  if (wanted('instructions')) {
    heading(instructions);
    const out = instructions.outFolder();
    keep('instructions', instructions, await with_([async () => ({ ...await sallyport(upstream, { wrapper: instructions.wrapper(`${out}/callgrind`) }), out })], (peers) => instructions.run({ peers, load })));
  }
  if (wanted('micro')) { heading({ title: 'Parts of the hot path (Google Benchmark)' }); keep('micro', { title: 'Parts of the hot path' }, microBenchmarks({ say })); }
} finally {
  await upstream.stop();
}

if (options.write) {
  const docs = resolve(import.meta.dirname, '../../docs');
  mkdirSync(docs, { recursive: true });
  await writeReport(result, docs);
  writeFileSync(join(docs, 'benchmarks.json'), `${JSON.stringify(result, null, 1)}\n`);
  say(`\nwrote ${docs}/benchmarks.md`);
}
if (options.json) console.log(JSON.stringify(result, null, 2));
else console.log(`\n${(await import('./support/report.mjs')).tables(result)}`);
