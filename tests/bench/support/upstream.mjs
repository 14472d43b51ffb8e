// SPDX-License-Identifier: Apache-2.0
// The API behind every proxy: nginx with a fixed small answer that says whether a bearer came along, a file, and a drain.
import http from 'node:http';
import { startNginx } from '../../e2e/support/nginx.mjs';
import { freePort } from '../../e2e/support/processes.mjs';

export const smallAnswer = '{"notes":[{"id":1,"text":"a small answer"},{"id":2,"text":"of two notes"}],"count":2}';

export async function startUpstream() {
  const port = await freePort();
  // nginx alone would answer before it has read the body.
  const drain = http.createServer((req, res) => req.resume().on('end', () => res.end('{}'))).listen(0, '127.0.0.1');
  await new Promise((done) => drain.once('listening', done));
  const server = await startNginx({ port, http: `
    map $http_authorization $bearer { default none; "~^Bearer ey" jwt; }
    keepalive_requests 1000000000; client_max_body_size 0; client_body_buffer_size 64k;
    server {
      listen 127.0.0.1:${port};
      location / { default_type application/json; add_header X-Bearer $bearer; return 200 '${smallAnswer}'; }
      location /api/big/ { alias /dev/shm/; }
      location /api/drain { proxy_pass http://127.0.0.1:${drain.address().port}; proxy_http_version 1.1; proxy_request_buffering off; }
    }` });
  return { port, url: `http://127.0.0.1:${port}`, stop: () => { drain.close(); drain.closeAllConnections(); return server.stop(); } };
}
