// SPDX-License-Identifier: Apache-2.0
// identity = "provider": the access token of the provider, refreshed under load at a provider that rotates strictly and is slow,
// loses an answer, breaks, or restarts. One redemption each time, and nobody is signed out (S35).
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, beforeEach, describe, test } from 'node:test';
import { deferred } from './support/deferred.mjs';
import { signed, startHostileProvider, withBrokenSignature } from './support/hostile_provider.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort, until } from './support/processes.mjs';
import { signInAt } from './support/provider_signin.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport } from './support/sallyport.mjs';

const kParallel = 200, kAskAgainAfter = 5500;
const routes = [{ path: '/api/*', upstream: 'api', access: 'session', identity: 'provider' }, { path: '/open/*', upstream: 'api', access: 'optional', identity: 'provider' },
  { path: '/work-only/*', upstream: 'api', access: 'session', identity: 'provider', providers: ['work'] }];

const now = () => Math.floor(Date.now() / 1000);
// A provider whose first access token is over at once, and whose ID token of a refresh differs as told.
const refreshesWith = (idToken) => ({
  token: (answer) => ({ ...answer, expires_in: 0, refresh_token: 'first' }),
  refresh: async (issuer, client) => {
    const claims = { iss: issuer.url, sub: 'person-1', aud: client.id, iat: now(), exp: now() + 300 };
    return { access_token: 'refreshed', token_type: 'Bearer', expires_in: 300, refresh_token: 'second', id_token: await idToken(claims, issuer.keys[0]) };
  },
});
// Answers a refresh when the test lets it go, and takes tokens back.
const held = {
  reached: deferred(), released: deferred(),
  discovery: (document, issuer) => ({ ...document, revocation_endpoint: `${issuer.url}/revoke` }),
  token: (answer) => ({ ...answer, expires_in: 0, refresh_token: 'first' }),
  refresh: async () => {
    held.reached.resolve();
    await held.released.promise;
    return { access_token: 'too-late', token_type: 'Bearer', expires_in: 300, refresh_token: 'second' };
  },
  before: (what, issuer, request, response) => { if (what === 'revoke') response.end(); return what === 'revoke'; },
};
const refreshing = {
  good: refreshesWith((claims, key) => signed(claims, key)),
  'other-iss': refreshesWith((claims, key) => signed({ ...claims, iss: 'https://elsewhere.example' }, key)),
  'other-sub': refreshesWith((claims, key) => signed({ ...claims, sub: 'person-2' }, key)),
  unsigned: refreshesWith(async (claims, key) => withBrokenSignature(await signed(claims, key))),
};

describe('identity = "provider"', () => {
  let op, hostile, gate, api, client, cookie, lifetime;
  const bearers = () => api.requests.map((request) => api.header(request, 'authorization')[0]);
  const storm = () => Promise.all(Array.from({ length: kParallel }, (_, i) => client.request(`/api/storm/${i}`)));
  const statuses = (answers) => [...new Set(answers.map(({ status }) => status))];
  // What the sign-in brought is over; what a refresh brings lives on, however slow the machine is.
  const expire = async () => { await delay(1200); lifetime = 3600; };
  const redemptions = () => op.requests.filter(({ path, method }) => path === '/token' && method === 'POST').length;

  before(async () => {
    const port = await freePort();
    op = await startOidcProvider({ origin: `http://localhost:${port}`, lifetimes: { AccessToken: () => lifetime } });
    hostile = await startHostileProvider({ other: {}, held, ...refreshing });
    api = await startRecordingUpstream();
    gate = await Sallyport.serve({ port, api: api.origin, routes, extra: op.toml() + Object.keys({ other: 0, held, ...refreshing }).map((name) => hostile.toml(name, name)).join(''), users: [{ email: 'pat@example.com', password: 'correct horse battery' }] });
  });
  after(async () => { await gate?.stop(); await op?.stop(); await hostile?.stop(); await api?.stop(); });
  beforeEach(async () => {
    op.hooks.token = undefined;
    lifetime = 1;
    client = gate.client();
    assert.equal((await signInAt(op, client, 'ada')).status, 302);
    cookie = client.jar.header();
    op.requests.length = op.issued.length = 0;
    api.clear();
  });
  const stillSignedIn = async () => {
    assert.equal((await client.session()).user.email, 'ada@example.com');
    assert.equal(client.jar.header().split('; ').sort().join(), cookie.split('; ').sort().join(), 'the cookie never changes on refresh');
  };

  test('the access token of the provider is attached, and the browser never sees it', async () => {
    const answer = await client.request('/api/me');
    assert.equal(answer.status, 200, answer.text);
    assert.match(bearers()[0], /^Bearer [\w-]{20,}$/);
    assert.ok(!JSON.stringify(answer.headers).includes(bearers()[0].slice(7)));
  });

  test('a bearer of the client is never taken for it, and nobody is nobody', async () => {
    await gate.client().request('/open/x', { headers: { Authorization: 'Bearer mine' } });
    assert.deepEqual(bearers(), [undefined]);
    assert.equal((await gate.client().request('/api/x')).status, 401);
  });

  test('S35 refresh storm: 200 requests, a provider that takes 3 s, one redemption', async () => {
    op.hooks.token = async (ctx, next) => { await delay(3000); await next(); };
    await expire();
    assert.deepEqual(statuses(await storm()), [200]);
    assert.equal(redemptions(), 1);
    assert.equal(new Set(bearers()).size, 1, 'all with the new token');
    assert.ok(op.issued.some((token) => bearers()[0] === `Bearer ${token}`));
    await stillSignedIn();
  });

  test('S35 every rotated refresh token is kept', async () => {
    for (let round = 1; round <= 3; round += 1) {
      await delay(1200);
      assert.equal((await client.request('/api/x')).status, 200);
      assert.ok(redemptions() >= round);
    }
    await stillSignedIn();
  });

  test('S35 refresh storm: the answer is lost', async () => {
    op.hooks.token = async (ctx, next) => { await next(); ctx.respond = false; ctx.req.socket.destroy(); };
    await expire();
    const answers = await storm();
    assert.deepEqual(statuses(answers), [503]);
    assert.equal(answers[0].json().code, 'provider_unavailable');
    assert.ok(Number(answers[0].headers['retry-after']) > 0);
    assert.equal(redemptions(), 1);
    await stillSignedIn();

    // The provider counts the old token as stolen now: what it gave is void, but that is no reason to sign somebody out.
    op.hooks.token = undefined;
    await delay(kAskAgainAfter);
    const after = await storm();
    assert.deepEqual(statuses(after), [401]);
    assert.equal(after[0].json().code, 'login_required');
    assert.equal(redemptions(), 2);
    await stillSignedIn();
    assert.equal((await signInAt(op, client, 'ada')).status, 302);
    assert.equal((await client.request('/api/x')).status, 200);
  });

  test('S35 refresh storm: the provider answers 500', async () => {
    op.hooks.token = (ctx) => { ctx.status = 500; ctx.body = { error: 'server_error' }; };
    let asked = 0;
    const fail = op.hooks.token;
    op.hooks.token = (ctx) => { asked += 1; return fail(ctx); };
    await expire();
    assert.deepEqual(statuses(await storm()), [503]);
    assert.equal(asked, 1);
    await stillSignedIn();
    op.hooks.token = undefined;
    await delay(kAskAgainAfter);
    assert.deepEqual(statuses(await storm()), [200]);
    assert.equal(redemptions(), 1);
    await stillSignedIn();
  });

  test('S35 refresh storm: the provider restarts', async () => {
    let asked = 0;
    let back;
    op.hooks.token = (ctx) => { asked += 1; ctx.respond = false; back = op.restart(1000); };
    await expire();
    assert.deepEqual(statuses(await storm()), [503]);
    assert.equal(asked, 1);
    await back;
    await stillSignedIn();
    op.hooks.token = undefined;
    await delay(kAskAgainAfter);
    assert.deepEqual(statuses(await storm()), [200]);
    assert.equal(redemptions(), 1);
    await stillSignedIn();
  });

  test('S35 a refresh token that the provider has withdrawn ends the session', async () => {
    op.hooks.token = (ctx) => { ctx.status = 400; ctx.body = { error: 'invalid_grant' }; };
    await expire();
    assert.deepEqual(statuses(await storm()), [401]);
    assert.equal((await client.session()), null);
  });

  const personAt = async (id) => {
    const one = gate.client();
    assert.equal((await signInAt(hostile, one, '', { id })).status, 302);
    return one;
  };

  test('oidcc-client-test-refresh-token', async () => {
    const one = await personAt('good');
    assert.equal((await one.request('/api/x')).status, 200);
    assert.deepEqual(bearers(), ['Bearer refreshed']);
    assert.ok(await one.session());
  });

  for (const [name, id, reason] of [['oidcc-client-test-refresh-token-invalid-issuer', 'other-iss', 'wrong_issuer'], ['oidcc-client-test-refresh-token-invalid-sub', 'other-sub', 'wrong_subject']]) {
    test(`${name}: the refresh is refused, the session ends, the audit log says so`, async () => {
      const one = await personAt(id);
      assert.equal((await one.request('/api/x')).status, 401);
      assert.deepEqual(bearers(), []);
      assert.equal(await one.session(), null);
      const { stdout } = await gate.cli(['audit', 'list', '--json']);
      assert.match(stdout, new RegExp(reason));
    });
  }

  test('S31 tokens that come with an ID token of a bad signature are not used, and nobody is signed out', async () => {
    const one = await personAt('unsigned');
    assert.equal((await one.request('/api/x')).status, 503);
    assert.deepEqual(bearers(), []);
    assert.ok(await one.session());
  });

  test('S5 a refresh that is overtaken by a sign-out: nobody gets its tokens, and the provider takes them back', async () => {
    const one = await personAt('held');
    const asking = one.request('/api/x');
    await held.reached.promise;
    const signedOut = await one.signOut();
    assert.equal(signedOut.status, 200, signedOut.text);
    const revoked = () => hostile.issuer('held').seen.filter(({ what }) => what === 'revoke').map(({ text }) => new URLSearchParams(text).get('token'));
    await until(() => revoked().includes('first'), { what: 'what the session had is revoked' });
    assert.ok(!revoked().includes('second'));
    held.released.resolve();
    assert.equal((await asking).status, 401);
    await until(() => revoked().includes('second') && revoked().includes('too-late'), { what: 'what came too late is revoked' });
    assert.deepEqual(bearers(), []);
  });

  test('a session that began in another way has no such token, and the other provider\'s is its own', async () => {
    const pat = gate.client();
    await pat.signIn('pat@example.com', 'correct horse battery');
    assert.equal((await pat.request('/api/x')).status, 200);
    assert.deepEqual(bearers(), [undefined]);
    const one = gate.client();
    await signInAt(hostile, one, '', { id: 'other' });
    await one.request('/api/x');
    assert.equal(bearers()[1], `Bearer ${hostile.issuer('other').accessTokens.at(-1)}`);
    assert.equal((await one.request('/work-only/x')).status, 200);
    assert.equal(bearers()[2], undefined, 'S23 not for this API');
    assert.equal((await client.request('/work-only/x')).status, 200);
    assert.match(bearers()[3], /^Bearer /);
  });
});
