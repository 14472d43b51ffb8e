// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process, freePort } from '../../e2e/support/processes.mjs';
import { scratch } from '../../e2e/support/sallyport.mjs';
import { request } from '../../e2e/support/http.mjs';
import { family } from '../support/measure.mjs';

export async function caddy(upstream) {
  const port = await freePort(), dir = scratch('caddy');
  const config = join(dir, 'Caddyfile');
  writeFileSync(config, `{\n  admin off\n  auto_https off\n}\nhttp://127.0.0.1:${port} {\n  reverse_proxy 127.0.0.1:${upstream.port}\n}\n`);
  const it = new Process('caddy', '/usr/bin/caddy', ['run', '--config', config, '--adapter', 'caddyfile'], { cwd: dir, env: { HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir, GOMAXPROCS: '1' } });
  const peer = { name: 'Caddy reverse_proxy', origin: `http://127.0.0.1:${port}`, pids: () => family(it.pid), stop: () => it.stop() };
  await it.ready(async () => (await request(`${peer.origin}/api/notes`)).status === 200);
  return peer;
}
