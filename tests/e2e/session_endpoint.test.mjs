// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/session has a short way for sessions that a worker knows (gateway/handlers/session_answer.cc) and a long one
// for everything else. Nobody may see which it was.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Sallyport, ada } from './support/sallyport.mjs';

for (const strategy of ['database', 'jwt']) {
  describe(`${strategy}: the session endpoint`, () => {
    let gate, client;
    before(async () => {
      gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], session: { strategy, claims: ['id', 'groups'] }, top: { workers: 1 } });
      client = await gate.signedIn(ada);
    });
    after(() => gate?.stop());

    // HEAD always goes the long way, and so does the first GET, which finds the session in the store.
    const seen = async (method) => {
      const { status, headers, text } = await client.request('/api/auth/session', { method });
      const { date, 'x-request-id': id, ...same } = headers;
      assert.match(id, /^[0-9a-f]{32}$/);
      return { status, headers: same, text: text.replace(/"expires":"[^"]*"/, '"expires":"…"'), expires: /"expires":"([^"]*)"/.exec(text)?.[1] };
    };

    test('answers the same by both ways, byte for byte', async () => {
      const long = await seen('GET'), short = await seen('GET'), head = await seen('HEAD');
      assert.equal(short.status, 200);
      assert.match(short.text, /^\{"user":\{"name":"Ada Lovelace","email":"ada@example.com","id":"[^"]+","groups":\[\]\},"expires":"…"\}$/);
      assert.equal(short.text, long.text);
      assert.deepEqual(short.headers, long.headers);
      assert.deepEqual(head.headers, long.headers);
      assert.equal(head.text, '');
      assert.match(short.expires, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    });

    test('S5 says nobody at once when the session has ended', async () => {
      await seen('GET');
      const cookies = client.jar.header();
      await client.signOut();
      const answer = await client.request('/api/auth/session', { jar: undefined, headers: { Cookie: cookies } });
      assert.equal(answer.text, 'null');
    });
  });
}
