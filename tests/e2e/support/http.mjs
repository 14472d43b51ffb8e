// SPDX-License-Identifier: Apache-2.0
// A plain HTTP client with a cookie jar: no redirects followed, every header under the test's control.
import http from 'node:http';
import https from 'node:https';

export class CookieJar {
  #cookies = new Map();
  take(setCookies = []) {
    for (const line of setCookies) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const name = pair.slice(0, at), value = pair.slice(at + 1);
      const gone = attributes.some((part) => /^max-age=(0|-\d+)$/i.test(part) || (/^expires=/i.test(part) && Date.parse(part.slice(8)) <= Date.now()));
      if (gone) this.#cookies.delete(name); else this.#cookies.set(name, value);
    }
  }
  set(name, value) { this.#cookies.set(name, value); return this; }
  get(name) { return this.#cookies.get(name); }
  names() { return [...this.#cookies.keys()]; }
  /** The first cookie whose name ends in `suffix`, prefix and version aside. */
  ending(suffix) { return this.names().find((name) => name.endsWith(suffix)); }
  header() { return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '); }
}

/**
 * request('http://127.0.0.1:8080/x', {method, headers, body, form, json, jar, host, socketPath, ca})
 * → {status, headers, setCookies, rawHeaders, body: Buffer, text, json()}
 */
export function request(url, { method = 'GET', headers = {}, body, form, json, jar, agent, ca, socketPath, timeout = 20_000, servername } = {}) {
  const target = new URL(url);
  const sent = { ...headers };
  if (form) { body = new URLSearchParams(form).toString(); sent['Content-Type'] ??= 'application/x-www-form-urlencoded'; }
  if (json !== undefined) { body = JSON.stringify(json); sent['Content-Type'] ??= 'application/json'; }
  if (body !== undefined) sent['Content-Length'] ??= Buffer.byteLength(body);
  const cookies = jar?.header();
  if (cookies && !('Cookie' in sent)) sent.Cookie = cookies;
  return new Promise((done, fail) => {
    const outgoing = (target.protocol === 'https:' ? https : http).request({
      host: target.hostname, port: target.port, path: target.pathname + target.search, method, headers: sent,
      agent: agent ?? false, ca, socketPath, servername, timeout,
    }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('error', fail);
      answer.on('end', () => {
        const setCookies = answer.headers['set-cookie'] ?? [];
        jar?.take(setCookies);
        const whole = Buffer.concat(pieces);
        done({ status: answer.statusCode, headers: answer.headers, rawHeaders: answer.rawHeaders, setCookies, body: whole,
          text: whole.toString('utf8'), json: () => JSON.parse(whole.toString('utf8')) });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer to ${method} ${url} within ${timeout} ms`)));
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

/** A browser-like client of one origin: keeps cookies and sends Fetch-Metadata as a same-origin fetch would. */
export class Client {
  constructor(origin, { jar = new CookieJar(), ca, at = origin } = {}) {
    Object.assign(this, { origin, jar, ca, at });
  }
  request(path, options = {}) {
    const browser = { Host: new URL(this.origin).host, 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', Accept: 'application/json' };
    if (options.method && !['GET', 'HEAD'].includes(options.method)) browser.Origin = this.origin;
    return request(this.at + path, { jar: this.jar, ca: this.ca, ...options, headers: { ...browser, ...options.headers } });
  }
  navigate(path, options = {}) {
    return this.request(path, { ...options, headers: { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'none', 'Sec-Fetch-User': '?1', Accept: 'text/html,application/xhtml+xml', ...options.headers } });
  }
  async csrf() { return (await this.request('/api/auth/csrf')).json(); }
  async signIn(email, password, fields = {}) {
    const { csrfToken } = await this.csrf();
    return this.request('/api/auth/callback/credentials', { method: 'POST', form: { csrfToken, email, password, json: 'true', callbackUrl: '/', ...fields } });
  }
  async session() { return (await this.request('/api/auth/session')).json(); }
  async signOut() {
    const { csrfToken } = await this.csrf();
    return this.request('/api/auth/signout', { method: 'POST', form: { csrfToken, json: 'true' } });
  }
  /** An unsafe request with the session-bound token, as axios would send it. */
  async unsafe(path, options = {}) {
    const { xsrfToken } = await this.csrf();
    return this.request(path, { method: 'POST', ...options, headers: { 'X-XSRF-TOKEN': xsrfToken, ...options.headers } });
  }
}
