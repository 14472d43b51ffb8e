// SPDX-License-Identifier: Apache-2.0
// The request script: each step is replayed against the real package and against Sallyport.
//
// {name, method, path, form|json, headers, csrf, as, jar, cookies, versions}
//   csrf    "good" adds the token of the jar's own GET /csrf, "bad" a wrong one, absent none
//   as      "json": the version's way of asking for JSON (v4 json=true, v5 X-Auth-Return-Redirect); absent: a plain form
//   jar     steps with the same name share cookies, in order; absent: a fresh one
//   cookies set before the request; {session}, {csrf} stand for the version's cookie names
const good = { email: 'ada@example.com', password: 'correct horse battery staple' };
const bad = { ...good, password: 'wrong' };
const callback = { method: 'POST', path: '/callback/credentials' };
const signout = { method: 'POST', path: '/signout' };

export const steps = [
  { name: 'csrf', path: '/csrf', jar: 'csrf' },
  { name: 'csrf again keeps the token', path: '/csrf', jar: 'csrf' },
  { name: 'csrf with a forged cookie', path: '/csrf', cookies: { '{csrf}': `${'a'.repeat(64)}%7C${'b'.repeat(64)}` } },
  { name: 'csrf with a cookie of no shape', path: '/csrf', cookies: { '{csrf}': 'nonsense' } },
  { name: 'providers', path: '/providers' },
  { name: 'session, none', path: '/session' },
  { name: 'session, garbage cookie', path: '/session', cookies: { '{session}': 'garbage' } },
  { name: 'session, five empty parts', path: '/session', cookies: { '{session}': '....' } },

  { name: 'signin page', path: '/signin' },
  { name: 'signin page with callbackUrl and error', path: '/signin?callbackUrl=%2Fdashboard&error=CredentialsSignin' },
  { name: 'signin page with a foreign callbackUrl', path: '/signin?callbackUrl=https%3A%2F%2Fevil.example%2F' },
  { name: 'signin page with a javascript callbackUrl', path: '/signin?callbackUrl=javascript%3Aalert(1)' },
  { name: 'GET signin of the provider', path: '/signin/credentials' },
  { name: 'GET signin of an unknown provider', path: '/signin/nope' },
  { name: 'POST signin of an unknown provider', method: 'POST', path: '/signin/nope', csrf: 'good', form: {} },
  { name: 'POST signin of an unknown provider, json', method: 'POST', path: '/signin/nope', csrf: 'good', form: {}, as: 'json' },
  { name: 'POST signin without csrf', method: 'POST', path: '/signin/credentials', form: {}, as: 'json' },
  { name: 'POST signin without a provider', method: 'POST', path: '/signin', csrf: 'good', form: {} },

  { name: 'callback without csrf', ...callback, form: good },
  { name: 'callback without csrf, json', ...callback, form: good, as: 'json' },
  { name: 'callback with a wrong csrf, json', ...callback, form: good, csrf: 'bad', as: 'json' },
  { name: 'callback, wrong password', ...callback, form: bad, csrf: 'good' },
  { name: 'callback, wrong password, json', ...callback, form: bad, csrf: 'good', as: 'json' },
  { name: 'callback, no fields, json', ...callback, form: {}, csrf: 'good', as: 'json' },
  { name: 'callback, unknown provider', method: 'POST', path: '/callback/nope', form: good, csrf: 'good' },
  { name: 'callback, unknown provider, json', method: 'POST', path: '/callback/nope', form: good, csrf: 'good', as: 'json' },
  { name: 'GET callback of credentials', path: '/callback/credentials' },

  { name: 'sign in by form', ...callback, form: { ...good, callbackUrl: '/dashboard' }, csrf: 'good', jar: 'form' },
  { name: 'session, signed in', path: '/session', jar: 'form' },
  { name: 'session by HEAD, signed in', method: 'HEAD', path: '/session', jar: 'form' },
  { name: 'signin page, signed in', path: '/signin', jar: 'form' },
  { name: 'POST session with a wrong csrf', method: 'POST', path: '/session', json: { csrfToken: 'wrong', data: { name: 'Eve' } }, jar: 'form' },
  { name: 'POST session with csrf', method: 'POST', path: '/session', json: { data: { theme: 'dark' } }, csrf: 'good', jar: 'form' },
  { name: 'signout page', path: '/signout', jar: 'form' },
  { name: 'signout without csrf', ...signout, form: {}, jar: 'form' },
  { name: 'signout with a wrong csrf, json', ...signout, form: {}, csrf: 'bad', as: 'json', jar: 'form' },
  { name: 'session after refused signouts', path: '/session', jar: 'form' },
  { name: 'signout by form', ...signout, form: { callbackUrl: '/bye' }, csrf: 'good', jar: 'form' },
  { name: 'session after signout', path: '/session', jar: 'form' },

  { name: 'sign in by json', ...callback, form: { ...good, callbackUrl: '/dashboard', redirect: 'false' }, csrf: 'good', as: 'json', jar: 'json' },
  { name: 'sign in again while signed in', ...callback, form: good, csrf: 'good', as: 'json', jar: 'json' },
  { name: 'signout by json', ...signout, form: {}, csrf: 'good', as: 'json', jar: 'json' },
  { name: 'signout without a session', ...signout, form: {}, csrf: 'good', as: 'json', jar: 'json' },
  { name: 'sign in with a JSON body', ...callback, json: good, csrf: 'good', as: 'json' },

  { name: 'sign in, callbackUrl of our origin', ...callback, form: { ...good, callbackUrl: '{origin}/a?b=c#d' }, csrf: 'good', as: 'json' },
  { name: 'sign in, callbackUrl elsewhere', ...callback, form: { ...good, callbackUrl: 'https://evil.example/x' }, csrf: 'good', as: 'json' },
  { name: 'sign in, callbackUrl without a scheme', ...callback, form: { ...good, callbackUrl: '//evil.example/x' }, csrf: 'good', as: 'json' },
  { name: 'sign in, callbackUrl with a backslash', ...callback, form: { ...good, callbackUrl: '/\\evil.example' }, csrf: 'good', as: 'json' },
  { name: 'sign in, javascript callbackUrl', ...callback, form: { ...good, callbackUrl: 'javascript:alert(1)' }, csrf: 'good', as: 'json' },
  { name: 'sign in, callbackUrl in the query', method: 'POST', path: '/callback/credentials?callbackUrl=%2Fquery', form: good, csrf: 'good', as: 'json' },

  { name: 'error page', path: '/error' },
  { name: 'error page, Configuration', path: '/error?error=Configuration' },
  { name: 'error page, AccessDenied', path: '/error?error=AccessDenied' },
  { name: 'error page, Verification', path: '/error?error=Verification' },
  { name: 'error page, of the sign-in page', path: '/error?error=CredentialsSignin' },
  { name: 'error page, unknown', path: '/error?error=Bogus' },
  { name: 'verify-request', path: '/verify-request' },
  { name: 'verify-request with a provider', path: '/verify-request?provider=email&type=email' },

  { name: 'no action', path: '' },
  { name: 'unknown action', path: '/nope' },
  { name: 'unknown action, POST', method: 'POST', path: '/nope', form: {} },
  { name: 'too deep', path: '/session/extra' },
  { name: 'POST csrf', method: 'POST', path: '/csrf', form: {} },
  { name: 'POST providers', method: 'POST', path: '/providers', form: {} },
  { name: 'PUT session', method: 'PUT', path: '/session', json: {} },
  { name: 'DELETE csrf', method: 'DELETE', path: '/csrf' },
  { name: 'OPTIONS providers', method: 'OPTIONS', path: '/providers' },
  { name: 'HEAD providers', method: 'HEAD', path: '/providers' },
  { name: 'log', method: 'POST', path: '/_log', form: { level: 'error', code: 'CLIENT_FETCH_ERROR', message: 'x' } },
];
