// SPDX-License-Identifier: Apache-2.0
// The same requests to the real next-auth packages and to Sallyport: status, Location, body and Set-Cookie are compared.
//   node --test differential.test.mjs          fails on every difference that differences.json does not give a reason for
//   node differential.test.mjs --propose       prints rows for the differences that are there, to be read and reasoned
//   node differential.test.mjs --reference     prints what the real packages answer (needs no Sallyport)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { differencesOf, faultsOf, judge, proposal } from './differences.mjs';
import { replay } from './replay.mjs';
import { appSecret, person, startReference, startSallyport } from './set_up.mjs';
import { steps } from './steps.mjs';

const versions = ['v4', 'v5'];
const rows = JSON.parse(readFileSync(new URL('./differences.json', import.meta.url), 'utf8'));

async function replayReference(version) {
  const server = await startReference[version]({ secret: appSecret, person });
  try { return await replay(server, version, steps); } finally { server.stop(); }
}

async function replaySallyport(version) {
  const gate = await startSallyport(version);
  try { return await replay(gate, version, steps); } finally { await gate.stop(); }
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
  test('every row of differences.json has a reason and names steps that exist', () => {
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
