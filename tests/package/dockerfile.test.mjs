// SPDX-License-Identifier: Apache-2.0
// The Dockerfile's lines, run in Debian roots: no Docker is needed, and none is tested. The final stage always; the builder
// with SALLYPORT_DOCKER_BUILDER=1 (it installs a compiler and compiles everything), else build/release is its product.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from '../e2e/support/http.mjs';
import { Process, freePort, run } from '../e2e/support/processes.mjs';
import { DebianRoot, cannotMakeRoots, repository } from './debian_root.mjs';

const binary = process.env.SALLYPORT_BINARY ?? join(repository, 'build/release/sallyport');
const builds = process.env.SALLYPORT_DOCKER_BUILDER === '1';
const skip = await cannotMakeRoots() ?? (builds || existsSync(binary) ? undefined : 'build/release/sallyport is not there; run script/build');

/** [{from, name, lines: [[instruction, rest]]}] of a Dockerfile. */
function stages(text) {
  const found = [];
  for (const line of text.replace(/^#.*\n/gm, '').replace(/\\\n/g, ' ').split('\n').map((one) => one.trim()).filter(Boolean)) {
    const [, instruction, rest] = /^([A-Z]+)\s+(.*)$/.exec(line);
    if (instruction === 'FROM') {
      const [, from, name] = /^(\S+)(?: AS (\S+))?$/.exec(rest);
      found.push({ from, name, lines: [] });
    } else found.at(-1).lines.push([instruction, rest]);
  }
  return found;
}
const dockerfile = stages(readFileSync(join(repository, 'Dockerfile'), 'utf8'));
const [builder, image] = dockerfile;
const setting = (name) => image.lines.filter(([instruction]) => instruction === name).map(([, rest]) => rest);

async function build(stage, others) {
  const root = await DebianRoot.make();
  let folder = '/';
  for (const [instruction, rest] of stage.lines) {
    if (instruction === 'WORKDIR') mkdirSync(root.inside(folder = rest), { recursive: true });
    if (instruction === 'RUN') await root.must('sh', ['-ec', `cd ${folder}; ${rest}`], { timeout: 3_000_000 });
    if (instruction !== 'COPY') continue;
    const [, from, source, to] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(rest);
    if (from) {
      mkdirSync(dirname(root.inside(to)), { recursive: true });
      cpSync(others[from](source), root.inside(to));
    } else await copyContext(root.inside(folder));
  }
  return root;
}

// What .dockerignore lets through: its "!" lines.
async function copyContext(to) {
  const lines = readFileSync(join(repository, '.dockerignore'), 'utf8').split('\n').filter(Boolean);
  assert.equal(lines.shift(), '*');
  for (const path of lines.map((line) => line.replace(/^!/, ''))) cpSync(join(repository, path), join(to, path), { recursive: true });
}

let root, built;
after(() => { root?.remove(); built?.remove(); });
before(async () => {
  if (skip) return;
  if (builds) built = await build(builder, {});
  root = await build(image, { builder: (path) => builds ? built.inside(path) : binary });
}, { timeout: 3_600_000 });

test('there are two stages, on the Debian that the program is made for, and the last has no compiler', { skip }, async () => {
  assert.deepEqual(dockerfile.map((stage) => stage.from), ['debian:12', 'debian:12-slim']);
  assert.equal(builder.name, 'builder');
  assert.notEqual((await root.run('c++', ['--version'])).code, 0);
});

test('every library of the program is there', { skip }, async () => {
  assert.doesNotMatch(await root.must('ldd', ['/usr/local/bin/sallyport']), /not found/);
  assert.match(await root.must('sallyport', ['version']), /^sallyport \d/);
});

test('it serves as its own user on the state of the volume, and HEALTHCHECK sees it', { skip, timeout: 120_000 }, async () => {
  const [user] = setting('USER'), [volume] = setting('VOLUME'), [, check] = /CMD (\[.*\])$/.exec(setting('HEALTHCHECK')[0]);
  const [command] = setting('ENTRYPOINT').map((text) => JSON.parse(text)), [rest] = setting('CMD').map((text) => JSON.parse(text));
  const port = await freePort();
  const config = readFileSync(join(repository, 'packaging/docker/sallyport.toml'), 'utf8').replace('0.0.0.0:8080', `127.0.0.1:${port}`);
  assert.ok(config.includes(`127.0.0.1:${port}`));
  assert.ok(config.includes(`sqlite:${volume}/`));
  writeFileSync(root.inside('/etc/sallyport/sallyport.toml'), config);
  assert.match(await root.must('stat', ['-c', '%U %a', volume]), /^sallyport 700$/m);

  const secret = (await root.must('sallyport', ['secret'])).trim();
  const as = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', 'env', 'PATH=/usr/local/bin:/usr/bin:/bin', `SALLYPORT_SECRET=${secret}`];
  const healthy = () => root.run(as[0], [...as.slice(1), ...JSON.parse(check)]).then((done) => done.code === 0);
  assert.equal(await healthy(), false);
  const server = new Process('sallyport', 'chroot', [root.path, ...as, ...command, ...rest]);
  try {
    await server.ready(async () => (await request(`http://127.0.0.1:${port}/api/auth/session`, { headers: { Host: 'localhost:8080' }, timeout: 2000 })).status === 200);
    assert.equal(await healthy(), true);
    assert.equal((await run('ps', ['-o', 'uid=', '-p', String(server.pid)])).stdout.trim(), (await root.must('id', ['-u', user])).trim());
  } finally { await server.stop(); }
});

test('the ports are those of the configuration in compose.yaml', () => {
  const compose = readFileSync(join(repository, 'packaging/docker/compose.yaml'), 'utf8');
  assert.deepEqual(setting('EXPOSE'), ['8080']);
  assert.match(compose, /"8080:8080"/);
  assert.match(compose, /\.\/sallyport\.toml:\/etc\/sallyport\/sallyport\.toml:ro/);
});
