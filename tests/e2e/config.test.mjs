// SPDX-License-Identifier: Apache-2.0
// A wrong configuration: every problem at once, with file:line and a hint, exit 2, nothing started and nothing written.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cli, scratch, toml } from './support/sallyport.mjs';
import { freePort } from './support/processes.mjs';

function written(text) {
  const dir = scratch('config');
  const file = join(dir, 'sallyport.toml');
  writeFileSync(file, text);
  return { dir, file };
}

const bad = `public_url = "https://app.example.com/path"
secret = "short"
listen = "nonsense"
store = "sqlite:/no/such/folder/here.db"
trusted_proxys = ["10.0.0.0/8"]

[session]
strategy = "cookie"
idle_timeout = "7 fortnights"

[upstream.web]
url = "ftp://127.0.0.1:3000"
kind = "page"

[[route]]
path = "/*"
upstream = "wbe"
access = "everybody"
`;
const lineOf = (text) => bad.split('\n').findIndex((line) => line.startsWith(text)) + 1;

describe('a configuration with many faults', () => {
  for (const command of ['serve', 'check-config']) {
    test(`${command}: all of them, each with its line; exit 2; nothing started`, async () => {
      const { dir, file } = written(bad);
      const { code, stdout, stderr } = await cli([command], { config: file, cwd: dir });
      assert.equal(code, 2, stderr);
      const text = stdout + stderr;
      for (const key of ['public_url', 'secret', 'listen', 'store', 'trusted_proxys', 'strategy', 'idle_timeout', 'url = "ftp', 'kind', 'upstream = "wbe"', 'access']) {
        assert.match(text, new RegExp(`sallyport\\.toml:${lineOf(key)}\\b`), `${key} is not reported with its line in\n${text}`);
      }
      assert.match(text, /trusted_proxies/, 'the nearest known key is the hint');
      assert.match(text, /'?web'?/, 'the nearest upstream is the hint');
      assert.deepEqual(readdirSync(dir), ['sallyport.toml'], 'nothing was written');
    });
  }

  test('--json lists them for machines', async () => {
    const { dir, file } = written(bad);
    const { code, stdout, stderr } = await cli(['check-config', '--json'], { config: file, cwd: dir });
    assert.equal(code, 2);
    assert.ok(JSON.stringify(JSON.parse(stdout || stderr)).includes('trusted_proxys'));
  });

  test('S62 no message holds the secret', async () => {
    const { dir, file } = written(bad.replace('"short"', '"hunter2hunter2"'));
    const { stdout, stderr } = await cli(['check-config'], { config: file, cwd: dir });
    assert.equal((stdout + stderr).includes('hunter2'), false);
  });
});

const one = [
  ['a syntax error', 'public_url = "http://localhost:8080\n', /sallyport\.toml:1/],
  ['an environment variable that is not set', toml({ port: 8080, admin: 9090, web: 'http://127.0.0.1:9', secret: '${NO_SUCH_VARIABLE_HERE}' }), /NO_SUCH_VARIABLE_HERE/],
  ['no upstream', 'public_url = "http://localhost:8080"\nsecret = "0123456789012345678901234567890123456789"\n', /upstream|route/],
  ['plain http on a public name', toml({ port: 8080, admin: 9090, web: 'http://127.0.0.1:9', publicUrl: 'http://app.example.com' }), /allow_insecure_http|https/],
  ['half of the compat set', toml({ port: 8080, admin: 9090, web: 'http://127.0.0.1:9', compat: { forward_session_cookie: true } }), /compat\.secret|strategy/],
  ['a feature that comes later', toml({ port: 8080, admin: 9090, web: 'http://127.0.0.1:9', extra: '[signin.passkey]\nenabled = true' }), /later/],
  ['mail without a sender', toml({ port: 8080, admin: 9090, web: 'http://127.0.0.1:9', extra: '[signin.email]\nsmtp = "smtp://localhost:25"' }), /from/],
  ['registration "verified" without mail', toml({ port: 8080, admin: 9090, web: 'http://127.0.0.1:9', password: { enabled: true, registration: 'verified' } }), /signin\.email|mail/],
];

describe('one fault', () => {
  for (const [name, text, message] of one) {
    test(name, async () => {
      const { dir, file } = written(text);
      const { code, stdout, stderr } = await cli(['check-config'], { config: file, cwd: dir });
      assert.equal(code, 2, `exit ${code}\n${stdout}${stderr}`);
      assert.match(stdout + stderr, message);
    });
  }

  test('a file that is not there', async () => {
    const { code, stderr } = await cli(['serve'], { config: '/no/such/sallyport.toml' });
    assert.equal(code, 2);
    assert.match(stderr, /no\/such\/sallyport\.toml/);
  });

  test('a port in use: exit 1 and a sentence', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const { dir, file } = written(toml({ port, admin: await freePort(), web: 'http://127.0.0.1:9' }));
    const { code, stderr } = await cli(['serve'], { config: file, cwd: dir });
    server.close();
    assert.equal(code, 1, stderr);
    assert.match(stderr, new RegExp(`${port}`));
  });
});

test('what init writes passes check-config', async () => {
  const dir = scratch('init');
  const made = await cli(['init'], { cwd: dir });
  assert.equal(made.code, 0, made.stderr);
  assert.ok(existsSync(join(dir, 'sallyport.toml')));
  assert.equal(statSync(join(dir, 'sallyport.secret')).mode & 0o777, 0o600);
  const checked = await cli(['check-config'], { cwd: dir });
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  const again = await cli(['init'], { cwd: dir });
  assert.notEqual(again.code, 0, 'an existing file is not overwritten');
});
