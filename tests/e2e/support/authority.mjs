// SPDX-License-Identifier: Apache-2.0
// A certificate authority of the test's own, made with openssl, and certificates of it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { scratch } from './sallyport.mjs';

async function openssl(...args) {
  const { code, stderr } = await run('openssl', args);
  if (code !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/** → {ca, issue(name, {expired}) → {key, cert}}, all of them paths */
export async function makeAuthority(dir = scratch('authority')) {
  const file = (name) => join(dir, name);
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = file('ca.pem'), caKey = file('ca.key');
  await openssl('req', '-x509', ...newKey, '-days', '2', '-keyout', caKey, '-out', ca, '-subj', '/CN=Test authority',
    '-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign');
  return {
    ca,
    async issue(name, { expired = false } = {}) {
      const stem = `${name}${expired ? '.expired' : ''}`;
      const key = file(`${stem}.key`), request = file(`${stem}.csr`), cert = file(`${stem}.pem`), extensions = file(`${stem}.ext`);
      writeFileSync(extensions, `subjectAltName=DNS:${name}\n`);
      await openssl('req', ...newKey, '-keyout', key, '-out', request, '-subj', '/CN=Test server');
      await openssl('x509', '-req', '-in', request, '-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-out', cert, '-extfile', extensions,
        '-days', expired ? '-1' : '2');
      return { key, cert };
    },
  };
}
