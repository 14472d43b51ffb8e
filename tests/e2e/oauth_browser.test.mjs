// SPDX-License-Identifier: Apache-2.0
// What a person does in a real browser: sign in at a real provider by button and by link, in two tabs, with "Back", by form_post;
// connect and disconnect accounts; what they see when it goes wrong.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { after, before, beforeEach, afterEach, describe, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { launch } from './support/browser.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort } from './support/processes.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada, bob } from './support/sallyport.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const html = (body) => `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe('in a browser', () => {
  let op, gate, web, browser, context, page;
  before(async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    web = await startRecordingUpstream(({ line }) => html(`<!doctype html><title>app</title><h1>${line.split(' ')[1]}</h1><a href="/api/auth/start/work?callbackUrl=/welcome">Sign in with Work</a>`));
    op = await startOidcProvider({ origin, ids: ['work', 'posted'] });
    gate = await Sallyport.serve({ port, web: web.origin, users: [ada, { ...bob, email: 'robert@example.com' }], extra: op.toml('work') + op.toml('posted', 'response_mode = "form_post"', 'Posted') });
    browser = await launch();
  });
  after(async () => { await browser?.close(); await gate?.stop(); await op?.stop(); await web?.stop(); });
  beforeEach(async () => { context = await browser.newContext(); page = await context.newPage(); });
  afterEach(() => context.close());

  // Not from inside the page: our own pages let no script fetch (S8).
  const session = async () => (await context.request.get(`${gate.origin}/api/auth/session`)).json();
  const signInWithPassword = async ({ email, password }) => {
    await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL(`${gate.origin}/`);
  };

  test('by the button of the sign-in page', async () => {
    await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/welcome`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(page, 'carol');
    await page.waitForURL(`${gate.origin}/welcome`);
    assert.equal((await session()).user.email, 'carol@example.com');
  });

  test('by a link of the app, without script, and by the same link from elsewhere only after a click', async () => {
    await page.goto(`${gate.origin}/`);
    await page.getByRole('link', { name: 'Sign in with Work' }).click();
    await op.signIn(page, 'carol');
    await page.waitForURL(`${gate.origin}/welcome`);
    assert.equal((await session()).user.email, 'carol@example.com');

    const stranger = await browser.newContext();
    const tab = await stranger.newPage();
    await tab.goto(op.issuer);
    await tab.evaluate((url) => { location.href = url; }, `${gate.origin}/api/auth/start/work`);
    await tab.waitForURL(/\/api\/auth\/signin\?provider=work/);
    assert.equal(await tab.getByRole('button').count(), 1);
    await tab.getByRole('button', { name: 'Sign in with Work' }).click();
    await tab.waitForURL(`${op.issuer}/**`);
    await stranger.close();
  });

  test('form_post: the provider’s page posts across sites', async () => {
    await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/welcome`);
    await page.getByRole('button', { name: 'Sign in with Posted' }).click();
    await op.signIn(page, 'carol');
    await page.waitForURL(`${gate.origin}/welcome`);
    assert.equal((await session()).user.email, 'carol@example.com');
  });

  test('two tabs at once', async () => {
    const other = await context.newPage();
    for (const [tab, path] of [[page, '/one'], [other, '/two']]) {
      await tab.goto(`${gate.origin}/api/auth/signin?callbackUrl=${path}`);
      await tab.getByRole('button', { name: 'Sign in with Work' }).click();
      await tab.getByLabel('Login').waitFor();
    }
    await op.signIn(page, 'carol');
    await page.waitForURL(`${gate.origin}/one`);
    await op.signIn(other, 'carol');
    await other.waitForURL(`${gate.origin}/two`);
    assert.equal((await session()).user.email, 'carol@example.com');
  });

  test('“Back” after signing in does no harm', async () => {
    await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/welcome`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(page, 'carol');
    await page.waitForURL(`${gate.origin}/welcome`);
    for (let i = 0; i < 3; i += 1) await page.goBack().catch(() => {});
    await page.goto(`${gate.origin}/`);
    assert.equal((await session()).user.email, 'carol@example.com');
  });

  test('“Cancel” at the provider leads back to the sign-in page, which says so', async () => {
    await page.goto(`${gate.origin}/api/auth/signin`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL(/\/api\/auth\/signin\?error=OAuthCallbackError/);
    assert.match(await page.getByRole('alert').textContent(), /try again/i);
    assert.equal(await session(), null);
  });

  test('S33 an address that the provider does not vouch for does not open somebody’s account', async () => {
    await page.goto(`${gate.origin}/api/auth/signin`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(page, 'eve'); // says that she is ada@example.com, unconfirmed
    await page.waitForURL(/error=OAuthAccountNotLinked/);
    assert.match(await page.getByRole('alert').textContent(), /the way you did before/);
    assert.equal(await session(), null);
  });

  test('S33 an address that both sides have confirmed links', async () => {
    await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/welcome`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(page, 'ada');
    await page.waitForURL(`${gate.origin}/welcome`);
    await page.goto(`${gate.origin}/api/auth/account`);
    await page.getByText('connected', { exact: true }).waitFor();
    await context.clearCookies();
    await signInWithPassword(ada);
    assert.equal((await session()).user.email, ada.email, 'the password still works');
  });

  test('connect an account, sign in with it, disconnect it; never the last way in', async () => {
    await signInWithPassword({ ...bob, email: 'robert@example.com' });
    await page.goto(`${gate.origin}/api/auth/account`);
    await page.getByRole('button', { name: 'Connect Work' }).click();
    await op.signIn(page, 'bob'); // bob@example.com there, robert@example.com here
    await page.waitForURL(/notice=connected/);
    await page.getByText(/You can sign in there from now on/).waitFor();

    const elsewhere = await browser.newContext();
    const tab = await elsewhere.newPage();
    await tab.goto(`${gate.origin}/api/auth/signin?callbackUrl=/welcome`);
    await tab.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(tab, 'bob');
    await tab.waitForURL(`${gate.origin}/welcome`);
    assert.equal(await tab.evaluate(() => fetch('/api/auth/session').then((answer) => answer.json()).then(({ user }) => user.email)), 'robert@example.com');

    await page.getByRole('button', { name: 'Disconnect Work' }).click();
    await page.waitForURL(/notice=disconnected/);
    assert.equal(await tab.evaluate(() => fetch('/api/auth/session').then((answer) => answer.json())), null, 'who had signed in through it is out');
    await elsewhere.close();
  });

  test('the last way in cannot be disconnected', async () => {
    await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/api/auth/account`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(page, 'dora');
    await page.waitForURL(/\/api\/auth\/account/);
    await page.getByRole('button', { name: 'Disconnect Work' }).click();
    await page.getByRole('heading', { name: /only way to sign in/ }).waitFor();
    await page.getByRole('link', { name: /Back to your account/ }).click();
    await page.getByText('connected', { exact: true }).waitFor();
  });

  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing on the pages with providers, ${colorScheme}, on a phone`, async () => {
      const phone = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 }, bypassCSP: true });
      const tab = await phone.newPage();
      const faults = async () => {
        await tab.evaluate(axe);
        const found = await tab.evaluate(async () => (await window.axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`));
        assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing sticks out sideways');
        return found;
      };
      await tab.goto(`${gate.origin}/api/auth/signin?provider=work&callbackUrl=/api/auth/account`);
      assert.deepEqual(await faults(), []);
      await tab.getByRole('link', { name: 'Other ways to sign in' }).click();
      assert.deepEqual(await faults(), []);
      await tab.getByRole('button', { name: 'Sign in with Work' }).click();
      await op.signIn(tab, 'carol');
      await tab.waitForURL(/\/api\/auth\/account/);
      assert.deepEqual(await faults(), []);
      await phone.close();
    });
  }

  test('an account that is somebody else’s is not connected', async () => {
    await signInWithPassword({ ...bob, email: 'robert@example.com' });
    await page.goto(`${gate.origin}/api/auth/account`);
    await page.getByRole('button', { name: 'Connect Work' }).click();
    await op.signIn(page, 'carol'); // a user of her own since the first test
    await page.waitForURL(/notice=taken/);
    assert.match(await page.getByRole('alert').textContent(), /belongs to another user/);
    assert.equal((await session()).user.email, 'robert@example.com');
  });
});

describe('back-channel logout while a WebSocket is open', () => {
  let op, gate, web, sockets, browser;
  before(async () => {
    const port = await freePort();
    web = createServer((request, response) => { response.writeHead(200, { 'Content-Type': 'text/html' }); response.end('<!doctype html><title>app</title><h1>app</h1>'); });
    sockets = new WebSocketServer({ server: web });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(`echo ${data}`)));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    op = await startOidcProvider({ origin: `http://localhost:${port}` });
    gate = await Sallyport.serve({ port, web: `http://127.0.0.1:${web.address().port}`, routes: [{ path: '/*', upstream: 'web', access: 'session' }], extra: op.toml() });
    browser = await launch();
  });
  after(async () => { await browser?.close(); await gate?.stop(); await op?.stop(); sockets?.close(); web?.closeAllConnections(); web?.close(); });

  const appOf = async (login) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${gate.origin}/app`);
    await page.getByRole('button', { name: 'Sign in with Work' }).click();
    await op.signIn(page, login);
    await page.waitForURL(`${gate.origin}/app`);
    await page.evaluate(() => new Promise((done, fail) => {
      window.heard = [];
      window.socket = new WebSocket(`ws://${location.host}/socket`);
      window.socket.onmessage = ({ data }) => window.heard.push(data);
      window.socket.onclose = ({ code, wasClean }) => { window.cut = { code, wasClean }; fail(new Error(`closed: ${code}`)); };
      window.socket.onopen = done;
    }));
    return { context, page };
  };
  const echoes = async ({ page }, word) => {
    await page.evaluate((text) => window.socket.send(text), word);
    await page.waitForFunction((text) => window.heard.includes(`echo ${text}`), word, { polling: 50 });
  };

  test('oidcc-client-test-rp-backchannel-rpinitlogout in Chromium: signing out at the provider cuts the page’s WebSocket, and nobody else’s', async () => {
    const carol = await appOf('carol'), dave = await appOf('dave');
    await echoes(carol, 'one');
    await echoes(dave, 'two');
    const tab = await carol.context.newPage();
    await tab.goto(`${op.issuer}/session/end`);
    await tab.getByRole('button', { name: 'Yes, sign me out' }).click();
    await tab.getByRole('heading', { name: 'Signed out at the provider' }).waitFor();
    await carol.page.waitForFunction(() => window.cut, undefined, { polling: 50 });
    assert.deepEqual(await carol.page.evaluate(() => window.cut), { code: 1006, wasClean: false });
    const again = await carol.page.evaluate(() => new Promise((done) => {
      const socket = new WebSocket(`ws://${location.host}/socket`);
      socket.onopen = () => done('open');
      socket.onerror = () => done('refused');
    }));
    assert.equal(again, 'refused');
    await carol.page.goto(`${gate.origin}/app`);
    await carol.page.getByRole('button', { name: 'Sign in with Work' }).waitFor();
    await echoes(dave, 'three');
    assert.equal(await dave.page.evaluate(() => window.cut), undefined);
  });
});

describe('guards of disconnecting', () => {
  let op, gate;
  before(async () => {
    const port = await freePort();
    op = await startOidcProvider({ origin: `http://localhost:${port}` });
    gate = await Sallyport.serve({ port, web: 'http://127.0.0.1:9', users: [ada], extra: op.toml() });
  });
  after(async () => { await gate?.stop(); await op?.stop(); });

  test('S10 it needs the session-bound token and our origin', async () => {
    const client = await gate.signedIn(ada);
    const body = { provider: 'work', account: 'ada' };
    const { csrfToken } = await client.csrf();
    assert.equal((await client.request('/api/auth/account/disconnect', { method: 'POST', json: { ...body, csrfToken } })).status, 403);
    assert.equal((await client.unsafe('/api/auth/account/disconnect', { json: body, headers: { 'Sec-Fetch-Site': 'cross-site' } })).status, 403);
    assert.equal((await client.unsafe('/api/auth/account/disconnect', { json: body })).status, 404);
    assert.equal((await gate.client().request('/api/auth/account/disconnect', { method: 'POST', json: body })).status, 401);
  });
});
