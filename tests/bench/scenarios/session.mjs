// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/session, which next-auth's clients ask at every page and every focus.
import assert from 'node:assert/strict';
import { request } from '../../e2e/support/http.mjs';
import { browserHead } from '../support/browser_head.mjs';
import { interleave } from '../support/interleave.mjs';

export const title = 'GET /api/auth/session';

export async function run({ peers, load }) {
  const targets = [];
  for (const peer of peers) {
    const target = { name: peer.name, url: `${peer.origin}/api/auth/session`, headers: browserHead(peer.publicOrigin ?? peer.origin, peer), pids: peer.pids };
    const answer = await request(target.url, { headers: target.headers });
    assert.equal(answer.status, 200, peer.name);
    assert.equal(answer.json().user.email, 'ada@example.com', peer.name);
    targets.push(target);
  }
  return interleave(targets, load);
}
