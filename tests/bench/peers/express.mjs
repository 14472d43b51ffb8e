// SPDX-License-Identifier: Apache-2.0
// The hand-made gateway: Express, a server-side session, a proxy that puts the session's token into Authorization.
import { Process, freePort } from '../../e2e/support/processes.mjs';
import { CookieJar, request } from '../../e2e/support/http.mjs';
import { family } from '../support/measure.mjs';

export async function express(upstream) {
  const port = await freePort();
  const it = new Process('express', process.execPath, [new URL('./express_gateway.mjs', import.meta.url).pathname],
    { env: { PORT: String(port), UPSTREAM: upstream.url, NODE_ENV: 'production' } });
  const origin = `http://127.0.0.1:${port}`, jar = new CookieJar();
  await it.ready(async () => (await request(`${origin}/login`, { method: 'POST', jar })).status === 200);
  return { name: 'Express + express-session + http-proxy-middleware', origin, cookies: jar.header(), pids: () => family(it.pid), stop: () => it.stop() };
}
