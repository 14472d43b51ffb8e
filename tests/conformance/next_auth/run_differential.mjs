// SPDX-License-Identifier: Apache-2.0
// Replays steps against the real next-auth packages and Sallyport, and holds the differences against a table.
//   node --test FILE            fails on every difference that the table does not give a reason for
//   node FILE --propose         prints rows for the differences that are there, to be read and reasoned
//   node FILE --reference       prints what the real packages answer (needs no Sallyport)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { differencesOf, faultsOf, judge, proposal } from './differences.mjs';
import { replay } from './replay.mjs';
import { appSecret, person, startReference, startSallyport } from './set_up.mjs';

const versions = ['v4', 'v5'];

/** `table`: its file's URL; `reference`, `gate`: options of the servers (functions of them may start what they need, and `stop` it). */
export async function runDifferential({ steps, table, reference = {}, gate = () => ({}) }) {
  const rows = JSON.parse(readFileSync(table, 'utf8'));

  async function replayReference(version) {
    const { stop, walk, ...options } = typeof reference === 'function' ? await reference() : reference;
    const server = Object.assign(await startReference[version]({ secret: appSecret, person, ...options }), { walk });
    try { return await replay(server, version, steps); } finally { server.stop(); await stop?.(); }
  }
  async function replaySallyport(version) {
    const { stop, walk, ...options } = await gate();
    const server = await startSallyport(version, options);
    try { return await replay(Object.assign(server, { tokenFor: options.tokenFor, walk }), version, steps); } finally { await server.stop(); await stop?.(); }
  }

  if (process.argv.includes('--reference')) {
    for (const version of versions) for (const [step, answer] of await replayReference(version)) console.log(JSON.stringify({ version, step, ...answer }));
  } else if (process.argv.includes('--propose')) {
    const found = [];
    for (const version of versions) {
      const [theirs, ours] = [await replayReference(version), await replaySallyport(version)];
      for (const [step, answer] of theirs) found.push(...differencesOf(step, version, ours.get(step), answer));
    }
    const known = (row) => rows.find((old) => old.what === row.what && JSON.stringify([old.ours, old.theirs]) === JSON.stringify([row.ours, row.theirs]));
    console.log(JSON.stringify(proposal(found).map((row) => ({ ...row, reason: known(row)?.reason ?? '' })), null, 2));
  } else {
    test('every row of the table has a reason and names steps that exist', () => {
      assert.deepEqual(faultsOf(rows, steps.map(({ name }) => name)), []);
    });
    for (const version of versions) {
      describe(`next-auth ${version}`, () => {
        let theirs, ours;
        before(async () => { theirs = await replayReference(version); ours = await replaySallyport(version); });
        for (const { name } of steps) {
          test(name, () => {
            const faults = judge(name, version, differencesOf(name, version, ours.get(name), theirs.get(name)), rows);
            assert.equal(faults.length, 0, `\n  ${faults.join('\n  ')}`);
          });
        }
      });
    }
  }
}
