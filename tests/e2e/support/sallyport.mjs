// SPDX-License-Identifier: Apache-2.0
// The real binary, with a folder, ports and a configuration of its own.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, request } from './http.mjs';
import { Process, freePort, run } from './processes.mjs';

export const root = resolve(import.meta.dirname, '../../..');
export const binary = process.env.SALLYPORT_BINARY ?? join(root, 'build/release/sallyport');

export function requireBinary() {
  if (!existsSync(binary)) throw new Error(`${binary} is not there; run script/build first`);
}

export function scratch(name = 'sallyport') {
  return mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), `${name}-`));
}

/** The command line: cli(['user', 'list', '--json'], {config}) → {code, stdout, stderr}. */
export function cli(args, { config, cwd, env, input, timeout } = {}) {
  requireBinary();
  return run(binary, config ? [...args, '--config', config] : args, { cwd, env, input, timeout });
}

const lines = (values) => Object.entries(values).filter(([, value]) => value !== undefined).map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join('\n');

/** A configuration whose shape most tests share. Every part may be replaced; `extra` is appended as it is. */
export function toml({ port, admin, publicUrl = `http://localhost:${port}`, secret = randomBytes(32).toString('hex'), top = {}, session = {}, compat = {},
  password = { enabled: true, registration: 'open' }, web, api, webUpstream = {}, apiUpstream = {}, routes, throttle = {}, extra = '' }) {
  const parts = [lines({ public_url: publicUrl, secret, listen: `127.0.0.1:${port}`, store: 'sqlite:sallyport.db', admin: `127.0.0.1:${admin}`, workers: 2, ...top })];
  const section = (name, values) => { if (Object.keys(values).length) parts.push(`[${name}]\n${lines(values)}`); };
  section('session', session);
  section('compat', compat);
  if (password) section('signin.password', password);
  // Suites sign in far more often than people do.
  section('signin.throttle', { attempts_per_address_per_minute: 10000, attempts_per_account_per_hour: 100000, mails_per_address_per_hour: 10000, mails_per_account_per_hour: 10000, ...throttle });
  if (web) section('upstream.web', { url: web, kind: 'pages', ...(api ? { bearer_for: 'api' } : {}), ...webUpstream });
  if (api) section('upstream.api', { url: api, ...apiUpstream });
  for (const route of routes ?? [
    ...(api ? [{ path: '/api/*', upstream: 'api', access: 'session', identity: 'jwt' }] : []),
    ...(web ? [{ path: '/dashboard/*', upstream: 'web', access: 'session' }, { path: '/*', upstream: 'web', access: 'public' }] : []),
  ]) parts.push(`[[route]]\n${lines(route)}`);
  return `${parts.join('\n\n')}\n${extra}\n`;
}

export class Sallyport {
  /** Sallyport.serve({web, api, users: [{email, password, name}], …toml options, env, wrapper: a command that runs it}) */
  static async serve(options = {}) {
    requireBinary();
    const it = new Sallyport();
    it.dir = options.dir ?? scratch();
    it.port = options.port ?? await freePort();
    it.adminPort = await freePort();
    it.config = join(it.dir, 'sallyport.toml');
    it.origin = options.publicUrl ?? `http://localhost:${it.port}`;
    it.env = options.env;
    it.wrapper = options.wrapper ?? [];
    writeFileSync(it.config, options.text ?? toml({ ...options, port: it.port, admin: it.adminPort }), { mode: 0o600 });
    for (const user of options.users ?? []) await it.addUser(user);
    await it.start();
    return it;
  }

  /** `sallyport dev`, as a newcomer runs it. */
  static async dev({ web, api, args = [], dir = scratch('sallyport-dev'), port }) {
    requireBinary();
    const it = new Sallyport();
    it.dir = dir;
    mkdirSync(dir, { recursive: true });
    it.port = port ?? await freePort();
    it.origin = `http://localhost:${it.port}`;
    it.devArgs = ['dev', '--web', web, ...(api ? ['--api', api] : []), '--listen', `127.0.0.1:${it.port}`, ...args];
    await it.start();
    return it;
  }

  async start() {
    const [command, ...args] = [...this.wrapper ?? [], binary, ...this.devArgs ?? ['serve', '--config', this.config]];
    this.process = new Process('sallyport', command, args, { cwd: this.dir, env: this.env });
    const probe = this.adminPort ? `http://127.0.0.1:${this.adminPort}/readyz` : `${this.at}/api/auth/providers`;
    await this.process.ready(async () => (await request(probe, { headers: { Host: this.adminPort ? `127.0.0.1:${this.adminPort}` : new URL(this.origin).host }, timeout: 2000 })).status === 200);
    return this;
  }

  get at() { return `http://127.0.0.1:${this.port}`; }
  get log() { return this.process.output; }
  get pid() { return this.process.pid; }
  client(options = {}) { return new Client(this.origin, { at: this.at, ...options }); }

  cli(args, options = {}) {
    const where = this.config ? ['--config', this.config] : ['--state-dir', join(this.dir, '.sallyport')];
    return cli([...args, ...where], { cwd: this.dir, env: this.env, ...options });
  }
  async addUser({ email, password, name }) {
    const added = await this.cli(['user', 'add', '--email', email, ...(name ? ['--name', name] : []), '--password-stdin'], { input: `${password}\n` });
    if (added.code !== 0) throw new Error(`user add ended with ${added.code}: ${added.stderr}${added.stdout}`);
  }
  async signedIn({ email, password }) {
    const client = this.client();
    const answer = await client.signIn(email, password);
    if (answer.status !== 200 || !client.jar.ending('session-token')) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
    return client;
  }
  stop(signal, patience) { return this.process.stop(signal, patience); }
}

export const ada = { email: 'ada@example.com', name: 'Ada Lovelace', password: 'correct horse battery staple' };
export const bob = { email: 'bob@example.com', name: 'Bob Martin', password: 'another fine long passphrase' };
