// SPDX-License-Identifier: Apache-2.0
// Fakes of providers that have ways of their own, each as its documentation has it: what it wants to be asked, how it wants the
// client to show who it is, and what it answers. Sallyport's keys point to the fake; everything else is what it knows.
//
// Every fake records what it received, and refuses a code that comes twice, for another redirect URI or without its verifier.
import { createHash, createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';

export const client = { id: 'client-1', secret: 'secret/1 with+signs, as long as LINE has them' };
const tenant = '01234567-89ab-cdef-0123-456789abcdef';
const person = { name: 'Ada Lovelace', image: 'https://img.example/ada.png' };
const access = 'at/1+x'; // one that has to be encoded in a URL
const apple = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const appleKey = { pem: apple.privateKey.export({ type: 'pkcs8', format: 'pem' }), publicKey: apple.publicKey, team_id: 'TEAM123456', key_id: 'KEY1234567' };

const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwks = { keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'op-1', alg: 'RS256', use: 'sig' }] };

function idToken(claims, hmacSecret) {
  const head = `${b64(hmacSecret ? { alg: 'HS256', typ: 'JWT' } : { alg: 'RS256', typ: 'JWT', kid: 'op-1' })}.${b64(claims)}`;
  const signature = hmacSecret ? createHmac('sha256', hmacSecret).update(head).digest('base64url') : sign('sha256', Buffer.from(head), rsa.privateKey).toString('base64url');
  return `${head}.${signature}`;
}
const standard = (issuer, nonce, more) => {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: client.id, sub: 'person-1', iat: now, exp: now + 600, ...(nonce && { nonce }), ...more };
};
const discovery = (issuer, origin, more = {}) => ({
  issuer, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, jwks_uri: `${origin}/keys`,
  response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], ...more,
});
const tokens = (more = {}) => ({ access_token: access, token_type: 'bearer', expires_in: 3600, ...more });
const basic = `Basic ${Buffer.from(`${encodeURIComponent(client.id)}:${new URLSearchParams({ s: client.secret }).toString().slice(2)}`).toString('base64')}`;
const bearer = { authorization: `Bearer ${access}` };

/**
 * paths: where the endpoints are; authorize: the parameters that must come, besides those of the transaction; token: how the client
 * must show itself; answer: the token answer; calls: 'METHOD path' → { headers, query, body: what must come; answer }; keys: more of
 * the configuration; user: who is signed in then. `pkce: false` where Sallyport is known not to send a challenge.
 */
const describeQuirks = {
  apple: (person) => ({
    pkce: false, formPost: true, paths: { authorize: '/authorize', token: '/token' },
    keys: (o) => ({ issuer: o, client_secret: undefined, team_id: appleKey.team_id, key_id: appleKey.key_id, private_key: appleKey.pem }),
    authorize: { scope: 'name email', response_mode: 'form_post' },
    token: { form: { client_id: client.id }, secretIsJwt: true },
    user_form: JSON.stringify({ name: { firstName: 'Ada', lastName: 'Lovelace' }, email: person.email }),
    answer: (o, { nonce }) => tokens({ id_token: idToken(standard(o, nonce, { email: person.email, email_verified: 'true', is_private_email: 'false' })) }),
    calls: { 'GET /.well-known/openid-configuration': { answer: (o) => discovery(o, o) }, 'GET /keys': { answer: () => jwks } },
    user: { name: person.name, email: person.email, image: null },
  }),
  'microsoft-entra-id': (person) => ({
    paths: { authorize: '/authorize', token: '/token' }, keys: (o) => ({ issuer: `${o}/common/v2.0` }),
    authorize: { scope: 'openid profile email User.Read' }, token: { basic: true },
    answer: (o, { nonce }, fake) => tokens({ id_token: idToken(standard(`${o}/${fake.tenant ?? tenant}/v2.0`, nonce, { tid: tenant, name: person.name, email: person.email, xms_edov: true })) }),
    calls: { 'GET /common/v2.0/.well-known/openid-configuration': { answer: (o) => discovery(`${o}/{tenantid}/v2.0`, o) }, 'GET /keys': { answer: () => jwks } },
    user: { name: person.name, email: person.email, image: null },
  }),
  twitch: (person) => ({
    paths: { authorize: '/authorize', token: '/token' }, keys: (o) => ({ issuer: `${o}/oauth2` }),
    authorize: { scope: 'openid user:read:email', claims: '{"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}}' },
    token: { form: { client_id: client.id, client_secret: client.secret } },
    answer: (o, { nonce }) => tokens({ scope: ['openid', 'user:read:email'], id_token: idToken(standard(`${o}/oauth2`, nonce, { preferred_username: 'ada', email: person.email, email_verified: true, picture: person.image })) }),
    calls: { 'GET /oauth2/.well-known/openid-configuration': { answer: (o) => discovery(`${o}/oauth2`, o) }, 'GET /keys': { answer: () => jwks } },
    user: { ...person, name: 'ada' },
  }),
  line: (person) => ({
    paths: { authorize: '/authorize', token: '/token' }, keys: (o) => ({ issuer: o }),
    authorize: { scope: 'openid profile email' }, token: { basic: true },
    answer: (o, { nonce }) => tokens({ id_token: idToken(standard(o, nonce, { name: person.name, picture: person.image }), client.secret) }),
    calls: { 'GET /.well-known/openid-configuration': { answer: (o) => discovery(o, o, { id_token_signing_alg_values_supported: ['ES256', 'HS256'] }) } },
    user: { name: person.name, email: null, image: person.image },
  }),
  github: (person) => ({
    paths: { authorize: '/login/oauth/authorize', token: '/login/oauth/access_token' }, keys: (o) => ({ issuer: o }),
    authorize: { scope: 'read:user user:email' }, token: { basic: true },
    // Urlencoded unless JSON is asked for; and it has no expiry.
    answer: (o, transaction, fake, headers) => headers.accept?.includes('application/json') ? { access_token: access, token_type: 'bearer', scope: 'read:user,user:email' } : `access_token=${access}`,
    calls: {
      'GET /api/v3/user': { headers: bearer, answer: () => ({ id: 583231, login: 'ada', name: null, email: 'public@example.com', avatar_url: person.image }) },
      'GET /api/v3/user/emails': { headers: bearer, answer: (o, fake) => [{ email: 'old@example.com', primary: false, verified: true }, { email: person.email, primary: true, verified: fake.unverified !== true }] },
    },
    user: { ...person, name: 'ada' },
  }),
  tiktok: (person) => ({
    paths: { authorize: '/v2/auth/authorize', token: '/v2/oauth/token/', userinfo: '/v2/user/info/?fields=open_id,avatar_url,display_name' },
    clientId: 'client_key', authorize: { client_key: client.id, scope: 'user.info.basic' },
    token: { form: { client_key: client.id, client_secret: client.secret } },
    answer: () => tokens({ open_id: 'open-1', scope: 'user.info.basic', refresh_expires_in: 31536000 }),
    calls: { 'GET /v2/user/info/': { headers: bearer, query: { fields: 'open_id,avatar_url,display_name' }, answer: () => ({ data: { user: { open_id: 'open-1', avatar_url: person.image, display_name: person.name } }, error: { code: 'ok', message: '', log_id: '1' } }) } },
    user: { ...person, email: null },
  }),
  wechat: (person) => ({
    pkce: false, fragment: '#wechat_redirect', textAnswers: true,
    paths: { authorize: '/connect/oauth2/authorize', token: '/sns/oauth2/access_token', userinfo: '/sns/userinfo?access_token={access_token}&openid={token.openid}&lang=zh_CN' },
    clientId: 'appid', authorize: { appid: client.id, scope: 'snsapi_userinfo' },
    token: { method: 'GET', form: { appid: client.id, secret: client.secret } },
    answer: () => ({ access_token: access, expires_in: 7200, refresh_token: 'r', openid: 'open-1', scope: 'snsapi_userinfo', unionid: 'union-1' }),
    calls: { 'GET /sns/userinfo': { headers: { authorization: undefined }, query: { access_token: access, openid: 'open-1', lang: 'zh_CN' }, answer: () => ({ openid: 'open-1', nickname: '阿达', headimgurl: person.image, unionid: 'union-1' }) } },
    user: { name: '阿达', email: null, image: person.image },
  }),
  facebook: (person) => ({
    paths: { authorize: '/v19.0/dialog/oauth', token: '/oauth/access_token', userinfo: '/me?fields=id,name,email,picture' },
    authorize: { scope: 'email' }, token: { basic: true }, answer: () => tokens(),
    calls: { 'GET /me': { headers: bearer, query: { fields: 'id,name,email,picture' }, answer: () => ({ id: '10220', name: person.name, email: person.email, picture: { data: { url: person.image, height: 50 } } }) } },
    user: person,
  }),
  notion: (person) => ({
    paths: { authorize: '/v1/oauth/authorize', token: '/v1/oauth/token', userinfo: '/v1/users/me' },
    authorize: { owner: 'user' }, token: { basic: true }, answer: () => ({ access_token: access, token_type: 'bearer', bot_id: 'b', workspace_id: 'w' }),
    calls: { 'GET /v1/users/me': { headers: { ...bearer, 'notion-version': '2022-06-28' }, answer: () => ({ object: 'user', type: 'bot', bot: { owner: { type: 'user', user: { id: 'no-1', name: person.name, avatar_url: person.image, person: { email: person.email } } } } }) } },
    user: person,
  }),
  dropbox: (person) => ({
    paths: { authorize: '/oauth2/authorize', token: '/oauth2/token', userinfo: '/2/users/get_current_account' },
    authorize: { scope: 'account_info.read', token_access_type: 'offline' }, token: { basic: true }, answer: () => tokens({ refresh_token: 'r', uid: '1' }),
    calls: { 'POST /2/users/get_current_account': { headers: { ...bearer, 'content-type': undefined }, body: '', answer: () => ({ account_id: 'dbid:1', name: { display_name: person.name }, email: person.email, email_verified: true, profile_photo_url: person.image }) } },
    user: person,
  }),
  reddit: (person) => ({
    pkce: false, paths: { authorize: '/api/v1/authorize', token: '/api/v1/access_token', userinfo: '/api/v1/me' },
    keys: () => ({ authorization_parameters: { duration: 'permanent' } }),
    authorize: { scope: 'identity', duration: 'permanent' }, token: { basic: true }, answer: () => tokens({ refresh_token: 'r' }),
    // It answers nobody who says to be a browser or a library.
    calls: { 'GET /api/v1/me': { headers: { ...bearer, 'user-agent': 'Sallyport' }, answer: () => ({ id: 't2abc', name: 'ada_l', has_verified_email: true }) } },
    user: { name: 'ada_l', email: null, image: null },
  }),
  'azure-devops': (person) => ({
    pkce: false, paths: { authorize: '/oauth2/authorize', token: '/oauth2/token', userinfo: '/_apis/profile/profiles/me?details=true' },
    responseType: 'Assertion', authorize: { scope: 'vso.profile' },
    token: { assertion: true },
    answer: () => ({ access_token: access, token_type: 'jwt-bearer', expires_in: '3599', refresh_token: 'r' }),
    calls: { 'GET /_apis/profile/profiles/me': { headers: bearer, query: { details: 'true' }, answer: () => ({ id: 'ado-1', displayName: person.name, emailAddress: person.email }) } },
    user: { ...person, image: null },
  }),
  vk: (person) => ({
    paths: { authorize: '/authorize', token: '/access_token?v=5.131', userinfo: '/method/users.get?fields=photo_100&v=5.131' },
    authorize: { scope: 'email', v: '5.131' }, token: { form: { client_id: client.id, client_secret: client.secret } },
    answer: () => ({ access_token: access, expires_in: 86400, user_id: 1, email: person.email }),
    calls: { 'GET /method/users.get': { headers: bearer, query: { fields: 'photo_100', v: '5.131' }, answer: () => ({ response: [{ id: 1, first_name: 'Ada', last_name: 'Lovelace', photo_100: person.image }] }) } },
    user: person,
  }),
  hubspot: (person) => ({
    paths: { authorize: '/oauth/authorize', token: '/oauth/v1/token', userinfo: '/oauth/v1/access-tokens/{access_token}' },
    authorize: { scope: 'oauth' }, token: { form: { client_id: client.id, client_secret: client.secret } }, answer: () => tokens(),
    calls: { 'GET /oauth/v1/access-tokens/at%2F1%2Bx': { headers: { authorization: undefined }, answer: () => ({ user: person.email, user_id: 42, hub_id: 1 }) } },
    user: { name: person.email, email: person.email, image: null },
  }),
  nextcloud: (person) => ({
    paths: { authorize: '/apps/oauth2/authorize', token: '/apps/oauth2/api/v1/token' }, keys: (o) => ({ issuer: o }),
    authorize: {}, token: { basic: true }, answer: () => tokens({ user_id: 'ada l' }),
    calls: { 'GET /ocs/v1.php/cloud/users/ada%20l': { headers: { ...bearer, 'ocs-apirequest': 'true' }, answer: () => ({ ocs: { meta: { status: 'ok' }, data: { id: 'ada', displayname: person.name, email: person.email } } }) } },
    user: (o) => ({ name: person.name, email: person.email, image: `${o}/avatar/ada/512` }),
  }),
  todoist: (person) => ({
    paths: { authorize: '/oauth/authorize', token: '/oauth/access_token', userinfo: '/sync/v9/sync' },
    authorize: { scope: 'data:read' }, token: { form: { client_id: client.id, client_secret: client.secret } }, answer: () => ({ access_token: access, token_type: 'Bearer' }),
    calls: { 'POST /sync/v9/sync': { headers: { ...bearer, 'content-type': 'application/json' }, body: '{"sync_token":"*","resource_types":"[\\"user\\"]"}', answer: () => ({ sync_token: 'x', user: { id: '26', email: person.email, full_name: person.name, avatar_big: person.image } }) } },
    user: person,
  }),
  foursquare: (person) => ({
    paths: { authorize: '/oauth2/authenticate', token: '/oauth2/access_token', userinfo: '/v2/users/self?v=20230131&oauth_token={access_token}' },
    authorize: {}, token: { basic: true }, answer: () => ({ access_token: access }),
    calls: { 'GET /v2/users/self': { headers: { authorization: undefined }, query: { v: '20230131', oauth_token: access }, answer: () => ({ meta: { code: 200 }, response: { user: { id: '33', firstName: 'Ada', lastName: 'Lovelace', contact: { email: person.email }, photo: { prefix: 'https://img.example/', suffix: '/ada.png' } } } }) } },
    user: { ...person, image: 'https://img.example/original/ada.png' },
  }),
  trakt: (person) => ({
    paths: { authorize: '/oauth/authorize', token: '/oauth/token', userinfo: '/users/me?extended=full' },
    authorize: {}, token: { basic: true }, answer: () => tokens({ refresh_token: 'r', created_at: 1 }),
    calls: { 'GET /users/me': { headers: { ...bearer, 'trakt-api-version': '2', 'trakt-api-key': client.id }, query: { extended: 'full' }, answer: () => ({ username: 'ada', name: person.name, ids: { slug: 'ada' }, images: { avatar: { full: person.image } } }) } },
    user: { ...person, email: null },
  }),
  bungie: (person) => ({
    paths: { authorize: '/en/OAuth/Authorize', token: '/platform/app/oauth/token/', userinfo: '/platform/User/GetBungieAccount/{token.membership_id}/254/' },
    keys: () => ({ userinfo_headers: { 'X-API-Key': 'bungie-key' } }), authorize: { reauth: 'true' }, token: { basic: true }, answer: () => tokens({ membership_id: '777' }),
    calls: { 'GET /platform/User/GetBungieAccount/777/254/': { headers: { ...bearer, 'x-api-key': 'bungie-key' }, answer: () => ({ Response: { bungieNetUser: { membershipId: '777', displayName: person.name, profilePicturePath: '/img/ada.gif' } }, ErrorCode: 1 }) } },
    user: { name: person.name, email: null, image: 'https://www.bungie.net/img/ada.gif' },
  }),
};
// Each has an address of its own: nobody is to be linked with anybody.
export const quirks = Object.fromEntries(Object.entries(describeQuirks).map(([id, describe]) => [id, describe({ ...person, email: `${id}@example.com` })]));

const tomlValue = (value) => (typeof value === 'object' ? `{ ${Object.entries(value).map(([k, v]) => `"${k}" = ${JSON.stringify(v)}`).join(', ')} }` : JSON.stringify(value));

/**
 * { origin, quirk, toml(), received: { authorize, token, calls }, stop() }; `approve(url)` is the person who consents; `refusal` is
 * what its API answers instead of a profile, with status 200.
 */
export async function startQuirkyProvider(id) {
  const quirk = quirks[id];
  const it = { id, quirk, received: { authorize: [], token: [], calls: [] }, consents: 0 };
  const codes = new Map();

  function authorize(url) {
    const query = Object.fromEntries(url.searchParams);
    it.received.authorize.push(query);
    it.consents += 1;
    const code = randomUUID();
    codes.set(code, query);
    const form = { code, state: query.state, ...(quirk.user_form && it.consents === 1 && { user: quirk.user_form }) };
    if (quirk.formPost) return { url: query.redirect_uri, form, issuer: it.origin };
    const back = new URL(query.redirect_uri);
    for (const [name, value] of Object.entries(form)) back.searchParams.set(name, value);
    return back.href;
  }
  function token(method, url, text, headers) {
    const form = Object.fromEntries(method === 'GET' ? url.searchParams : new URLSearchParams(text));
    it.received.token.push({ method, form, authorization: headers.authorization });
    const code = form.code ?? form.assertion, transaction = codes.get(code);
    codes.delete(code);
    const challenge = form.code_verifier && createHash('sha256').update(form.code_verifier).digest('base64url');
    if (!transaction || transaction.redirect_uri !== form.redirect_uri || transaction.code_challenge !== challenge) return { error: 'invalid_grant' };
    return quirk.answer(it.origin, transaction, it, headers);
  }

  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const url = new URL(request.url, it.origin);
    const send = (status, body) => {
      const whole = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'Content-Type': quirk.textAnswers ? 'text/plain' : typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json' });
      response.end(whole);
    };
    if (url.pathname === quirk.paths.token.split('?')[0] && request.method === (quirk.token.method ?? 'POST')) {
      const answer = token(request.method, url, text, request.headers);
      return send(answer.error ? 400 : 200, answer);
    }
    const call = quirk.calls[`${request.method} ${url.pathname}`];
    if (!/well-known|^\/keys$/.test(url.pathname)) it.received.calls.push({ call: `${request.method} ${url.pathname}`, query: Object.fromEntries(url.searchParams), headers: request.headers, body: text });
    return call ? send(200, it.refusal ?? call.answer(it.origin, it)) : send(404, { error: 'not_found' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  it.origin = `http://127.0.0.1:${server.address().port}`;
  it.approve = (url) => authorize(new URL(url));
  it.toml = (more = {}) => {
    const at = (path) => path && it.origin + path;
    const byDiscovery = Object.keys(quirk.calls).some((call) => call.includes('well-known'));
    const keys = {
      client_id: client.id, client_secret: client.secret, allow_private_network: true,
      ...(!byDiscovery && quirk.paths.userinfo && { authorization_endpoint: at(quirk.paths.authorize), token_endpoint: at(quirk.paths.token), userinfo_endpoint: at(quirk.paths.userinfo) }),
      ...quirk.keys?.(it.origin), ...more,
    };
    return `[signin.provider.${id}]\n${Object.entries(keys).filter(([, value]) => value !== undefined).map(([key, value]) => `${key} = ${tomlValue(value)}`).join('\n')}\n`;
  };
  it.stop = () => { server.closeAllConnections(); server.close(); };
  return it;
}

export { basic };
