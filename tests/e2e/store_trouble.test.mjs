// SPDX-License-Identifier: Apache-2.0
// S60: a store that is locked, full or read-only is a 503, never a sign-in and never a loss; afterwards all is well without a
// restart. And whatever a cookie holds, the answer is never a 500.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { request } from './support/http.mjs';
import { Process, run, until } from './support/processes.mjs';
import { Sallyport, ada, bob, scratch } from './support/sallyport.mjs';

const register = async (gate, email) => {
  const client = gate.client();
  const { csrfToken } = await client.csrf();
  return client.request('/api/auth/register', { method: 'POST', timeout: 60_000, form: { email, name: 'X', password: 'a long enough passphrase', csrfToken } });
};

describe('another process holds the write lock of the store', () => {
  let gate, client;
  before(async () => { gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada] }); client = await gate.signedIn(ada); });
  after(() => gate?.stop());

  test('writes are 503, known sessions go on, and all is well afterwards', async () => {
    const holder = new Process('lock', 'python3', ['-c', `
import sqlite3, sys, time
c = sqlite3.connect(${JSON.stringify(join(gate.dir, 'sallyport.db'))}, isolation_level=None)
c.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(120)`]);
    try {
      await until(() => holder.output.includes('held'), { what: 'the lock' });
      const refused = await register(gate, 'locked@example.com');
      assert.equal(refused.status, 503, refused.text);
      assert.match(refused.headers['content-type'], /json/, 'JSON, as everything under /api/auth');
      const signIn = await gate.client().signIn(ada.email, ada.password);
      assert.equal(signIn.setCookies.some((line) => /session-token=[^;]/.test(line)), false, 'no session that the store does not have');
      assert.equal((await client.session()).user.email, ada.email);
    } finally { await holder.stop('SIGKILL'); }
    await until(async () => (await register(gate, 'after@example.com')).status < 300, { what: 'recovery', every: 200 });
    assert.ok(await gate.signedIn(ada));
  });
});

test('a full disk: 503, nothing lost, recovery without a restart', async (t) => {
  const dir = scratch('full');
  const disk = join(dir, 'disk');
  mkdirSync(disk);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
  if (mounted.code !== 0) { t.skip(`mounting a small tmpfs is not allowed here: ${mounted.stderr.trim()}`); return; }
  let gate;
  try {
    gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], top: { store: `sqlite:${disk}/sallyport.db` } });
    const client = await gate.signedIn(ada);
    const ballast = join(disk, 'ballast');
    const free = () => { const { bavail, bsize } = statfsSync(disk); return bavail * bsize; };
    writeFileSync(ballast, Buffer.alloc(Math.max(0, free() - 4096)));
    const statuses = [];
    for (let i = 0; i < 60 && !statuses.includes(503); ++i) statuses.push((await register(gate, `full-${i}@example.com`)).status);
    assert.ok(statuses.includes(503), `never full: ${statuses}`);
    assert.deepEqual(statuses.filter((status) => ![201, 202, 200, 503].includes(status)), []);
    assert.equal(gate.process.exited, null);
    rmSync(ballast);
    await until(async () => (await register(gate, 'room@example.com')).status < 300, { what: 'recovery', every: 200 });
    assert.equal((await client.session()).user.email, ada.email, 'the session from before');
    const known = (await gate.cli(['user', 'list', '--json'])).stdout;
    statuses.forEach((status, i) => { if (status < 300) assert.ok(known.includes(`full-${i}@example.com`), `acknowledged and lost: full-${i}`); });
  } finally {
    await gate?.stop();
    await run('umount', [disk]);
  }
});

test('a store whose file is taken away: 503, readyz says why, and all is well when it is back', async () => {
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada] });
  try {
    const file = join(gate.dir, 'sallyport.db');
    const readyz = () => request(`http://127.0.0.1:${gate.adminPort}/readyz`, { headers: { Host: `127.0.0.1:${gate.adminPort}` } });
    renameSync(file, `${file}.aside`);
    const refused = await gate.client().signIn(ada.email, ada.password);
    assert.equal(refused.setCookies.some((line) => /session-token=[^;]/.test(line)), false, 'S60');
    assert.equal((await register(gate, 'lost@example.com')).status, 503);
    // Each worker keeps what it has seen for a second.
    await until(async () => { const it = await readyz(); return it.status === 503 && it.json().store_error === 'file_lost'; }, { what: 'readyz' });
    assert.match(gate.log, /deleted or moved away under this server.*mend=/);
    const status = await gate.cli(['status']);
    assert.match(status.stdout, /NOT ANSWERING \(file_lost\)/);

    copyFileSync(`${file}.aside`, file);
    assert.equal((await register(gate, 'other@example.com')).status, 503, 'another file is not taken over');
    rmSync(file);
    renameSync(`${file}.aside`, file);
    await until(async () => (await readyz()).status === 200, { what: 'recovery' });
    assert.ok(await gate.signedIn(ada));
    assert.equal(gate.process.exited, null);
  } finally { await gate.stop(); }
});

describe('old and foreign cookies', () => {
  for (const strategy of ['database', 'jwt']) {
    test(`${strategy}: a changed secret signs everybody out cleanly`, async () => {
      const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada, bob], session: { strategy } });
      const client = await gate.signedIn(ada);
      await gate.stop();
      const text = (await import('node:fs')).readFileSync(gate.config, 'utf8').replace(/^secret = ".*"$/m, `secret = "${'0123456789abcdef'.repeat(4)}"`);
      writeFileSync(gate.config, text);
      await gate.start();
      try {
        if (strategy === 'jwt') assert.equal(await client.session(), null);
        for (const path of ['/api/auth/session', '/api/auth/me', '/api/auth/csrf', '/api/auth/signin', '/dashboard']) {
          const { status } = await client.request(path);
          assert.ok(status < 500 || status === 502, `${path} answered ${status}`);
        }
        assert.ok(await gate.signedIn(bob), 'and people sign in again');
      } finally { await gate.stop(); }
    });
  }

  test('no cookie whatever is a 500', async () => {
    const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], session: { strategy: 'jwt' } });
    try {
      const name = (await gate.signedIn(ada)).jar.ending('session-token');
      const real = (await gate.signedIn(ada)).jar.get(name);
      const values = ['', ' ', '.', '....', 'a.b.c.d.e', real.slice(0, -1), real.slice(1), `${real}x`, real.replace(/^[^.]*/, 'e30'), '%00', '%ff%fe', '"quoted"', 'x'.repeat(4000), 'null', '{}', `${real}; ${name}=${real}`, `${real}; ${name}=garbage`];
      for (const value of values) {
        for (const suffix of ['', '.0', '.1', '.15', '.16', '.-1', '.x']) {
          const answer = await gate.client().request('/api/auth/session', { headers: { Cookie: `${name}${suffix}=${value}` } });
          assert.ok(answer.status < 500, `${name}${suffix}=${value.slice(0, 40)} answered ${answer.status}`);
        }
      }
      // S3: the same cookie twice is one session; two that differ, of which one opens, are that one.
      const twice = await gate.client().request('/api/auth/session', { headers: { Cookie: `${name}=${real}; ${name}=garbage` } });
      assert.equal(twice.json().user.email, ada.email);
      const other = (await gate.signedIn(ada)).jar.get(name);
      const conflict = await gate.client().request('/api/auth/session', { headers: { Cookie: `${name}=${real}; ${name}=${other}` } });
      assert.equal(conflict.json(), null, 'S3 two that both open: no session');
    } finally { await gate.stop(); }
  });
});
