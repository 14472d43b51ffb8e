// SPDX-License-Identifier: Apache-2.0
// S61: kill -9 in the middle of writes loses no acknowledged one and leaves a store that opens.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sallyport, ada } from './support/sallyport.mjs';

const rounds = Number(process.env.SALLYPORT_E2E_CRASHES ?? 5);

test('S61 acknowledged sign-ups and sessions survive kill -9, again and again', async () => {
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], password: { enabled: true, registration: 'open' } });
  const people = []; // acknowledged
  const sessions = []; // clients with an acknowledged sign-in
  let number = 0;

  const signUp = async () => {
    const client = gate.client();
    const email = `crash-${number += 1}@example.com`;
    const { csrfToken } = await client.csrf();
    const answer = await client.request('/api/auth/register', { method: 'POST', form: { email, name: 'Crash', password: 'a long enough passphrase', csrfToken } });
    if (answer.status < 400) people.push(email);
    else if (answer.status !== 503) throw new Error(`register answered ${answer.status}: ${answer.text}`);
  };
  const signIn = async () => {
    const client = gate.client();
    const answer = await client.signIn(ada.email, ada.password);
    if (answer.status === 200 && client.jar.ending('session-token')) sessions.push(client);
  };

  try {
    for (let round = 0; round < rounds; ++round) {
      let stop = false;
      const hammer = async (work) => { while (!stop) await work().catch((error) => { if (!stop) throw error; }); };
      const before = people.length + sessions.length;
      const hammers = [hammer(signUp), hammer(signUp), hammer(signIn)];
      const deadline = Date.now() + 20_000;
      while (people.length + sessions.length < before + 4 + round && Date.now() < deadline) await new Promise((done) => setTimeout(done, 5));
      stop = true; // what is under way goes on until the kill cuts it; its error must not be mistaken for a fault
      gate.process.signal('SIGKILL');
      await gate.process.ended;
      await Promise.all(hammers);
      await gate.start();
    }
    assert.ok(people.length >= rounds, `only ${people.length} sign-ups were acknowledged`);

    const listed = JSON.parse((await gate.cli(['user', 'list', '--json'])).stdout);
    const known = JSON.stringify(listed);
    assert.deepEqual(people.filter((email) => !known.includes(`"${email}"`)), [], 'lost sign-ups');
    for (const client of sessions) {
      client.at = gate.at;
      assert.equal((await client.session())?.user?.email, ada.email, 'a lost session');
    }
  } finally { await gate.stop(); }
});

test('S61 a sign-out that was acknowledged stays one', async () => {
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9', users: [ada], session: { strategy: 'jwt' } });
  try {
    const client = await gate.signedIn(ada);
    const name = client.jar.ending('session-token');
    const copied = client.jar.get(name);
    assert.equal((await client.signOut()).status, 200);
    gate.process.signal('SIGKILL');
    await gate.process.ended;
    await gate.start();
    const thief = gate.client();
    thief.jar.set(name, copied);
    assert.equal(await thief.session(), null);
  } finally { await gate.stop(); }
});
