// SPDX-License-Identifier: Apache-2.0
// Where two replays differ, and whether differences.json names exactly that.
//
// A row: {"step": name or list of names, "version": "v4" | "v5" | "both", "what": "status" | "location" | "body" | "cookie {csrf}",
//         "ours": …, "theirs": …, "reason": "…"}. Absent values are null. A row that does not differ any more is a fault.
import { isDeepStrictEqual } from 'node:util';

const placeholder = (name) => {
  const match = /^(?:next-auth|authjs)\.(session-token|csrf-token|callback-url|device|email)$/.exec(name);
  return match ? `{${match[1].split('-')[0]}}` : name;
};

function facts({ status, location, body, cookies }) {
  const all = { status, location, body };
  for (const [name, value] of Object.entries(cookies)) all[`cookie ${placeholder(name)}`] = value;
  return all;
}

/** [{step, version, what, ours, theirs}] */
export function differencesOf(step, version, ours, theirs) {
  const a = facts(ours), b = facts(theirs);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .map((what) => ({ step, version, what, ours: a[what] ?? null, theirs: b[what] ?? null }))
    .filter((row) => !isDeepStrictEqual(row.ours, row.theirs));
}

const stepsOf = (row) => [row.step].flat();
const versionsOf = (row) => (row.version === 'both' ? ['v4', 'v5'] : [row.version]);
const same = (row, found) => row.what === found.what && isDeepStrictEqual(row.ours, found.ours) && isDeepStrictEqual(row.theirs, found.theirs);
const covers = (row, { step, version }) => stepsOf(row).includes(step) && versionsOf(row).includes(version);

/** Of one step: differences that no row explains, and rows that explain nothing (both as readable lines). */
export function judge(step, version, found, rows) {
  const here = rows.filter((row) => covers(row, { step, version }));
  const unexplained = found.filter((difference) => !here.some((row) => row.reason && same(row, difference)));
  const stale = here.filter((row) => !found.some((difference) => same(row, difference)));
  const show = ({ what, ours, theirs }) => `${what}\n    ours   ${JSON.stringify(ours)}\n    theirs ${JSON.stringify(theirs)}`;
  return [...unexplained.map((row) => `differs: ${show(row)}`), ...stale.map((row) => `no longer differs as written: ${show(row)}`)];
}

/** Faults of the table itself. */
export function faultsOf(rows, stepNames) {
  return rows.flatMap((row, i) => [
    ...(row.reason ? [] : [`row ${i} (${row.what}) has no reason`]),
    ...(versionsOf(row).every((version) => ['v4', 'v5'].includes(version)) ? [] : [`row ${i}: version ${row.version}`]),
    ...stepsOf(row).filter((name) => !stepNames.includes(name)).map((name) => `row ${i}: there is no step '${name}'`),
  ]);
}

/** Equal differences of several steps and both versions as one row each, with an empty reason to be written. */
export function proposal(found) {
  const rows = [];
  for (const difference of found) {
    const alike = rows.find((row) => row.version === difference.version && same(row, difference));
    if (alike) alike.step.push(difference.step); else rows.push({ ...difference, step: [difference.step], reason: '' });
  }
  for (const row of rows.filter(({ version }) => version === 'v4')) {
    const twin = rows.findIndex((other) => other.version === 'v5' && same(row, other) && isDeepStrictEqual(row.step, other.step));
    if (twin >= 0) { row.version = 'both'; rows.splice(twin, 1); }
  }
  return rows;
}
