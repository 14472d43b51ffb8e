// SPDX-License-Identifier: Apache-2.0
// CPU microseconds per proxied request of the proxy's own processes, nginx and Sallyport in turn: same upstream, same
// connections, same browser-sized head, one worker each, no access log in either. Medians of all rounds, spread and ratio.
// wrk counts the requests; /proc/PID/task/*/schedstat counts the processor time, kernel's included.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { startNginx } from '../e2e/support/nginx.mjs';
import { request } from '../e2e/support/http.mjs';
import { freePort, run } from '../e2e/support/processes.mjs';
import { Sallyport, ada } from '../e2e/support/sallyport.mjs';

const options = { rounds: 7, seconds: 3, connections: 32, json: false };
for (let args = process.argv.slice(2); args.length;) {
  const name = args.shift().replace(/^--/, '');
  assert.ok(name in options, `unknown option --${name}; there are ${Object.keys(options).map((key) => `--${key}`).join(' ')}`);
  options[name] = name === 'json' ? true : Number(args.shift());
}
const say = (text) => { if (!options.json) console.log(text); };

const schedule = (pid) => readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]), 0);
const childrenOf = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
const nanoseconds = (pids) => pids.reduce((sum, pid) => sum + schedule(pid), 0);

const upstreamPort = await freePort(), nginxPort = await freePort();
const upstream = await startNginx({ port: upstreamPort, http: `
  map $http_authorization $bearer { default none; "~^Bearer ey" jwt; }
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:${upstreamPort};
    location / { default_type application/json; add_header X-Bearer $bearer; return 200 '{"notes":[{"id":1,"text":"a small answer"},{"id":2,"text":"of two notes"}],"count":2}'; }
  }` });
const nginx = await startNginx({ port: nginxPort, http: `
  keepalive_requests 1000000000;
  upstream up { server 127.0.0.1:${upstreamPort}; keepalive 128; keepalive_requests 1000000000; }
  server { listen 127.0.0.1:${nginxPort}; location / { proxy_pass http://up; proxy_http_version 1.1; proxy_set_header Connection ""; } }` });
const gate = await Sallyport.serve({
  users: [ada], top: { workers: 1 }, api: `http://127.0.0.1:${upstreamPort}`, extra: '[log]\naccess = false',
  routes: [{ path: '/*', upstream: 'api', access: 'session', identity: 'jwt' }],
});

try {
  const client = await gate.signedIn(ada);
  const host = new URL(gate.origin).host;
  const head = {
    Host: host, Connection: 'keep-alive', 'sec-ch-ua-platform': '"Linux"', 'X-Requested-With': 'XMLHttpRequest',
    'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    Accept: 'application/json, text/plain, */*', 'sec-ch-ua': '"Chromium";v="142", "Not_A Brand";v="99"', 'sec-ch-ua-mobile': '?0',
    'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', Referer: `${gate.origin}/dashboard`,
    'Accept-Encoding': 'gzip, deflate, br, zstd', 'Accept-Language': 'en-GB,en;q=0.9,de;q=0.8', Cookie: `theme=dark; _consent=1; ${client.jar.header()}`,
  };
  const targets = {
    nginx: { url: `http://127.0.0.1:${nginxPort}/api/notes?page=1`, pids: () => [nginx.pid, ...childrenOf(nginx.pid)], bearer: 'none', micros: [], rates: [] },
    sallyport: { url: `http://127.0.0.1:${gate.port}/api/notes?page=1`, pids: () => [gate.pid, ...childrenOf(gate.pid)], bearer: 'jwt', micros: [], rates: [] },
  };

  async function verify({ url, bearer }) {
    const answer = await request(url, { headers: head });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['x-bearer'], bearer, 'what the upstream saw as Authorization');
  }

  async function load({ url }, seconds) {
    const headers = Object.entries(head).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const { code, stdout, stderr } = await run('wrk', ['-t1', `-c${options.connections}`, `-d${seconds}s`, ...headers, url], { timeout: (seconds + 30) * 1000 });
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stdout, /Non-2xx|Socket errors/, stdout);
    const requests = Number(/(\d+) requests in/.exec(stdout)[1]);
    assert.ok(requests > 0, `not one request went through:\n${stdout}`);
    return { requests, rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]) };
  }

  for (const target of Object.values(targets)) { await verify(target); await load(target, 1); }
  for (let round = 0; round < options.rounds; ++round) {
    const order = Object.entries(targets);
    if (round % 2) order.reverse();
    for (const [, target] of order) {
      const before = nanoseconds(target.pids());
      const { requests, rate } = await load(target, options.seconds);
      target.micros.push((nanoseconds(target.pids()) - before) / requests / 1000);
      target.rates.push(rate);
    }
    say(`round ${round + 1}: ${Object.entries(targets).map(([name, { micros, rates }]) => `${name} ${micros.at(-1).toFixed(2)} µs (${Math.round(rates.at(-1))}/s)`).join(', ')}`);
  }
  for (const target of Object.values(targets)) await verify(target);

  const sorted = (values) => [...values].sort((a, b) => a - b);
  const median = (values) => { const s = sorted(values); return s.length % 2 ? s[s.length >> 1] : (s[s.length / 2 - 1] + s[s.length / 2]) / 2; };
  const result = {
    ...options, head_bytes: Object.entries(head).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0),
    ...Object.fromEntries(Object.entries(targets).map(([name, { micros, rates }]) => [name, { median_us: median(micros), min_us: Math.min(...micros), max_us: Math.max(...micros), median_rate: median(rates), rounds_us: micros }])),
    ratio: median(targets.sallyport.micros) / median(targets.nginx.micros),
    median_of_round_ratios: median(targets.sallyport.micros.map((value, i) => value / targets.nginx.micros[i])),
  };
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else {
    say('\nCPU of the proxy per request, µs       median      min      max   requests/s');
    for (const [label, { median_us, min_us, max_us, median_rate }] of [['nginx, plain proxy_pass', result.nginx], ['Sallyport, session and JWT', result.sallyport]]) {
      say(`${label.padEnd(36)} ${median_us.toFixed(2).padStart(8)} ${min_us.toFixed(2).padStart(8)} ${max_us.toFixed(2).padStart(8)} ${String(Math.round(median_rate)).padStart(12)}`);
    }
    say(`\nratio of the medians ${result.ratio.toFixed(3)}, median of the rounds' ratios ${result.median_of_round_ratios.toFixed(3)}  (${result.rounds} rounds of ${result.seconds} s, ${result.connections} connections, head of ${result.head_bytes} bytes)`);
  }
} finally {
  await Promise.all([gate.stop(), nginx.stop(), upstream.stop()]);
}
