// SPDX-License-Identifier: Apache-2.0
// The soak (script/soak) would notice what it is there for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge } from '../soak/verdict.mjs';

const MIB = 2 ** 20;
const run = (rss, more = {}) => judge({ samples: Array.from({ length: 50 }, (_, i) => ({ rss: rss(i) * MIB, fds: 60 })), left: { connections: 0, upstream: 0, fds: 40 }, faults: [], ended: { code: 0 }, ...more }).sentences;

test('flat memory passes, also with a warm-up and noise', () => {
  assert.deepEqual(run((i) => (i < 8 ? 20 + i : 30) + (i % 3)), []);
});
test('a leak, what is left open, and faults do not', () => {
  assert.match(run((i) => 30 + i)[0], /memory grew/);
  assert.match(run(() => 30, { left: { connections: 2, upstream: 0, fds: 40 } })[0], /2 connections of clients/);
  assert.match(run(() => 30, { left: { connections: 0, upstream: 3, fds: 40 } })[0], /3 connections to the upstream/);
  assert.match(run(() => 30, { left: { connections: 0, upstream: 0, fds: 90 } })[0], /90 descriptors/);
  assert.match(run(() => 30, { left: undefined })[0], /did not answer/);
  assert.match(run(() => 30, { faults: ['public: status 502'] })[0], /1 faults, among them: public: status 502/);
  assert.match(run(() => 30, { ended: { code: null, signal: 'SIGSEGV' } })[0], /SIGSEGV/);
});
