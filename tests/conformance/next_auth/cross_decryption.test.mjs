// SPDX-License-Identifier: Apache-2.0
// Session cookies across the border: what Sallyport seals, next-auth's own code opens, and the other way round.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { appSecret, person, startSallyport } from './set_up.mjs';

const require = createRequire(import.meta.url);

const packages = {
  v4: { cookie: 'next-auth.session-token', none: {}, jwt: () => require('next-auth/jwt'), salt: {} },
  v5: { cookie: 'authjs.session-token', none: null, jwt: () => import('@auth/core/jwt'), salt: { salt: 'authjs.session-token' } },
};

for (const [version, { cookie, none, jwt, salt }] of Object.entries(packages)) {
  describe(`next-auth ${version}`, () => {
    let gate, theirs;
    const forge = (token, options = {}) => theirs.encode({ token, secret: appSecret, maxAge: 3600, ...salt, ...options });
    const sessionWith = async (value) => {
      const client = gate.client();
      client.jar.set(cookie, value);
      return { client, session: await client.session() };
    };
    before(async () => {
      theirs = await jwt();
      gate = await startSallyport(version, { session: { strategy: 'jwt', idle_timeout: '30d', max_lifetime: '30d', update_claims: ['note'] }, compat: { adopt_until: '2099-01-01' } });
    });
    after(() => gate.stop());

    test('ours opens with their decode', async () => {
      const client = await gate.signedIn(person);
      const token = client.jar.get(cookie);
      const claims = await theirs.decode({ token, secret: appSecret, ...salt });
      assert.equal(claims.email, person.email);
      assert.equal(claims.name, person.name);
      assert.ok(claims.sub && claims.sid && claims.jti && claims.iat && claims.auth_time);
      assert.ok(claims.exp > Date.now() / 1000);
      assert.equal(JSON.stringify(claims).includes('eyJ'), false, 'S7: a token inside the cookie');
    });

    test('ours is what their getToken finds in a request', async () => {
      const client = await gate.signedIn(person);
      const headers = { cookie: client.jar.header() };
      const req = version === 'v4' ? { headers, cookies: { [cookie]: client.jar.get(cookie) } } : { headers };
      const claims = await theirs.getToken({ req, secret: appSecret, ...salt, cookieName: cookie, secureCookie: false });
      assert.equal(claims.email, person.email);
    });

    test('theirs is adopted here', async () => {
      const { session } = await sessionWith(await forge({ name: person.name, email: person.email, sub: 'legacy-1' }));
      assert.equal(session.user.email, person.email);
      assert.equal(session.user.name, person.name);
    });

    test('an adopted session that signs out is dead, wherever its cookie was copied', async () => {
      const value = await forge({ name: person.name, email: person.email, sub: 'legacy-2' });
      const { client } = await sessionWith(value);
      assert.equal((await client.signOut()).status, 200);
      assert.deepEqual((await sessionWith(value)).session, none);
    });

    test('theirs under another secret is no session', async () => {
      const { session } = await sessionWith(await forge({ name: 'Eve', email: 'eve@example.com', sub: 'x' }, { secret: `${appSecret}!` }));
      assert.deepEqual(session, none);
    });

    test('theirs that has expired is no session', async () => {
      const { session } = await sessionWith(await forge({ name: person.name, email: person.email, sub: 'x' }, { maxAge: -3600 }));
      assert.deepEqual(session, none);
    });

    test('S45 a cookie that claims a sid of ours under the shared secret does not enter that session', async () => {
      const client = await gate.signedIn(person);
      const claims = await theirs.decode({ token: client.jar.get(cookie), secret: appSecret, ...salt });
      const { session } = await sessionWith(await forge({ name: 'Eve', email: 'eve@example.com', sub: claims.sub, sid: 'no-such-session' }));
      assert.deepEqual(session, none);
    });

    test('without adopt_until, theirs is no session', async () => {
      const strict = await startSallyport(version);
      try {
        const client = strict.client();
        client.jar.set(cookie, await forge({ name: person.name, email: person.email, sub: 'legacy-3' }));
        assert.deepEqual(await client.session(), none);
      } finally { await strict.stop(); }
    });

    test('a large session of ours is cut into chunks that their getToken joins', async () => {
      const client = await gate.signedIn(person);
      const note = 'y'.repeat(3800);
      const { csrfToken } = await client.csrf();
      const answer = await client.request('/api/auth/session', { method: 'POST', json: { csrfToken, data: { note } } });
      assert.equal(answer.status, 200, answer.text);
      assert.ok(client.jar.get(`${cookie}.1`), client.jar.names().join());
      assert.equal(client.jar.get(cookie), undefined, 'the whole cookie stays beside its chunks');
      const req = { headers: { cookie: client.jar.header() }, cookies: Object.fromEntries(client.jar.names().map((name) => [name, client.jar.get(name)])) };
      const claims = await theirs.getToken({ req, secret: appSecret, ...salt, cookieName: cookie, secureCookie: false });
      assert.equal(claims.note, note);
      assert.equal((await client.session()).user.email, person.email);
    });

    test('a large session of theirs is read from its chunks', async () => {
      const whole = await forge({ name: person.name, email: person.email, sub: 'legacy-5', note: 'x'.repeat(6000) });
      const chunked = gate.client();
      const size = version === 'v4' ? 3933 : 3936;
      for (let i = 0; i * size < whole.length; ++i) chunked.jar.set(`${cookie}.${i}`, whole.slice(i * size, (i + 1) * size));
      assert.equal((await chunked.session()).user.email, person.email);
    });
  });
}
