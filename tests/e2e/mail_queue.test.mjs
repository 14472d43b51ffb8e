// SPDX-License-Identifier: Apache-2.0
// Mail outlives the process: what was accepted while the mail server was away is delivered by the next one, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAuthority } from './support/authority.mjs';
import { ask, emailSection, mailTo, post, tokenOf } from './support/email_signin.mjs';
import { startMailServer } from './support/mail_server.mjs';
import { freePort, until } from './support/processes.mjs';
import { Sallyport } from './support/sallyport.mjs';

test('S61 mail that waits survives kill -9 and a restart, and arrives once', async () => {
  const authority = await makeAuthority();
  const identity = await authority.issue('mail.localhost');
  const port = await freePort();
  const user = 'gate@example.com', password = 'secret of the mail account';
  const url = `smtps://${encodeURIComponent(user)}:${encodeURIComponent(password)}@mail.localhost:${port}`;
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', password: null, top: { tls_ca_file: authority.ca }, env: { SMTP_URL: url }, extra: emailSection() });
  let mail;
  try {
    const client = gate.client();
    assert.equal((await ask(client, 'waiting@example.com')).status, 200, 'accepted means stored');
    assert.equal((await ask(gate.client(), 'also-waiting@example.com')).status, 200);
    await until(() => gate.log.match(/a mail was not accepted/g)?.length >= 2, { what: 'first tries in vain' });
    await gate.stop('SIGKILL');

    mail = await startMailServer({ ...identity, implicitTls: true, user, password, port });
    await gate.start();
    const got = await mailTo(mail, 'waiting@example.com');
    await until(() => mail.mails.length >= 2, { timeout: 60_000, what: 'both mails' });
    await new Promise((done) => setTimeout(done, 12_000)); // two passes over the queue, and the first delay of a retry
    assert.deepEqual(mail.mails.map(({ envelope }) => envelope.to[0]).sort(), ['also-waiting@example.com', 'waiting@example.com'], 'each once');

    // The link of a mail from before the restart is good, in the browser that asked.
    const done = await post(client, '/api/auth/callback/email', { token: tokenOf(got.link) });
    assert.equal(done.status, 302);
    assert.equal((await client.session()).user.email, 'waiting@example.com');
  } finally {
    await gate.stop();
    await mail?.stop();
  }
});
