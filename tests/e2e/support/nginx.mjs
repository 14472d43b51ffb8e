// SPDX-License-Identifier: Apache-2.0
// A real nginx in a folder of its own, run in the foreground.
import { mkdirSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:net';
import { Process, run } from './processes.mjs';
import { scratch } from './sallyport.mjs';

const program = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync) ?? 'nginx';

/** `http` is the inside of the http block; `port` is where to knock until it is up. */
export async function startNginx({ http, port, workers = 1, dir = scratch('nginx') }) {
  for (const folder of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(dir, folder), { recursive: true });
  const config = join(dir, 'nginx.conf');
  writeFileSync(config, `
daemon off; worker_processes ${workers}; pid ${dir}/nginx.pid; error_log ${dir}/error.log warn;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 2048; }
http {
  access_log off; client_body_temp_path ${dir}/body; proxy_temp_path ${dir}/proxy;
  fastcgi_temp_path ${dir}/fastcgi; uwsgi_temp_path ${dir}/uwsgi; scgi_temp_path ${dir}/scgi;
${http}
}
`);
  const it = new Process('nginx', program, ['-p', dir, '-e', join(dir, 'error.log'), '-c', config]);
  await it.ready(() => new Promise((done) => {
    const socket = connect(port, '127.0.0.1').on('connect', () => { socket.destroy(); done(true); }).on('error', () => done(false));
  }));
  return { dir, process: it, pid: it.pid, stop: () => it.stop('SIGQUIT', 3000) };
}

/** A certificate for localhost, made on the spot. → {key, cert} as paths */
export async function selfMadeCertificate(dir) {
  const key = join(dir, 'key.pem'), cert = join(dir, 'cert.pem');
  const made = await run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-keyout', key, '-out', cert, '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:app.localhost,IP:127.0.0.1']);
  if (made.code !== 0) throw new Error(made.stderr);
  return { key, cert };
}
