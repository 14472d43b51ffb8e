// SPDX-License-Identifier: Apache-2.0
// W3C trace context and spans for an OpenTelemetry collector (OTLP/HTTP, JSON).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { scrape } from './support/metrics.mjs';
import { until } from './support/processes.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada } from './support/sallyport.mjs';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736', PARENT = '00f067aa0ba902b7';
const routes = [{ path: '/private/*', upstream: 'web', access: 'session' }, { path: '/*', upstream: 'web', access: 'public' }];

async function startCollector() {
  const it = { spans: [], requests: [], status: 200, hold: null };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const piece of request) text += piece;
    it.requests.push({ url: request.url, method: request.method, type: request.headers['content-type'], text });
    if (it.hold) await it.hold;
    if (it.status === 200) for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) for (const { spans } of scopeSpans) it.spans.push(...spans.map((span) => ({ ...span, resource })));
    response.writeHead(it.status, { 'Content-Type': 'application/json' });
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  it.origin = `http://127.0.0.1:${server.address().port}`;
  it.stop = () => { server.closeAllConnections(); server.close(); };
  return it;
}
const attribute = (span, key) => { const value = span.attributes.find((one) => one.key === key)?.value; return value?.stringValue ?? (value?.intValue && Number(value.intValue)); };

describe('with a collector', () => {
  let gate, upstream, collector;
  before(async () => {
    collector = await startCollector();
    upstream = await startRecordingUpstream(({ line }) => (line.includes('/broken') ? 'HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n' : upstream.plain()));
    gate = await Sallyport.serve({ web: upstream.origin, routes, users: [ada], extra: `[tracing]\nendpoint = "${collector.origin}/v1/traces"\nservice_name = "shop"` });
  });
  beforeEach(() => { upstream.clear(); collector.spans.length = collector.requests.length = 0; collector.status = 200; });
  after(async () => { await gate?.stop(); await upstream?.stop(); collector?.stop(); });
  const ask = (path, headers = {}) => gate.client().request(path, { headers });
  const spanOf = (find) => until(() => collector.spans.find(find), { what: 'the span' });
  const forwarded = () => upstream.header(upstream.requests[0], 'traceparent');

  test('a request with a parent becomes a child span, and the upstream\'s parent is that span', async () => {
    await ask('/x?token=secret', { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' });
    const [sent] = forwarded();
    const [, trace, id, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(sent);
    assert.equal(trace, TRACE);
    assert.notEqual(id, PARENT);
    assert.equal(flags, '01');
    assert.equal(forwarded().length, 1);
    assert.deepEqual(upstream.header(upstream.requests[0], 'tracestate'), ['vendor=1']);
    const span = await spanOf(({ spanId }) => spanId === id);
    assert.equal(span.traceId, TRACE);
    assert.equal(span.parentSpanId, PARENT);
    assert.equal(span.name, 'GET /*');
    assert.equal(span.kind, 2);
    assert.equal(attribute(span, 'http.route'), '/*');
    assert.equal(attribute(span, 'sallyport.upstream'), 'web');
    assert.equal(attribute(span, 'http.response.status_code'), 200);
    assert.equal(attribute(span.resource, 'service.name'), 'shop');
    const [begin, end] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)];
    assert.ok(begin < end && Math.abs(Number(end / 1_000_000n) - Date.now()) < 60_000);
    const [request] = collector.requests;
    assert.deepEqual([request.method, request.url, request.type], ['POST', '/v1/traces', 'application/json']);
  });

  test('a parent that is not sampled is passed on as it is, without a span', async () => {
    const parent = `00-${TRACE}-${PARENT}-00`;
    await ask('/x', { traceparent: parent });
    assert.deepEqual(forwarded(), [parent]);
    await ask('/broken');
    await spanOf(({ name }) => name === 'GET /*');
    assert.ok(collector.spans.every(({ traceId }) => traceId !== TRACE));
  });

  test('without a parent, and with one that is none, a trace begins here', async () => {
    await ask('/x');
    const [, trace, id] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(forwarded()[0]);
    const span = await spanOf(({ spanId }) => spanId === id);
    assert.equal(span.traceId, trace);
    assert.equal(span.parentSpanId, undefined);
    upstream.clear();
    await ask('/x', { traceparent: `00-${TRACE.toUpperCase()}-${PARENT}-01`, tracestate: 'vendor=1' });
    assert.equal(forwarded().length, 1);
    assert.doesNotMatch(forwarded()[0], new RegExp(TRACE, 'i'));
    assert.deepEqual(upstream.header(upstream.requests[0], 'tracestate'), [], 'state of a trace that is not continued');
  });

  test('our failures and the upstream\'s are errors; a refusal is not', async () => {
    await ask('/broken', { traceparent: `00-${TRACE}-${PARENT}-01` });
    await ask('/private/x', { traceparent: `00-${TRACE}-${PARENT}-01` });
    assert.equal((await spanOf((span) => attribute(span, 'http.response.status_code') === 500)).status.code, 2);
    assert.equal((await spanOf((span) => attribute(span, 'http.response.status_code') === 401)).status, undefined);
  });

  test('S62 nothing of a client or a person is in what is sent', async () => {
    const client = await gate.signedIn(ada);
    await client.request('/private/a-path-of-hers?token=secret-in-query', { headers: { 'User-Agent': 'agent-of-hers' } });
    await spanOf(({ name }) => name === 'GET /private/*');
    const [{ id: session }] = JSON.parse((await gate.cli(['session', 'list', '--json'])).stdout).sessions;
    const sent = collector.requests.map(({ text }) => text).join('\n');
    for (const hidden of ['a-path-of-hers', 'secret-in-query', 'agent-of-hers', ada.email, ada.password, session, client.jar.get(client.jar.ending('session-token'))]) assert.ok(!sent.includes(hidden), hidden);
  });

  test('a collector that refuses or hangs costs spans, which are counted, and no request', async () => {
    const before_ = await scrape(gate);
    collector.status = 503;
    for (let i = 0; i < 5; ++i) assert.equal((await ask('/x')).status, 200);
    await until(async () => (await scrape(gate)).value('sallyport_trace_spans_total', { outcome: 'failed' }) - before_.value('sallyport_trace_spans_total', { outcome: 'failed' }) >= 5, { what: 'failures being counted' });
    let release;
    collector.status = 200;
    collector.hold = new Promise((done) => { release = done; });
    await ask('/x');
    await until(() => collector.requests.length >= 2, { what: 'a hanging batch' });
    const begun = Date.now();
    for (let i = 0; i < 20; ++i) assert.equal((await ask('/x')).status, 200);
    assert.ok(Date.now() - begun < 3000);
    release();
    collector.hold = null;
    await until(() => collector.spans.length >= 21, { what: 'the spans that waited' });
    assert.match(gate.log, /collector at tracing\.endpoint does not take spans/);
  });
});

test('what waits is sent when the server stops', async () => {
  const collector = await startCollector();
  const upstream = await startRecordingUpstream();
  const gate = await Sallyport.serve({ web: upstream.origin, routes, extra: `[tracing]\nendpoint = "${collector.origin}/v1/traces"` });
  await gate.client().request('/last');
  assert.deepEqual(await gate.stop(), { code: 0, signal: null });
  assert.ok(collector.spans.some(({ name }) => name === 'GET /*'));
  collector.stop();
  await upstream.stop();
});

test('without a collector, trace context is passed on untouched', async () => {
  const upstream = await startRecordingUpstream();
  const gate = await Sallyport.serve({ web: upstream.origin, routes });
  await gate.client().request('/x', { headers: { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=1' } });
  assert.deepEqual(upstream.header(upstream.requests[0], 'traceparent'), [`00-${TRACE}-${PARENT}-01`]);
  assert.deepEqual(upstream.header(upstream.requests[0], 'tracestate'), ['vendor=1']);
  const { families } = await scrape(gate);
  assert.deepEqual(families.get('sallyport_trace_spans_total').samples.map(({ value }) => value), [0, 0, 0]);
  await gate.stop();
  await upstream.stop();
});
