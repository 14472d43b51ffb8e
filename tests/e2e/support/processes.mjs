// SPDX-License-Identifier: Apache-2.0
// Child processes of the tests: started with their output kept, awaited until ready, ended by pid whatever happens.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { appendFileSync } from 'node:fs';

const running = new Set();
process.on('exit', () => { for (const child of running) kill(child, 'SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

function kill(child, signal) {
  try { process.kill(child.pid, signal); } catch { /* gone already */ }
}

export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Polls `probe` until it gives something truthy; throws with `what` after `timeout` ms. */
export async function until(probe, { timeout = 15_000, every = 25, what = 'the condition' } = {}) {
  const end = Date.now() + timeout;
  for (let last; ;) {
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) { last = error; }
    if (Date.now() > end) throw new Error(`${what} did not come within ${timeout} ms${last ? `: ${last.message}` : ''}`);
    await new Promise((done) => setTimeout(done, every));
  }
}

export class Process {
  constructor(name, command, args, { cwd, env, input } = {}) {
    this.name = name;
    this.output = '';
    this.exited = null; // {code, signal} once it has ended
    this.child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
    running.add(this.child);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => this.#keep(text));
    }
    this.ended = new Promise((done) => {
      const finish = (code, signal) => { running.delete(this.child); this.exited = { code, signal }; done(this.exited); };
      this.child.once('error', (error) => { this.#keep(`${error.message}\n`); finish(127, null); });
      this.child.once('exit', finish);
    });
    if (input !== undefined) this.child.stdin.end(input);
  }

  #keep(text) {
    this.output += text;
    if (process.env.SALLYPORT_E2E_LOG) appendFileSync(process.env.SALLYPORT_E2E_LOG, text.replace(/^/gm, `${this.name} | `));
  }

  get pid() { return this.child.pid; }
  signal(name) { kill(this.child, name); }

  /** Waits for `probe`; fails at once, with the output, when the process ends first. */
  async ready(probe, timeout = 30_000) {
    await until(async () => {
      if (this.exited) return true;
      return probe();
    }, { timeout, what: `${this.name} being ready\n${this.output.slice(-3000)}` });
    if (this.exited) throw new Error(`${this.name} ended with ${JSON.stringify(this.exited)}:\n${this.output.slice(-3000)}`);
    return this;
  }

  async stop(signal = 'SIGTERM', patience = 10_000) {
    if (this.exited) return this.exited;
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), patience);
    await this.ended;
    clearTimeout(timer);
    return this.exited;
  }
}

/** Runs a command to its end: {code, stdout, stderr}. */
export async function run(command, args, { cwd, env, input, timeout = 30_000 } = {}) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  running.add(child);
  let stdout = '', stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  if (input !== undefined) { child.stdin.on('error', () => {}); child.stdin.end(input); }
  const timer = setTimeout(() => kill(child, 'SIGKILL'), timeout);
  const code = await new Promise((done) => { child.once('error', () => done(127)); child.once('close', done); });
  clearTimeout(timer);
  running.delete(child);
  return { code, stdout, stderr };
}
