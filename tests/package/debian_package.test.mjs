// SPDX-License-Identifier: Apache-2.0
// The package's whole life in a Debian 12 of its own: installed by apt, run, upgraded, removed, purged.
// SALLYPORT_DEB names the package; default: the one in build/release (script/package).
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from '../e2e/support/http.mjs';
import { Process, freePort, run } from '../e2e/support/processes.mjs';
import { DebianRoot, cannotMakeRoots, repository } from './debian_root.mjs';

const folder = join(repository, 'build/release');
const deb = process.env.SALLYPORT_DEB
  ?? (existsSync(folder) ? readdirSync(folder).filter((name) => /^sallyport_.*\.deb$/.test(name)).map((name) => join(folder, name)).at(-1) : undefined);
const skip = await cannotMakeRoots() ?? (deb ? undefined : 'there is no package; run script/package');
const lintianSkip = deb && (await run('lintian', ['--version'])).code === 0 ? undefined : 'there is no lintian or no package; run script/bootstrap and script/package';
const config = '/etc/sallyport/sallyport.toml', secret = '/etc/sallyport/sallyport.secret', state = '/var/lib/sallyport';

let root, server, ports, foundBefore;
const owner = async (path) => (await root.must('stat', ['-c', '%U:%G %a', path])).trim();
const traces = async () => (await root.must('find', ['/', '-xdev', '-iname', '*sallyport*', '-not', '-path', '/tmp/*'])).trim();
const asService = (...command) => ['setpriv', '--reuid=sallyport', '--regid=sallyport', '--init-groups', ...command];
const texts = () => [config, secret].map((path) => readFileSync(root.inside(path), 'utf8'));

async function start() {
  server = new Process('sallyport', 'chroot', [root.path, ...asService('env', '-i', 'sallyport', 'serve', '--config', config)]);
  const at = `127.0.0.1:${ports.admin}`;
  await server.ready(async () => (await request(`http://${at}/healthz`, { headers: { Host: at }, timeout: 2000 })).status === 200);
}

before(async () => {
  if (skip) return;
  root = await DebianRoot.make();
  ports = { listen: await freePort(), admin: await freePort() };
  copyFileSync(deb, root.inside('/tmp/sallyport.deb'));
}, { timeout: 900_000 });
after(async () => { await server?.stop(); root?.remove(); });

test('apt installs it with all it depends on', { skip, timeout: 600_000 }, async () => {
  foundBefore = await traces();
  assert.equal(foundBefore, '');
  await root.install('/tmp/sallyport.deb');
  assert.match(await root.must('dpkg-query', ['-W', '-f', '${db:Status-Status}', 'sallyport']), /^installed$/);
  assert.match(await root.must('sallyport', ['version']), /^sallyport \d/);
  assert.doesNotMatch(await root.must('ldd', ['/usr/bin/sallyport']), /not found/);
});

test('it has a system user without a shell, a private state folder, and a secret that only root and the service read', { skip }, async () => {
  assert.match(await root.must('getent', ['passwd', 'sallyport']), /^sallyport:x:\d+:\d+:[^:]*:\/var\/lib\/sallyport:\/usr\/sbin\/nologin$/m);
  assert.equal(await owner(state), 'sallyport:sallyport 700');
  assert.equal(await owner(secret), 'root:sallyport 640');
  assert.equal(await owner(config), 'root:sallyport 640');
  assert.equal(await owner('/etc/sallyport'), 'root:sallyport 750');
  assert.match(readFileSync(root.inside(secret), 'utf8'), /^[0-9a-f]{64}\n$/);
});

test('manual pages, completion, unit and documents are in their places, and the configuration is a conffile', { skip }, async () => {
  const listed = (await root.must('dpkg', ['-L', 'sallyport'])).split('\n');
  for (const path of ['/usr/share/man/man1/sallyport.1.gz', '/usr/share/man/man5/sallyport.toml.5.gz', '/usr/share/bash-completion/completions/sallyport',
    '/usr/share/zsh/vendor-completions/_sallyport', '/usr/share/fish/vendor_completions.d/sallyport.fish', '/lib/systemd/system/sallyport.service',
    '/usr/share/doc/sallyport/copyright', '/usr/share/doc/sallyport/configuration.md']) assert.ok(listed.includes(path), path);
  assert.match(await root.must('dpkg-query', ['-W', '-f', '${Conffiles}', 'sallyport']), /\/etc\/sallyport\/sallyport\.toml/);
  const unit = readFileSync(root.inside('/lib/systemd/system/sallyport.service'), 'utf8');
  assert.match(unit, /^User=sallyport$/m);
  assert.match(unit, /^ExecStart=\/usr\/bin\/sallyport serve --config \/etc\/sallyport\/sallyport\.toml$/m);
});

test('the configuration as installed passes check-config, as the user of the service', { skip }, async () => {
  const [command, ...rest] = asService('sallyport', 'check-config');
  const checked = await root.run(command, rest);
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
});

test('the server runs as that user, answers /healthz, and the command line adds a user to it', { skip, timeout: 120_000 }, async () => {
  const edited = readFileSync(root.inside(config), 'utf8')
    .replace('listen = "127.0.0.1:8080"', `listen = "127.0.0.1:${ports.listen}"`)
    .replace('admin = "127.0.0.1:9090"', `admin = "127.0.0.1:${ports.admin}"`);
  assert.ok(edited.includes(`\nadmin = "127.0.0.1:${ports.admin}"\n`));
  writeFileSync(root.inside(config), edited); // in place: owner and mode stay
  await start();
  const ids = await run('ps', ['-o', 'uid=', '-p', String(server.pid)]);
  assert.equal(ids.stdout.trim(), (await root.must('id', ['-u', 'sallyport'])).trim());
  const added = await root.run('sallyport', ['user', 'add', '--email', 'ada@example.com', '--password-stdin'], { input: 'correct horse battery staple\n' });
  assert.equal(added.code, 0, added.stdout + added.stderr);
  assert.match(await root.must('sallyport', ['user', 'list']), /ada@example\.com/);
});

test('an upgrade keeps the edited configuration, the secret with its mode, and the store', { skip, timeout: 300_000 }, async () => {
  const before = texts();
  await server.stop();
  await root.must('chown', ['sallyport', secret]); // an administrator's choice is kept too
  await root.must('chmod', ['0600', secret]);
  await root.install('/tmp/sallyport.deb');
  assert.deepEqual(texts(), before);
  assert.equal(await owner(secret), 'sallyport:sallyport 600');
  assert.equal(await owner(config), 'root:sallyport 640');
  await start();
  assert.match(await root.must('sallyport', ['user', 'list']), /ada@example\.com/);
  await server.stop();
});

test('removal keeps configuration, secret, store and user', { skip, timeout: 120_000 }, async () => {
  const before = texts();
  await root.must('apt-get', ['-q', '-o', 'Dpkg::Use-Pty=0', 'remove', '-y', 'sallyport']);
  assert.ok(!existsSync(root.inside('/usr/bin/sallyport')));
  assert.deepEqual(texts(), before);
  assert.ok(existsSync(root.inside(join(state, 'sallyport.db'))));
  assert.equal(statSync(root.inside(state)).mode & 0o777, 0o700);
  await root.must('getent', ['passwd', 'sallyport']);
});

test('purge leaves no file and no user behind', { skip, timeout: 120_000 }, async () => {
  await root.must('apt-get', ['-q', '-o', 'Dpkg::Use-Pty=0', 'purge', '-y', 'sallyport']);
  assert.equal(await traces(), foundBefore);
  assert.notEqual((await root.run('getent', ['passwd', 'sallyport'])).code, 0);
  assert.notEqual((await root.run('getent', ['group', 'sallyport'])).code, 0);
});

test('lintian finds nothing but what docs/install.md explains', { skip: lintianSkip, timeout: 120_000 }, async () => {
  const checked = await run('lintian', ['--tag-display-limit', '0', deb], { timeout: 110_000 });
  const tags = checked.stdout.split('\n').filter((line) => /^[EW]: /.test(line));
  assert.deepEqual(tags.filter((line) => !line.includes('initial-upload-closes-no-bugs')), []);
});
