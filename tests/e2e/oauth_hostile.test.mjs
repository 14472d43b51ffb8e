// SPDX-License-Identifier: Apache-2.0
// The relying-party cases of the OpenID Foundation's conformance suite (basic and form_post plans), each test named after its
// module, against a provider of our own that is wrong in one way at a time; and some that the suite does not have.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { half, macSigned, makeKey, signed, startHostileProvider, unsigned, withBrokenSignature } from './support/hostile_provider.mjs';
import { begin, comeBack } from './support/provider_signin.mjs';
import { Sallyport } from './support/sallyport.mjs';

const keys = { es: await makeKey('ES256', 'es'), rs2: await makeKey('RS256', 'second'), rs3: await makeKey('RS256', 'third'), stranger: await makeKey('RS256', 'shared') };
const without = (name) => (claims) => { const { [name]: _, ...rest } = claims; return rest; };
const withClaim = (name, value) => (claims) => ({ ...claims, [name]: value });
const userinfoOnly = ({ name, email, email_verified, ...rest }) => rest;
const noKid = (key) => ({ ...key, kid: undefined });
const bareJwk = ({ jwk: { kid, ...rest } }) => rest;

/** accept: {user} that the session must show. refuse: what the log must say. */
const cases = {
  'oidcc-client-test': { accept: { name: 'Person One', email: 'one@example.com' } },
  'oidcc-client-test-client-secret-basic': { accept: {}, clientAuth: (request, form, client, basic) => request.headers.authorization === basic && !form.has('client_secret') },
  'oidcc-client-test-idtoken-sig-rs256': { accept: {}, sign: (claims, issuer) => signed(claims, issuer.keys[0]) },
  'oidcc-client-test-idtoken-sig-es256': { accept: {}, jwks: (own) => ({ keys: [...own.map(({ jwk }) => jwk), keys.es.jwk] }), sign: (claims) => signed(claims, keys.es) },
  'oidcc-client-test-idtoken-sig-none': { refuse: /algorithm_not_allowed/, sign: (claims) => unsigned(claims), discovery: (document) => ({ ...document, id_token_signing_alg_values_supported: ['none', 'RS256'] }) },
  'oidcc-client-test-invalid-sig-rs256': { refuse: /bad_signature/, sign: async (claims, issuer) => withBrokenSignature(await signed(claims, issuer.keys[0])) },
  'oidcc-client-test-invalid-sig-es256': { refuse: /bad_signature/, jwks: () => ({ keys: [keys.es.jwk] }), sign: async (claims) => withBrokenSignature(await signed(claims, keys.es)) },
  'oidcc-client-test-invalid-sig-hs256': { refuse: /algorithm_not_allowed/, sign: (claims) => macSigned(claims, 'another secret') },
  'oidcc-client-test-invalid-iss': { refuse: /wrong_issuer/, claims: withClaim('iss', 'https://evil.example') },
  'oidcc-client-test-invalid-aud': { refuse: /wrong_audience/, claims: withClaim('aud', 'somebody-else') },
  'oidcc-client-test-missing-aud': { refuse: /wrong_audience|missing_claim/, claims: without('aud') },
  'oidcc-client-test-missing-iat': { refuse: /missing_claim/, claims: without('iat') },
  'oidcc-client-test-missing-sub': { refuse: /missing_claim/, claims: without('sub') },
  'oidcc-client-test-nonce-invalid': { refuse: /wrong_nonce/, claims: withClaim('nonce', 'not yours') },
  'oidcc-client-test-invalid-athash': { refuse: /wrong_hash/, claims: withClaim('at_hash', half('another token')) },
  'oidcc-client-test-kid-absent-single-jwks': { accept: {}, jwks: (own) => ({ keys: own.map(bareJwk) }), sign: (claims, issuer) => signed(claims, noKid(issuer.keys[0])) },
  'oidcc-client-test-kid-absent-multiple-jwks': { accept: {}, jwks: (own) => ({ keys: [keys.rs2, ...own, keys.rs3].map(bareJwk) }), sign: (claims, issuer) => signed(claims, noKid(issuer.keys[0])) },
  'oidcc-client-test-scope-userinfo-claims': { accept: { name: 'From Userinfo', email: 'info@example.com' }, claims: userinfoOnly },
  'oidcc-client-test-userinfo-bearer-header': {
    accept: { email: 'info@example.com' }, claims: userinfoOnly,
    check: (issuer) => {
      const asked = issuer.seen.find(({ what }) => what === 'userinfo');
      assert.match(asked.headers.authorization, /^Bearer hostile-access-/);
      assert.equal(asked.url.search, '', 'a token never stands in a URL');
    },
  },
  'oidcc-client-test-userinfo-invalid-sub': { refuse: /wrong_subject/, claims: userinfoOnly, userinfo: withClaim('sub', 'person-2') },
  'oidcc-client-test-userinfo-signed': {
    accept: { email: 'info@example.com' }, claims: userinfoOnly,
    userinfoAnswer: async (claims, issuer, client) => ({ type: 'application/jwt', body: await signed({ ...claims, iss: issuer.url, aud: client.id }, issuer.keys[0]) }),
  },
  'oidcc-client-test-aggregated-claims': { accept: { name: 'Person One' }, claims: (claims) => ({ ...claims, _claim_names: { address: 'src1' }, _claim_sources: { src1: { JWT: unsigned({ address: 'x' }) } } }) },
  'oidcc-client-test-distributed-claims': {
    accept: { name: 'From Userinfo' }, claims: userinfoOnly,
    userinfo: (claims, issuer) => ({ ...claims, _claim_names: { credit_score: 'src1' }, _claim_sources: { src1: { endpoint: `${issuer.url}/elsewhere`, access_token: 'x' } } }),
    check: (issuer) => assert.equal(issuer.count('elsewhere'), 0, 'references are never fetched'),
  },
  'oidcc-client-test-form-post-error': { refuse: /provider_error/, code: 'OAuthCallbackError', authorize: ({ state }) => ({ state, error: 'access_denied', error_description: 'no' }) },
  'oidcc-client-test-discovery-openid-config': { accept: {}, discovery: (document, issuer) => ({ ...document, token_endpoint: `${issuer.url}/token`, authorization_endpoint: `${issuer.url}/authorize` }) },
  'oidcc-client-test-discovery-jwks-uri-keys': { accept: {}, check: (issuer) => assert.equal(issuer.count('jwks'), 1) },
  'oidcc-client-test-discovery-issuer-mismatch': { refuse: /wrong_issuer/, atStart: true, discovery: withClaim('issuer', 'https://evil.example') },

  // Ours.
  'ours-nonce-absent': { refuse: /wrong_nonce|missing_claim/, claims: without('nonce') },
  'ours-missing-exp': { refuse: /missing_claim/, claims: without('exp') },
  'ours-expired': { refuse: /expired/, claims: withClaim('exp', Math.floor(Date.now() / 1000) - 600) },
  'ours-issued-in-the-future': { refuse: /issued_in_future|not_yet_valid/, claims: withClaim('iat', Math.floor(Date.now() / 1000) + 3600) },
  'ours-several-audiences-without-azp': { refuse: /wrong_authorized_party/, claims: (claims) => ({ ...claims, aud: [claims.aud, 'other'] }) },
  'ours-azp-of-another': { refuse: /wrong_authorized_party/, claims: withClaim('azp', 'other') },
  'ours-hs256-with-our-own-secret': { refuse: /algorithm_not_allowed/, sign: (claims) => macSigned(claims, 'secret-of-the-hostile-client-0123456789') },
  'ours-hs256-with-the-public-key': { refuse: /algorithm_not_allowed/, sign: (claims, issuer) => macSigned(claims, JSON.stringify(issuer.keys[0].jwk), { kid: 'shared' }) },
  'ours-key-inside-the-token': { refuse: /unsafe_header/, sign: (claims) => signed(claims, keys.rs3, { jwk: keys.rs3.jwk, kid: undefined }) },
  'ours-key-by-url-inside-the-token': { refuse: /unsafe_header/, sign: (claims, issuer) => signed(claims, keys.rs3, { jku: `${issuer.url}/jwks2` }), check: (issuer) => assert.equal(issuer.count('jwks2'), 0) },
  'ours-kid-of-another-key': { refuse: /bad_signature/, sign: (claims) => signed(claims, keys.stranger) },
  'ours-unknown-crit': { refuse: /unknown_critical|malformed/, sign: (claims) => { const jwt = macSigned(claims, 'x', { alg: 'RS256', kid: 'shared', crit: ['b64x'], b64x: true }); return jwt; } },
  'ours-no-id-token': { refuse: /missing_claim/, token: without('id_token') },
  'ours-no-access-token': { refuse: /malformed/, token: without('access_token') },
  'ours-mac-token-type': { refuse: /malformed/, token: withClaim('token_type', 'mac') },
  'ours-error-with-200': { refuse: /invalid_grant/, token: () => ({ error: 'invalid_grant' }) },
  'ours-token-endpoint-500': { refuse: /provider_unavailable/, tokenStatus: 500 },
  'ours-token-html': { refuse: /malformed/, before: (what, issuer, request, response) => { if (what !== 'token') return false; response.end('<html>'); return true; } },
  'ours-wrong-client-secret': { refuse: /invalid_client/, clientAuth: () => false },
  'ours-only-client-secret-post': { accept: {}, discovery: withClaim('token_endpoint_auth_methods_supported', ['client_secret_post']), clientAuth: (request, form, client) => form.get('client_secret') === client.secret && !request.headers.authorization },
  'ours-wrong-iss-parameter': { refuse: /wrong_issuer/, authorize: withClaim('iss', 'https://evil.example') },
  'ours-promised-iss-parameter-missing': { refuse: /missing_issuer|wrong_issuer/, discovery: withClaim('authorization_response_iss_parameter_supported', true) },
  'ours-code-and-error': { refuse: /malformed/, code: 'OAuthCallbackError', authorize: (answer) => ({ ...answer, error: 'x' }) },
  'ours-state-of-nobody': { refuse: /no_transaction/, code: 'OAuthCallbackError', authorize: (answer) => ({ ...answer, state: 'x'.repeat(43) }) },
  'ours-userinfo-for-everybody': { refuse: /missing_claim|wrong_subject/, claims: userinfoOnly, userinfo: without('sub') },
  'ours-userinfo-signed-by-a-stranger': {
    refuse: /bad_signature|key_not_found/, claims: userinfoOnly,
    userinfoAnswer: async (claims, issuer, client) => ({ type: 'application/jwt', body: await signed({ ...claims, iss: issuer.url, aud: client.id }, keys.stranger) }),
  },
  'ours-plain-pkce-only': { refuse: /unsupported/, atStart: true, discovery: withClaim('code_challenge_methods_supported', ['plain']) },
  'ours-endless-discovery': { refuse: /response_too_large/, atStart: true, discovery: withClaim('padding', 'x'.repeat(400_000)) },
  'ours-discovery-redirects': { refuse: /status 302/, atStart: true, before: (what, issuer, request, response) => { if (!what.startsWith('.well-known')) return false; response.writeHead(302, { Location: `${issuer.url}/elsewhere` }); response.end(); return true; } },
  'ours-duplicate-claims': { refuse: /malformed/, sign: async (claims, issuer) => { const { CompactSign } = await import('jose'); return new CompactSign(Buffer.from(`{"sub":"person-2",${JSON.stringify(claims).slice(1)}`)).setProtectedHeader({ alg: 'RS256', kid: 'shared' }).sign(issuer.keys[0].privateKey); } },
};

// A key that appears between the authorization and the token answer.
const more = { rotation: {}, outage: {}, 'rotation-at-once': { before: (what, issuer) => { if (what === 'token' && issuer.count('token') === 2) issuer.keys = [keys.rs2]; } } };

for (const [plan, responseMode] of [['basic', ''], ['form-post', 'response_mode = "form_post"']]) {
  describe(`relying party, ${plan}`, () => {
    let op, gate;
    const idOf = (name) => `${plan[0]}-${name}`;
    before(async () => {
      op = await startHostileProvider({ ...cases, ...more });
      const sections = [...Object.keys(cases), ...Object.keys(more)].map((name) => op.toml(idOf(name), name, responseMode));
      gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', extra: sections.join('') });
    });
    after(async () => { await gate?.stop(); await op?.stop(); });

    const signIn = async (name, client = gate.client()) => {
      const started = await begin(client, idOf(name));
      assert.equal(started.status, 200, started.text);
      if (!started.url.startsWith(op.origin)) return { client, started };
      return { client, started, answer: await comeBack(client, await op.walk(started.url)) };
    };

    for (const [name, { accept, refuse, atStart, code = 'Configuration', check }] of Object.entries(cases)) {
      test(`${name}: ${accept ? 'accept' : 'refuse'}`, async () => {
        const marker = gate.log.length;
        const { client, started, answer } = await signIn(name);
        if (accept) {
          assert.equal(answer.headers.location, `${gate.origin}/`, gate.log.slice(marker));
          const { user } = await client.session();
          for (const [key, value] of Object.entries(accept)) assert.equal(user[key], value);
        } else {
          const where = atStart ? started.url : answer.headers.location;
          assert.match(where, new RegExp(`error=${code}`), gate.log.slice(marker));
          assert.equal(await client.session(), null);
          assert.match(gate.log.slice(marker), refuse);
          const page = await client.navigate(where.slice(gate.origin.length));
          assert.match(page.text, /Sign in|sign in/, 'a page with a way back');
        }
        check?.(op.issuer(name));
      });
    }

    test('oidcc-client-test-signing-key-rotation: accept', async () => {
      const issuer = op.issuer('rotation');
      assert.equal((await signIn('rotation')).answer.headers.location, `${gate.origin}/`);
      issuer.keys = [keys.rs2];
      assert.equal((await signIn('rotation')).answer.headers.location, `${gate.origin}/`, 'one refetch finds the new key');
      assert.equal(issuer.count('jwks'), 2);
    });

    test('oidcc-client-test-signing-key-rotation-just-before-signing: accept', async () => {
      assert.equal((await signIn('rotation-at-once')).answer.headers.location, `${gate.origin}/`);
      assert.equal((await signIn('rotation-at-once')).answer.headers.location, `${gate.origin}/`);
      assert.equal(op.issuer('rotation-at-once').count('jwks'), 2);
    });

    test('S32 unknown keys make us ask at most once a minute', async () => {
      const issuer = op.issuer('rotation');
      issuer.keys = [keys.rs3];
      const marker = gate.log.length;
      assert.match((await signIn('rotation')).answer.headers.location, /error=Configuration/);
      assert.match(gate.log.slice(marker), /key_not_found/);
      assert.equal(issuer.count('jwks'), 2, 'the minute is not over');
    });

    test('S60 a provider that is out: a page with a way back, who is signed in stays, and the keys serve on', async () => {
      const issuer = op.issuer('outage');
      const { client } = await signIn('outage');
      issuer.behaviour.before = (what, _, request, response) => { if (what !== 'token') return false; response.destroy(); return true; };
      const marker = gate.log.length;
      const { answer, client: other } = await signIn('outage');
      assert.match(answer.headers.location, /error=Configuration&code=unavailable/);
      assert.match(gate.log.slice(marker), /exchange_failed/);
      const page = await other.navigate(answer.headers.location.slice(gate.origin.length));
      assert.match(page.text, /not possible right now/);
      assert.equal((await client.session()).user.name, 'Person One');
      issuer.behaviour.before = (what, _, request, response) => { if (what !== 'jwks' && !what.startsWith('.well')) return false; response.destroy(); return true; };
      assert.equal((await signIn('outage')).answer.headers.location, `${gate.origin}/`);
    });

    test('S62 no token and no secret is in the log', () => {
      for (const name of Object.keys(cases)) for (const token of op.issuer(name).accessTokens) assert.ok(!gate.log.includes(token));
      assert.ok(!gate.log.includes(op.client.secret));
    });
  });
}
