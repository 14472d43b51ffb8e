// SPDX-License-Identifier: Apache-2.0
// `check-config --online` against providers that are right, and wrong in one way each.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startHostileProvider } from './support/hostile_provider.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort } from './support/processes.mjs';
import { cli, scratch, toml } from './support/sallyport.mjs';

const withClaim = (name, value) => (document) => ({ ...document, [name]: value });

describe('check-config --online', () => {
  let op, hostile;
  before(async () => {
    op = await startOidcProvider({ origin: 'http://localhost:8080' });
    hostile = await startHostileProvider({
      right: {}, 'other-issuer': { discovery: withClaim('issuer', 'https://evil.example') }, 'no-keys': { before: (what, _, request, response) => { if (what !== 'jwks') return false; response.writeHead(500); response.end(); return true; } },
      'wrong-secret': { clientAuth: () => false }, 'no-document': { before: (what, _, request, response) => { response.writeHead(404); response.end(); return true; } },
      'no-token-endpoint': { discovery: (document, issuer) => ({ ...document, token_endpoint: `${issuer.url}/nowhere` }) },
    });
  });
  after(async () => { await op?.stop(); await hostile?.stop(); });

  async function check(sections, args = []) {
    const config = join(scratch('check'), 'sallyport.toml');
    writeFileSync(config, toml({ port: 8080, admin: await freePort(), web: 'http://127.0.0.1:9', extra: sections }), { mode: 0o600 });
    return cli(['check-config', '--online', ...args], { config });
  }

  test('providers that are right are fine', async () => {
    const { code, stdout, stderr } = await check(op.toml('work') + hostile.toml('other', 'right'));
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /2 identity providers answered as expected/);
  });

  for (const [name, expected] of Object.entries({
    'other-issuer': /signin\.provider\.p\.issuer: is not what the provider calls itself/,
    'wrong-secret': /signin\.provider\.p\.client_secret: or client_id is refused by the provider/,
    'no-document': /signin\.provider\.p\.issuer: leads to no discovery document: .*404/,
    'no-token-endpoint': /signin\.provider\.p\.token_endpoint: is not there/,
  })) {
    test(`${name} is a fault of the configuration`, async () => {
      const { code, stdout, stderr } = await check(hostile.toml('p', name));
      assert.equal(code, 2, stdout + stderr);
      assert.match(stderr, expected);
      assert.ok(!(stdout + stderr).includes(hostile.client.secret), 'S62');
    });
  }

  test('a real provider tells of a wrong secret', async () => {
    const { code, stderr } = await check(op.toml('p').replace('a secret of the tests', 'not the secret'));
    assert.equal(code, 2);
    assert.match(stderr, /client_secret: or client_id is refused/);
  });

  test('what cannot be asked now is a warning', async () => {
    for (const [section, expected] of [[hostile.toml('p', 'no-keys'), /key set/], [op.toml('p').replace(op.issuer, `http://127.0.0.1:${await freePort()}`), /cannot be reached/]]) {
      const { code, stdout, stderr } = await check(section);
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout, expected);
    }
  });

  test('S37 a private address has to be allowed', async () => {
    const { code, stdout, stderr } = await check(hostile.toml('p', 'right').replace('allow_private_network = true', '').replace('http://', 'https://'));
    assert.equal(code, 2, stdout + stderr);
    assert.match(stderr, /allow_private_network: the discovery document is at a private address/);
  });
});
