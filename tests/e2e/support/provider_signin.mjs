// SPDX-License-Identifier: Apache-2.0
// A sign-in at a provider, step by step and without a browser: there, through the provider, and back.
import assert from 'node:assert/strict';

/** POST /api/auth/signin/:id in next-auth v5's manner. → the answer; `url` is where the browser would go. */
export async function begin(client, id, { callbackUrl = '/', query = '', fields = {}, headers = {} } = {}) {
  const { csrfToken } = await client.csrf();
  const answer = await client.request(`/api/auth/signin/${id}${query}`, { method: 'POST', headers: { 'X-Auth-Return-Redirect': '1', ...headers }, form: { csrfToken, callbackUrl, ...fields } });
  return Object.assign(answer, { url: answer.status === 200 ? answer.json().url : undefined });
}

/** What the browser does with the provider's answer: a navigation, or the form that its page posts (without Lax cookies). */
export function comeBack(client, arrived) {
  const crossSite = { headers: { 'Sec-Fetch-Site': 'cross-site' } };
  if (typeof arrived === 'string') return client.navigate(arrived.slice(client.origin.length), crossSite);
  const strict = (name) => !name.includes('.transaction.');
  const cookies = client.jar.header().split('; ').filter((pair) => pair && !strict(pair.split('=')[0])).join('; ');
  return client.navigate(arrived.url.slice(client.origin.length), { method: 'POST', form: arrived.form, headers: { 'Sec-Fetch-Site': 'cross-site', Origin: new URL(arrived.issuer ?? 'http://127.0.0.1').origin, Cookie: cookies } });
}

/** The whole way. → the answer of the callback */
export async function signInAt(op, client, login, { id = 'work', jar, ...options } = {}) {
  const started = await begin(client, id, options);
  assert.equal(started.status, 200, started.text);
  return comeBack(client, await op.walk(started.url, { login, jar }));
}
