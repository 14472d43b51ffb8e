// SPDX-License-Identifier: Apache-2.0
// What nobody needs any more leaves the store by itself: ended sessions, old audit events, mail that was never delivered.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run, until } from './support/processes.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

describe('retention', () => {
  let gate;
  const day = 86_400_000;
  const sql = async (script) => {
    const done = await run('python3', ['-c', `
import sqlite3, json
c = sqlite3.connect(${JSON.stringify(join(gate.dir, 'sallyport.db'))}, timeout=20)
${script}
c.commit()`]);
    assert.equal(done.code, 0, done.stderr);
    return done.stdout.trim();
  };
  const count = async (table, where) => Number(await sql(`print(c.execute("SELECT count(*) FROM ${table} WHERE ${where}").fetchone()[0])`));

  before(async () => {
    gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], top: { audit_retention: '10d', mail_retention: '5d' } });
    await gate.signedIn(ada);
    await gate.stop();
    const event = (at) => `c.execute("INSERT INTO audit_events (at, event, outcome, reason, user_id, session_id, actor, ip, user_agent, request_id) VALUES (?, 'aged', 'success', '', '', '', 'system', '', '', '')", (${at},))`;
    const mail = (at) => `c.execute("INSERT INTO mail_queue (recipient, subject, sealed_message, created_at, next_try, state) VALUES ('a@example.com', 'aged', x'00', ?, 0, 'failed')", (${at},))`;
    // Rows stand in the order of time, as a server writes them.
    await sql(`c.execute("UPDATE audit_events SET at = at - ${11 * day}")
c.execute("UPDATE sessions SET absolute_end = 1, expires = 1")
for i in range(1500): ${event(Date.now() - 11 * day)}
${event(Date.now() - 9 * day)}
${mail(Date.now() - 6 * day)}
${mail(Date.now() - 4 * day)}`);
    await gate.start();
  });
  after(() => gate?.stop());

  test('what is older than it is kept goes; the rest stays', async () => {
    await until(async () => await count('mail_queue', '1') === 1, { what: 'the pruning', every: 100 });
    assert.equal(await count('audit_events', `at < ${Date.now() - 10 * day}`), 0);
    assert.equal(await count('audit_events', "event = 'aged'"), 1);
    assert.equal(await count('sessions', '1'), 0);
    assert.doesNotMatch(gate.log, /could not be deleted/);
  });
});
