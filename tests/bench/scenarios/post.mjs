// SPDX-License-Identifier: Apache-2.0
// A POST of 1 KiB; Sallyport's carries the session-bound token and is checked for it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from '../../e2e/support/http.mjs';
import { scratch } from '../../e2e/support/sallyport.mjs';
import { browserHead } from '../support/browser_head.mjs';
import { interleave } from '../support/interleave.mjs';

export const title = 'POST of 1 KiB, CSRF-checked';

const body = JSON.stringify({ text: 'x'.repeat(1024 - 11) });
const script = join(scratch('wrk'), 'post.lua');
writeFileSync(script, `wrk.method = "POST"\nwrk.body = '${body}'\n`);

export async function run({ peers, load }) {
  const targets = [];
  for (const peer of peers) {
    const origin = peer.publicOrigin ?? peer.origin;
    const headers = { ...browserHead(origin, peer), Origin: origin, 'Content-Type': 'application/json', ...(peer.xsrf ? { 'X-XSRF-TOKEN': peer.xsrf } : {}) };
    const target = { name: peer.name, url: `${peer.origin}/api/notes`, headers, script, pids: peer.pids };
    assert.equal((await request(target.url, { method: 'POST', headers, body })).status, 200, peer.name);
    if (peer.xsrf) {
      const { 'X-XSRF-TOKEN': token, ...without } = headers;
      assert.equal((await request(target.url, { method: 'POST', headers: without, body })).status, 403, 'without the token it is refused');
    }
    targets.push(target);
  }
  return interleave(targets, load);
}
