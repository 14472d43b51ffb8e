// SPDX-License-Identifier: Apache-2.0
// The units in contrib/systemd: systemd understands every line, and the service is shut in.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from './support/processes.mjs';
import { binary, root, scratch } from './support/sallyport.mjs';

const read = (name) => readFileSync(join(root, 'contrib/systemd', name), 'utf8');
const settings = (text) => text.split('\n').filter((line) => /^[A-Z]\w*=/.test(line)).map((line) => { const at = line.indexOf('='); return [line.slice(0, at), line.slice(at + 1)]; });

/** The units as files of a folder, with the binary under test in them. */
function units() {
  const dir = join(scratch('units'), 'units');
  mkdirSync(dir);
  writeFileSync(join(dir, 'sallyport.service'), read('sallyport.service').replaceAll('/usr/bin/sallyport', binary));
  writeFileSync(join(dir, 'sallyport.socket'), read('sallyport.socket'));
  return dir;
}

test('the service says how it is started, reloaded, watched and shut in', () => {
  const service = Object.fromEntries(settings(read('sallyport.service')));
  assert.equal(service.Type, 'notify');
  assert.match(service.ExecStart, /^\/usr\/bin\/sallyport serve --config \//);
  assert.match(service.ExecReload, /^\/usr\/bin\/sallyport reload --config \//);
  for (const [key, value] of Object.entries({ User: 'sallyport', LimitCORE: '0', NoNewPrivileges: 'yes', ProtectSystem: 'strict', CapabilityBoundingSet: '', MemoryDenyWriteExecute: 'yes', PrivateTmp: 'yes', UMask: '0077' })) {
    assert.equal(service[key], value, key);
  }
  assert.ok(Number(service.WatchdogSec) > 0 && Number(service.TimeoutStopSec) > 30);
  assert.ok(read('sallyport.socket').includes('ListenStream=127.0.0.1:8080'), 'the default of `listen`');
});

test('systemd finds nothing wrong with the units', async (t) => {
  const dir = units();
  const done = await run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', join(dir, 'sallyport.service'), join(dir, 'sallyport.socket')]);
  if (done.code === 127) return t.skip('systemd-analyze is not installed');
  // About the machine, not about the units.
  const found = done.stderr.split('\n').filter((line) => line && !/User=|Group=|Failed to (connect|initialize)|cgroup/.test(line) && line.includes('sallyport'));
  assert.deepEqual(found, []);
});

test('systemd rates the service as safe', async (t) => {
  const done = await run('systemd-analyze', ['security', '--offline=yes', '--no-pager', join(units(), 'sallyport.service')]);
  if (done.code === 127) return t.skip('systemd-analyze is not installed');
  const [, exposure] = /Overall exposure level for sallyport\.service: (\d+(?:\.\d+)?)/.exec(done.stdout) ?? assert.fail(done.stdout + done.stderr);
  assert.ok(Number(exposure) <= 1.7, `${exposure}: ${done.stdout}`);
});
