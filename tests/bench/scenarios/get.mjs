// SPDX-License-Identifier: Apache-2.0
// An authenticated proxied GET with a browser's head: the request that a gateway answers all day.
import assert from 'node:assert/strict';
import { request } from '../../e2e/support/http.mjs';
import { browserHead } from '../support/browser_head.mjs';
import { interleave } from '../support/interleave.mjs';
import { smallAnswer } from '../support/upstream.mjs';

export const title = 'Authenticated proxied GET';

export async function run({ peers, load }) {
  const targets = [];
  for (const peer of peers) {
    const headers = { ...browserHead(peer.publicOrigin ?? peer.origin, peer), ...peer.headers };
    const target = { name: peer.name, url: `${peer.origin}/api/notes?page=1`, headers, pids: peer.pids };
    const answer = await request(target.url, { headers });
    assert.equal(answer.status, 200, `${peer.name}: ${answer.text}`);
    assert.equal(answer.text, smallAnswer, peer.name);
    if (peer.gate) assert.equal(answer.headers['x-bearer'], 'jwt', `${peer.name}: what the upstream saw`);
    targets.push(target);
  }
  return interleave(targets, load);
}
