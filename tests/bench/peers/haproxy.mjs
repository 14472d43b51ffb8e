// SPDX-License-Identifier: Apache-2.0
// HAProxy, plain and with jwt_verify. The client brings the JWT itself, since HAProxy keeps no sessions.
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { Process, freePort } from '../../e2e/support/processes.mjs';
import { scratch } from '../../e2e/support/sallyport.mjs';
import { request } from '../../e2e/support/http.mjs';
import { family } from '../support/measure.mjs';

async function haproxy(upstream, name, rules = '', headers = {}) {
  const port = await freePort(), dir = scratch('haproxy');
  const config = join(dir, 'haproxy.cfg');
  writeFileSync(config, `
global
  nbthread 1
  maxconn 5000
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  timeout http-keep-alive 600s
  http-reuse always
frontend front
  bind 127.0.0.1:${port}
  ${rules.replaceAll('DIR', dir)}
  default_backend api
backend api
  server api 127.0.0.1:${upstream.port} pool-max-conn 256
`);
  const it = new Process('haproxy', '/usr/sbin/haproxy', ['-db', '-f', config], { cwd: dir });
  const peer = { name, origin: `http://127.0.0.1:${port}`, headers, pids: () => family(it.pid), stop: () => it.stop() };
  return { peer, dir, ready: () => it.ready(async () => (await request(`${peer.origin}/api/notes`, { headers })).status === 200) };
}

export async function haproxyPlain(upstream) {
  const { peer, ready } = await haproxy(upstream, 'HAProxy, plain');
  await ready();
  return peer;
}

const claims = () => new SignJWT({ email: 'ada@example.com', sid: 'c3Nlc3Npb24taGFuZGxl' }).setSubject('u-ada').setIssuer('http://localhost:8080').setAudience('api').setIssuedAt().setExpirationTime('1h');

export async function haproxyHs256(upstream) {
  const secret = '0123456789abcdef0123456789abcdef';
  const token = await claims().setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' }).sign(Buffer.from(secret));
  const { peer, ready } = await haproxy(upstream, 'HAProxy, jwt_verify HS256',
    `http-request deny unless { http_auth_bearer,jwt_verify(HS256,"${secret}") -m int 1 }`, { Authorization: `Bearer ${token}` });
  await ready();
  return peer;
}

export async function haproxyRs256(upstream) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(scratch('haproxy-key'), 'rsa.pem');
  writeFileSync(file, publicKey.export({ type: 'spki', format: 'pem' }));
  const token = await claims().setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(privateKey);
  const { peer, ready } = await haproxy(upstream, 'HAProxy, jwt_verify RS256',
    `http-request deny unless { http_auth_bearer,jwt_verify(RS256,"${file}") -m int 1 }`, { Authorization: `Bearer ${token}` });
  await ready();
  return peer;
}
