// SPDX-License-Identifier: Apache-2.0
// Mail by a real mail server with TLS and AUTH, and outbound https to a real TLS server: with an authority of one's own
// (`tls_ca_file`), and refused when the peer cannot prove itself.
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { makeAuthority } from './support/authority.mjs';
import { startMailServer } from './support/mail_server.mjs';
import { until } from './support/processes.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';
import { linkIn } from './support/smtp_sink.mjs';

let authority;
before(async () => { authority = await makeAuthority(); });

const serve = (mail, top = { tls_ca_file: authority.ca }) => Sallyport.serve({
  web: 'http://127.0.0.1:9', top, password: { enabled: true, registration: 'verified' },
  env: { SMTP_URL: mail.url },
  extra: '[signin.email]\nsmtp = "${SMTP_URL}"\nfrom = "Fieldnötes <no-reply@example.com>"\n[pages]\nname = "Fieldnötes"',
});
const post = async (client, path, fields) => client.request(path, { method: 'POST', form: { ...fields, csrfToken: (await client.csrf()).csrfToken } });
const register = (gate, email) => post(gate.client(), '/api/auth/register', { email, name: 'Zoë', password: 'a long enough passphrase' });

async function withMail(options, top, work) {
  const mail = await startMailServer({ ...await authority.issue('mail.localhost'), ...options });
  let gate;
  try {
    gate = await serve(mail, top);
    await work(gate, mail);
  } finally {
    await gate?.stop();
    await mail.stop();
  }
}

for (const implicitTls of [true, false]) {
  describe(implicitTls ? 'smtps://' : 'smtp:// with STARTTLS', () => {
    test('a registration: authenticated, encrypted, and a mail that mail programs read', () => withMail({ implicitTls }, undefined, async (gate, mail) => {
      assert.ok((await register(gate, 'zoe@example.com')).status < 300);
      const got = await mail.to('zoe@example.com');
      assert.deepEqual(got.envelope, { from: 'no-reply@example.com', to: ['zoe@example.com'] });
      assert.equal(got.user, mail.user);
      assert.equal(got.secure, true);
      const { parsed } = got;
      assert.deepEqual(parsed.from.value, [{ address: 'no-reply@example.com', name: 'Fieldnötes' }]);
      assert.deepEqual(parsed.to.value.map(({ address }) => address), ['zoe@example.com']);
      assert.equal(parsed.subject, 'Confirm your e-mail address');
      for (const part of [parsed.text, parsed.html]) assert.match(part, /Fieldnötes/);
      assert.ok(Math.abs(parsed.date - Date.now()) < 60_000, String(parsed.date));
      assert.match(parsed.messageId, /^<[^<>\s]+@[^<>\s]+>$/);
      const inText = linkIn(parsed.text), inHtml = linkIn(parsed.html);
      assert.ok(inText?.startsWith(`${gate.origin}/api/auth/`), parsed.text);
      assert.equal(inHtml, inText, 'S53 the same link in both parts');
      assert.equal(parsed.attachments.length, 0);
      for (const line of got.raw.toString('latin1').split('\r\n')) assert.ok(line.length <= 998 && !/[\r\n]/.test(line), line);

      // The link does its work.
      const page = await gate.client().navigate(new URL(inText).pathname + new URL(inText).search);
      assert.equal(page.status, 200);
      assert.equal(gate.log.includes(mail.password), false, 'S62');
    }));

    test('an unknown authority: nothing is said, and the mail waits', () => withMail({ implicitTls }, {}, async (gate, mail) => {
      await register(gate, 'zoe@example.com');
      await until(() => /a mail was not accepted/.test(gate.log), { what: 'the failure in the log' });
      assert.match(gate.log, /certificate/i, 'the log says why');
      assert.deepEqual(mail.mails, []);
      assert.ok(mail.sessions.every(({ user, envelope }) => !user && !envelope?.mailFrom), 'neither AUTH nor MAIL');
      assert.equal(gate.log.includes(mail.password), false, 'S62');
    }));

    test('a certificate of another name, and one that has expired', async () => {
      for (const identity of [await authority.issue('other.localhost'), await authority.issue('mail.localhost', { expired: true })]) {
        await withMail({ implicitTls, ...identity }, undefined, async (gate, mail) => {
          await register(gate, 'zoe@example.com');
          await until(() => /a mail was not accepted/.test(gate.log), { what: 'the failure in the log' });
          assert.deepEqual(mail.mails, []);
        });
      }
    });
  });
}

test('a wrong password of the mail account: the mail waits, and the log says so without the password', () => (
  withMail({ implicitTls: true, password: 'right', clientPassword: 'wrong-one' }, undefined, async (gate, mail) => {
    await register(gate, 'zoe@example.com');
    await until(() => /a mail was not accepted/.test(gate.log), { what: 'the failure in the log' });
    assert.deepEqual(mail.mails, []);
    assert.equal(gate.log.includes('wrong-one'), false, 'S62');
  })));

describe('an API with a login endpoint on https', () => {
  async function withApi(identity, top, work) {
    const seen = [];
    const api = createServer({ key: readFileSync(identity.key), cert: readFileSync(identity.cert) }, async (request, answer) => {
      let body = '';
      for await (const piece of request) body += piece;
      seen.push(JSON.parse(body));
      answer.setHeader('Content-Type', 'application/json');
      answer.end(JSON.stringify({ user: { id: 'u1', name: 'Ada', email: ada.email }, accessToken: 'a', refreshToken: 'r', expiresIn: 900 }));
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');
    let gate;
    try {
      gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', password: null, top,
        extra: `[signin.backend]\nurl = "https://api.localhost:${api.address().port}/login"` });
      await work(gate, seen);
    } finally {
      await gate?.stop();
      api.closeAllConnections();
      api.close();
    }
  }

  test('signs in by an authority of tls_ca_file', async () => withApi(await authority.issue('api.localhost'), { tls_ca_file: authority.ca }, async (gate, seen) => {
    const client = await gate.signedIn(ada);
    assert.equal((await client.session()).user.email, ada.email);
    assert.deepEqual(seen, [{ email: ada.email, password: ada.password }]);
  }));

  for (const [what, identity, top] of [
    ['an unknown authority', () => authority.issue('api.localhost'), () => ({})],
    ['another name', () => authority.issue('other.localhost'), () => ({ tls_ca_file: authority.ca })],
    ['an expired certificate', () => authority.issue('api.localhost', { expired: true }), () => ({ tls_ca_file: authority.ca })],
  ]) {
    test(`${what}: no password is sent and nobody is signed in`, async () => withApi(await identity(), top(), async (gate, seen) => {
      const client = gate.client();
      await client.signIn(ada.email, ada.password);
      assert.equal(client.jar.ending('session-token'), undefined, 'S60');
      assert.deepEqual(seen, []);
    }));
  }
});
