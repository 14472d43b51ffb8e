// SPDX-License-Identifier: Apache-2.0
// People who ask, and ask again shortly when they are refused: a load that is a multiple of what can be served however fast or
// slow the machine is.
import http from 'node:http';

/**
 * crowd(gate, {people, pause, until, path}) → {answers: [{status, ms, retryAfter}], errors: [text]}
 * Each of `people` has one request at a time and waits `pause` ms after a refusal, until `until()` holds.
 */
export async function crowd({ port, origin }, { people, pause, until, path = '/' }) {
  const answers = [], errors = [];
  const one = (agent) => new Promise((done) => {
    const begun = performance.now();
    const request = http.get({ host: '127.0.0.1', port, path, agent, headers: { Host: new URL(origin).host }, timeout: 30_000 }, (answer) => {
      answer.resume();
      answer.on('end', () => { answers.push({ status: answer.statusCode, ms: performance.now() - begun, retryAfter: answer.headers['retry-after'] }); done(answer.statusCode); });
      answer.on('error', (error) => { errors.push(`cut: ${error.message}`); done(0); });
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
    request.on('error', (error) => { errors.push(error.message); done(0); });
  });
  await Promise.all(Array.from({ length: people }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!until()) if (await one(agent) !== 200) await new Promise((done) => setTimeout(done, pause));
    agent.destroy();
  }));
  return { answers, errors };
}
