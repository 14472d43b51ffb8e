// SPDX-License-Identifier: Apache-2.0
// How Sallyport shows a real provider who it is, what a slow provider looks like, and that taking away a way to sign in needs a
// recent sign-in.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startHostileProvider } from './support/hostile_provider.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort, run } from './support/processes.mjs';
import { begin, comeBack, signInAt } from './support/provider_signin.mjs';
import { Sallyport, ada, scratch } from './support/sallyport.mjs';

const nowhere = 'http://127.0.0.1:9';

describe('client authentication at a real provider', () => {
  const ways = {
    client_secret_basic: () => ({}),
    client_secret_post: () => ({ client: { token_endpoint_auth_method: 'client_secret_post' }, more: 'client_authentication = "client_secret_post"' }),
    none: () => ({ client: { token_endpoint_auth_method: 'none' }, more: 'client_authentication = "none"' }),
    private_key_jwt: () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const file = join(scratch('key'), 'key.pem');
      writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'ours', use: 'sig', alg: 'ES256' };
      return { client: { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }, without: 'client_secret', more: `client_authentication = "private_key_jwt"\nprivate_key_file = "${file}"\nkey_id = "ours"` };
    },
  };
  for (const [way, prepare] of Object.entries(ways)) {
    for (const par of [false, 'required']) {
      test(`${way}${par ? ', at the pushed request too' : ''}`, async () => {
        const { client = {}, more = '', without } = prepare();
        const port = await freePort();
        const op = await startOidcProvider({ origin: `http://localhost:${port}`, client, par });
        const section = op.toml('work', more).split('\n').filter((line) => !without || !line.startsWith(without)).join('\n');
        const gate = await Sallyport.serve({ port, web: nowhere, extra: section });
        try {
          const browser = gate.client();
          const answer = await signInAt(op, browser, 'ada', { callbackUrl: '/in' });
          assert.equal(answer.headers.location, `${gate.origin}/in`, gate.log);
          assert.equal((await browser.session()).user.email, 'ada@example.com');
          assert.equal(op.count('/request'), par ? 1 : 0);
        } finally { await gate.stop(); await op.stop(); }
      });
    }
  }
});

describe('a provider that is slow', () => {
  let op, gate;
  before(async () => {
    op = await startHostileProvider({ slow: { before: (what) => (what === 'token' ? new Promise(() => {}) : false) }, asleep: { before: () => new Promise(() => {}) } });
    gate = await Sallyport.serve({ web: nowhere, users: [ada], extra: op.toml('slow', 'slow') + op.toml('asleep', 'asleep') });
  });
  after(async () => { await gate?.stop(); await op?.stop(); });

  test('is given up on, with a page that leads back, and nobody else waits', async () => {
    const client = gate.client();
    const started = await begin(client, 'slow');
    const waiting = comeBack(client, await op.walk(started.url));
    const other = await gate.signedIn(ada);
    assert.equal((await other.session()).user.email, ada.email);
    const answer = await waiting;
    assert.match(answer.headers.location, /error=Configuration&code=unavailable/);
    assert.equal(await client.session(), null);
    assert.match((await client.navigate(answer.headers.location.slice(gate.origin.length))).text, /not possible right now/);
  });

  test('does not hold up the sign-in page', async () => {
    const page = await gate.client().navigate('/api/auth/signin');
    assert.match(page.text, /Sign in with asleep/);
    const started = await begin(gate.client(), 'asleep');
    assert.match(started.url, /error=Configuration&code=unavailable/);
  });
});

describe('disconnecting', () => {
  test('needs a sign-in within the last ten minutes', async () => {
    const port = await freePort();
    const op = await startOidcProvider({ origin: `http://localhost:${port}` });
    const gate = await Sallyport.serve({ port, web: nowhere, users: [ada], extra: op.toml() });
    try {
      const client = gate.client();
      await signInAt(op, client, 'ada');
      await gate.stop();
      const aged = await run('python3', ['-c', 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("UPDATE sessions SET auth_time = auth_time - 700000"); c.commit()', join(gate.dir, 'sallyport.db')]);
      assert.equal(aged.code, 0, aged.stderr);
      await gate.start();
      const refused = await client.unsafe('/api/auth/account/disconnect', { json: { provider: 'work', account: 'ada' } });
      assert.equal(refused.status, 403, refused.text);
      assert.equal(refused.json().code, 'reauthentication_required');
      await signInAt(op, client, 'ada');
      const done = await client.unsafe('/api/auth/account/disconnect', { json: { provider: 'work', account: 'ada' } });
      assert.equal(done.status, 204, done.text);
    } finally { await gate.stop(); await op.stop(); }
  });
});
