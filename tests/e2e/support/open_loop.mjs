// SPDX-License-Identifier: Apache-2.0
// Requests at a fixed rate that wait for nobody's answers, as a crowd's do; every one is accounted for.
import http from 'node:http';

/**
 * openLoop(gate, {perSecond, total, path, headers}) → {answers: [{status, ms, retryAfter}], errors: [text], lag: [ms]}
 * `lag`: how late each request was sent. Latency counts from when a request was due, so that a generator that lags hides nothing.
 */
export async function openLoop({ port, origin }, { perSecond, total, path = '/', headers = {}, connections = 4096 }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const answers = [], errors = [], lag = [];
  const begun = performance.now();
  const one = (due) => new Promise((done) => {
    lag.push(performance.now() - begun - due);
    const request = http.get({ host: '127.0.0.1', port, path, agent, headers: { Host: new URL(origin).host, ...headers }, timeout: 30_000 }, (answer) => {
      answer.resume();
      answer.on('end', () => { answers.push({ status: answer.statusCode, ms: performance.now() - begun - due, retryAfter: answer.headers['retry-after'] }); done(); });
      answer.on('error', (error) => { errors.push(`cut: ${error.message}`); done(); });
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
    request.on('error', (error) => { errors.push(error.message); done(); });
  });
  const open = [];
  while (open.length < total) {
    for (const now = performance.now() - begun; open.length < total && (open.length * 1000) / perSecond <= now;) open.push(one((open.length * 1000) / perSecond));
    await new Promise((done) => setTimeout(done, 2));
  }
  await Promise.all(open);
  agent.destroy();
  return { answers, errors, lag };
}

export const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
