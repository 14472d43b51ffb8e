// SPDX-License-Identifier: Apache-2.0
// Every provider beside the real @auth/core: the authorization request, the calls for the profile, the profile that comes out.
// What differs on purpose stands below with its reason; a difference that is no longer there fails too.
//
// SALLYPORT_PROVIDER_PROBE: the program of provider_probe.cc; ctest sets it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';

const samples = JSON.parse(readFileSync(new URL('./provider_samples.json', import.meta.url)));
const probe = process.env.SALLYPORT_PROVIDER_PROBE;
const installed = existsSync(new URL('./node_modules/@auth/core/index.js', import.meta.url));
const skip = probe ? false : 'SALLYPORT_PROVIDER_PROBE is not set';
// Under ctest nothing is left out silently.
if (probe && !installed) throw new Error('@auth/core is not installed: npm ci in tests/conformance/next_auth');
const reference = skip ? {} : await import('./provider_reference.mjs');

const noScope = 'it asks for OpenID scopes where the provider has none; we send no scope, so that the settings of the app there decide';
const authorizationDiffers = {
  ...Object.fromEntries(
    ['box', 'boxyhq-saml', 'bungie', 'click-up', 'faceit', 'foursquare', 'freshbooks', 'mailchimp', 'mattermost', 'naver', 'nextcloud', 'notion', 'osso', 'pipedrive', 'workos']
      .map((id) => [`${id} scope`, noScope])),
  'dribbble scope': 'it sends the word "undefined"',
  'tiktok client_id': 'TikTok knows client_key only',
  'wechat client_id': 'WeChat knows appid only',
  'twitch claims': 'we ask for email_verified too: without it the address could never count as confirmed (S33)',
};
const pkceDiffers = { 'azure-devops': 'its token request has no place for the verifier, so that the challenge is never checked' };
const authenticationDiffers = { wechat: 'WeChat knows appid and secret in the query only' };
const tokenDiffers = {
  'azure-devops': 'it asks the authorization endpoint; Microsoft documents /oauth2/token',
  wechat: 'it writes appid and secret into the URL; here they are parameters like those of others',
};
const callDiffers = { bungie: 'it leaves {membershipId} in the URL as it is, and sends no X-API-Key' };
const profileDiffers = {
  'azure-devops image': 'a data: URI; we keep pictures by URL only',
  'click-up email': 'it leaves the address out',
  'click-up image': 'it calls the picture profilePicture, which no session shows',
  'bitbucket email': 'it has none; we ask for the list and take the primary, confirmed one',
  'github email': 'it takes an address that nobody has confirmed',
  'threads id': 'it throws on the shape that Threads documents',
};

let child, lines;
async function ask(request) {
  child.stdin.write(`${JSON.stringify(request)}\n`);
  return JSON.parse((await lines.next()).value);
}
const requestOf = (id, { settings, token, answers, claims, user }) =>
  ask({ settings: { id, ...settings }, token: { access_token: 'at-1', ...token }, answers, claims, user });

const queryOf = (url) => Object.fromEntries([...new URL(url).searchParams].filter(([, value]) => value !== ''));
const withoutQuery = (url) => `${new URL(url).origin}${new URL(url).pathname}`;
const plain = (value) => (value === undefined || value === null || value === '' ? null : String(value));

describe('providers', { skip }, () => {
  const used = new Set();
  const differs = (table, key) => key in table && (used.add(key), true);
  let table;

  before(async () => {
    child = spawn(probe, { stdio: ['pipe', 'pipe', 'inherit'] });
    lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    table = JSON.parse((await lines.next()).value);
  });
  after(() => child.stdin.end());

  test('the table has every id that Auth.js ships, and a sample of each', (t) => {
    assert.deepEqual(Object.keys(samples), Object.keys(table).sort());
    const facts = process.env.SALLYPORT_PROVIDER_FACTS;
    if (!facts || !existsSync(facts)) return t.diagnostic('compared with the samples only: the table of facts is not on this machine');
    const shipped = JSON.parse(readFileSync(facts)).filter(({ type }) => type === 'oidc' || type === 'oauth');
    assert.deepEqual(table, Object.fromEntries(shipped.map(({ id, type }) => [id, type])));
  });

  for (const [id, [first]] of Object.entries(samples)) {
    test(`${id}: the authorization request`, async () => {
      const { spec, problems } = await requestOf(id, first);
      assert.equal(problems, undefined);
      const { url, provider } = await reference.authorizationOf(id, first.settings ?? {});
      const theirs = queryOf(url);
      const checks = { pkce: 'code_challenge' in theirs, nonce: 'nonce' in theirs };
      for (const name of ['redirect_uri', 'state', 'code_challenge', 'code_challenge_method', 'nonce']) delete theirs[name];
      const endpoint = new URL(spec.authorization || 'https://discovered.example/authorize');
      for (const [name, value] of spec.parameters) endpoint.searchParams.set(name, value);
      const mine = queryOf(endpoint);
      assert.equal(withoutQuery(endpoint), withoutQuery(url));
      for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
        if (mine[name] !== theirs[name] && differs(authorizationDiffers, `${id} ${name}`)) continue;
        assert.equal(mine[name], theirs[name], `parameter ${name}`);
      }
      if (checks.pkce && !spec.pkce) assert.ok(differs(pkceDiffers, id), 'they use PKCE and we do not');
      assert.ok(spec.nonce || !checks.nonce, 'they use a nonce and we do not');
      assert.equal(spec.name, provider.name);
      const theirAuthentication = provider.client?.token_endpoint_auth_method ?? 'client_secret_basic';
      if (spec.authentication !== theirAuthentication) assert.ok(differs(authenticationDiffers, id), `${spec.authentication} and ${theirAuthentication}`);
      const theirToken = provider.token?.url?.href;
      if (theirToken && theirToken !== 'https://authjs.dev/' && spec.token !== theirToken) assert.ok(differs(tokenDiffers, id), `${spec.token} and ${theirToken}`);
      assert.equal(spec.from_userinfo, provider.type === 'oauth' || provider.idToken === false);
    });
  }

  for (const [id, list] of Object.entries(samples)) {
    list.forEach((sample, index) => {
      test(`${id}: profile ${index + 1}${sample.why ? ` (${sample.why})` : ''}`, async () => {
        const mine = await requestOf(id, sample);
        assert.equal(mine.error, undefined);
        const theirs = await reference.profileOf(id, sample).catch((error) => ({ profile: {}, calls: [], error }));
        if (theirs.error) return assert.ok(differs(profileDiffers, `${id} id`), theirs.error);
        for (const field of ['id', 'name', 'email', 'image']) {
          const [a, b] = [plain(mine.profile[field]), plain(theirs.profile[field])];
          if (a !== b && differs(profileDiffers, `${id} ${field}`)) continue;
          assert.equal(a, b, field);
        }
        for (const [at, call] of theirs.calls.entries()) {
          const our = mine.calls[at];
          if (differs(callDiffers, id)) continue;
          assert.equal(`${our.method} ${withoutQuery(our.url)}`, `${call.method} ${withoutQuery(call.url)}`);
          assert.deepEqual(queryOf(our.url), queryOf(call.url));
          const headers = Object.fromEntries(our.headers.map(([name, value]) => [name.toLowerCase(), value]));
          for (const [name, value] of Object.entries(call.headers)) {
            if (name === 'user-agent' || name === 'accept' || (name === 'content-type' && call.method === 'GET')) continue;
            assert.equal(headers[name], value, `header ${name}`);
          }
          assert.equal(headers.authorization, call.headers.authorization);
          if (call.body) assert.deepEqual(JSON.parse(our.body), JSON.parse(call.body));
        }
      });
    });
  }

  test('S33: addresses count as confirmed only where the provider says so', async () => {
    const confirmed = async (id, index = 0) => (await requestOf(id, samples[id][index])).profile.email_verified;
    for (const id of ['apple', 'google', 'discord', 'dropbox', 'github', 'gitlab', 'kakao', 'zoom', 'wikimedia', 'patreon', 'eventbrite']) assert.equal(await confirmed(id), true, id);
    for (const id of ['facebook', 'spotify', 'vk', 'box', 'notion', 'microsoft-entra-id', 'azure-ad-b2c', 'twitter', 'yandex']) {
      const sample = structuredClone(samples[id][0]);
      assert.equal((await requestOf(id, sample)).profile.email_verified, false, id);
    }
    assert.equal(await confirmed('discord', 1), false);
  });

  test('every difference that is listed is there', () => {
    const listed = [authorizationDiffers, pkceDiffers, authenticationDiffers, tokenDiffers, callDiffers, profileDiffers].flatMap(Object.keys);
    assert.deepEqual(listed.filter((key) => !used.has(key)), []);
  });
});
