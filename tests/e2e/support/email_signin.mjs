// SPDX-License-Identifier: Apache-2.0
// A gateway with sign-in by mail behind a real mail server, and what people do with such mails.
import { makeAuthority } from './authority.mjs';
import { startMailServer } from './mail_server.mjs';
import { startRecordingUpstream } from './recording_upstream.mjs';
import { Sallyport } from './sallyport.mjs';
import { until } from './processes.mjs';

export const emailSection = (settings = '') => `[signin.email]\nsmtp = "\${SMTP_URL}"\nfrom = "Fieldnotes <no-reply@example.com>"\nsign_in = true\n${settings}\n[pages]\nname = "Fieldnotes"\n`;

export async function startEmailGate({ settings, implicitTls = true, password = null, ...options } = {}) {
  const authority = await makeAuthority();
  const mail = await startMailServer({ ...await authority.issue('mail.localhost'), implicitTls });
  const web = await startRecordingUpstream();
  const gate = await Sallyport.serve({ top: { tls_ca_file: authority.ca }, env: { SMTP_URL: mail.url }, extra: emailSection(settings), ...options, password, web: web.origin });
  return { authority, mail, gate, web, stop: async () => { await gate.stop(); await mail.stop(); await web.stop(); } };
}

/** signIn("email", {email, callbackUrl}) of next-auth's client. */
export async function ask(client, email, { callbackUrl = '/', id = 'email', headers, ...fields } = {}) {
  const { csrfToken } = await client.csrf();
  return client.request(`/api/auth/signin/${id}`, { method: 'POST', form: { email, csrfToken, callbackUrl, json: 'true', ...fields }, headers: { 'X-Auth-Return-Redirect': '1', ...headers } });
}

export async function post(client, path, fields, options = {}) {
  const { csrfToken } = await client.csrf();
  return client.navigate(path, { method: 'POST', form: { csrfToken, ...fields }, ...options, headers: { 'Sec-Fetch-Site': 'same-origin', ...options.headers } });
}

/** The `count`-th mail to the address, with its link and code. */
export async function mailTo(mail, address, count = 1) {
  const found = await until(() => {
    const all = mail.mails.filter(({ envelope }) => envelope.to.includes(address));
    return all.length >= count && all[count - 1];
  }, { what: `mail ${count} to ${address}` });
  const { text, html } = found.parsed;
  return { ...found, text, html, link: /https?:\/\/\S+/.exec(text)?.[0], code: /\b\d{4} \d{4}\b/.exec(text)?.[0] };
}

export const pathOf = (link) => { const url = new URL(link); return url.pathname + url.search; };
export const tokenOf = (link) => new URL(link).searchParams.get('token');
export const isSignedIn = (client) => client.jar.ending('session-token') !== undefined;
