// SPDX-License-Identifier: Apache-2.0
// nginx three ways: plain; doing what a gateway's work looks like from outside; asking a trivial check first.
import { startNginx } from '../../e2e/support/nginx.mjs';
import { freePort } from '../../e2e/support/processes.mjs';
import { family } from '../support/measure.mjs';

async function proxy(upstream, name, location = '', workers = 1) {
  const port = await freePort();
  const server = await startNginx({ port, workers, http: `
    keepalive_requests 1000000000; keepalive_timeout 600s; client_max_body_size 0; proxy_request_buffering off; proxy_max_temp_file_size 0;
    upstream up { server 127.0.0.1:${upstream.port}; keepalive 128; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:${port} reuseport;
      location / { ${location} proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; }
      location = /check { internal; return 204; }
    }` });
  return { name, origin: `http://127.0.0.1:${port}`, port, pids: () => family(server.pid), stop: server.stop };
}

export const nginxPlain = (upstream) => proxy(upstream, 'nginx, plain');

export const nginxWorkers = (upstream, { name, workers }) => proxy(upstream, name, '', workers);

export const nginxSameWork = (upstream, { bearerLength }) => proxy(upstream, 'nginx, same visible work', `
  access_log /dev/shm/sallyport-bench-nginx.log combined buffer=64k flush=1s;
  proxy_set_header Host $host; proxy_set_header Authorization "Bearer ${'e'.repeat(bearerLength)}";
  proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto http; proxy_set_header X-Forwarded-Host $host;
  proxy_set_header Forwarded "for=$remote_addr;host=$host;proto=http"; proxy_set_header X-Request-Id $request_id;
  proxy_set_header traceparent "00-$request_id-00f067aa0ba902b7-00"; proxy_set_header Cookie "theme=dark; _consent=1";
  add_header X-Request-Id $request_id; add_header Cache-Control private; add_header X-CSRF-Token ${'c'.repeat(43)};`);

export const nginxAuthRequest = (upstream) => proxy(upstream, 'nginx, auth_request', 'auth_request /check;');

/** The same body as `GET /api/auth/session` gives, from configuration. */
export async function nginxReturn(body) {
  const port = await freePort();
  const server = await startNginx({ port, http: `
    keepalive_requests 1000000000;
    server { listen 127.0.0.1:${port}; location / { default_type application/json; add_header Cache-Control no-store; return 200 '${body.replaceAll("'", "\\'")}'; } }` });
  return { name: 'nginx, return 200', origin: `http://127.0.0.1:${port}`, pids: () => family(server.pid), stop: server.stop };
}
