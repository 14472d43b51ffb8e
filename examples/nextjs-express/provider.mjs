// SPDX-License-Identifier: Apache-2.0
// A bundled OpenID Provider for the demo (npm oidc-provider): any name signs in. Everything is in memory. Not for production.
//   node provider.mjs        PORT (4010), ORIGIN (http://localhost:8080, Sallyport's public_url)
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const port = Number(process.env.PORT ?? 4010);
const origin = process.env.ORIGIN ?? 'http://localhost:8080';
const issuer = `http://127.0.0.1:${port}`; // another site than localhost, as a real provider is

const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const page = (title, body) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>body{font:1rem/1.5 system-ui;max-width:24rem;margin:12vh auto;padding:0 1rem}input,button{font:inherit;padding:.5rem .75rem}
input{width:100%;box-sizing:border-box;margin:.25rem 0 1rem}</style><h1>${title}</h1>${body}</html>`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'sallyport', token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
    redirect_uris: [`${origin}/api/auth/callback/work`], post_logout_redirect_uris: [origin, `${origin}/`],
  }],
  cookies: { keys: ['only for the demo'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id[0].toUpperCase() + id.slice(1), email: `${id}@work.example`, email_verified: true }),
  }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  features: { devInteractions: { enabled: false } },
  ttl: { AccessToken: 300, IdToken: 3600, RefreshToken: 86400, Interaction: 3600, Session: 86400, Grant: 86400 },
  async loadExistingGrant(ctx) {
    const { client, session } = ctx.oidc;
    const known = session.grantIdFor(client.clientId);
    if (known) return ctx.oidc.provider.Grant.find(known);
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});

// The provider's own page: a name is enough.
provider.use(async (ctx, next) => {
  const [, uid] = /^\/interaction\/([\w-]+)$/.exec(ctx.path) ?? [];
  if (!uid) return next();
  let text = '';
  if (ctx.method === 'POST') for await (const piece of ctx.req) text += piece;
  const name = (new URLSearchParams(text).get('login') ?? '').trim().toLowerCase();
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) {
    const remark = ctx.method === 'POST' ? `<p role="alert">“${escaped(name)}” will not do: letters and digits, please.</p>` : '';
    ctx.type = 'html';
    ctx.body = page('Work: sign in', `${remark}<form method="post"><label>Your name <input name="login" autofocus required></label><button>Continue</button></form>`);
    return undefined;
  }
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: name } }, { mergeWithLastSubmission: false });
});

createServer(provider.callback()).listen(port, '127.0.0.1', () => console.log(`OpenID Provider: ${issuer}`));
