// SPDX-License-Identifier: Apache-2.0
// The routes of a sign-in at an identity provider, against a real one (oidc-provider): the request script and its walker.
//
// A step with `walk` follows the Location (or `url`) of the step before through the provider, signed in as `walk`, and what comes
// back is requested as the browser would. `tamper(url)` changes it before.
const start = { method: 'POST', path: '/signin/work', csrf: 'good', form: { callbackUrl: '/after' } };

export const providerSteps = [
  { name: 'providers with an identity provider', path: '/providers' },
  { name: 'signin page with an identity provider', path: '/signin' },
  { name: 'start without csrf', ...start, csrf: undefined },
  { name: 'start without csrf, json', ...start, csrf: undefined, as: 'json' },
  { name: 'start', ...start, jar: 'form' },
  { name: 'come back', walk: 'bob', jar: 'form' },
  { name: 'session after coming back', path: '/session', jar: 'form' },
  { name: 'come back again', again: true, jar: 'form' },
  { name: 'start while signed in', ...start, jar: 'form' },
  { name: 'come back as the same person', walk: 'bob', jar: 'form' },
  { name: 'start, json', ...start, as: 'json', jar: 'json' },
  { name: 'come back, json', walk: 'bob', jar: 'json' },
  { name: 'start with parameters', ...start, path: '/signin/work?login_hint=ada&prompt=login', as: 'json' },
  { name: 'start to be refused', ...start, jar: 'refused' },
  { name: 'come back refused', walk: null, jar: 'refused' },
  { name: 'come back without having started', path: '/callback/work?code=x&state=y' },
  { name: 'come back with nothing', path: '/callback/work' },
  { name: 'start to be tampered with', ...start, jar: 'tampered' },
  { name: 'come back with another code', walk: 'bob', tamper: (url) => url.replace(/code=[^&]+/, 'code=wrong'), jar: 'tampered' },
  { name: 'start for another state', ...start, jar: 'state' },
  { name: 'come back with another state', walk: 'bob', tamper: (url) => url.replace(/state=[^&]+/, 'state=wrong'), jar: 'state' },
  { name: 'GET signin of the identity provider', path: '/signin/work' },
];
