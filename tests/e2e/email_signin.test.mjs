// SPDX-License-Identifier: Apache-2.0
// Sign-in by a link and a code in a mail: by a real mail server with TLS and AUTH, in a real browser, and against everything
// that opens mails before the person does.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { launch } from './support/browser.mjs';
import { ask, isSignedIn, mailTo, pathOf, post, startEmailGate, tokenOf } from './support/email_signin.mjs';
import { Sallyport, bob, scratch } from './support/sallyport.mjs';
import { until } from './support/processes.mjs';

let number = 0;
const somebody = () => `person${++number}@example.com`;

describe('sign-in by mail', () => {
  let world, gate, mail, browser;
  before(async () => { world = await startEmailGate(); ({ gate, mail } = world); browser = await launch(); });
  after(async () => { await browser?.close(); await world?.stop(); });

  const wrongCode = (code) => (code === '1111 1111' ? '2222 2222' : '1111 1111');
  const withLink = (client, link, fields = {}) => post(client, '/api/auth/callback/email', { token: tokenOf(link), ...fields });
  const withCode = (client, code) => post(client, '/api/auth/callback/email', { code });

  test('getProviders() shows it', async () => {
    assert.deepEqual((await gate.client().request('/api/auth/providers')).json(), { email: {
      id: 'email', name: 'Email', type: 'email', signinUrl: `${gate.origin}/api/auth/signin/email`, callbackUrl: `${gate.origin}/api/auth/callback/email` } });
  });

  test('one mail, sent with TLS and AUTH, with a link and a code that mail programs read', async () => {
    const address = somebody(), client = gate.client();
    const answer = await ask(client, ` ${address.toUpperCase()} `);
    assert.equal(answer.status, 200);
    assert.equal(answer.json().url, `${gate.origin}/api/auth/verify-request?provider=email&type=email`);
    const got = await mailTo(mail, address);
    assert.equal(got.secure, true);
    assert.equal(got.user, mail.user);
    assert.equal(got.parsed.subject, 'Sign in to Fieldnotes');
    assert.ok(got.link.startsWith(`${gate.origin}/api/auth/callback/email?token=`), got.text);
    assert.match(got.code, /^\d{4} \d{4}$/);
    assert.ok(got.html.includes(got.code) && got.html.includes(tokenOf(got.link)), 'both parts say the same');
    assert.equal(gate.log.includes(tokenOf(got.link)), false, 'S62');
    assert.equal(gate.log.includes(got.code), false, 'S62');
    assert.equal((await withLink(client, got.link)).status, 302);
    assert.ok(isSignedIn(client));
    assert.equal((await client.session()).user.email, address);
  });

  test('S54 the link in another browser wants the address, which the page does not give away', async () => {
    const address = somebody();
    await ask(gate.client(), address, { callbackUrl: '/dashboard' });
    const { link } = await mailTo(mail, address), other = gate.client();
    const page = await other.navigate(pathOf(link));
    assert.equal(page.status, 200);
    assert.ok(page.text.includes('p•••@example.com'), 'the page names the account');
    assert.equal(page.text.includes(address), false);
    for (const fields of [{}, { email: '' }, { email: 'eve@example.com' }]) {
      const refused = await withLink(other, link, fields);
      assert.equal(refused.status, 422);
      assert.ok(!isSignedIn(other));
    }
    const done = await withLink(other, link, { email: address });
    assert.equal(done.headers.location, `${gate.origin}/dashboard`, 'where the person wanted to go, also from another browser');
    assert.equal((await other.session()).user.email, address);
  });

  test('S54 the browser that asked is not signed in by somebody else\'s POST', async () => {
    const address = somebody(), asking = gate.client(), other = gate.client();
    await ask(asking, address);
    const { link } = await mailTo(mail, address);
    await withLink(other, link, { email: address });
    assert.ok(isSignedIn(other) && !isSignedIn(asking));
    assert.equal(await asking.session(), null);
  });

  test('S54 the code works in the asking browser, and nowhere else', async () => {
    const address = somebody(), client = gate.client(), other = gate.client();
    await ask(client, address);
    const { code, link } = await mailTo(mail, address);
    await ask(other, somebody());
    for (const elsewhere of [gate.client(), other]) {
      await withCode(elsewhere, code);
      assert.ok(!isSignedIn(elsewhere));
    }
    const done = await withCode(client, code.replace(' ', '-'));
    assert.equal(done.headers.location, `${gate.origin}/`);
    assert.ok(isSignedIn(client));
    const late = await withLink(gate.client(), link, { email: address });
    assert.equal(late.headers.location, `${gate.origin}/api/auth/error?error=Verification`, 'link and code consume each other');
  });

  test('S54 five wrong codes end the mail, link and all', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address);
    const { code, link } = await mailTo(mail, address);
    for (let i = 1; i <= 4; ++i) {
      const refused = await withCode(client, wrongCode(code));
      assert.match(refused.headers.location, /verify-request\?provider=email&type=email&error=wrong_code$/, `try ${i}`);
    }
    assert.match((await withCode(client, wrongCode(code))).headers.location, /error\?error=Verification$/);
    assert.match((await withCode(client, code)).headers.location, /error\?error=Verification$/);
    assert.match((await withLink(client, link)).headers.location, /error\?error=Verification$/);
    assert.ok(!isSignedIn(client));
  });

  test('S54 of a hundred parallel guesses five are judged', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address);
    const { code } = await mailTo(mail, address);
    const { csrfToken } = await client.csrf();
    const guesses = await Promise.all(Array.from({ length: 100 }, () => client.navigate('/api/auth/callback/email', {
      method: 'POST', form: { csrfToken, code: wrongCode(code) }, headers: { 'Sec-Fetch-Site': 'same-origin' } })));
    assert.equal(guesses.filter(({ headers }) => /wrong_code/.test(headers.location)).length, 4, 'and the fifth ends it');
    assert.match((await withCode(client, code)).headers.location, /Verification/);
  });

  test('S54 twenty people with one link: one is signed in', async () => {
    const address = somebody();
    await ask(gate.client(), address);
    const { link } = await mailTo(mail, address);
    const clients = Array.from({ length: 20 }, () => gate.client());
    // Five tries are all there are: some are refused for that, and never two are let in.
    await Promise.all(clients.map((client) => withLink(client, link, { email: address })));
    assert.equal(clients.filter(isSignedIn).length, 1);
  });

  test('two mails at once: each link works, and either code', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address, { callbackUrl: '/one' });
    await ask(client, address, { callbackUrl: '/two' });
    await mailTo(mail, address, 2);
    const [first, second] = [await mailTo(mail, address, 1), await mailTo(mail, address, 2)];
    const targets = [];
    for (const { code } of [first, second]) targets.push(new URL((await withCode(client, code)).headers.location).pathname);
    assert.deepEqual(targets.sort(), ['/one', '/two']);
  });

  test('two tabs, two addresses: each code signs in its own', async () => {
    const [one, two] = [somebody(), somebody()], client = gate.client();
    await ask(client, one);
    await ask(client, two);
    const { code } = await mailTo(mail, one);
    await withCode(client, code);
    assert.equal((await client.session()).user.email, one);
  });

  test('S50 known, unknown and disabled addresses get the same answer', async () => {
    const known = somebody();
    const client = gate.client();
    await ask(client, known);
    await withLink(client, (await mailTo(mail, known)).link);
    const shape = ({ status, headers, text, setCookies }) => ({ status, text, type: headers['content-type'], cookies: setCookies.map((cookie) => cookie.replace(/=[^;]*/, '').replace(/Expires=[^;]*/, '')) });
    const [a, b] = [await ask(gate.client(), known), await ask(gate.client(), somebody())];
    assert.deepEqual(shape(a), shape(b));
  });

  test('S52 what is no address is sent nowhere', async () => {
    const sent = mail.mails.length;
    for (const typed of ['', 'person', '"a"@example.com', 'a@example.com,b@example.com', 'a@example.com\r\nBcc: b@example.com', 'a@b@example.com']) {
      const answer = await ask(gate.client(), typed);
      assert.match(answer.json().url, /error=EmailSignin/, typed);
      assert.deepEqual(answer.setCookies.filter((cookie) => /\.email=/.test(cookie)), []);
    }
    assert.equal(mail.mails.length, sent);
  });

  test('S15 a callbackUrl elsewhere leads home', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address, { callbackUrl: 'https://evil.example/' });
    const { link } = await mailTo(mail, address);
    assert.equal((await withLink(client, `${link}&callbackUrl=https://evil.example/`)).headers.location, gate.origin);
  });

  test('S10 without csrfToken, or from another site, nothing happens', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address);
    const { link, code } = await mailTo(mail, address);
    for (const form of [{ token: tokenOf(link) }, { code }, { token: tokenOf(link), csrfToken: 'f'.repeat(64) }])
      assert.match((await client.navigate('/api/auth/callback/email', { method: 'POST', form, headers: { 'Sec-Fetch-Site': 'same-origin' } })).headers.location, /signin\?error=MissingCSRF/);
    assert.match((await post(client, '/api/auth/callback/email', { token: tokenOf(link) }, { headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' } })).headers.location, /MissingCSRF/);
    assert.ok(!isSignedIn(client));
    assert.equal((await withLink(client, link)).headers.location, `${gate.origin}/`, 'and the link is still good');
  });

  test('next-auth\'s own form of the link works and consumes nothing', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address);
    const { link } = await mailTo(mail, address);
    const query = new URLSearchParams({ callbackUrl: `${gate.origin}/`, token: tokenOf(link), email: address });
    for (let i = 0; i < 3; ++i) assert.equal((await client.navigate(`/api/auth/callback/email?${query}`)).status, 200);
    query.set('email', 'eve@example.com');
    assert.match((await client.navigate(`/api/auth/callback/email?${query}`)).headers.location, /error=Verification/);
    assert.match((await client.navigate('/api/auth/callback/email')).headers.location, /error=Configuration/);
    assert.match((await client.navigate('/api/auth/callback/email?token=nonsense')).headers.location, /error=Verification/);
    await withLink(client, link);
    assert.ok(isSignedIn(client));
  });

  test('S1 a new session id, and the former session dies', async () => {
    const address = somebody(), client = gate.client();
    await ask(client, address);
    await withLink(client, (await mailTo(mail, address)).link);
    const former = client.jar.get(client.jar.ending('session-token'));
    await ask(client, address);
    await withLink(client, (await mailTo(mail, address, 2)).link);
    assert.notEqual(client.jar.get(client.jar.ending('session-token')), former);
    const old = gate.client();
    old.jar.set(client.jar.ending('session-token'), former);
    assert.equal(await old.session(), null);
  });

  describe('S54 a mail scanner before the person', () => {
    test('GET and HEAD of every link, then a Chromium that runs scripts and clicks every button: the link is still good', async () => {
      const address = somebody(), person = gate.client();
      await ask(person, address);
      const { link, html, text } = await mailTo(mail, address);
      const links = [...new Set([...text.matchAll(/https?:\/\/[^\s"<>]+/g), ...html.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([found]) => found.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=')))];
      assert.ok(links.includes(link), links.join(' '));
      for (const found of links) for (const method of ['HEAD', 'GET', 'OPTIONS']) await gate.client().request(pathOf(found), { method });

      const context = await browser.newContext();
      for (const found of links) {
        const page = await context.newPage();
        await page.goto(found);
        for (let i = 0, count = await page.locator('button, input[type=submit], a').count(); i < count; ++i) {
          await page.goto(found);
          await page.locator('button, input[type=submit], a').nth(i).click({ timeout: 5000 }).catch(() => {});
          await page.waitForLoadState('networkidle');
        }
        // One that fills in fields and does not care what they require.
        for (const typed of ['', 'test', 'scanner@example.com']) {
          await page.goto(found);
          await page.evaluate((value) => {
            document.querySelectorAll('input:not([type=hidden])').forEach((input) => { input.value = value; });
            document.querySelectorAll('form').forEach((form) => { form.noValidate = true; });
          }, typed);
          const answered = page.waitForResponse((response) => response.request().method() === 'POST');
          await page.locator('form [type=submit]').first().click();
          assert.equal((await answered).status(), 422);
          await page.waitForLoadState('networkidle');
        }
        await page.close();
      }
      assert.equal((await context.cookies()).some(({ name }) => name.includes('session-token')), false, 'nobody is signed in');
      await context.close();

      assert.equal((await withLink(person, link)).headers.location, `${gate.origin}/`);
      assert.equal((await person.session()).user.email, address);
    });
  });

  describe('in Chromium', () => {
    const open = async () => { const context = await browser.newContext(); return { context, page: await context.newPage() }; };
    const signedIn = async (context) => (await context.cookies()).some(({ name, value }) => name.includes('session-token') && value);
    async function askOnPage(page, address) {
      await page.goto(`${gate.origin}/api/auth/signin?callbackUrl=/dashboard`);
      await page.getByLabel('E-mail address').fill(address);
      await page.getByRole('button', { name: 'Mail me a link' }).click();
      await page.getByRole('heading', { name: 'Check your mail' }).waitFor();
      assert.ok((await page.locator('main').innerText()).includes(address));
    }

    test('the same browser: one click', async () => {
      const { context, page } = await open(), address = somebody();
      await askOnPage(page, address);
      const tab = await context.newPage();
      await tab.goto((await mailTo(mail, address)).link);
      assert.ok((await tab.locator('main').innerText()).includes(address));
      assert.equal(await tab.locator('input:not([type=hidden])').count(), 0, 'nothing to type');
      await tab.getByRole('button', { name: 'Sign in' }).click();
      await tab.waitForURL(`${gate.origin}/dashboard`);
      assert.ok(await signedIn(context));
      // Back: a page that says why it is of no use any more.
      await tab.goBack();
      await tab.getByText('no longer valid').waitFor();
      assert.ok(await signedIn(context), 'still signed in');
      await context.close();
    });

    test('another browser: the address typed', async () => {
      const asking = await open(), other = await open(), address = somebody();
      await askOnPage(asking.page, address);
      await other.page.goto((await mailTo(mail, address)).link);
      await other.page.getByRole('button', { name: 'Sign in' }).click();
      assert.equal(await signedIn(other.context), false, 'the browser itself wants the field filled in');
      await other.page.getByLabel('Your e-mail address').fill('wrong@example.com');
      await other.page.getByRole('button', { name: 'Sign in' }).click();
      await other.page.locator('[aria-invalid=true]').waitFor();
      await other.page.getByLabel('Your e-mail address').fill(address);
      await other.page.getByRole('button', { name: 'Sign in' }).click();
      await other.page.waitForURL(`${gate.origin}/dashboard`);
      assert.ok(await signedIn(other.context));
      assert.equal(await signedIn(asking.context), false);
      await asking.context.close();
      await other.context.close();
    });

    test('the code: wrong, then right', async () => {
      const { context, page } = await open(), address = somebody();
      await askOnPage(page, address);
      const { code } = await mailTo(mail, address);
      await page.getByLabel('Code from the mail').fill(wrongCode(code));
      await page.keyboard.press('Enter');
      await page.locator('#code-error').waitFor();
      await page.getByLabel('Code from the mail').fill(code);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${gate.origin}/dashboard`);
      assert.ok(await signedIn(context));
      await context.close();
    });

    test('without script', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false }), page = await context.newPage(), address = somebody();
      await askOnPage(page, address);
      await page.goto((await mailTo(mail, address)).link);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForURL(`${gate.origin}/dashboard`);
      assert.ok(await signedIn(context));
      await context.close();
    });
  });
});

describe('sign-in by mail beside passwords', () => {
  let world, gate, mail;
  before(async () => {
    world = await startEmailGate({ password: { enabled: true, registration: 'open' }, settings: 'aliases = ["nodemailer", "resend"]', implicitTls: false, users: [bob] });
    ({ gate, mail } = world);
  });
  after(() => world?.stop());

  test('S33 an address registered by somebody who cannot read its mail', async () => {
    const squatter = gate.client(), victim = gate.client(), address = 'victim@example.com';
    const registered = await squatter.request('/api/auth/register', { method: 'POST', form: { email: address, name: 'Squatter', password: 'a long enough passphrase', csrfToken: (await squatter.csrf()).csrfToken } });
    assert.ok(registered.status < 300, registered.text);
    assert.equal((await squatter.session()).user.email, address);
    await ask(victim, address);
    const got = await mailTo(mail, address);
    await post(victim, '/api/auth/callback/email', { token: tokenOf(got.link) });
    assert.equal((await victim.session()).user.email, address);
    assert.equal(await squatter.session(), null, 'S5 the unproved session is dead');
    const again = gate.client();
    await again.signIn(address, 'a long enough passphrase');
    assert.ok(!isSignedIn(again), 'the unproved password is gone');
  });

  test('a person with a password and a proved address keeps both', async () => {
    const client = gate.client(), elsewhere = await gate.signedIn(bob);
    await ask(client, bob.email);
    await post(client, '/api/auth/callback/email', { code: (await mailTo(mail, bob.email)).code });
    assert.equal((await client.session()).user.email, bob.email);
    assert.equal((await elsewhere.session()).user.email, bob.email);
    await gate.signedIn(bob);
  });

  test('aliases are listed and lead to the same', async () => {
    const providers = (await gate.client().request('/api/auth/providers')).json();
    assert.deepEqual(Object.values(providers).map(({ id, type }) => `${id} ${type}`), ['credentials credentials', 'email email', 'nodemailer email', 'resend email']);
    const client = gate.client();
    assert.equal((await ask(client, 'alias@example.com', { id: 'resend' })).json().url, `${gate.origin}/api/auth/verify-request?provider=resend&type=email`);
    await post(client, '/api/auth/callback/nodemailer', { code: (await mailTo(mail, 'alias@example.com')).code });
    assert.ok(isSignedIn(client));
  });

  test('a disabled person gets no link, and one from before does not let them in', async () => {
    const client = gate.client(), address = 'later-disabled@example.com';
    await ask(client, address);
    await post(client, '/api/auth/callback/email', { code: (await mailTo(mail, address)).code });
    await ask(client, address);
    const { link } = await mailTo(mail, address, 2);
    const disabled = await gate.cli(['user', 'disable', address]);
    assert.equal(disabled.code, 0, disabled.stderr);
    const late = gate.client();
    const refused = await post(late, '/api/auth/callback/email', { token: tokenOf(link), email: address });
    assert.match(refused.headers.location, /error\?error=AccessDenied$/);
    await ask(late, address);
    assert.equal((await mailTo(mail, address, 3)).link, undefined);
  });
});

test('S54 after its time the mail is no good', async () => {
  const world = await startEmailGate({ settings: 'lifetime = "5s"' });
  try {
    const { gate, mail } = world, client = gate.client(), address = 'late@example.com';
    await ask(client, address);
    const { link, code } = await mailTo(mail, address);
    await until(async () => /Verification/.test((await gate.client().navigate(pathOf(link))).headers.location ?? ''), { timeout: 60_000, every: 500, what: 'the end of the link' });
    for (const fields of [{ token: tokenOf(link) }, { code }]) {
      assert.match((await post(client, '/api/auth/callback/email', fields)).headers.location, /Verification/);
      assert.ok(!isSignedIn(client));
    }
  } finally { await world.stop(); }
});

test('S2 S54 on https the cookie of the asking browser cannot come from a sibling subdomain', async () => {
  const world = await startEmailGate({ publicUrl: 'https://app.example' });
  try {
    const client = world.gate.client(), planted = world.gate.client();
    const [cookie] = (await ask(client, 'a@example.com')).setCookies.filter((line) => /\.email=/.test(line));
    assert.match(cookie, /^__Host-authjs\.email=[\w-]+; Max-Age=900; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const { link, code } = await mailTo(world.mail, 'a@example.com');
    assert.ok(link.startsWith('https://app.example/api/auth/callback/email?token='));
    planted.jar.set('__Secure-authjs.email', client.jar.get('__Host-authjs.email')).set('authjs.email', client.jar.get('__Host-authjs.email'));
    assert.match((await post(planted, '/api/auth/callback/email', { code })).headers.location, /error=Verification/);
    await post(client, '/api/auth/callback/email', { code });
    assert.ok(isSignedIn(client));
  } finally { await world.stop(); }
});

describe('the words of the mails', () => {
  const german = { 'Accept-Language': 'de-AT,de;q=0.9,en;q=0.5' };

  test('in the language of the browser that asked', async () => {
    const world = await startEmailGate();
    try {
      await ask(world.gate.client(), 'de@example.com', { headers: german });
      await ask(world.gate.client(), 'fr@example.com', { headers: { 'Accept-Language': 'fr' } });
      const got = await mailTo(world.mail, 'de@example.com');
      assert.equal(got.parsed.subject, 'Anmelden bei Fieldnotes');
      assert.match(got.text, /gelten 15 Minuten lang/);
      assert.match(got.html, /<html lang="de">/);
      assert.ok(got.link && got.code);
      assert.equal((await mailTo(world.mail, 'fr@example.com')).parsed.subject, 'Sign in to Fieldnotes');
    } finally { await world.stop(); }
  });

  test('replaced by a folder, and what is wrong in it is said with its file', async () => {
    const dir = scratch();
    mkdirSync(join(dir, 'mails/fr'), { recursive: true });
    const text = (words) => writeFileSync(join(dir, 'mails/fr/signin.txt'), words);
    text('Subject: Connexion à {{site}}\n\nPour {{email}} <b>:\n\n[Ouvrir]\n\n{{code}}\n');
    const world = await startEmailGate({ dir, settings: 'texts = "mails"\nlanguage = "fr"' });
    try {
      await ask(world.gate.client(), 'fr@example.com');
      const got = await mailTo(world.mail, 'fr@example.com');
      assert.equal(got.parsed.subject, 'Connexion à Fieldnotes');
      assert.match(got.html, /Pour fr@example.com &lt;b&gt; ?:/, 'S53');
      await ask(world.gate.client(), 'de@example.com', { headers: german });
      assert.equal((await mailTo(world.mail, 'de@example.com')).parsed.subject, 'Anmelden bei Fieldnotes');
      text('Subject: Connexion\n\n{{mot_de_passe}}\n\n[Ouvrir]\n\n{{code}}\n');
      const checked = await world.gate.cli(['check-config']);
      assert.equal(checked.code, 2);
      assert.match(checked.stdout + checked.stderr, /sallyport\.toml:\d+: signin\.email\.texts: fr\/signin\.txt: \{\{mot_de_passe\}\} has no value/);

      assert.equal((await world.gate.cli(['reload'])).code, 2);
      await ask(world.gate.client(), 'encore@example.com');
      assert.equal((await mailTo(world.mail, 'encore@example.com')).parsed.subject, 'Connexion à Fieldnotes', 'a bad file changes nothing');
      text('Subject: Entrez chez {{site}}\n\n{{email}}\n\n[Ouvrir]\n\n{{code}}\n');
      const reloaded = await world.gate.cli(['reload', '--json']);
      assert.equal(reloaded.code, 0, reloaded.stderr);
      await ask(world.gate.client(), 'apres@example.com');
      assert.equal((await mailTo(world.mail, 'apres@example.com')).parsed.subject, 'Entrez chez Fieldnotes');
    } finally { await world.stop(); }
  });
});

describe('where registration is closed', () => {
  test('S50 an unknown address gets the same answer, and a mail that says that nobody has it', async () => {
    const world = await startEmailGate({ password: { enabled: true, registration: 'closed' }, users: [bob] });
    try {
      const [known, unknown] = [await ask(world.gate.client(), bob.email), await ask(world.gate.client(), 'nobody@example.com')];
      assert.deepEqual([unknown.status, unknown.text], [known.status, known.text]);
      assert.equal((await mailTo(world.mail, 'nobody@example.com')).link, undefined);
      assert.ok((await mailTo(world.mail, bob.email)).link);
    } finally { await world.stop(); }
  });
});

describe('S55 limits', () => {
  test('mails to one address are limited, and the answer says how long to wait', async () => {
    const world = await startEmailGate({ throttle: { mails_per_account_per_hour: 2 } });
    try {
      for (let i = 0; i < 2; ++i) assert.equal((await ask(world.gate.client(), 'one@example.com')).status, 200);
      const refused = await ask(world.gate.client(), 'one@example.com');
      assert.equal(refused.status, 429);
      assert.ok(Number(refused.headers['retry-after']) > 0);
      assert.match(refused.json().url, /error=EmailSignin&code=throttled/);
    } finally { await world.stop(); }
  });
});

describe('`sallyport dev`', () => {
  test('offers it beside the password, and the mailbox shows the mail', async () => {
    const gate = await Sallyport.dev({ web: 'http://127.0.0.1:9' });
    try {
      const client = gate.client();
      const providers = (await client.request('/api/auth/providers')).json();
      assert.deepEqual(Object.keys(providers), ['credentials', 'email']);
      await ask(client, 'dev@example.com');
      const { mails: [newest] } = (await client.request('/api/auth/dev/mailbox')).json();
      assert.equal(newest.to, 'dev@example.com');
      await post(client, '/api/auth/callback/email', { code: /\b\d{4} \d{4}\b/.exec(newest.text)[0] });
      assert.ok(isSignedIn(client));
    } finally { await gate.stop(); }
  });
});
