// SPDX-License-Identifier: Apache-2.0
// Sign-in at a real OpenID Provider: the plain flow, two at once, replays and swaps, what the person's client may ask for.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort } from './support/processes.mjs';
import { begin, comeBack, signInAt } from './support/provider_signin.mjs';
import { CookieJar } from './support/http.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport } from './support/sallyport.mjs';

const transactionsOf = (client) => client.jar.names().filter((name) => name.includes('.transaction.'));

for (const strategy of ['database', 'jwt']) {
  for (const par of [false, 'required']) {
    describe(`OpenID Connect, ${strategy} sessions${par ? ', pushed requests' : ''}`, () => {
      let op, gate;
      before(async () => {
        const port = await freePort();
        op = await startOidcProvider({ origin: `http://localhost:${port}`, par });
        gate = await Sallyport.serve({ port, web: 'http://127.0.0.1:9', session: { strategy }, extra: op.toml() });
      });
      after(async () => { await gate?.stop(); await op?.stop(); });

      test('a person signs in and is known again', async () => {
        const client = gate.client();
        const answer = await signInAt(op, client, 'ada', { callbackUrl: '/dashboard?tab=1' });
        assert.equal(answer.status, 302, answer.text);
        assert.equal(answer.headers.location, `${gate.origin}/dashboard?tab=1`);
        const { user } = await client.session();
        assert.deepEqual(user, { name: 'Ada Lovelace', email: 'ada@example.com', image: 'https://example.com/ada.png' });
        const me = (await client.request('/api/auth/me')).json();
        assert.equal(me.session.method, 'work');
        const again = gate.client();
        await signInAt(op, again, 'ada');
        assert.equal((await again.request('/api/auth/me')).json().user.id, me.user.id);
        assert.deepEqual(transactionsOf(client), [], 'the transaction is used up');
      });

      test('S30 the authorization request has state, nonce and S256, and the exact redirect URI', async () => {
        const { url } = await begin(gate.client(), 'work');
        const sent = new URL(url).searchParams;
        if (par) {
          assert.deepEqual([...sent.keys()].sort(), ['client_id', 'request_uri'], 'the browser carries a reference only');
        } else {
          assert.equal(sent.get('response_type'), 'code');
          assert.equal(sent.get('code_challenge_method'), 'S256');
          assert.ok(sent.get('state').length >= 43 && sent.get('nonce').length >= 43 && sent.get('code_challenge').length === 43);
          assert.equal(sent.get('redirect_uri'), `${gate.origin}/api/auth/callback/work`);
          assert.equal(sent.get('scope'), 'openid profile email');
        }
      });

      test('S34 the caller sets a hint but nothing of ours', async () => {
        if (par) return;
        const { url } = await begin(gate.client(), 'work', { query: '?login_hint=ada&prompt=login&state=mine&redirect_uri=https://evil.example&client_id=other&scope=admin&nonce=n&code_challenge=c&request_uri=u' });
        const sent = new URL(url).searchParams;
        assert.equal(sent.get('login_hint'), 'ada');
        assert.equal(sent.get('prompt'), 'login');
        for (const [name, bad] of Object.entries({ state: 'mine', redirect_uri: 'https://evil.example', client_id: 'other', scope: 'admin', nonce: 'n', code_challenge: 'c' })) {
          assert.notEqual(sent.get(name), bad, name);
          assert.equal(sent.getAll(name).length, 1, name);
        }
        assert.equal(sent.get('request_uri'), null);
      });

      test('two sign-ins at once in one browser both come home', async () => {
        const client = gate.client(), jar = new CookieJar();
        const first = await begin(client, 'work', { callbackUrl: '/one' });
        const second = await begin(client, 'work', { callbackUrl: '/two' });
        const back = [await op.walk(second.url, { login: 'ada', jar }), await op.walk(first.url, { login: 'ada', jar })];
        assert.equal((await comeBack(client, back[0])).headers.location, `${gate.origin}/two`);
        assert.equal((await comeBack(client, back[1])).headers.location, `${gate.origin}/one`);
        assert.equal((await client.session()).user.email, 'ada@example.com');
      });

      test('S30 a browser has at most seven under way; the oldest goes', async () => {
        const client = gate.client(), urls = [];
        for (let i = 0; i < 9; i += 1) urls.push((await begin(client, 'work')).url);
        assert.equal(transactionsOf(client).length, 7);
        const last = await comeBack(client, await op.walk(urls[8], { login: 'ada' }));
        assert.equal(last.headers.location, `${gate.origin}/`);
      });

      test('S12 an answer counts once, and in its own browser alone', async () => {
        const client = gate.client(), stranger = gate.client();
        const arrived = await op.walk((await begin(client, 'work')).url, { login: 'ada' });
        await begin(stranger, 'work');
        const swapped = await comeBack(stranger, arrived);
        assert.match(swapped.headers.location, /error=OAuthCallbackError/);
        assert.equal(await stranger.session(), null);

        const kept = client.jar.header();
        assert.equal((await comeBack(client, arrived)).headers.location, `${gate.origin}/`);
        const replayer = gate.client();
        for (const pair of kept.split('; ')) replayer.jar.set(...pair.split(/=(.*)/s).slice(0, 2));
        const replayed = await comeBack(replayer, arrived);
        assert.match(replayed.headers.location, /error=OAuthCallbackError/, 'the cookie alone is not enough a second time');
        assert.equal(await replayer.session(), null);
      });

      test('going back to the answer leads on, and changes nothing', async () => {
        const client = gate.client();
        const arrived = await op.walk((await begin(client, 'work')).url, { login: 'ada' });
        await comeBack(client, arrived);
        const before_ = (await client.request('/api/auth/me')).json().session.id;
        const again = await comeBack(client, arrived);
        assert.equal(again.headers.location, `${gate.origin}/`);
        assert.equal((await client.request('/api/auth/me')).json().session.id, before_);
      });

      test('S1 the session that was there before dies', async () => {
        const client = gate.client();
        await signInAt(op, client, 'ada');
        const former = gate.client();
        for (const pair of client.jar.header().split('; ')) former.jar.set(...pair.split(/=(.*)/s).slice(0, 2));
        await signInAt(op, client, 'ada');
        assert.equal(await former.session(), null);
        assert.equal((await client.session()).user.email, 'ada@example.com');
      });

      test('S11 HEAD of a callback consumes nothing', async () => {
        const client = gate.client();
        const arrived = await op.walk((await begin(client, 'work')).url, { login: 'ada' });
        const looked = await client.request(arrived.slice(gate.origin.length), { method: 'HEAD' });
        assert.equal(looked.status, 405);
        assert.equal((await comeBack(client, arrived)).headers.location, `${gate.origin}/`);
      });

      test('the person says no', async () => {
        const client = gate.client();
        const answer = await comeBack(client, await op.walk((await begin(client, 'work')).url, { abort: true }));
        assert.equal(answer.status, 302);
        assert.equal(answer.headers.location, `${gate.origin}/api/auth/signin?error=OAuthCallbackError`);
        assert.equal(await client.session(), null);
      });

      test('S7 none of the provider’s tokens reaches the browser', async () => {
        const client = gate.client();
        const answer = await signInAt(op, client, 'ada');
        const seen = [answer.text, ...answer.setCookies, answer.headers.location, (await client.request('/api/auth/session')).text, (await client.request('/api/auth/me')).text].join('\n');
        for (const issued of op.issued) assert.ok(!seen.includes(issued), 'a token is in sight');
        assert.ok(op.issued.length > 0);
        for (const issued of op.issued) assert.ok(!gate.log.includes(issued), 'S62 a token is in the log');
      });
    });
  }
}

describe('more of the wire', () => {
  let op, gate, upstream;
  before(async () => {
    const port = await freePort();
    upstream = await startRecordingUpstream();
    op = await startOidcProvider({ origin: `http://localhost:${port}`, ids: ['work', 'posted'] });
    gate = await Sallyport.serve({ port, web: upstream.origin, extra: op.toml('work') + op.toml('posted', 'response_mode = "form_post"', 'Posted') });
  });
  after(async () => { await gate?.stop(); await op?.stop(); await upstream?.stop(); });

  test('providers are listed as next-auth’s clients expect them', async () => {
    const listed = (await gate.client().request('/api/auth/providers')).json();
    assert.deepEqual(listed.work, { id: 'work', name: 'Work', type: 'oidc', signinUrl: `${gate.origin}/api/auth/signin/work`, callbackUrl: `${gate.origin}/api/auth/callback/work` });
    assert.ok(listed.credentials);
  });

  test('form_post: the answer is a cross-site POST, with its own cookie alone', async () => {
    const client = gate.client();
    const started = await begin(client, 'posted');
    const cookie = started.setCookies.find((line) => line.includes('.transaction.'));
    assert.match(cookie, /SameSite=None/i);
    assert.match(cookie, /Secure/);
    const answer = await comeBack(client, await op.walk(started.url, { login: 'ada' }));
    assert.equal(answer.status, 302, answer.text);
    assert.equal(answer.headers.location, `${gate.origin}/`);
    assert.equal((await client.session()).user.email, 'ada@example.com');
  });

  test('S1 a session that a cross-site POST could not show dies all the same', async () => {
    const client = gate.client();
    await signInAt(op, client, 'ada');
    const former = gate.client();
    for (const pair of client.jar.header().split('; ')) former.jar.set(...pair.split(/=(.*)/s).slice(0, 2));
    assert.equal((await former.session()).user.email, 'ada@example.com');
    await signInAt(op, client, 'ada', { id: 'posted' });
    assert.equal(await former.session(), null);
    assert.equal((await client.session()).user.email, 'ada@example.com');
  });

  test('S12 an answer for one provider is refused at another’s callback', async () => {
    const client = gate.client();
    const arrived = await op.walk((await begin(client, 'work')).url, { login: 'ada' });
    const answer = await comeBack(client, arrived.replace('/callback/work', '/callback/posted'));
    assert.match(answer.headers.location, /error=OAuthCallbackError/);
    assert.equal(await client.session(), null);
  });

  test('S11 a start link works from our own pages, and leads anything else to the sign-in page', async () => {
    const client = gate.client();
    const clicked = await client.navigate('/api/auth/start/work?callbackUrl=/after', { headers: { 'Sec-Fetch-Site': 'same-origin' } });
    assert.equal(clicked.status, 302);
    assert.ok(clicked.headers.location.startsWith(op.issuer));
    const back = await comeBack(client, await op.walk(clicked.headers.location, { login: 'ada' }));
    assert.equal(back.headers.location, `${gate.origin}/after`);

    const guards = { 'Sec-Fetch-Site': ['cross-site', 'same-site', 'none', ''], 'Sec-Fetch-Mode': ['cors', 'no-cors'], 'Sec-Fetch-Dest': ['iframe', 'image', 'empty'], 'Sec-Purpose': ['prefetch', 'prefetch;prerender'] };
    for (const [name, values] of Object.entries(guards)) {
      for (const value of values) {
        const other = gate.client();
        const answer = await other.navigate('/api/auth/start/work', { headers: { 'Sec-Fetch-Site': 'same-origin', [name]: value } });
        assert.equal(answer.status, 303, `${name}: ${value}`);
        assert.equal(answer.headers.location, `${gate.origin}/api/auth/signin?provider=work&callbackUrl=${encodeURIComponent(gate.origin)}`);
        assert.deepEqual(transactionsOf(other), []);
      }
    }
    const page = await client.navigate('/api/auth/signin?provider=work');
    assert.match(page.text, /Sign in with Work/);
    assert.doesNotMatch(page.text, /Sign in with Posted|type="password"/);
  });

  test('S16 form-action of the sign-in page lists the providers', async () => {
    const page = await gate.client().navigate('/api/auth/signin');
    const policy = page.headers['content-security-policy'];
    assert.match(policy, new RegExp(`form-action 'self' ${op.issuer}`));
    assert.match(page.text, /Sign in with Work/);
  });

  test('S10 no sign-in starts without the csrfToken or from another site', async () => {
    const client = gate.client();
    const bare = await client.request('/api/auth/signin/work', { method: 'POST', form: {} });
    assert.match(bare.headers.location, /error=MissingCSRF/);
    const { csrfToken } = await client.csrf();
    const foreign = await client.request('/api/auth/signin/work', { method: 'POST', form: { csrfToken }, headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' } });
    assert.match(foreign.headers.location, /error=MissingCSRF/);
    assert.deepEqual(transactionsOf(client), []);
  });

  test('S15 the callbackUrl stays on our origin', async () => {
    const client = gate.client();
    const answer = await signInAt(op, client, 'ada', { callbackUrl: 'https://evil.example/' });
    assert.equal(answer.headers.location, gate.origin);
  });

  test('S23 the transaction’s cookie never reaches an upstream', async () => {
    const client = gate.client();
    await begin(client, 'work');
    assert.equal(transactionsOf(client).length, 1);
    await client.navigate('/page');
    assert.ok(!JSON.stringify(upstream.requests.at(-1)).includes('.transaction.'));
  });

  test('S63 sign-ins and refusals are in the audit log', async () => {
    const { stdout } = await gate.cli(['audit', 'list', '--json']);
    assert.match(stdout, /"register"/);
    assert.match(stdout, /no_transaction/);
  });
});
