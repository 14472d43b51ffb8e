// SPDX-License-Identifier: Apache-2.0
// Sign-in at providers that have ways of their own, and exactly what each of them gets to see.
import assert from 'node:assert/strict';
import { verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { begin, comeBack } from './support/provider_signin.mjs';
import { appleKey, basic, client as credentials, quirks, startQuirkyProvider } from './support/quirky_providers.mjs';
import { Sallyport } from './support/sallyport.mjs';

const perTransaction = ['redirect_uri', 'state', 'nonce', 'code_challenge', 'code_challenge_method'];
const without = (object, names) => Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));

async function signIn(gate, fake, client = gate.client()) {
  const started = await begin(client, fake.id);
  assert.equal(started.status, 200, started.text);
  return { client, url: started.url, answer: await comeBack(client, fake.approve(started.url)) };
}

test('credentials in the environment, by the names of Auth.js, are all that a known provider needs', async () => {
  const env = { AUTH_GITHUB_ID: 'id of github', AUTH_GITHUB_SECRET: 's', AUTH_KEYCLOAK_ID: 'k', AUTH_KEYCLOAK_SECRET: 's', AUTH_KEYCLOAK_ISSUER: 'https://id.example.com/realms/x' };
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', env });
  const client = gate.client();
  const providers = (await client.request('/api/auth/providers')).json();
  assert.deepEqual(['github', 'keycloak'].map((id) => [providers[id].id, providers[id].name, providers[id].type]), [['github', 'GitHub', 'oauth'], ['keycloak', 'Keycloak', 'oidc']]);
  const { url } = await begin(client, 'github');
  assert.ok(url.startsWith('https://github.com/login/oauth/authorize?'), url);
  assert.equal(new URL(url).searchParams.get('client_id'), 'id of github');
  await gate.stop();
});

describe('quirky providers', () => {
  const fakes = {};
  let gate;
  before(async () => {
    for (const id of Object.keys(quirks)) fakes[id] = await startQuirkyProvider(id);
    gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', extra: Object.values(fakes).map((fake) => fake.toml()).join('\n') });
  });
  after(async () => {
    await gate?.stop();
    for (const fake of Object.values(fakes)) fake.stop();
  });

  for (const [id, quirk] of Object.entries(quirks)) {
    test(`${id}: a person signs in`, async () => {
      const fake = fakes[id];
      const { client, url, answer } = await signIn(gate, fake);
      assert.equal(answer.status, 302, answer.text);
      assert.equal(answer.headers.location, `${gate.origin}/`, gate.log);
      const { user } = await client.session();
      const expected = typeof quirk.user === 'function' ? quirk.user(fake.origin) : quirk.user;
      assert.deepEqual({ name: null, email: null, image: null, ...user }, expected);

      const [sent] = fake.received.authorize;
      assert.equal(new URL(url).hash, quirk.fragment ?? '');
      assert.ok(url.startsWith(fake.origin));
      assert.deepEqual(without(sent, perTransaction), { response_type: quirk.responseType ?? 'code', [quirk.clientId ?? 'client_id']: credentials.id, ...quirk.authorize });
      assert.equal(sent.redirect_uri, `${gate.origin}/api/auth/callback/${id}`);
      assert.ok(sent.state.length >= 43);
      assert.equal(sent.code_challenge_method, quirk.pkce === false ? undefined : 'S256');

      const [{ method, form, authorization }] = fake.received.token;
      assert.equal(method, quirk.token.method ?? 'POST');
      assert.equal(authorization, quirk.token.basic ? basic : undefined);
      const proof = quirk.token.assertion
        ? { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: credentials.secret }
        : { grant_type: 'authorization_code', ...quirk.token.form };
      assert.deepEqual(without(form, ['code', 'assertion', 'redirect_uri', 'code_verifier', ...(quirk.token.secretIsJwt ? ['client_secret'] : [])]),
        method === 'GET' ? { ...new URL(quirk.paths.token, fake.origin).searchParams, ...proof } : proof);
      assert.equal('code_verifier' in form, quirk.pkce !== false);

      const wanted = Object.entries(quirk.calls).filter(([call]) => !/well-known|keys$/.test(call));
      assert.deepEqual(fake.received.calls.map(({ call }) => call), wanted.map(([call]) => call));
      for (const [index, [, { headers = {}, query = {}, body = '' }]] of wanted.entries()) {
        const got = fake.received.calls[index];
        assert.deepEqual(got.query, query);
        assert.equal(got.body, body);
        for (const [name, value] of Object.entries({ accept: 'application/json', ...headers })) assert.equal(got.headers[name], value, name);
        assert.ok(got.headers['user-agent'], 'GitHub and Reddit refuse requests without one');
      }
    });
  }

  test('apple: the client secret is an ES256 JWT of the developer key, made for this use', () => {
    const secret = fakes.apple.received.token[0].form.client_secret;
    const [head, claims, signature] = secret.split('.');
    assert.deepEqual({ ...decode(head), typ: undefined }, { alg: 'ES256', kid: appleKey.key_id, typ: undefined });
    const { iss, sub, aud, iat, exp } = decode(claims);
    assert.deepEqual({ iss, sub, aud }, { iss: appleKey.team_id, sub: credentials.id, aud: fakes.apple.origin });
    assert.ok(exp - iat <= 300 && Math.abs(iat - Date.now() / 1000) < 60);
    assert.ok(verify('sha256', Buffer.from(`${head}.${claims}`), { key: appleKey.publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')));
  });

  test('apple: the name comes at the first consent only, and stays', async () => {
    const { client, answer } = await signIn(gate, fakes.apple);
    assert.equal(answer.status, 302, answer.text);
    assert.equal(fakes.apple.consents, 2);
    assert.equal((await client.session()).user.name, 'Ada Lovelace');
  });

  test('S31 entra: an issuer that is no tenant of it is refused', async () => {
    for (const tenant of ['common', 'evil', '{tenantid}', '01234567-89ab-cdef-0123-456789abcdef/x']) {
      fakes['microsoft-entra-id'].tenant = tenant;
      const { client, answer } = await signIn(gate, fakes['microsoft-entra-id']);
      assert.match(answer.headers.location, /error=/, tenant);
      assert.equal(await client.session(), null);
    }
    delete fakes['microsoft-entra-id'].tenant;
  });

  test('S33 github: an address that GitHub has not confirmed is not taken', async () => {
    fakes.github.unverified = true;
    const gate2 = await Sallyport.serve({ web: 'http://127.0.0.1:9', extra: fakes.github.toml() });
    const { client } = await signIn(gate2, fakes.github);
    assert.equal((await client.session()).user.email ?? null, null);
    await gate2.stop();
    delete fakes.github.unverified;
  });

  for (const [id, refusal] of Object.entries({
    facebook: { error: { message: 'Invalid OAuth access token', code: 190 } },
    tiktok: { data: {}, error: { code: 'access_token_invalid', message: 'no' } },
    wechat: { errcode: 40003, errmsg: 'invalid openid' },
    notion: { bot: { owner: { type: 'workspace', workspace: true } } },
    vk: { response: [] },
  })) {
    test(`${id}: a refusal with status 200 signs nobody in`, async () => {
      fakes[id].refusal = refusal;
      const { client, answer } = await signIn(gate, fakes[id]);
      delete fakes[id].refusal;
      assert.equal(answer.status, 302);
      assert.match(answer.headers.location, /\/api\/auth\/(error|signin)\?error=/);
      assert.equal(await client.session(), null);
    });
  }

  test('S62 no secret and no token of theirs is in the log', () => {
    for (const secret of [credentials.secret, 'at/1+x', 'at%2F1%2Bx', appleKey.pem.split('\n')[1], 'bungie-key']) assert.equal(gate.log.includes(secret), false, secret);
  });
});
