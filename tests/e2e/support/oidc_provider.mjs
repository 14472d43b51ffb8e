// SPDX-License-Identifier: Apache-2.0
// A real, certified OpenID Provider (npm oidc-provider) with a login page of its own. It lives on 127.0.0.1 while Sallyport is
// on localhost: another site to browsers, so that cross-site rules are real.
//
// Refresh tokens rotate strictly (a used one revokes the whole grant); sign-out by the relying party and the back channel,
// revocation and (with `par`) pushed requests are on; form_post is a response mode of every client that asks for it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { generateKeyPair, exportJWK } from 'jose';
import Provider from 'oidc-provider';
import { CookieJar, request } from './http.mjs';

const people = {
  ada: { name: 'Ada Lovelace', email: 'ada@example.com', email_verified: true, picture: 'https://example.com/ada.png' },
  bob: { name: 'Bob', email: 'bob@example.com', email_verified: true },
  eve: { name: 'Eve', email: 'ada@example.com', email_verified: false },
};

async function signingKeys() {
  const keys = [];
  for (const alg of ['RS256', 'ES256']) {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    keys.push({ ...(await exportJWK(privateKey)), alg, use: 'sig', kid: `op-${alg}` });
  }
  return { keys };
}

const page = (title, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1>${body}</html>`;
const loginPage = (uid) => page('Sign in at the provider', `<form method="post" action="/interaction/${uid}">
<label>Login <input name="login" autofocus></label> <button name="do" value="login">Continue</button> <button name="do" value="abort">Cancel</button></form>`);

async function bodyOf(stream) {
  let text = '';
  for await (const piece of stream) text += piece;
  return new URLSearchParams(text);
}

// The person's part: a name is enough, "Cancel" says no.
function interactions(provider) {
  return async (ctx, next) => {
    const match = /^\/interaction\/([\w-]+)$/.exec(ctx.path);
    if (!match) return next();
    if (ctx.method === 'GET') {
      ctx.type = 'html';
      ctx.body = loginPage(match[1]);
      return;
    }
    const form = await bodyOf(ctx.req);
    ctx.respond = false;
    const result = form.get('do') === 'abort' ? { error: 'access_denied', error_description: 'the person said no' } : { login: { accountId: form.get('login') } };
    await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  };
}

// Whoever signs in has consented.
async function loadExistingGrant(ctx) {
  const { client, session, provider } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  if (known) return provider.Grant.find(known);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid email profile offline_access');
  await grant.save();
  return grant;
}

/**
 * startOidcProvider({ origin: 'http://localhost:8080', ids: ['work'], client: {…metadata}, clients, accounts, par, settings, port })
 * `origin` is Sallyport's, `ids` the provider ids in its configuration. → {issuer, client, accounts, requests, issued, hooks, toml(id), signIn, walk, restart, stop}
 */
export async function startOidcProvider({ origin, ids = ['work'], client = {}, clients = [], accounts = people, par = false, settings = {}, port = 0, lifetimes = {} }) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const own = {
    client_id: 'sallyport', client_secret: 'a secret of the tests: %&+"', response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'],
    redirect_uris: ids.map((id) => `${origin}/api/auth/callback/${id}`), post_logout_redirect_uris: [origin, `${origin}/`, `${origin}/api/auth/signout/callback`],
    backchannel_logout_uri: `${origin}/api/auth/backchannel-logout/${ids[0]}`, backchannel_logout_session_required: true, ...client,
  };
  const provider = new Provider(issuer, {
    clients: [own, ...clients],
    jwks: await signingKeys(),
    cookies: { keys: ['only for tests'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'picture'] },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...(accounts[id] ?? { name: id, email: `${id}@example.com`, email_verified: true }) }) }),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant,
    // By itself it would not talk to a relying party on loopback.
    fetch: (url, { dispatcher, ...rest }) => fetch(url, rest),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: { AccessToken: 3600, IdToken: 3600, RefreshToken: 86400, Interaction: 600, Session: 86400, Grant: 86400, ...lifetimes },
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: par, requirePushedAuthorizationRequests: par === 'required' },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => { ctx.body = page('Sign out at the provider?', `${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">Yes, sign me out</button>`); },
        postLogoutSuccessSource: (ctx) => { ctx.body = page('Signed out at the provider', ''); },
      },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      ...settings.features,
    },
    ...Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'features')),
  });
  const requests = []; // {method, path}: what came to the provider
  const issued = []; // every token that it has handed out
  const hooks = {}; // token(ctx, next): what happens to a request to the token endpoint
  provider.use((ctx, next) => (ctx.path === '/token' && hooks.token ? hooks.token(ctx, next) : next()));
  provider.use(async (ctx, next) => {
    requests.push({ method: ctx.method, path: ctx.path });
    await next();
    for (const name of ['access_token', 'refresh_token', 'id_token']) if (ctx.path === '/token' && ctx.body?.[name]) issued.push(ctx.body[name]);
  });
  provider.use(interactions(provider));
  server.on('request', provider.callback());

  return {
    issuer, accounts, provider, requests, issued, hooks, client: own,
    count: (path, method = 'POST') => requests.filter((seen) => seen.path === path && seen.method === method).length,
    /** The section for sallyport.toml. */
    toml: (id = ids[0], more = '', name = 'Work') => `[signin.provider.${id}]
kind = "oidc"
name = "${name}"
issuer = "${issuer}"
client_id = ${JSON.stringify(own.client_id)}
${own.token_endpoint_auth_method === 'none' ? '' : `client_secret = ${JSON.stringify(own.client_secret)}`}
allow_private_network = true
${more}
`,
    /** What the person does in a browser that has arrived here. */
    signIn: async (tab, login) => {
      await tab.getByLabel('Login').fill(login);
      await tab.getByRole('button', { name: 'Continue' }).click();
    },
    /** The same without a browser: follows `url` through the provider. → the URL of the callback, or {url, form} for form_post */
    walk: async (url, { login, abort = false, jar = new CookieJar() } = {}) => {
      let at = url;
      for (let step = 0; step < 10; step += 1) {
        if (!at.startsWith(issuer)) return at;
        const arrived = /\/interaction\//.test(at) && (login || abort);
        const answer = arrived && !at.endsWith('/resumed')
          ? await request(at, { method: 'POST', jar, form: abort ? { do: 'abort' } : { login, do: 'login' } })
          : await request(at, { jar });
        if (answer.status >= 300 && answer.status < 400) { at = new URL(answer.headers.location, at).href; continue; }
        const action = /<form method="post" action="([^"]+)"/.exec(answer.text)?.[1];
        if (!action) throw new Error(`the provider answered ${answer.status}: ${answer.text}`);
        const form = Object.fromEntries([...answer.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value.replaceAll('&amp;', '&')]));
        return { url: action, form };
      }
      throw new Error(`the provider leads nowhere: ${at}`);
    },
    /** Away, with every connection cut, and back with all it knew. */
    restart: async (downMs) => {
      const { port: samePort } = server.address();
      server.closeAllConnections();
      server.close();
      await delay(downMs);
      server.listen(samePort, '127.0.0.1');
      await once(server, 'listening');
    },
    stop: async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); },
  };
}
