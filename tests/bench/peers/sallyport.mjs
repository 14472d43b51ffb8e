// SPDX-License-Identifier: Apache-2.0
// Sallyport with everything on: session, access JWT for the API, CSRF, access log to a file in memory.
import { Sallyport, ada } from '../../e2e/support/sallyport.mjs';
import { family } from '../support/measure.mjs';

export async function sallyport(upstream, { strategy = 'database', workers = 1, log = true, name = `Sallyport, ${strategy} session`, extra = '', wrapper } = {}) {
  const gate = await Sallyport.serve({
    wrapper, users: [ada], top: { workers }, session: { strategy }, api: upstream.url,
    extra: `[log]\naccess = ${log}\naccess_file = "/dev/shm/sallyport-bench-access.log"\n${extra}`,
    routes: [{ path: '/*', upstream: 'api', access: 'session', identity: 'jwt' }],
  });
  const client = await gate.signedIn(ada);
  const { xsrfToken } = await client.csrf();
  return {
    name, gate, client, xsrf: xsrfToken, origin: `http://127.0.0.1:${gate.port}`, publicOrigin: gate.origin, host: new URL(gate.origin).host,
    cookies: client.jar.header(), pids: () => family(gate.pid), stop: () => gate.stop(),
  };
}
