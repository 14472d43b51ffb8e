// SPDX-License-Identifier: Apache-2.0
// What the figures should reach, and how each is read from a result. `value` gives undefined when its scenario did not run.
const row = (result, scenario, name) => result.scenarios[scenario]?.rows.find((it) => it.name === name);
const against = (scenario, ours, other) => (result) => row(result, scenario, ours)?.against?.[other];
const database = 'Sallyport, database session', jwt = 'Sallyport, jwt session';
const micro = (name) => (result) => row(result, 'micro', name)?.micros;

export const goals = [
  { what: 'Proxied GET, database session, against nginx plain', unit: '×', reach: 0.9, value: against('get', database, 'nginx, plain') },
  { what: 'Proxied GET, jwt session, against nginx plain', unit: '×', reach: 0.9, value: against('get', jwt, 'nginx, plain') },
  { what: 'Proxied GET against nginx doing the same visible work', unit: '×', reach: 0.75, value: against('get', database, 'nginx, same visible work') },
  { what: 'Proxied GET against HAProxy jwt_verify HS256', unit: '×', reach: 0.6, value: against('get', database, 'HAProxy, jwt_verify HS256') },
  { what: 'CSRF-checked POST of 1 KiB against nginx plain', unit: '×', reach: 1.0, value: against('post', database, 'nginx, plain') },
  { what: 'GET /api/auth/session against nginx return 200', unit: '×', reach: 1.0, value: against('session', database, 'nginx, return 200') },
  { what: 'next-auth\'s GET /api/auth/session against ours', unit: '×', reach: 100, atLeast: true, value: against('session', 'Next.js 16 + next-auth', database) },
  { what: 'Session lookup, cache hit, token hash included (1,000 sessions in use)', unit: 'µs', reach: 0.3, value: micro('session lookup, 1,000 of 100,000 in use') },
  { what: 'JWE open, next-auth v5', unit: 'µs', reach: 2, value: micro('JWE open, next-auth v5') },
  { what: 'JWE open, next-auth v4', unit: 'µs', reach: 2, value: micro('JWE open, next-auth v4') },
  { what: 'Head parse', unit: 'µs', reach: 0.25, value: micro('head parse') },
  { what: '1 GiB down, against nginx', unit: '×', reach: 1.1, value: (result) => row(result, 'big_body', database)?.down_ratio },
  { what: '1 GiB up, against nginx', unit: '×', reach: 1.1, value: (result) => row(result, 'big_body', database)?.up_ratio },
  { what: 'Two workers against one, CPU per request', unit: '×', reach: 1.1, value: against('workers', 'Sallyport, two workers', 'Sallyport, one worker') },
  { what: 'p99 of GETs in a storm of sign-ins against p99 at rest', unit: '×', reach: 2, value: (result) => row(result, 'storm', database)?.ratio },
  { what: 'p99 of what is served under four times the load, against p99 at half', unit: '×', reach: 2, value: (result) => row(result, 'overload', 'Sallyport, max_in_flight')?.ratio },
  { what: 'Resident memory at rest', unit: 'MiB', reach: 20, value: (result) => row(result, 'memory', database)?.rest },
  { what: 'Resident memory with the idle connections', unit: 'MiB', reach: 120, value: (result) => row(result, 'memory', database)?.held },
  { what: 'Growth of resident memory from one million requests to ten', unit: 'MiB', reach: 2, value: (result) => row(result, 'endurance', database)?.growth },
  { what: 'Start to first answer', unit: 'ms', reach: 50, value: (result) => row(result, 'start', 'Sallyport')?.milliseconds },
];
