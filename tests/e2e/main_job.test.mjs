// SPDX-License-Identifier: Apache-2.0
// The main job of the project, line by line, in a real browser against real servers; once for each session strategy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { browserNotes, dev, devices, eventually, fetchInPage, serve, serverNotes, sessionOf, shows, signInOnLandingPage, startMainJob, stateOf } from './support/main_job.mjs';
import { signInOnOwnPage } from './support/browser.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';
import { linkIn, startSmtpSink } from './support/smtp_sink.mjs';

const newcomer = { email: 'grace@example.com', name: 'Grace Hopper', password: 'nanoseconds are this long' };

describe('a newcomer and `sallyport dev`', () => {
  let job, context, page;
  before(async () => { job = await startMainJob(dev()); context = await job.browser.newContext(); page = await context.newPage(); });
  after(() => job?.stop());

  test('the landing page shows nobody signed in', async () => {
    await page.goto(job.origin);
    await page.getByRole('navigation', { name: 'Account' }).getByText('Create account').waitFor();
  });

  test('registering asks to look for a mail', async () => {
    await page.getByRole('navigation', { name: 'Account' }).getByText('Create account').click();
    await page.locator('input[name=email]').fill(newcomer.email);
    if (await page.locator('input[name=name]').count()) await page.locator('input[name=name]').fill(newcomer.name);
    await page.locator('input[name=password]').fill(newcomer.password);
    await page.locator('form:has(input[name=password]) [type=submit]').click();
    await page.waitForLoadState();
    assert.match(await page.locator('body').innerText(), /mail/i);
    assert.equal((await context.cookies()).some(({ name }) => name.endsWith('session-token')), false, 'no session before the address is confirmed');
  });

  test('S11 looking at the link confirms nothing, its button does, and the person is signed in', async () => {
    await page.goto(`${job.origin}/api/auth/dev/mailbox`);
    const link = linkIn(await page.content());
    assert.ok(link, 'the mailbox page shows the link');
    assert.ok(link.startsWith(job.origin), 'S53 the link points to the public origin');
    await page.goto(link);
    assert.equal((await sessionOf(page, job.origin))?.user, undefined, 'not by GET');
    await page.locator('form[method=post] [type=submit]').first().click();
    await page.waitForLoadState();
    assert.equal((await sessionOf(page, job.origin)).user.email, newcomer.email);
  });

  test('useSession sees the person, and the notes open', async () => {
    await page.goto(job.origin);
    await page.getByTestId('who').waitFor();
    await page.goto(`${job.origin}/dashboard`);
    await page.getByRole('heading', { name: 'My notes' }).waitFor();
  });

  test("signIn('email') of next-auth/react, and the link from the mailbox", async () => {
    const fresh = await job.browser.newContext(), tab = await fresh.newPage();
    await tab.goto(job.origin);
    await tab.getByLabel('E-mail').fill('by-mail@example.com');
    await tab.getByRole('button', { name: 'Mail me a link' }).click();
    await tab.getByRole('heading', { name: 'Check your mail' }).waitFor();
    await tab.getByRole('link', { name: /mailbox/ }).click();
    await tab.locator('a[href*="/api/auth/callback/email?token="]').first().click();
    assert.equal((await sessionOf(tab, job.origin))?.user, undefined, 'S11 not by GET');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.waitForURL(`${job.origin}/dashboard`);
    await tab.getByRole('heading', { name: 'My notes' }).waitFor();
    assert.equal((await sessionOf(tab, job.origin)).user.email, 'by-mail@example.com');
    await fresh.close();
  });

  test('the app itself sends a stranger to the sign-in page and brings them back', async () => {
    const stranger = await (await job.browser.newContext()).newPage();
    await stranger.goto(`${job.origin}/dashboard`);
    assert.match(stranger.url(), /\/api\/auth\/signin\?callbackUrl=/);
    await signInOnOwnPage(stranger, newcomer);
    await stranger.waitForURL(`${job.origin}/dashboard`);
    await stranger.context().close();
  });
});

for (const strategy of ['database', 'jwt']) {
  describe(`the main job, ${strategy} sessions`, () => {
    let job, context, page, sink;
    before(async () => {
      sink = await startSmtpSink();
      job = await startMainJob(serve({
        users: [ada], session: { strategy }, compat: { next_auth: 'v4' }, password: { enabled: true, registration: 'verified' },
        extra: `[signin.email]\nsmtp = "${sink.url}"\nfrom = "Fieldnotes <no-reply@example.com>"`,
      }));
      context = await job.browser.newContext();
      page = await context.newPage();
    });
    after(async () => { await job?.stop(); sink?.stop(); });

    test('a protected page sends the navigation to sign-in', async () => {
      const response = await page.goto(`${job.origin}/dashboard`);
      assert.equal(response.request().redirectedFrom() !== null, true);
      assert.match(page.url(), /\/api\/auth\/signin\?callbackUrl=.*dashboard/);
    });

    test('a fetch of protected data gets 401 login_required', async () => {
      await page.goto(job.origin);
      const { status, json } = await fetchInPage(page, '/api/notes');
      assert.equal(status, 401);
      assert.equal(json.code, 'login_required');
      assert.match(json.signin_url, /\/api\/auth\/signin/);
    });

    test('registration: a mail, its link, a button, a session', async () => {
      const person = { email: `new-${strategy}@example.com`, password: 'a long enough passphrase' };
      const other = await job.browser.newContext();
      const tab = await other.newPage();
      await tab.goto(`${job.origin}/api/auth/register`);
      await tab.locator('input[name=email]').fill(person.email);
      if (await tab.locator('input[name=name]').count()) await tab.locator('input[name=name]').fill('New Person');
      await tab.locator('input[name=password]').fill(person.password);
      await tab.locator('form:has(input[name=password]) [type=submit]').click();
      const link = linkIn((await sink.to(person.email)).text);
      assert.ok(link.startsWith(job.origin));
      await tab.goto(link);
      await tab.locator('form[method=post] [type=submit]').first().click();
      await tab.waitForLoadState();
      assert.equal((await sessionOf(tab, job.origin)).user.email, person.email);
      await other.close();
    });

    test('a wrong password says so and signs nobody in', async () => {
      await page.goto(job.origin);
      await page.getByLabel('E-mail').fill(ada.email);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('do not match').waitFor();
    });

    test('signIn() of next-auth/react signs in, and useSession knows', async () => {
      await signInOnLandingPage(page, job.origin, ada);
      await page.getByTestId('who').filter({ hasText: ada.name }).waitFor();
    });

    test('S2 the session cookie is HttpOnly, Lax, host-only and small', async () => {
      const cookie = (await context.cookies()).find(({ name }) => name.includes('session-token'));
      assert.equal(cookie.httpOnly, true);
      assert.equal(cookie.sameSite, 'Lax');
      assert.equal(cookie.path, '/');
      assert.equal(cookie.domain, 'localhost');
      assert.ok(cookie.value.length < 4096);
    });

    test('axios posts a note and shows it', async () => {
      await page.getByLabel('Note for axios').fill('by axios');
      await page.getByRole('region', { name: 'From the browser' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => browserNotes(page), 'by axios');
    });

    test('the server component shows it too, fetched with the bearer of its request', async () => {
      await page.reload();
      await shows(() => serverNotes(page), 'by axios');
      await shows(() => browserNotes(page), 'by axios');
    });

    test('a server action with script', async () => {
      await page.getByLabel('Note for the server action').fill('by action');
      await page.getByRole('region', { name: 'Server action' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => serverNotes(page), 'by action');
    });

    test('a plain form with the hidden _csrf comes back with 303', async () => {
      await page.getByLabel('Note for the plain form').fill('by form');
      const answer = page.waitForResponse((response) => response.request().method() === 'POST' && response.url().endsWith('/api/notes'));
      await page.getByRole('region', { name: 'Plain form' }).getByRole('button', { name: 'Add' }).click();
      assert.equal((await answer).status(), 303);
      await page.waitForURL(`${job.origin}/dashboard`);
      await shows(() => serverNotes(page), 'by form');
    });

    test('a note is deleted by axios', async () => {
      await page.getByRole('button', { name: 'Delete “by action”' }).click();
      await eventually(async () => !(await browserNotes(page)).includes('by action'), 'the note being gone');
    });

    test('without script: sign in on our page, server action, plain form, sign out', async () => {
      const scriptless = await job.browser.newContext({ javaScriptEnabled: false });
      const tab = await scriptless.newPage();
      await tab.goto(`${job.origin}/dashboard`);
      await signInOnOwnPage(tab, ada);
      await tab.waitForURL(`${job.origin}/dashboard`);
      await tab.getByLabel('Note for the server action').fill('action, no script');
      await tab.getByRole('region', { name: 'Server action' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => serverNotes(tab), 'action, no script');
      await tab.getByLabel('Note for the plain form').fill('form, no script');
      await tab.getByRole('region', { name: 'Plain form' }).getByRole('button', { name: 'Add' }).click();
      await tab.waitForURL(`${job.origin}/dashboard`);
      await shows(() => serverNotes(tab), 'form, no script');
      await tab.goto(`${job.origin}/api/auth/signout`);
      await tab.locator('form[method=post] [type=submit]').first().click();
      await tab.waitForLoadState();
      assert.equal((await scriptless.cookies()).some(({ name, value }) => name.includes('session-token') && value), false);
      await scriptless.close();
    });

    test('S10 a form without the token is refused, and nothing is written', async () => {
      const answer = await page.evaluate(async () => (await fetch('/api/notes', { method: 'POST', body: new URLSearchParams({ text: 'forged' }) })).status);
      assert.equal(answer, 403);
      assert.equal(job.taps.api.sent().includes('forged'), false);
    });

    test('a WebSocket ticks and echoes', async () => {
      await page.goto(`${job.origin}/dashboard`);
      await eventually(async () => (await stateOf(page, 'ws')) === 'open', 'the WebSocket');
      await eventually(async () => (await page.getByTestId('ws').getAttribute('data-echo')) === 'hello', 'the echo');
      await eventually(async () => / [2-9] ticks/.test(await page.getByTestId('ws').innerText()), 'a second tick');
    });

    test('an event stream arrives piece by piece', async () => {
      await eventually(async () => (await stateOf(page, 'sse')) === 'open', 'the event stream');
      await eventually(async () => / ([3-9]|\d\d) events/.test(await page.getByTestId('sse').innerText()), 'a third event');
    });

    test('the devices list shows both, ending the other cuts its socket and stream at once', async () => {
      const other = await job.browser.newContext({ userAgent: 'Mozilla/5.0 (Other device) Gecko/20100101 Firefox/140.0' });
      const tab = await other.newPage();
      await signInOnLandingPage(tab, job.origin, ada);
      await eventually(async () => (await stateOf(tab, 'ws')) === 'open' && (await stateOf(tab, 'sse')) === 'open', 'the other device being live');

      const list = await devices(page);
      assert.equal(list.filter(({ current }) => current).length, 1);
      const theirs = list.find(({ current }) => !current);
      assert.ok(theirs, 'the other device is listed');
      const ended = await fetchInPage(page, `/api/auth/sessions/${theirs.id}`, { method: 'DELETE' });
      assert.ok([200, 204].includes(ended.status), `DELETE answered ${ended.status}`);
      await eventually(async () => (await stateOf(tab, 'ws')) === 'closed' && (await stateOf(tab, 'sse')) === 'closed', 'both being cut', 2000);
      assert.equal((await fetchInPage(tab, '/api/notes')).status, 401);
      assert.equal((await fetchInPage(page, '/api/notes')).status, 200, 'this session lives on');
      await other.close();
    });

    test('the account page names the person', async () => {
      await page.goto(`${job.origin}/api/auth/account`);
      assert.match(await page.locator('body').innerText(), new RegExp(ada.email));
    });

    test('S5 signing out in one tab ends the session everywhere, the socket in the other tab included', async () => {
      await page.goto(`${job.origin}/dashboard`);
      const second = await context.newPage();
      await second.goto(`${job.origin}/dashboard`);
      await eventually(async () => (await stateOf(second, 'ws')) === 'open' && (await stateOf(second, 'sse')) === 'open', 'the second tab being live');
      const copied = (await context.cookies()).filter(({ name }) => name.includes('session-token'));

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${job.origin}/`);
      await eventually(async () => (await stateOf(second, 'ws')) === 'closed' && (await stateOf(second, 'sse')) === 'closed', 'both being cut', 2000);
      assert.equal((await context.cookies()).some(({ name, value }) => name.includes('session-token') && value), false, 'the cookie is gone');

      const thief = await job.browser.newContext();
      await thief.addCookies(copied);
      const tab = await thief.newPage();
      await tab.goto(job.origin);
      assert.equal((await fetchInPage(tab, '/api/notes')).status, 401, 'a copied cookie is dead');
      await thief.close();
      await second.close();
    });
  });
}

test('sallyport dev prints where to go and keeps its state between runs', async () => {
  const gate = await Sallyport.dev({ web: 'http://127.0.0.1:9', api: 'http://127.0.0.1:9' });
  assert.match(gate.log, new RegExp(`http://localhost:${gate.port}`));
  const client = gate.client();
  const { csrfToken } = await client.csrf();
  await gate.stop();
  const again = await Sallyport.dev({ web: 'http://127.0.0.1:9', api: 'http://127.0.0.1:9', dir: gate.dir, port: gate.port });
  try {
    client.at = again.at;
    assert.equal((await client.csrf()).csrfToken, csrfToken, 'the generated secret is the same one');
  } finally { await again.stop(); }
});
