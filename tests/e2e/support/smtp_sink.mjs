// SPDX-License-Identifier: Apache-2.0
// A mail server that accepts everything and keeps it.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { until } from './processes.mjs';

export async function startSmtpSink() {
  const mails = []; // {from, to: [], text}
  const server = createServer((socket) => {
    let mail = { to: [] }, rest = '', inData = false;
    socket.setEncoding('utf8').on('error', () => {});
    socket.write('220 sink ESMTP\r\n');
    socket.on('data', (text) => {
      rest += text;
      for (;;) {
        const end = rest.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + (inData ? 5 : 2));
        if (inData) { mails.push({ ...mail, text: decode(line.replace(/^\.\./gm, '.')) }); mail = { to: [] }; inData = false; socket.write('250 kept\r\n'); continue; }
        const verb = line.slice(0, 4).toUpperCase();
        if (verb === 'EHLO' || verb === 'HELO') socket.write('250-sink\r\n250 8BITMIME\r\n');
        else if (verb === 'MAIL') { mail.from = /<(.*?)>/.exec(line)?.[1]; socket.write('250 ok\r\n'); }
        else if (verb === 'RCPT') { mail.to.push(/<(.*?)>/.exec(line)?.[1]); socket.write('250 ok\r\n'); }
        else if (verb === 'DATA') { inData = true; socket.write('354 go on\r\n'); }
        else if (verb === 'QUIT') { socket.end('221 bye\r\n'); return; }
        else socket.write('250 ok\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${server.address().port}`, mails,
    to: (address) => until(() => mails.findLast((mail) => mail.to.includes(address)), { what: `a mail to ${address}` }),
    stop: () => server.close(),
  };
}

// The mail as a person would read it: every part, with quoted-printable and base64 undone.
function decode(message) {
  const at = message.indexOf('\r\n\r\n');
  const head = message.slice(0, at), body = message.slice(at + 4);
  const boundary = /^content-type: *multipart\/[^]*?boundary="?([^";\r\n]+)/im.exec(head)?.[1];
  if (boundary) return `${head}\n\n${body.split(`--${boundary}`).slice(1, -1).map((part) => decode(part.replace(/^\r\n/, ''))).join('\n\n')}`;
  const encoding = /^content-transfer-encoding: *(\S+)/im.exec(head)?.[1]?.toLowerCase();
  if (encoding === 'base64') return `${head}\n\n${Buffer.from(body, 'base64')}`;
  if (encoding === 'quoted-printable') return `${head}\n\n${body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)))}`;
  return `${head}\n\n${body}`;
}

export const linkIn = (text) => /https?:\/\/[^\s<>"')]+\/api\/auth\/[^\s<>"')]+/.exec(text.replaceAll('&amp;', '&'))?.[0];
