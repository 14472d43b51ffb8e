// SPDX-License-Identifier: Apache-2.0
// The main job over https: a real nginx ends TLS in front (`trusted_proxies`), so that prefixes, Secure and Host rules are real.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { request } from './support/http.mjs';
import { browserNotes, devices, eventually, fetchInPage, serverNotes, shows, signInOnLandingPage, startMainJob, stateOf } from './support/main_job.mjs';
import { selfMadeCertificate, startNginx } from './support/nginx.mjs';
import { freePort } from './support/processes.mjs';
import { Sallyport, ada, scratch } from './support/sallyport.mjs';

for (const strategy of ['database', 'jwt']) {
  describe(`behind nginx with TLS, ${strategy} sessions`, () => {
    let job, nginx, ca, page, context, origin;

    before(async () => {
      const dir = scratch('tls');
      const { key, cert } = await selfMadeCertificate(dir);
      ca = readFileSync(cert);
      const tlsPort = await freePort();
      origin = `https://localhost:${tlsPort}`;
      job = await startMainJob(async (servers) => {
        const gate = await Sallyport.serve({ ...servers, users: [ada], session: { strategy }, compat: { next_auth: 'v4' }, top: { trusted_proxies: ['127.0.0.1/32'] } });
        nginx = await startNginx({ dir, port: tlsPort, http: `
          map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
          upstream gate { server 127.0.0.1:${gate.port}; keepalive 8; }
          server {
            listen 127.0.0.1:${tlsPort} ssl;
            ssl_certificate ${cert}; ssl_certificate_key ${key};
            location / {
              proxy_pass http://gate; proxy_http_version 1.1; proxy_buffering off;
              proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
              proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto https;
            }
          }` });
        return gate;
      }, { publicUrl: origin, apiEnv: { NODE_EXTRA_CA_CERTS: cert } });
      context = await job.browser.newContext({ ignoreHTTPSErrors: true });
      page = await context.newPage();
    });
    after(async () => { await job?.stop(); await nginx?.stop(); });

    test('S2 cookies carry their prefixes and Secure', async () => {
      await signInOnLandingPage(page, origin, ada);
      const cookies = await context.cookies();
      const session = cookies.find(({ name }) => name.includes('session-token'));
      assert.equal(session.name, '__Secure-next-auth.session-token');
      assert.equal(cookies.find(({ name }) => name.includes('csrf-token')).name, '__Host-next-auth.csrf-token');
      for (const { name, secure, domain } of cookies.filter(({ name }) => name.startsWith('__') || /auth/.test(name))) {
        assert.equal(secure, true, name);
        assert.equal(domain, 'localhost', name);
      }
      assert.equal(session.httpOnly, true);
      assert.equal(session.sameSite, 'Lax');
    });

    test('data, server action, form, WebSocket and stream work', async () => {
      await page.getByLabel('Note for axios').fill('over tls');
      await page.getByRole('region', { name: 'From the browser' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => browserNotes(page), 'over tls');
      await page.getByLabel('Note for the server action').fill('action over tls');
      await page.getByRole('region', { name: 'Server action' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => serverNotes(page), 'action over tls');
      await page.getByLabel('Note for the plain form').fill('form over tls');
      await page.getByRole('region', { name: 'Plain form' }).getByRole('button', { name: 'Add' }).click();
      await page.waitForURL(`${origin}/dashboard`);
      await shows(() => serverNotes(page), 'form over tls');
      await eventually(async () => (await stateOf(page, 'ws')) === 'open' && (await stateOf(page, 'sse')) === 'open', 'the live connections');
    });

    test('S24 the address of the person is the proxy\'s word, and only the proxy\'s', async () => {
      const [device] = await devices(page);
      assert.match(JSON.stringify(device), /127\.0\.0\.1/);
      const forged = await page.evaluate(async () => (await fetch('/api/whoami')).status);
      assert.equal(forged, 200);
      assert.match(job.taps.api.sent(), /x-forwarded-proto: https/i);
      assert.match(job.taps.api.sent(), new RegExp(`x-forwarded-host: localhost:${new URL(origin).port}`, 'i'));
    });

    test('S28 another Host is a 421, through TLS as well', async () => {
      const answer = await request(`${origin}/`, { ca, servername: 'localhost', headers: { Host: 'evil.example' } });
      assert.equal(answer.status, 421);
      assert.equal((await request(`${origin}/`, { ca })).status, 200);
    });

    test('S8 own pages ask for https for good', async () => {
      const answer = await request(`${origin}/api/auth/signin`, { ca, headers: { Accept: 'text/html' } });
      assert.match(answer.headers['strict-transport-security'] ?? '', /max-age=\d{7,}/);
    });

    test('S2 a prefix in other letters is not our cookie', async () => {
      const session = (await context.cookies()).find(({ name }) => name.includes('session-token'));
      for (const name of ['__secure-next-auth.session-token', '__SECURE-next-auth.session-token', 'next-auth.session-token']) {
        const answer = await request(`${origin}/api/auth/session`, { ca, headers: { Cookie: `${name}=${session.value}` } });
        assert.deepEqual(answer.json(), {}, name);
      }
    });

    test('signing out ends it', async () => {
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${origin}/`);
      assert.equal((await fetchInPage(page, '/api/notes')).status, 401);
    });
  });
}
