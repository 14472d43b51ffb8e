// SPDX-License-Identifier: Apache-2.0
// script/demo --check: signs in to the running demo as its visitor would. Arguments: URL, e-mail, password.
import { launch } from './support/browser.mjs';
import { browserNotes, eventually, shows, signInOnLandingPage, stateOf } from './support/main_job.mjs';

const [origin, email, password] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await browser.newPage();
  await signInOnLandingPage(page, origin, { email, password });
  const text = `checked at ${new Date().toISOString()}`;
  await page.getByLabel('Note for axios').fill(text);
  await page.getByRole('region', { name: 'From the browser' }).getByRole('button', { name: 'Add' }).click();
  await shows(() => browserNotes(page), text);
  await eventually(async () => (await stateOf(page, 'ws')) === 'open' && (await stateOf(page, 'sse')) === 'open', 'the WebSocket and the event stream');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${origin}/`);

  await page.getByRole('button', { name: 'Sign in with Work' }).click();
  await page.getByLabel('Your name').fill('grace');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(`${origin}/dashboard`);
  await eventually(async () => (await stateOf(page, 'ws')) === 'open', 'the WebSocket of who came by the provider');
} finally {
  await browser.close();
}
