// SPDX-License-Identifier: Apache-2.0
// Sallyport's own pages as a person meets them: accessible in light and dark, at desktop and phone width, by keyboard alone,
// without script; a picture of each goes to docs/screenshots.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch } from './support/browser.mjs';
import { ask } from './support/email_signin.mjs';
import { startMainJob, dev, signInOnLandingPage } from './support/main_job.mjs';
import { Sallyport, ada, bob, root } from './support/sallyport.mjs';
import { linkIn, startSmtpSink } from './support/smtp_sink.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.SALLYPORT_SCREENSHOTS ?? join(root, 'docs/screenshots');
const widths = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

const pages = [
  { name: 'signin', path: '/api/auth/signin' },
  { name: 'signin_error', path: '/api/auth/signin?error=CredentialsSignin' },
  { name: 'register', path: '/api/auth/register' },
  { name: 'password_reset', path: '/api/auth/password/reset' },
  { name: 'verify_request', path: '/api/auth/verify-request' },
  { name: 'error', path: '/api/auth/error?error=Configuration', status: 500 },
  { name: 'access_denied', path: '/api/auth/error?error=AccessDenied', status: 403 },
  { name: 'signout', path: '/api/auth/signout', signedIn: true },
  { name: 'account', path: '/api/auth/account', signedIn: true },
  { name: 'confirm_registration', mail: 'register' },
  { name: 'new_password', mail: 'reset' },
  { name: 'signin_check_mail', path: '/api/auth/verify-request?provider=email&type=email', asked: true },
  { name: 'signin_wrong_code', path: '/api/auth/verify-request?provider=email&type=email&error=wrong_code', asked: true },
  { name: 'signin_link', mail: 'signin', asked: true },
  { name: 'signin_link_elsewhere', mail: 'signin' },
];

async function violations(page) {
  return page.evaluate(async () => {
    const { violations: found } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ target }) => target.join(' ')).join('; ')})`);
  });
}

describe('own pages', () => {
  let gate, browser, sink, asking, links = {};

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    sink = await startSmtpSink();
    gate = await Sallyport.serve({
      users: [ada], web: 'http://127.0.0.1:9', password: { enabled: true, registration: 'verified' },
      extra: `[signin.email]\nsmtp = "${sink.url}"\nfrom = "Fieldnotes <no-reply@example.com>"\nsign_in = true\n[pages]\nname = "Fieldnotes"`,
    });
    browser = await launch();
    const client = gate.client();
    const post = async (path, fields) => client.request(path, { method: 'POST', form: { ...fields, csrfToken: (await client.csrf()).csrfToken } });
    await post('/api/auth/register', { email: 'page@example.com', name: 'Page', password: 'a long enough passphrase' });
    links.register = linkIn((await sink.to('page@example.com')).text);
    await post('/api/auth/password/reset', { email: ada.email });
    links.reset = linkIn((await sink.to(ada.email)).text);
    asking = gate.client();
    await ask(asking, 'grace@example.com');
    links.signin = linkIn((await sink.to('grace@example.com')).text);
  });
  after(async () => { await browser?.close(); await gate?.stop(); sink?.stop(); });

  async function open(spec, options) {
    const context = await browser.newContext({ bypassCSP: true, ...options });
    if (spec.signedIn || spec.asked) {
      const client = spec.asked ? asking : await gate.signedIn(ada);
      await context.addCookies(client.jar.names().map((name) => ({ name, value: client.jar.get(name), url: gate.origin })));
    }
    const page = await context.newPage();
    const response = await page.goto(spec.mail ? links[spec.mail] : gate.origin + spec.path);
    return { context, page, response };
  }

  for (const spec of pages) {
    test(`${spec.name}: status, headers, and nothing that needs script`, async () => {
      const { context, page, response } = await open(spec, { javaScriptEnabled: false });
      assert.equal(response.status(), spec.status ?? 200);
      const headers = response.headers();
      // S8
      assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
      assert.doesNotMatch(headers['content-security-policy'], /script-src[^;]*unsafe-inline/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.ok(headers['referrer-policy']);
      assert.match(headers['cache-control'], /no-store/);
      assert.match(headers['content-type'], /text\/html/);
      assert.equal(await page.locator('script:not([src])').count(), 0, 'no inline script');
      assert.equal(await page.locator('[onclick],[onsubmit],[onload]').count(), 0);
      assert.ok(await page.locator('h1').count() === 1 && await page.title() !== '', 'one heading and a title');
      await context.close();
    });

    for (const colorScheme of ['light', 'dark']) {
      for (const [width, viewport] of Object.entries(widths)) {
        test(`${spec.name}: axe finds nothing, ${colorScheme}, ${width}`, async () => {
          const { context, page } = await open(spec, { colorScheme, viewport });
          await page.evaluate(axe);
          await page.screenshot({ path: join(pictures, `${spec.name}_${width}_${colorScheme}.png`) });
          assert.deepEqual(await violations(page), []);
          assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing sticks out sideways');
          await context.close();
        });
      }
    }
  }

  test('sign-in works by keyboard alone, and every stop can be seen', async () => {
    const { context, page } = await open(pages[0]);
    const seen = [];
    for (let i = 0; i < 12; ++i) {
      if (i > 0) await page.keyboard.press('Tab'); // the first field may have the focus already
      const stop = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const style = getComputedStyle(element);
        return { name: element.getAttribute('name') ?? element.type ?? element.tagName, visible: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
      });
      if (!stop && i === 0) continue;
      if (!stop) break;
      seen.push(stop);
      if (stop.name === 'email' && !seen.slice(0, -1).some(({ name }) => name === 'email')) await page.keyboard.type(ada.email);
      if (stop.name === 'password') { await page.keyboard.type(ada.password); await page.keyboard.press('Enter'); break; }
    }
    assert.deepEqual(seen.filter(({ visible }) => !visible), [], 'focus is visible');
    assert.deepEqual(seen.map(({ name }) => name).filter((name) => ['email', 'password'].includes(name)), ['email', 'password']);
    await page.waitForURL((url) => !url.pathname.startsWith('/api/auth/'));
    assert.equal((await context.cookies()).some(({ name, value }) => name.includes('session-token') && value), true);
    await context.close();
  });

  test('an error is tied to its field and keeps what was typed', async () => {
    const { context, page } = await open(pages.find(({ name }) => name === 'register'));
    await page.evaluate(() => document.querySelectorAll('form').forEach((form) => { form.noValidate = true; }));
    await page.locator('input[name=email]').fill('typed@example.com');
    await page.locator('input[name=password]').fill('short');
    await page.locator('form:has(input[name=password]) [type=submit]').click();
    await page.waitForLoadState();
    const field = page.locator('input[name=password]');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    const described = (await field.getAttribute('aria-describedby')).split(' ');
    const texts = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).innerText()));
    assert.ok(texts.join(' ').trim().length > 5, 'the message');
    assert.equal(await page.locator('input[name=email]').inputValue(), 'typed@example.com');
    assert.equal(await field.inputValue(), '', 'a password is not sent back');
    await context.close();
  });

  test('S53 what comes from the URL is escaped', async () => {
    const evil = '"><img src=x onerror=alert(1)>';
    for (const path of ['signin?error=', 'signin?callbackUrl=', 'signin?email=', 'error?error=', 'verify-request?provider=', 'register?email=', 'password/reset?token=']) {
      const answer = await gate.client().navigate(`/api/auth/${path}${encodeURIComponent(evil)}`);
      assert.equal(answer.text.includes('<img src=x'), false, path);
      assert.ok(answer.status < 600 && answer.status !== 500, `${path} answered ${answer.status}`);
    }
  });
});

describe('the pages of the app instead of ours', () => {
  test('pages.sign_in moves sign-in to the application', async () => {
    const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], extra: '[pages]\nsign_in = "/login"' });
    try {
      const answer = await gate.client().navigate('/api/auth/signin?callbackUrl=%2Fdashboard');
      assert.equal(answer.status, 302);
      assert.ok(answer.headers.location.startsWith(`${gate.origin}/login?callbackUrl=`), answer.headers.location);
      const guarded = await gate.client().navigate('/dashboard');
      assert.match(guarded.headers.location, /\/login\?callbackUrl=/);
    } finally { await gate.stop(); }
  });

  test('pages.new_user comes after the first sign-in, with the callbackUrl, and only then', async () => {
    const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], extra: '[pages]\nnew_user = "/welcome"' });
    try {
      const client = gate.client();
      const { csrfToken } = await client.csrf();
      const answer = await client.request('/api/auth/register', { method: 'POST', form: { csrfToken, email: bob.email, password: bob.password, callbackUrl: '/dashboard?a=b' }, headers: { Accept: 'text/html' } });
      assert.equal(answer.status, 303, answer.text);
      assert.equal(answer.headers.location, `${gate.origin}/welcome?callbackUrl=${encodeURIComponent(`${gate.origin}/dashboard?a=b`)}`);
      assert.equal((await client.session()).user.email, bob.email);
      for (const person of [bob, ada]) {
        const again = await gate.client().signIn(person.email, person.password, { callbackUrl: '/dashboard' });
        assert.equal(again.json().url, `${gate.origin}/dashboard`);
      }
    } finally { await gate.stop(); }
  });
});

describe('the example, for the README', () => {
  let job, written = false;
  before(async () => { job = await startMainJob(dev()); await job.gate.addUser(ada); });
  after(() => job?.stop());

  for (const colorScheme of ['light', 'dark']) {
    for (const [width, viewport] of Object.entries(widths)) {
      test(`${colorScheme}, ${width}`, async () => {
        const context = await job.browser.newContext({ colorScheme, viewport, bypassCSP: true });
        const page = await context.newPage();
        await page.goto(job.origin);
        await page.getByRole('heading', { name: 'Sign in' }).waitFor();
        await page.evaluate(axe);
        assert.deepEqual(await violations(page), []);
        await page.screenshot({ path: join(pictures, `example_landing_${width}_${colorScheme}.png`) });
        await signInOnLandingPage(page, job.origin, ada);
        if (!written) {
          for (const text of ['Ask the printer about the blue paper', 'Two weeks of rain, the ferns are happy', 'Bring the long ladder on Thursday']) {
            await page.evaluate((note) => fetch('/api/notes', { method: 'POST', body: JSON.stringify({ text: note }), headers: {
              'Content-Type': 'application/json', 'X-XSRF-TOKEN': /XSRF-TOKEN=([^;]*)/.exec(document.cookie)[1] } }), text);
          }
          written = true;
        }
        await page.reload();
        await page.getByTestId('browser-notes').locator('li').nth(2).waitFor();
        await page.getByTestId('ws').filter({ hasText: 'open' }).waitFor();
        await page.evaluate(axe);
        assert.deepEqual(await violations(page), []);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing sticks out sideways');
        await page.screenshot({ path: join(pictures, `example_dashboard_${width}_${colorScheme}.png`), fullPage: true });
        await context.close();
      });
    }
  }
});
