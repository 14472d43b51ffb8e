// SPDX-License-Identifier: Apache-2.0
// Steady load whose every request is accounted for: keep-alive connections, each with one request at a time.
import http from 'node:http';

/**
 * keepLoad(gate, {connections, path, headers, numbered, untilRefused}) → {answers, stop()}; stop() → {answers, failures, bodies, statuses, opened, …}
 * A failure is whatever is not a whole 2xx answer, said as text. `numbered`: each request has a number in its query (`n=`), so
 * that it can be told whether an upstream has seen it, and how often; then also {asked: [n], whole: [n], untouched: [n]}, the
 * last being those that ended before a byte of an answer. `untilRefused`: a loop ends, without a failure, when its connection
 * is refused or closed before a byte of an answer.
 */
export function keepLoad(gate, { connections = 16, path = '/', headers = {}, numbered = false, untilRefused = false } = {}) {
  const it = { answers: 0, failures: [], bodies: {}, statuses: {}, opened: 0, asked: [], whole: [], untouched: [] };
  let next = 0;
  let stopping = false;
  const sockets = new Set();
  const one = (agent, n) => new Promise((done) => {
    const request = http.request({ host: '127.0.0.1', port: gate.port, path: numbered ? `${path}?n=${n}` : path, agent, timeout: 20_000, headers: { Host: new URL(gate.origin).host, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => { text += piece; });
      answer.on('error', (error) => done(`answer cut: ${error.message}`));
      answer.on('end', () => {
        it.statuses[answer.statusCode] = (it.statuses[answer.statusCode] ?? 0) + 1;
        if (answer.statusCode >= 300) return done(`status ${answer.statusCode}: ${text.slice(0, 200)}`);
        it.bodies[text] = (it.bodies[text] ?? 0) + 1;
        if (numbered) it.whole.push(n);
        done(null);
      });
    });
    request.on('socket', (socket) => { if (!sockets.has(socket)) { sockets.add(socket); it.opened += 1; } });
    request.on('timeout', () => request.destroy(new Error('no answer in 20 s')));
    request.on('error', (error) => {
      const untouched = !request.res && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code);
      if (untouched && numbered) it.untouched.push(n);
      done(untouched && untilRefused ? 'refused' : `${error.code ?? ''} ${error.message}`);
    });
    request.end();
  });
  const loops = Array.from({ length: connections }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopping) {
      const n = next++;
      if (numbered) it.asked.push(n);
      const failure = await one(agent, n);
      if (failure === 'refused') break;
      it.answers += 1;
      if (failure) it.failures.push(failure);
    }
    agent.destroy();
  });
  it.over = Promise.all(loops);
  it.stop = async () => { stopping = true; await it.over; return it; };
  return it;
}

/** The numbers of the requests that an upstream (recording_upstream.mjs) has seen, in order. */
export const numbersSeen = (...upstreams) => upstreams.flatMap(({ requests }) => requests.map(({ line }) => Number(/[?&]n=(\d+)/.exec(line)?.[1])))
  .filter((n) => !Number.isNaN(n)).sort((a, b) => a - b);
