// SPDX-License-Identifier: Apache-2.0
// An OpenID Provider that does as it is told: right by default, and wrong in exactly the way that a test asks for. It asks nobody
// to log in. One server holds many issuers, one a path, each with keys and behaviour of its own.
//
// What a behaviour may replace (all optional, each gets what would be sent and may change or replace it):
//   discovery(document)             claims(claims, {nonce, accessToken, code})       header(header)        sign(jwt parts, keys)
//   jwks(keys)                      token(answer)          tokenStatus                userinfo(claims)     userinfoAnswer({claims, request, sign})
//   refresh(issuer, client) → the answer to a refresh token
//   authorize(parameters, query)    clientAuth(request, form) → true when the client may pass             before(what, issuer)
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { CompactSign, exportJWK, generateKeyPair } from 'jose';
import { request as fetchOnce } from './http.mjs';

const base64url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
export const half = (value) => createHash('sha256').update(value).digest().subarray(0, 16).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

/** A key with its public JWK. */
export async function makeKey(alg = 'RS256', kid = randomBytes(4).toString('hex')) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), alg, use: 'sig', kid } };
}

/** Signs `claims` with `key` (an {alg, kid, privateKey}), as the header says. */
export const signed = (claims, key, header = {}) => new CompactSign(Buffer.from(JSON.stringify(claims)))
  .setProtectedHeader({ alg: key.alg, ...(key.kid ? { kid: key.kid } : {}), ...header }).sign(key.privateKey);
export const unsigned = (claims) => `${base64url({ alg: 'none' })}.${base64url(claims)}.`;
export const macSigned = (claims, secret, header = {}) => {
  const head = `${base64url({ alg: 'HS256', ...header })}.${base64url(claims)}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
};
/** The same token with another, well-formed signature. */
export const withBrokenSignature = (jwt) => {
  const [head, body, signature] = jwt.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  bytes[10] ^= 0xff;
  return `${head}.${body}.${bytes.toString('base64url')}`;
};

const sharedKey = await makeKey('RS256', 'shared');

async function bodyOf(stream) {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

class Issuer {
  constructor(url, behaviour) {
    Object.assign(this, { url, behaviour, keys: [sharedKey], codes: new Map(), seen: [], accessTokens: [] });
  }
  count(what) { return this.seen.filter((one) => one.what === what).length; }

  discovery() {
    const document = {
      issuer: this.url, authorization_endpoint: `${this.url}/authorize`, token_endpoint: `${this.url}/token`, userinfo_endpoint: `${this.url}/userinfo`, jwks_uri: `${this.url}/jwks`,
      end_session_endpoint: `${this.url}/logout`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256', 'ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    };
    return this.behaviour.discovery?.(document, this) ?? document;
  }

  async idToken({ nonce, accessToken, code, clientId }) {
    let claims = { iss: this.url, sub: 'person-1', aud: clientId, exp: now() + 300, iat: now(), nonce, at_hash: half(accessToken), name: 'Person One', email: 'one@example.com', email_verified: true };
    claims = this.behaviour.claims?.(claims, { nonce, accessToken, code, issuer: this }) ?? claims;
    const key = this.keys.at(-1);
    return this.behaviour.sign ? this.behaviour.sign(claims, this) : signed(claims, key);
  }
}

/** startHostileProvider({name: behaviour}) → {issuer(name), toml(id, name, more), stop} */
export async function startHostileProvider(behaviours) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const issuers = new Map(Object.entries(behaviours).map(([name, behaviour]) => [name, new Issuer(`${origin}/${name}`, { ...behaviour })]));
  const client = { id: 'hostile-client', secret: 'secret-of-the-hostile-client-0123456789' };

  server.on('request', async (request, response) => {
    const url = new URL(request.url, origin);
    const [, name, ...rest] = url.pathname.split('/');
    const issuer = issuers.get(name), what = rest.join('/');
    const text = await bodyOf(request);
    const json = (body, status = 200) => { response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }); response.end(JSON.stringify(body)); };
    if (!issuer) return json({}, 404);
    issuer.seen.push({ what, url, headers: request.headers, text });
    const { behaviour } = issuer;
    if (await behaviour.before?.(what, issuer, request, response)) return undefined;
    if (what === '.well-known/openid-configuration') return json(issuer.discovery());
    if (what === 'jwks') return json(behaviour.jwks?.(issuer.keys, issuer) ?? { keys: issuer.keys.map(({ jwk }) => jwk) });
    if (what === 'authorize') {
      const query = Object.fromEntries(url.searchParams);
      const code = randomBytes(16).toString('hex');
      issuer.codes.set(code, { nonce: query.nonce, challenge: query.code_challenge, redirect: query.redirect_uri });
      const parameters = { code, state: query.state };
      const answer = behaviour.authorize?.(parameters, query, issuer) ?? parameters;
      if (query.response_mode === 'form_post') {
        const fields = Object.entries(answer).map(([key, value]) => `<input type="hidden" name="${key}" value="${value}">`).join('');
        response.writeHead(200, { 'Content-Type': 'text/html' });
        return response.end(`<!doctype html><title>posting</title><form method="post" action="${query.redirect_uri}">${fields}<button>go</button></form>`);
      }
      response.writeHead(302, { Location: `${query.redirect_uri}?${new URLSearchParams(answer)}` });
      return response.end();
    }
    if (what === 'token') {
      const form = new URLSearchParams(text);
      const basic = `Basic ${Buffer.from(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`).toString('base64')}`;
      const allowed = behaviour.clientAuth ? behaviour.clientAuth(request, form, client, basic) : request.headers.authorization === basic;
      if (!allowed) return json({ error: 'invalid_client' }, 401);
      if (form.get('grant_type') === 'refresh_token' && behaviour.refresh) return json(await behaviour.refresh(issuer, client));
      const grant = issuer.codes.get(form.get('code'));
      issuer.codes.delete(form.get('code'));
      const proved = grant && createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url') === grant.challenge && grant.redirect === form.get('redirect_uri');
      if (!proved) return json({ error: 'invalid_grant' }, 400);
      const accessToken = `hostile-access-${randomBytes(12).toString('hex')}`;
      issuer.accessTokens.push(accessToken);
      const answer = { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: await issuer.idToken({ nonce: grant.nonce, accessToken, code: form.get('code'), clientId: client.id }) };
      return json(behaviour.token?.(answer, issuer) ?? answer, behaviour.tokenStatus ?? 200);
    }
    if (what === 'userinfo') {
      if (request.headers.authorization !== `Bearer ${issuer.accessTokens.at(-1)}`) return json({ error: 'invalid_token' }, 401);
      const claims = { sub: 'person-1', name: 'From Userinfo', email: 'info@example.com', email_verified: true };
      if (!behaviour.userinfoAnswer) return json(behaviour.userinfo?.(claims, issuer) ?? claims);
      const { type, body } = await behaviour.userinfoAnswer(claims, issuer, client);
      response.writeHead(200, { 'Content-Type': type });
      return response.end(body);
    }
    return json({}, 404);
  });

  return {
    origin, client,
    issuer: (name) => issuers.get(name),
    toml: (id, name, more = '') => `[signin.provider.${id}]
kind = "oidc"
name = ${JSON.stringify(id)}
issuer = "${origin}/${name}"
client_id = "${client.id}"
client_secret = "${client.secret}"
allow_private_network = true
${more}
`,
    /** The person's way through the provider. → the URL of the callback, or {url, form} for form_post */
    walk: async (url) => {
      const answer = await fetchOnce(url);
      if (answer.status === 302) return answer.headers.location;
      const [, action] = /action="([^"]+)"/.exec(answer.text);
      return { url: action, form: Object.fromEntries([...answer.text.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, key, value]) => [key, value])) };
    },
    stop: async () => { server.closeAllConnections(); server.close(); await once(server, 'close'); },
  };
}
