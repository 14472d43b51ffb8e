// SPDX-License-Identifier: Apache-2.0
// Replays the steps against one server and keeps what matters of each answer, random parts masked.
import { CookieJar, request } from '../../e2e/support/http.mjs';

export const cookieNames = {
  v4: { '{session}': 'next-auth.session-token', '{csrf}': 'next-auth.csrf-token' },
  v5: { '{session}': 'authjs.session-token', '{csrf}': 'authjs.csrf-token' },
};

export async function replay(server, version, steps) {
  const jars = new Map();
  const answers = new Map();
  for (const step of steps) {
    if (step.versions && !step.versions.includes(version)) continue;
    const jar = jars.get(step.jar) ?? new CookieJar();
    if (step.jar) jars.set(step.jar, jar);
    answers.set(step.name, await play(server, version, step, jar));
  }
  return answers;
}

// Through the provider and back: `walk` is who signs in there, `again` repeats what came back.
async function comeBack(server, step, jar) {
  if (!step.again) jar.arrived = await server.walk(jar.way, step.walk);
  const url = new URL((step.tamper ?? ((same) => same))(jar.arrived));
  return request(server.at + url.pathname + url.search, { jar, headers: { Host: new URL(server.origin).host, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', Accept: 'text/html' } });
}

async function play(server, version, step, jar) {
  if (step.walk !== undefined || step.again) return summary(await comeBack(server, step, jar), server.origin);
  for (const [name, value] of Object.entries(step.cookies ?? {})) jar.set(cookieNames[version][name], value);
  const host = new URL(server.origin).host;
  const fields = {};
  if (step.csrf === 'good') fields.csrfToken = (await request(`${server.at}/api/auth/csrf`, { jar, headers: { Host: host } })).json().csrfToken;
  if (step.csrf === 'bad') fields.csrfToken = 'f'.repeat(64);
  const headers = { Host: host, ...step.headers };
  if (step.as === 'json') { if (version === 'v4') fields.json = 'true'; else headers['X-Auth-Return-Redirect'] = '1'; }
  const options = { method: step.method, jar, headers };
  if (step.form) options.form = replaceOrigin({ ...step.form, ...fields }, server.origin);
  if (step.json) options.json = { ...step.json, ...fields };
  const token = step.mailed ? await server.tokenFor(step.mailed) : '';
  if (options.form) for (const name of Object.keys(options.form)) options.form[name] = options.form[name].replace('{token}', token);
  const answer = await request(`${server.at}/api/auth${step.path.replace('{token}', token)}`, options);
  jar.way = answer.headers.location ?? (answer.text.startsWith('{"url"') ? answer.json().url : undefined);
  return summary(answer, server.origin);
}

const replaceOrigin = (form, origin) => Object.fromEntries(Object.entries(form).map(([name, value]) => [name, value.replaceAll('{origin}', origin)]));

/** {status, location, body, cookies: {name: 'value; attributes'}} with random parts masked. */
export function summary(answer, origin) {
  return {
    status: answer.status,
    location: answer.headers.location === undefined ? null : mask(answer.headers.location, origin),
    body: bodyOf(answer, origin),
    cookies: Object.fromEntries(answer.setCookies.map((line) => cookieOf(line, origin))),
  };
}

export function mask(text, origin) {
  return text
    .replace(/http:\/\/127\.0\.0\.1:\d+\/auth\?[^"\s]*/g, authorization)
    .replaceAll(origin, '{origin}').replaceAll(encodeURIComponent(origin), '{origin}')
    .replace(/\b[0-9a-f]{64}\b/g, '{hex64}')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (date) => `{${lifetime(Date.parse(date))}}`);
}

// Of an authorization URL, its parameters in order of their names; what is random is masked.
function authorization(text) {
  const { searchParams } = new URL(text);
  const random = (name, value) => (['state', 'nonce', 'code_challenge'].includes(name) && value.length >= 43 ? '{random}' : value);
  return `{provider}/auth?${[...searchParams].map(([name, value]) => `${name}=${random(name, value)}`).sort().join('&')}`;
}

// "+30d": what is left from now, in days (or minutes below one), rounded so that a slow machine changes nothing.
function lifetime(time) {
  const minutes = (time - Date.now()) / 60_000;
  return Math.abs(minutes) < 1440 ? `+${Math.round(minutes / 5) * 5}min` : `+${Math.round(minutes / 1440)}d`;
}

function bodyOf(answer, origin) {
  if (answer.text === '') return '';
  const type = (answer.headers['content-type'] ?? '').split(';')[0];
  if (/^application\/(problem\+)?json$/.test(type)) return { json: JSON.parse(mask(answer.text, origin)) };
  if (type === 'text/html' || answer.text.startsWith('<!')) return { html: forms(answer.text, origin) };
  return { text: mask(answer.text, origin).slice(0, 200) };
}

// Of a page, what a client can rely on: its forms, where they go and what they send.
function forms(html, origin) {
  const attribute = (tag, name) => new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(tag)?.slice(1).find((v) => v !== undefined);
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gis)].map(([, tag, inside]) => {
    const names = [...inside.matchAll(/<input\b[^>]*>/gi)].map(([input]) => attribute(input, 'name')).filter(Boolean);
    const action = mask(attribute(tag, 'action') ?? '', origin).replace(/^\//, '{origin}/');
    return `${(attribute(tag, 'method') ?? 'get').toUpperCase()} ${action} ${[...new Set(names)].sort().join(',')}`;
  });
}

function cookieOf(line, origin) {
  const [pair, ...attributes] = line.split(/;\s*/);
  const at = pair.indexOf('=');
  const name = pair.slice(0, at).replace(/(\.transaction\.)[0-9a-f]{16}$/, '$1{hex16}'), value = pair.slice(at + 1);
  const kept = attributes.map((attribute) => attribute.replace(/^(expires)=(.*)$/i, (_, key, date) => `${key}={${Date.parse(date) < Date.now() ? 'past' : lifetime(Date.parse(date))}}`)).sort();
  const random = /session-token$/.test(name) ? '{session}' : value !== '' && /\.(transaction\.\{hex16\}|state|nonce|pkce\.code_verifier)$/.test(name) ? '{sealed}' : /\.email$/.test(name) ? '{sealed}' : name === 'XSRF-TOKEN' && /^[\w-]{43}$/.test(value) ? '{base64url43}' : undefined;
  const shown = value === '' ? '{empty}' : random ?? mask(decodeURIComponent(value), origin);
  return [name, [shown, ...kept].join('; ')];
}
