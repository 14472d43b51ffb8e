// SPDX-License-Identifier: Apache-2.0
// A Debian 12 of one's own to install things in. Needs root and mmdebstrap.
//
// The bare system is made once and kept as a tar beside the downloaded packages (build/package-test), so that later runs
// neither fetch nor set it up again; every root is a fresh copy.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from '../e2e/support/processes.mjs';

export const repository = resolve(import.meta.dirname, '../..');
const cache = process.env.SALLYPORT_PACKAGE_CACHE ?? join(repository, 'build/package-test');
const archives = join(cache, 'archives');
const mirror = process.env.SALLYPORT_DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';
const MINUTES = 60_000;

/** Why this machine cannot make one; undefined when it can. */
export async function cannotMakeRoots() {
  if (process.getuid() !== 0) return 'needs root (chroot and mmdebstrap)';
  if ((await run('mmdebstrap', ['--version'])).code !== 0) return 'mmdebstrap is missing; run script/bootstrap';
  return undefined;
}

async function must(command, args) {
  const done = await run(command, args, { timeout: 15 * MINUTES });
  if (done.code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${done.code}:\n${(done.stdout + done.stderr).slice(-3000)}`);
}

async function bareTar() {
  const tar = join(cache, 'bookworm.tar');
  if (existsSync(tar)) return tar;
  mkdirSync(archives, { recursive: true });
  const part = join(cache, 'bookworm.part.tar');
  await must('mmdebstrap', ['--mode=root', '--variant=apt', '--skip=cleanup/apt', '--dpkgopt=force-unsafe-io', '--aptopt=Acquire::Languages "none"',
    'bookworm', part, mirror]);
  renameSync(part, tar);
  return tar;
}

function copyArchives(from, to) {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    if (file.endsWith('.deb') && !existsSync(join(to, file))) cpSync(join(from, file), join(to, file));
  }
}

export class DebianRoot {
  static async make() {
    const it = new DebianRoot();
    const tar = await bareTar();
    it.path = mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), 'debian-root-'));
    await must('tar', ['-C', it.path, '-xf', tar]);
    // Nothing in here may start services; names are resolved as outside; other users pass through its top folder.
    await must('sh', ['-ec', 'cd "$1"; chmod 755 .; printf "#!/bin/sh\\nexit 101\\n" >usr/sbin/policy-rc.d; chmod 755 usr/sbin/policy-rc.d; cp -L /etc/resolv.conf etc/resolv.conf', 'sh', it.path]);
    copyArchives(archives, join(it.path, 'var/cache/apt/archives'));
    return it;
  }

  inside(path) { return join(this.path, path); }

  /** {code, stdout, stderr} of a command inside. */
  run(command, args = [], options = {}) {
    return run('chroot', [this.path, '/usr/bin/env', '-i', 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive', command, ...args],
      { timeout: 10 * MINUTES, ...options });
  }
  async must(command, args = [], options) {
    const done = await this.run(command, args, options);
    if (done.code !== 0) throw new Error(`in the root, ${command} ${args.join(' ')} ended with ${done.code}:\n${(done.stdout + done.stderr).slice(-3000)}`);
    return done.stdout;
  }

  async install(...packages) {
    await this.must('apt-get', ['-q', '-o', 'Dpkg::Use-Pty=0', '-o', 'APT::Keep-Downloaded-Packages=true', 'install', '-y', '--no-install-recommends', '--reinstall', ...packages]);
    copyArchives(join(this.path, 'var/cache/apt/archives'), archives);
  }

  remove() { if (this.path) rmSync(this.path, { recursive: true, force: true }); }
}
