// SPDX-License-Identifier: Apache-2.0
// What a measurement reads: processor time and memory of processes from /proc, and wrk's counts and latencies.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { run } from '../../e2e/support/processes.mjs';

const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** The process and all that it started, as they are now. */
export const family = (pid) => [pid, ...childrenOf(pid).flatMap(family)];

/** Nanoseconds on a processor, user's and kernel's, of all threads of these processes. */
export const processorTime = (pids) => pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/task`)
  .reduce((inner, task) => inner + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0), 0);

/** Resident memory in MiB. */
export const residentMemory = (pids) => pids.reduce((sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]), 0) / 1024;

const unit = { us: 1e-3, ms: 1, s: 1e3, m: 6e4 };
const milliseconds = (text) => { const [, number, of] = /([\d.]+)(us|ms|s|m)/.exec(text); return Number(number) * unit[of]; };

/** One run of wrk. → {requests, rate, p50, p99 (ms)}. Anything but 2xx fails it. */
export async function wrk({ url, headers = {}, script }, { seconds, connections, threads = 1 }) {
  const args = [`-t${threads}`, `-c${connections}`, `-d${seconds}s`, '--latency', '--timeout', '30s', ...(script ? ['-s', script] : []),
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), url];
  const { code, stdout, stderr } = await run('wrk', args, { timeout: (seconds + 60) * 1000 });
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stdout, /Non-2xx|Socket errors/, stdout);
  const requests = Number(/(\d+) requests in/.exec(stdout)[1]);
  assert.ok(requests > 0, `not one request went through:\n${stdout}`);
  return { requests, rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), p50: milliseconds(/^\s+50%\s+(\S+)/m.exec(stdout)[1]), p99: milliseconds(/^\s+99%\s+(\S+)/m.exec(stdout)[1]) };
}

/** One run against one target, with its cost. → {micros, rate, p50, p99} */
export async function cost(target, load) {
  const before = processorTime(target.pids());
  const { requests, ...rest } = await wrk(target, load);
  return { micros: (processorTime(target.pids()) - before) / requests / 1000, ...rest };
}
