// SPDX-License-Identifier: Apache-2.0
// Headless Chromium through playwright-core, and a recorder of every byte that a page receives.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function launch({ args = [] } = {}) {
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is not there; run script/bootstrap first`);
  return chromium.launch({
    executablePath, headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', ...args],
  });
}

/** Keeps bodies, headers, WebSocket frames and event-stream pieces of a context; `everything()` adds storage and cookies. */
export class Recorder {
  constructor(context) {
    this.context = context;
    this.pieces = []; // {where, text}
    this.pending = new Set();
    context.on('page', (page) => this.#watch(page));
    for (const page of context.pages()) this.#watch(page);
  }

  #watch(page) {
    page.on('response', (response) => this.#later(this.#response(response)));
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.#keep(`WebSocket ${socket.url()}`, String(payload))));
    this.#later(this.#streams(page));
  }

  // Bodies of event streams never end, so Chromium's own event for their messages is used.
  async #streams(page) {
    const session = await this.context.newCDPSession(page).catch(() => null);
    await session?.send('Network.enable').catch(() => {});
    session?.on('Network.eventSourceMessageReceived', ({ data }) => this.#keep('event stream', data));
  }

  async #response(response) {
    const where = `${response.status()} ${response.url()}`;
    this.#keep(where, response.url());
    const headers = await response.headersArray().catch(() => []);
    this.#keep(`${where} (headers)`, headers.map(({ name, value }) => `${name}: ${value}`).join('\n'));
    if (/event-stream/.test(headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '')) return;
    const body = await response.body().catch(() => null);
    if (body) this.#keep(where, body.toString('latin1'));
  }

  #later(promise) {
    const kept = promise.finally(() => this.pending.delete(kept));
    this.pending.add(kept);
  }
  #keep(where, text) { this.pieces.push({ where, text }); }

  /** Everything seen so far, with the storage, cookies, globals and HTML of the open pages. */
  async everything() {
    await Promise.race([Promise.allSettled([...this.pending]), new Promise((done) => setTimeout(done, 5000))]);
    const all = [...this.pieces];
    all.push({ where: 'cookies that script can read, and their names', text: JSON.stringify((await this.context.cookies()).filter(({ httpOnly }) => !httpOnly)) });
    all.push({ where: 'storage state', text: JSON.stringify((await this.context.storageState()).origins) });
    for (const page of this.context.pages()) {
      const state = await page.evaluate(() => JSON.stringify({
        session: { ...sessionStorage }, local: { ...localStorage }, cookie: document.cookie, html: document.documentElement.outerHTML,
      })).catch(() => '');
      all.push({ where: `page ${page.url()}`, text: state });
    }
    return all;
  }
}

/** Fills in and sends Sallyport's own sign-in page. */
export async function signInOnOwnPage(page, { email, password }) {
  await page.locator('input[name=email]').first().fill(email);
  await page.locator('input[name=password]').first().fill(password);
  await page.locator('form:has(input[name=password]) [type=submit]').first().click();
}
