// SPDX-License-Identifier: Apache-2.0
// The main job with all its servers: Next.js and Express behind taps, Sallyport before them, a browser at the front.
import assert from 'node:assert/strict';
import { launch } from './browser.mjs';
import { startApi, startWeb } from './example_app.mjs';
import { freePort, until } from './processes.mjs';
import { Sallyport, requireBinary } from './sallyport.mjs';
import { startTap } from './tap.mjs';

/** start({web, api, port}) → a running Sallyport. → {gate, browser, taps, origin, stop} */
export async function startMainJob(start, { publicUrl, apiEnv, browserArgs } = {}) {
  requireBinary();
  const port = await freePort();
  const origin = publicUrl ?? `http://localhost:${port}`;
  const stops = [];
  const stop = async () => { for (const step of stops.reverse()) await step().catch?.(() => {}); };
  try {
    const api = await startApi({ issuer: origin, env: apiEnv });
    stops.push(() => api.stop());
    const apiTap = await startTap(api.origin);
    stops.push(async () => apiTap.stop());
    const web = await startWeb({ apiUrl: api.origin });
    stops.push(() => web.stop());
    const webTap = await startTap(web.origin);
    stops.push(async () => webTap.stop());
    const gate = await start({ web: webTap.origin, api: apiTap.origin, port, publicUrl: origin });
    stops.push(() => gate.stop());
    const browser = await launch({ args: browserArgs });
    stops.push(() => browser.close());
    return { gate, browser, origin, api, web, taps: { api: apiTap, web: webTap }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const serve = (options = {}) => (servers) => Sallyport.serve({ ...servers, ...options });
export const dev = (options = {}) => (servers) => Sallyport.dev({ ...servers, ...options });

/** Signs in on the example's landing page, by next-auth/react's own signIn(). */
export async function signInOnLandingPage(page, origin, { email, password }) {
  await page.goto(origin);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(`${origin}/dashboard`);
}

export const browserNotes = (page) => page.getByTestId('browser-notes').locator('li span').allTextContents();
export const serverNotes = (page) => page.getByTestId('server-notes').locator('li span').allTextContents();
export const stateOf = (page, id) => page.getByTestId(id).getAttribute('data-state');
export const eventually = (probe, what, timeout = 10_000) => until(probe, { timeout, what, every: 50 });

export async function shows(notes, text) {
  await eventually(async () => (await notes()).includes(text), `the note “${text}”`);
}

/** The JSON of a same-origin fetch made inside the page, with the token that script can read when it is unsafe. */
export async function fetchInPage(page, path, { method = 'GET' } = {}) {
  return page.evaluate(async ({ path, method }) => {
    const token = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1];
    const answer = await fetch(path, { method, headers: method === 'GET' ? {} : { 'X-XSRF-TOKEN': decodeURIComponent(token ?? '') } });
    const text = await answer.text();
    return { status: answer.status, json: text ? JSON.parse(text) : null };
  }, { path, method });
}

/** The session of this browser, asked for outside the page: our own pages may not fetch anything (S8). */
export async function sessionOf(page, origin) {
  return (await page.context().request.get(`${origin}/api/auth/session`)).json();
}

export async function devices(page) {
  const { status, json } = await fetchInPage(page, '/api/auth/sessions');
  assert.equal(status, 200);
  return Array.isArray(json) ? json : json.sessions;
}
