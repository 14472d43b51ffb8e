// SPDX-License-Identifier: Apache-2.0
// /metrics: strict Prometheus text whose numbers are those of the traffic, and nothing in it that is anybody's secret.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { request } from './support/http.mjs';
import { parseMetrics, scrape } from './support/metrics.mjs';
import { until } from './support/processes.mjs';
import { exchange } from './support/raw.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada, bob, root } from './support/sallyport.mjs';

test('the reader refuses what is not the format', () => {
  for (const [text, why] of [
    ['# HELP a_total x\n# TYPE a_total counter\na_total 1', /line feed/], ['a 1\n', /./], ['# HELP a x\n# TYPE a gauge\nb 1\n', /own family/],
    ['# HELP a x\n# TYPE a gauge\na{x="\n', /./], ['# HELP a x\n# TYPE a gauge\na one\n', /no value/], ['# HELP a x\n# TYPE a gauge\na 1\na 2\n', /twice/],
    ['# HELP a x\n# TYPE a counter\na 1\n', /_total/], ['# HELP a x\n# TYPE a gauge\na{x="\\q"} 1\n', /escape/],
  ]) assert.throws(() => parseMetrics(text), why, text);
});

describe('metrics of known traffic', () => {
  let gate, upstream, client, before_, after_;
  const odd = '/caf%C3%A9/*';
  before(async () => {
    upstream = await startRecordingUpstream(({ line }) => (line.includes('/teapot') ? 'HTTP/1.1 418 I\r\nContent-Length: 0\r\n\r\n' : upstream.plain('0123456789')));
    gate = await Sallyport.serve({ web: upstream.origin, users: [ada, bob], throttle: { failures_before_delay: 3, lockout: '5m' },
      routes: [{ path: '/private/*', upstream: 'web', access: 'session' }, { path: odd, upstream: 'web', access: 'public' }, { path: '/open/*', upstream: 'web', access: 'public' }] });
    before_ = await scrape(gate);

    for (let i = 0; i < 7; ++i) assert.equal((await gate.client().request(`/open/${i}-secret-path?token=in-the-query`)).status, 200);
    assert.equal((await gate.client().request('/open/teapot', { method: 'POST', body: 'twelve bytes' })).status, 418);
    assert.equal((await gate.client().request('/private/x')).status, 401);
    assert.equal((await gate.client().request('/nowhere')).status, 404);
    client = await gate.signedIn(ada);
    for (let i = 0; i < 5; ++i) assert.equal((await client.request('/private/x')).status, 200);
    for (let i = 0; i < 3; ++i) await client.session();
    const other = await gate.signedIn(bob);
    await other.signOut();
    for (let i = 0; i < 4; ++i) await gate.client().signIn(ada.email, `wrong ${i} password`);
    await exchange(gate.port, 'NOT HTTP AT ALL\r\n\r\n', { patience: 5000 });
    // Requests are counted when they have ended, which the client may learn first.
    await until(async () => {
      after_ = await scrape(gate);
      const routes = ['/open/*', '/private/*', 'none', '/api/auth/callback/:'];
      return ['sallyport_requests_total', 'sallyport_request_duration_seconds_count'].every((name) => routes.reduce((sum, route) => sum + grown(name, { route }), 0) === 8 + 6 + 1 + 6);
    }, { what: 'every request being counted' });
  });
  after(async () => { await gate?.stop(); await upstream?.stop(); });
  const grown = (name, labels) => after_.value(name, labels) - before_.value(name, labels);

  test('requests by route, upstream and class', () => {
    assert.equal(grown('sallyport_requests_total', { route: '/open/*', upstream: 'web', status: '2xx' }), 7);
    assert.equal(grown('sallyport_requests_total', { route: '/open/*', upstream: 'web', status: '4xx' }), 1);
    assert.equal(grown('sallyport_requests_total', { route: '/private/*', upstream: 'web', status: '4xx' }), 1);
    assert.equal(grown('sallyport_requests_total', { route: 'none', status: '4xx' }), 1);
    assert.equal(grown('sallyport_requests_total', { route: '/api/auth/callback/:', upstream: '' }), 6, 'two sign-ins and four that failed');
    assert.equal(grown('sallyport_requests_unreadable_total'), 1);
    assert.equal(grown('sallyport_requests_total', { route: '/api/auth/session', status: '2xx' }), 3);
    assert.equal(grown('sallyport_request_body_bytes_total', { route: '/open/*' }), 12);
    assert.equal(grown('sallyport_response_body_bytes_total', { route: '/open/*' }), 70);
  });
  test('a request that was counted has a latency', () => {
    for (const route of ['/open/*', '/private/*', 'none']) {
      assert.equal(grown('sallyport_request_duration_seconds_count', { route }), grown('sallyport_requests_total', { route }), route);
    }
  });
  test('sign-ins, throttles and sessions', () => {
    assert.equal(grown('sallyport_sign_ins_total', { method: 'password', outcome: 'success' }), 2);
    assert.equal(grown('sallyport_sign_ins_total', { method: 'password', outcome: 'failure' }), 3);
    assert.equal(grown('sallyport_sign_ins_total', { method: 'password', outcome: 'denied' }), 1);
    assert.equal(grown('sallyport_throttled_total', { event: 'signin', limit: 'lockout' }), 1);
    assert.equal(grown('sallyport_sessions_created_total'), 2);
    assert.equal(grown('sallyport_sessions_ended_total', { reason: 'signed_out' }), 1);
    assert.equal(grown('sallyport_sessions_ended_total'), 1);
    assert.equal(after_.value('sallyport_sessions_live'), 1);
    assert.ok(grown('sallyport_session_cache_lookups_total', { result: 'hit' }) + grown('sallyport_session_cache_lookups_total', { result: 'miss' }) >= 5);
    assert.ok(grown('sallyport_session_cache_lookups_total', { result: 'miss' }) >= 1);
  });
  test('store, connections, upstreams, process', () => {
    assert.ok(grown('sallyport_store_commit_duration_seconds_count') >= 3);
    assert.ok(grown('sallyport_store_read_duration_seconds_count') >= 3);
    assert.equal(after_.value('sallyport_store_up'), 1);
    assert.ok(grown('sallyport_connections_accepted_total') >= 20);
    assert.equal(after_.value('sallyport_upstream_healthy', { upstream: 'web' }), 1);
    assert.ok(after_.value('sallyport_upstream_connections', { upstream: 'web' }) >= 1);
    assert.equal(after_.value('sallyport_access_lines_dropped_total'), 0);
    assert.equal(after_.value('sallyport_build_info'), 1);
    assert.equal(after_.value('process_open_fds') > 10, true);
    assert.ok(Math.abs(after_.value('process_start_time_seconds') - Date.now() / 1000) < 120);
    assert.ok(after_.value('process_cpu_seconds_total') > 0);
    assert.ok(after_.value('process_resident_memory_bytes') > 1e6);
  });
  test('a route with an odd name is read back as it is', () => {
    assert.ok(after_.families.get('sallyport_request_duration_seconds').samples.some(({ labels }) => labels.route === odd));
  });
  test('S62 neither secrets nor ids nor paths nor people are in it', async () => {
    const [{ id: session }] = JSON.parse((await gate.cli(['session', 'list', '--json'])).stdout).sessions;
    const cookie = client.jar.get(client.jar.ending('session-token'));
    const secret = /secret = "([^"]+)"/.exec(readFileSync(gate.config, 'utf8'))[1];
    for (const hidden of [session, cookie, secret, ada.email, bob.email, ada.name, ada.password, 'secret-path', 'in-the-query', 'nowhere', '"127.0.0.1"', 'wrong']) {
      assert.ok(!after_.text.includes(hidden), hidden);
    }
  });
  test('S28 another Host learns nothing, and only GET is answered', async () => {
    assert.equal((await request(`http://127.0.0.1:${gate.adminPort}/metrics`, { headers: { Host: 'evil.example' } })).status, 421);
    assert.equal((await request(`http://127.0.0.1:${gate.adminPort}/metrics`, { method: 'POST', headers: { Host: 'localhost' } })).status, 405);
    assert.equal((await gate.client().request('/metrics')).status, 404, 'not at the front door');
  });
  test('the number of series does not grow with what clients send', async () => {
    const size = () => scrape(gate).then(({ families }) => [...families.values()].reduce((sum, { samples }) => sum + samples.length, 0));
    await gate.client().request('/open/again');
    await gate.client().request('/nowhere');
    await new Promise((done) => setTimeout(done, 50));
    const earlier = await size();
    for (let i = 0; i < 12; ++i) {
      await gate.client().request(`/open/${Math.random()}`);
      await gate.client().request(`/${Math.random()}`);
      await gate.client().signIn(`${Math.random()}@example.com`, 'no such person');
    }
    assert.ok(await size() <= earlier + 2, 'at most a class that had not been seen yet');
  });
  test('the dashboard asks for metrics that exist, and docs/operations.md lists every one', async () => {
    const dashboard = JSON.parse(readFileSync(join(root, 'contrib/grafana/sallyport.json'), 'utf8'));
    const names = new Set([...after_.families].flatMap(([name, { type }]) => (type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name])));
    const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    assert.ok(queries.length > 15);
    for (const query of queries) {
      const asked = query.replaceAll(/"[^"]*"/g, '""').match(/\b(?:sallyport|process)_[a-z0-9_]+/g);
      assert.ok(asked, query);
      for (const name of asked) assert.ok(names.has(name), `${name} in ${query}`);
    }
    const documented = readFileSync(join(root, 'docs/operations.md'), 'utf8');
    for (const name of after_.families.keys()) assert.ok(documented.includes(`\`${name}\``), `${name} is not in docs/operations.md`);
  });
});
