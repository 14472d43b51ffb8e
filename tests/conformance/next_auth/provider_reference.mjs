// SPDX-License-Identifier: Apache-2.0
// What the real @auth/core makes of a provider: the authorization request that it sends, the calls that it makes for a profile,
// and its profile. Nothing leaves the machine: fetch is answered from the sample.
const core = new URL('./node_modules/@auth/core/', import.meta.url);
const { Auth, skipCSRFCheck } = await import(new URL('index.js', core));
const { default: parseProviders } = await import(new URL('lib/utils/providers.js', core));

const files = { hydra: 'ory-hydra' };
export const clientId = 'client-1';
export const discovered = (issuer) => ({
  issuer,
  authorization_endpoint: 'https://discovered.example/authorize',
  token_endpoint: 'https://discovered.example/token',
  userinfo_endpoint: 'https://discovered.example/userinfo',
  jwks_uri: 'https://discovered.example/jwks',
  code_challenge_methods_supported: ['S256'],
});

async function withFetch(answer, work) {
  const before = globalThis.fetch;
  const calls = [];
  globalThis.fetch = async (input, init = {}) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const call = { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() };
    calls.push(call);
    return answer(call);
  };
  try {
    return { result: await work(), calls };
  } finally {
    globalThis.fetch = before;
  }
}

// The provider as an application would write it, with what the sample's settings say.
async function make(id, settings) {
  const { default: factory } = await import(new URL(`providers/${files[id] ?? id}.js`, core));
  const options = { clientId, clientSecret: 'secret-1' };
  if (settings.issuer) options.issuer = settings.issuer;
  if (settings.tenant) options.accountID = settings.tenant;
  if (settings.userinfo_endpoint) options.userinfo = settings.userinfo_endpoint;
  const provider = factory(options);
  // Without these @auth/core refuses to start with NetSuite and Todoist.
  provider.userinfo ??= options.userinfo;
  if (id === 'todoist') provider.userinfo.url = 'https://api.todoist.com/sync/v9/sync';
  return provider;
}

async function parsed(id, settings) {
  const config = { providers: [await make(id, settings)], basePath: '/auth' };
  return parseProviders({ url: new URL('http://localhost/auth'), providerId: id, config }).provider;
}

// { url, provider }: where POST /signin/ID sends the browser.
export async function authorizationOf(id, settings) {
  const provider = await parsed(id, settings);
  const request = new Request(`http://localhost/auth/signin/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ callbackUrl: '/' }),
  });
  const errors = [];
  const logger = { error: (error) => errors.push(error), warn() {}, debug() {} };
  const config = { providers: [await make(id, settings)], secret: 's'.repeat(32), trustHost: true, basePath: '/auth', skipCSRFCheck, logger };
  const { result } = await withFetch(
    () => Response.json(discovered(provider.issuer)),
    () => Auth(request, config),
  );
  const location = result.headers.get('location');
  if (errors.length || !location) throw new Error(`${id}: ${errors[0]?.stack ?? 'no location'}`);
  return { url: new URL(location), provider };
}

function answerFrom(answers) {
  return ({ method, url }) => {
    if (url.includes('/photos/')) return new Response('', { status: 404 });
    const key = `${method} ${url.split('?')[0]}`;
    const known = answers[key] ?? (decodeURIComponent(url).includes('{') ? Object.values(answers)[0] : undefined);
    return known === undefined ? new Response('{}', { status: 404 }) : Response.json(known);
  };
}

// { profile, calls }: as lib/actions/callback does it, from the token answer on.
export async function profileOf(id, sample) {
  const provider = await parsed(id, sample.settings ?? {});
  const tokens = { access_token: 'at-1', token_type: 'bearer', ...sample.token };
  const { result, calls } = await withFetch(answerFrom(sample.answers ?? {}), async () => {
    let raw;
    if (sample.claims) {
      raw = { ...structuredClone(sample.claims), ...(sample.user && { user: sample.user }) };
    } else if (sample.answers['GET USERINFO']) {
      raw = structuredClone(sample.answers['GET USERINFO']);
    } else if (provider.userinfo.request) {
      raw = await provider.userinfo.request({ tokens, provider });
    } else {
      raw = await (await fetch(provider.userinfo.url, { headers: { authorization: `Bearer ${tokens.access_token}` } })).json();
    }
    return provider.profile(raw, tokens);
  });
  return { profile: result, calls: calls.filter(({ url }) => !url.includes('/photos/')) };
}
