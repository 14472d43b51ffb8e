// SPDX-License-Identifier: Apache-2.0
// Steps of sign-in by mail; what a step is made of stands in steps.mjs. `{token}` is the one in the newest mail to `mailed`.
const ask = { method: 'POST', path: '/signin/email', csrf: 'good' };
const good = { email: 'ada@example.com', callbackUrl: '/dashboard' };
const link = { path: '/callback/email?callbackUrl=%2Fdashboard&token={token}&email=ada%40example.com', mailed: 'ada@example.com', jar: 'mail' };

export const emailSteps = [
  { name: 'providers', path: '/providers' },
  { name: 'signin page', path: '/signin' },
  { name: 'signin page after EmailSignin', path: '/signin?error=EmailSignin' },
  { name: 'verify-request', path: '/verify-request?provider=email&type=email' },
  { name: 'error page, EmailSignin', path: '/error?error=EmailSignin' },
  { name: 'GET signin', path: '/signin/email' },

  { name: 'ask without csrf', method: 'POST', path: '/signin/email', form: good },
  { name: 'ask without csrf, json', method: 'POST', path: '/signin/email', form: good, as: 'json' },
  { name: 'ask with a wrong csrf, json', method: 'POST', path: '/signin/email', form: good, csrf: 'bad', as: 'json' },
  { name: 'ask without an address', ...ask, form: {} },
  { name: 'ask without an address, json', ...ask, form: {}, as: 'json' },
  { name: 'ask with two at signs, json', ...ask, form: { email: 'a@b@example.com' }, as: 'json' },
  { name: 'ask with quotes, json', ...ask, form: { email: '"a"@example.com' }, as: 'json' },
  { name: 'ask with two addresses, json', ...ask, form: { email: 'ada@example.com,eve@example.com' }, as: 'json' },
  { name: 'ask by form', ...ask, form: { ...good, email: 'form@example.com' } },
  { name: 'ask, callbackUrl elsewhere', ...ask, form: { email: 'elsewhere@example.com', callbackUrl: 'https://evil.example/' }, as: 'json' },
  { name: 'ask', ...ask, form: { ...good, email: ' Ada@Example.com ' }, as: 'json', jar: 'mail' },

  { name: 'link without a token', path: '/callback/email', jar: 'mail' },
  { name: 'link with an unknown token', path: '/callback/email?token=nonsense&email=ada%40example.com', jar: 'mail' },
  { name: 'link of another address', ...link, path: '/callback/email?token={token}&email=eve%40example.com' },
  { name: 'HEAD of the link', ...link, method: 'HEAD' },
  { name: 'link', ...link },
  { name: 'link again', ...link },
  { name: 'session after the link was opened', path: '/session', jar: 'mail' },
  { name: 'the button on the link\'s page', method: 'POST', path: '/callback/email', form: { token: '{token}' }, csrf: 'good', mailed: 'ada@example.com', jar: 'mail' },
  { name: 'session after the button', path: '/session', jar: 'mail' },
];
