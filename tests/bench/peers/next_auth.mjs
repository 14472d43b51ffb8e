// SPDX-License-Identifier: Apache-2.0
// Next.js 16 with next-auth 4: its session endpoint, and a route handler that calls the API for the browser.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Process, freePort, run } from '../../e2e/support/processes.mjs';
import { CookieJar, request } from '../../e2e/support/http.mjs';
import { family } from '../support/measure.mjs';

const app = resolve(import.meta.dirname, '../next_auth_app');
const next = resolve(import.meta.dirname, '../node_modules/next/dist/bin/next');

export async function nextAuth(upstream) {
  const port = await freePort(), origin = `http://localhost:${port}`;
  const env = { NEXT_TELEMETRY_DISABLED: '1', NEXTAUTH_URL: origin, NEXTAUTH_SECRET: 'a secret of the benchmark', UPSTREAM: upstream.url, NODE_ENV: 'production' };
  if (!existsSync(join(app, '.next/BUILD_ID'))) {
    const built = await run(process.execPath, [next, 'build'], { cwd: app, env, timeout: 300_000 });
    if (built.code !== 0) throw new Error(`next build failed:\n${built.stdout}${built.stderr}`);
  }
  const it = new Process('next-auth', process.execPath, [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)], { cwd: app, env });
  const at = `http://127.0.0.1:${port}`, host = `localhost:${port}`, jar = new CookieJar();
  await it.ready(async () => (await request(`${at}/api/auth/csrf`, { headers: { Host: host } })).status === 200, 60_000);
  const { csrfToken } = (await request(`${at}/api/auth/csrf`, { headers: { Host: host }, jar })).json();
  await request(`${at}/api/auth/callback/credentials`, { method: 'POST', headers: { Host: host }, jar, form: { csrfToken, email: 'ada@example.com', password: 'x', json: 'true' } });
  if (!jar.ending('session-token')) throw new Error('the sign-in with next-auth gave no session');
  return { name: 'Next.js 16 + next-auth', origin: at, host, cookies: jar.header(), pids: () => family(it.pid), stop: () => it.stop() };
}
