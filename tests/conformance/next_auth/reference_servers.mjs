// SPDX-License-Identifier: Apache-2.0
// The real packages behind small servers: next-auth 4.24 by its Pages-router handler, @auth/core 0.41 by Auth().
import { createServer } from 'node:http';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const credentials = (person) => ({
  credentials: { email: { label: 'E-mail', type: 'email' }, password: { label: 'Password', type: 'password' } },
  authorize: ({ email, password }) => (email === person.email && password === person.password ? { id: '1', name: person.name, email: person.email } : null),
});

// Their e-mail provider is nothing but this around nodemailer; the adapter keeps what it needs in memory.
function emailProvider(person) {
  const users = new Map([[person.email, { id: '1', name: person.name, email: person.email, emailVerified: new Date() }]]), tokens = new Map(), mailed = new Map();
  const adapter = {
    createUser: async (user) => { users.set(user.email, { ...user, id: user.id ?? String(users.size + 1) }); return users.get(user.email); },
    getUser: async (id) => [...users.values()].find((user) => user.id === id) ?? null,
    getUserByEmail: async (email) => users.get(email) ?? null,
    getUserByAccount: async () => null,
    updateUser: async (user) => Object.assign([...users.values()].find(({ id }) => id === user.id), user),
    linkAccount: async (account) => account,
    createSession: async (session) => session, getSessionAndUser: async () => null, updateSession: async () => null, deleteSession: async () => {},
    createVerificationToken: async (row) => { tokens.set(row.token, row); return row; },
    useVerificationToken: async ({ identifier, token }) => {
      const row = tokens.get(token);
      if (!row || row.identifier !== identifier) return null;
      tokens.delete(token);
      return row;
    },
  };
  const provider = { id: 'email', type: 'email', name: 'Email', maxAge: 900, server: {}, from: 'no-reply@example.com', options: {},
    sendVerificationRequest: async ({ identifier, token }) => { mailed.set(identifier, token); } };
  return { provider, adapter, tokenFor: async (address) => mailed.get(address) };
}

const withEmail = (options, email) => (email ? { ...options, adapter: email.adapter, session: { strategy: 'jwt' }, providers: [...options.providers, email.provider] } : options);

// An identity provider, with every check that ours makes too; `op` is {issuer, clientId, clientSecret}.
const withProvider = {
  v4: (options, op) => (op ? { ...options, providers: [...options.providers, { id: 'work', name: 'Work', type: 'oauth', wellKnown: `${op.issuer}/.well-known/openid-configuration`, issuer: op.issuer,
    clientId: op.clientId, clientSecret: op.clientSecret, idToken: true, checks: ['pkce', 'state', 'nonce'], authorization: { params: { scope: 'openid profile email' } },
    profile: ({ sub, name, email, picture }) => ({ id: sub, name, email, image: picture }) }] } : options),
  v5: (options, op) => (op ? { ...options, providers: [...options.providers, { id: 'work', name: 'Work', type: 'oidc', issuer: op.issuer, clientId: op.clientId, clientSecret: op.clientSecret, checks: ['pkce', 'state', 'nonce'] }] } : options),
};

async function listen(handle, port = 0) {
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => { response.statusCode = 599; response.end(String(error)); });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://localhost:${server.address().port}`, at: `http://127.0.0.1:${server.address().port}`, stop: () => { server.closeAllConnections(); server.close(); } };
}

async function bodyOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}

const unquoted = (text) => { try { return decodeURIComponent(text); } catch { return text; } };

export async function startV4({ secret, person, email: byMail, op, port }) {
  const email = byMail && emailProvider(person);
  const NextAuth = require('next-auth/next').default;
  const { default: Credentials } = require('next-auth/providers/credentials');
  const options = () => withProvider.v4(withEmail({ secret, providers: [Credentials(credentials(person))], logger: { error() {}, warn() {}, debug() {} } }, email), op);

  const server = await listen(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    const text = await bodyOf(request);
    const type = request.headers['content-type'] ?? '';
    request.query = { ...Object.fromEntries(url.searchParams), nextauth: url.pathname.replace(/^\/api\/auth\/?/, '').split('/').filter(Boolean) };
    request.cookies = Object.fromEntries((request.headers.cookie ?? '').split('; ').filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf('=')), unquoted(pair.slice(pair.indexOf('=') + 1))]));
    request.body = type.startsWith('application/json') ? JSON.parse(text || '{}') : type.startsWith('application/x-www-form-urlencoded') ? Object.fromEntries(new URLSearchParams(text)) : text;
    // What Next.js puts on the response of an API route.
    response.status = (code) => { response.statusCode = code; return response; };
    response.json = (value) => { response.setHeader('Content-Type', 'application/json; charset=utf-8'); response.end(JSON.stringify(value)); };
    response.send = (value) => (['object', 'number', 'boolean'].includes(typeof value) && value !== null ? response.json(value) : response.end(value));
    await NextAuth(request, response, options());
  }, port);
  process.env.NEXTAUTH_URL = server.origin;
  return Object.assign(server, { tokenFor: email?.tokenFor });
}

export async function startV5({ secret, person, email: byMail, op, port }) {
  const email = byMail && emailProvider(person);
  const { Auth } = await import('@auth/core');
  const { default: Credentials } = await import('@auth/core/providers/credentials');
  const config = () => withProvider.v5(withEmail({ secret, trustHost: true, basePath: '/api/auth', providers: [Credentials(credentials(person))], logger: { error() {}, warn() {}, debug() {} } }, email), op);

  let origin;
  const server = await listen(async (request, response) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    const text = await bodyOf(request);
    const body = ['GET', 'HEAD'].includes(request.method) ? undefined : text;
    const answer = await Auth(new Request(origin + request.url, { method: request.method, headers, body }), config());
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value);
    if (answer.headers.getSetCookie().length) response.setHeader('Set-Cookie', answer.headers.getSetCookie());
    response.end(Buffer.from(await answer.arrayBuffer()));
  }, port);
  origin = server.origin;
  return Object.assign(server, { tokenFor: email?.tokenFor });
}
