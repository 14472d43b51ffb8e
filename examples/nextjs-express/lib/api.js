// SPDX-License-Identifier: Apache-2.0
// Calls the API straight from the server, with the bearer that Sallyport put on this very request
// (`bearer_for = "api"` on the page upstream). The browser never sees it.
import { headers } from 'next/headers';

const apiUrl = process.env.API_URL ?? 'http://127.0.0.1:4000';

/** The bearer of the person who asks, or null when nobody is signed in. */
export async function bearer() {
  return (await headers()).get('authorization');
}

export async function callApi(path, { method = 'GET', body } = {}) {
  const response = await fetch(new URL(path, apiUrl), {
    method,
    cache: 'no-store',
    headers: { Authorization: (await bearer()) ?? '', 'Content-Type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`The API answered ${response.status} to ${method} ${path}.`);
  return response.json();
}
