// SPDX-License-Identifier: Apache-2.0
// The example's two servers, for real: Next.js from its production build (made once) and the Express API.
import { join } from 'node:path';
import { request } from './http.mjs';
import { Process, freePort, run } from './processes.mjs';
import { root } from './sallyport.mjs';

const folder = join(root, 'examples/nextjs-express');
let built;

async function build() {
  built ??= run(join(root, 'script/example'), [], { timeout: 600_000 }).then(({ code, stdout, stderr }) => {
    if (code !== 0) throw new Error(`script/example ended with ${code}:\n${stdout}${stderr}`);
  });
  return built;
}

/** Starts Next.js; `apiUrl` is where its server components call the API. → {origin, process, stop} */
export async function startWeb({ apiUrl, port }) {
  await build();
  port ??= await freePort();
  const process = new Process('web', 'node', ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', String(port)],
    { cwd: folder, env: { API_URL: apiUrl, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } });
  const origin = `http://127.0.0.1:${port}`;
  await process.ready(async () => (await request(origin)).status === 200, 60_000);
  return { origin, process, stop: () => process.stop() };
}

/** Starts the API, which trusts `issuer` (Sallyport's public_url). */
export async function startApi({ issuer, port, env }) {
  port ??= await freePort();
  const process = new Process('api', 'node', ['api/server.js'], { cwd: folder, env: { PORT: String(port), ISSUER: issuer, ...env } });
  const origin = `http://127.0.0.1:${port}`;
  await process.ready(async () => (await request(`${origin}/api/notes`)).status === 401);
  return { origin, process, stop: () => process.stop() };
}
