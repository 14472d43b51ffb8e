// SPDX-License-Identifier: Apache-2.0
// Apache with mod_auth_openidc: a server-side session made by a real sign-in at the npm oidc-provider, its access token passed on.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Process, freePort } from '../../e2e/support/processes.mjs';
import { scratch } from '../../e2e/support/sallyport.mjs';
import { CookieJar, request } from '../../e2e/support/http.mjs';
import { family } from '../support/measure.mjs';

async function startProvider(redirect) {
  const port = await freePort(), issuer = `http://127.0.0.1:${port}`;
  const it = new Process('oidc-provider', process.execPath, [new URL('./oidc_provider.mjs', import.meta.url).pathname], { env: { PORT: String(port), REDIRECT_URI: redirect } });
  await it.ready(async () => (await request(`${issuer}/.well-known/openid-configuration`)).status === 200);
  return { issuer, stop: () => it.stop() };
}

/** Follows redirects and posts the provider's development forms until the gateway's own page is there. */
async function signIn(start, jars) {
  let url = start, options = {};
  for (let step = 0; step < 20; ++step) {
    const { host } = new URL(url);
    const jar = jars.get(host) ?? jars.set(host, new CookieJar()).get(host);
    const answer = await request(url, { jar, headers: { Host: host, Accept: 'text/html' }, ...options });
    options = {};
    if (answer.headers.location) { url = new URL(answer.headers.location, url).href; continue; }
    const action = /<form[^>]*action="([^"]+)"/.exec(answer.text)?.[1];
    if (!action) return answer;
    const prompt = /name="prompt" value="([^"]+)"/.exec(answer.text)?.[1];
    url = new URL(action, url).href;
    options = { method: 'POST', form: { ...(prompt ? { prompt } : {}), login: 'ada', password: 'x' } };
  }
  throw new Error('the sign-in at oidc-provider went round in circles');
}

export async function apache(upstream) {
  const port = await freePort(), dir = scratch('apache'), origin = `http://127.0.0.1:${port}`;
  mkdirSync(join(dir, 'cache'), { recursive: true });
  chmodSync(dir, 0o755); // started as root, it serves as www-data
  const provider = await startProvider(`${origin}/callback`);
  const modules = '/usr/lib/apache2/modules', config = join(dir, 'httpd.conf');
  writeFileSync(config, `
ServerRoot ${dir}
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
PidFile ${dir}/httpd.pid
ErrorLog ${dir}/error.log
DefaultRuntimeDir ${dir}
${['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'proxy', 'proxy_http', 'headers'].map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
LoadModule auth_openidc_module ${modules}/mod_auth_openidc.so
User www-data
Group www-data
KeepAlive On
MaxKeepAliveRequests 0
KeepAliveTimeout 600
StartServers 1
ServerLimit 1
ThreadsPerChild 64
MaxRequestWorkers 64
OIDCProviderMetadataURL ${provider.issuer}/.well-known/openid-configuration
OIDCClientID bench
OIDCClientSecret bench-secret
OIDCRedirectURI ${origin}/callback
OIDCCryptoPassphrase ${randomBytes(16).toString('hex')}
OIDCSessionType server-cache
OIDCCacheType shm
OIDCSessionInactivityTimeout 3600
OIDCPassClaimsAs none
ProxyPreserveHost Off
<Location /api>
  AuthType openid-connect
  Require valid-user
  RequestHeader set Authorization "Bearer %{OIDC_access_token}e" env=OIDC_access_token
  ProxyPass http://127.0.0.1:${upstream.port}/api keepalive=On
</Location>
<Location /callback>
  AuthType openid-connect
  Require valid-user
</Location>
`);
  const it = new Process('apache', '/usr/sbin/apache2', ['-d', dir, '-f', config, '-D', 'FOREGROUND'], { cwd: dir, env: { APACHE_RUN_DIR: dir } });
  await it.ready(async () => (await request(`${origin}/api/notes`)).status > 0);
  const jars = new Map();
  const answer = await signIn(`${origin}/api/notes`, jars);
  if (answer.status !== 200) throw new Error(`the sign-in through mod_auth_openidc ended with ${answer.status}: ${answer.text.slice(0, 300)}`);
  return { name: 'Apache + mod_auth_openidc', origin, cookies: jars.get(`127.0.0.1:${port}`).header(), pids: () => family(it.pid),
    stop: () => Promise.all([it.stop(), provider.stop()]) };
}
