// SPDX-License-Identifier: Apache-2.0
// Steady load whose every request is accounted for: keep-alive connections, each with one request at a time.
import http from 'node:http';

/**
 * keepLoad(gate, {connections, path, headers}) → {answers, stop()}; stop() → {answers, failures, bodies, statuses, opened}
 * A failure is whatever is not a whole 2xx answer, said as text.
 */
export function keepLoad(gate, { connections = 16, path = '/', headers = {} } = {}) {
  const it = { answers: 0, failures: [], bodies: {}, statuses: {}, opened: 0 };
  let stopping = false;
  const sockets = new Set();
  const one = (agent) => new Promise((done) => {
    const request = http.request({ host: '127.0.0.1', port: gate.port, path, agent, timeout: 20_000, headers: { Host: new URL(gate.origin).host, ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (piece) => { text += piece; });
      answer.on('error', (error) => done(`answer cut: ${error.message}`));
      answer.on('end', () => {
        it.statuses[answer.statusCode] = (it.statuses[answer.statusCode] ?? 0) + 1;
        if (answer.statusCode >= 300) return done(`status ${answer.statusCode}: ${text.slice(0, 200)}`);
        it.bodies[text] = (it.bodies[text] ?? 0) + 1;
        done(null);
      });
    });
    request.on('socket', (socket) => { if (!sockets.has(socket)) { sockets.add(socket); it.opened += 1; } });
    request.on('timeout', () => request.destroy(new Error('no answer in 20 s')));
    request.on('error', (error) => done(`${error.code ?? ''} ${error.message}`));
    request.end();
  });
  const loops = Array.from({ length: connections }, async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    while (!stopping) {
      const failure = await one(agent);
      it.answers += 1;
      if (failure) it.failures.push(failure);
    }
    agent.destroy();
  });
  it.stop = async () => { stopping = true; await Promise.all(loops); return it; };
  return it;
}
