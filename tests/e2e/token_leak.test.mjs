// SPDX-License-Identifier: Apache-2.0
// S7: no token ever reaches the browser. Takes every token that an upstream has seen, and what the session cookie seals, and
// searches for it, raw, URL-encoded and base64, in everything that the browser received or keeps.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { Recorder } from './support/browser.mjs';
import { browserNotes, eventually, serve, shows, signInOnLandingPage, startMainJob, stateOf } from './support/main_job.mjs';
import { ada } from './support/sallyport.mjs';

// Base64 text of `secret` that stands whatever comes before and after it: it may begin at any of three offsets.
function inBase64(secret, encoding) {
  return [0, 1, 2].map((shift) => {
    const length = Buffer.byteLength(secret) + shift;
    return Buffer.from('x'.repeat(shift) + secret).toString(encoding).slice(Math.ceil((shift * 8) / 6), Math.floor((length * 8) / 6));
  });
}

const forms = (secret) => [secret, encodeURIComponent(secret), ...inBase64(secret, 'base64'), ...inBase64(secret, 'base64url')];

/** Tokens as wholes and their signatures: a signature alone is a leak as well. */
const secretsIn = (token) => [token, ...token.split('.').filter((part, i) => i === 2 && part.length > 20)];

export function leaks(pieces, secrets) {
  return secrets.flatMap((secret) => forms(secret).flatMap((form) => pieces.filter(({ text }) => text.includes(form)).map(({ where }) => `${secret.slice(0, 12)}… in ${where}`)));
}

test('the search finds a token that is there, in each spelling', () => {
  const token = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4+/8ifQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw';
  for (const hidden of [token, encodeURIComponent(token), Buffer.from(token).toString('base64'), Buffer.from(`{"t":"${token}"}`).toString('base64'), Buffer.from(`ab${token}`).toString('base64')]) {
    assert.notEqual(leaks([{ where: 'x', text: `<${hidden}>` }], [token]).length, 0, hidden);
  }
  assert.equal(leaks([{ where: 'x', text: 'nothing' }], [token]).length, 0);
});

for (const strategy of ['database', 'jwt']) {
  describe(`S7 with ${strategy} sessions`, () => {
    let job;
    before(async () => { job = await startMainJob(serve({ users: [ada], session: { strategy }, compat: { next_auth: 'v4' }, top: { search_answers: true } })); });
    after(() => job?.stop());

    test('S7 no byte that the browser receives or keeps holds a token', async () => {
      const context = await job.browser.newContext();
      const recorder = new Recorder(context);
      const page = await context.newPage();
      await signInOnLandingPage(page, job.origin, ada);
      await page.getByLabel('Note for axios').fill('leak test');
      await page.getByRole('region', { name: 'From the browser' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => browserNotes(page), 'leak test');
      await page.getByLabel('Note for the server action').fill('leak action');
      await page.getByRole('region', { name: 'Server action' }).getByRole('button', { name: 'Add' }).click();
      await shows(() => browserNotes(page).then(() => page.getByTestId('server-notes').locator('li span').allTextContents()), 'leak action');
      await eventually(async () => (await stateOf(page, 'ws')) === 'open' && (await stateOf(page, 'sse')) === 'open', 'the live connections');
      await page.goto(job.origin); // RSC payloads of client-side navigation
      await page.getByRole('link', { name: 'Notes', exact: true }).click();
      await page.waitForURL(`${job.origin}/dashboard`);
      for (const path of ['session', 'me', 'sessions', 'csrf', 'providers', 'account']) await page.evaluate((name) => fetch(`/api/auth/${name}`).then((r) => r.text()), path);
      await page.evaluate(() => fetch('/api/whoami').then((r) => r.text()));

      const tokens = [...new Set([...job.taps.api.bearers(), ...job.taps.web.bearers()])];
      assert.ok(job.taps.api.bearers().length > 0 && job.taps.web.bearers().length > 0, 'both upstreams have seen a bearer');
      for (const token of tokens) assert.equal(decodeJwt(token).aud, 'api');
      const cookies = (await context.cookies()).filter(({ name }) => name.includes('session-token')).map(({ value }) => value);
      const seen = await recorder.everything();
      assert.ok(seen.some(({ where }) => where.startsWith('WebSocket')), 'frames were recorded');
      assert.ok(seen.some(({ where }) => where === 'event stream'), 'events were recorded');
      assert.deepEqual(leaks(seen, tokens.flatMap(secretsIn)), []);
      // S2: the cookie itself is in Set-Cookie and nowhere else.
      assert.deepEqual(leaks(seen.filter(({ where }) => !where.endsWith('(headers)')), cookies), []);
      await context.close();
    });

    test('S62 nor does the log hold one, or a cookie, or a password', async () => {
      const log = [{ where: 'the log', text: job.gate.log }];
      assert.deepEqual(leaks(log, [...job.taps.api.bearers(), ...job.taps.web.bearers()].flatMap(secretsIn)), []);
      assert.equal(job.gate.log.includes(ada.password), false);
      const client = await job.gate.signedIn(ada);
      assert.equal(job.gate.log.includes(client.jar.get(client.jar.ending('session-token'))), false);
    });

    test('S23 no upstream receives a cookie of ours', () => {
      for (const [name, tap] of Object.entries(job.taps)) {
        const cookies = [...tap.sent().matchAll(/^cookie: *(.*)$/gim)].map(([, value]) => value).join('; ');
        assert.equal(/session-token|callback-url/.test(cookies), false, `${name} got ${cookies.slice(0, 200)}`);
        if (name === 'api') assert.equal(/csrf-token|XSRF-TOKEN/.test(cookies), false, 'the API got a CSRF cookie');
      }
    });
  });
}
