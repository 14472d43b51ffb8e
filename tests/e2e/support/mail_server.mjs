// SPDX-License-Identifier: Apache-2.0
// A real mail server (smtp-server) with TLS and AUTH, whose mail is read back as mail programs read it (mailparser).
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { until } from './processes.mjs';

/** `implicitTls`: smtps://; else STARTTLS, without which neither AUTH nor mail is taken. `host` must lead to 127.0.0.1. `port`: 0 takes a free one. */
export async function startMailServer({ key, cert, implicitTls, host = 'mail.localhost', user = 'gate@example.com', password = 'pa:ss/w@rd%', clientPassword = password, port: wanted = 0 }) {
  const mails = []; // {envelope: {from, to}, user, secure, parsed, raw}
  const sessions = []; // {secure, verbs}: what each connection came to
  const server = new SMTPServer({
    key: readFileSync(key), cert: readFileSync(cert), secure: implicitTls, logger: false, authMethods: ['PLAIN', 'LOGIN'],
    onConnect: (session, done) => { sessions.push(session); done(); },
    onAuth: (auth, session, done) => (auth.username === user && auth.password === password
      ? done(null, { user: auth.username }) : done(new Error('Invalid username or password'))),
    onData: (stream, session, done) => {
      const pieces = [];
      stream.on('data', (piece) => pieces.push(piece));
      stream.on('end', () => {
        const raw = Buffer.concat(pieces);
        simpleParser(raw).then((parsed) => {
          const envelope = { from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(({ address }) => address) };
          mails.push({ envelope, user: session.user, secure: session.secure, parsed, raw });
          done();
        }, done);
      });
    },
  });
  server.on('error', () => {}); // a client that broke off its handshake
  server.listen(wanted, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address();
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(clientPassword)}`;
  return {
    url: `${implicitTls ? 'smtps' : 'smtp'}://${credentials}@${host}:${port}`, port, user, password, mails, sessions,
    to: (address) => until(() => mails.findLast(({ envelope }) => envelope.to.includes(address)), { what: `a mail to ${address}` }),
    stop: () => new Promise((done) => { server.close(done); }),
  };
}
