// SPDX-License-Identifier: Apache-2.0
// SIGHUP and `sallyport reload`: a new configuration without losing a connection, a request or a session; a bad one changes nothing.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { deferred } from './support/deferred.mjs';
import { keepLoad, numbersSeen } from './support/load.mjs';
import { scrape } from './support/metrics.mjs';
import { startOidcProvider } from './support/oidc_provider.mjs';
import { freePort, until } from './support/processes.mjs';
import { begin, comeBack, signInAt } from './support/provider_signin.mjs';
import { startRecordingUpstream } from './support/recording_upstream.mjs';
import { Sallyport, ada, toml } from './support/sallyport.mjs';

describe('reload', () => {
  let gate, old, fresh, options;
  const write = (changes = {}) => writeFileSync(gate.config, toml({ ...options, ...changes, port: gate.port, admin: gate.adminPort }));
  const reload = () => gate.cli(['reload', '--json']);
  const routesTo = (upstream) => [{ path: '/private/*', upstream, access: 'session' }, { path: '/*', upstream, access: 'public' }];
  before(async () => {
    const accept = ({ headers }, socket) => {
      if (!headers.some(([key, value]) => key.toLowerCase() === 'upgrade' && value === 'websocket')) return undefined;
      socket.removeAllListeners('data');
      socket.on('data', (piece) => socket.write(piece));
      return 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';
    };
    old = await startRecordingUpstream((request, socket) => accept(request, socket) ?? old.plain('old'));
    fresh = await startRecordingUpstream(() => fresh.plain('fresh'));
    options = { web: old.origin, secret: 'an end-to-end secret that is long enough', users: [ada], routes: routesTo('web') };
    gate = await Sallyport.serve(options);
  });
  beforeEach(async () => { write(); assert.equal((await reload()).code, 0); });
  after(async () => { await gate?.stop(); await old?.stop(); await fresh?.stop(); });

  test('routes and upstreams change under load and every request is answered', async () => {
    old.clear();
    fresh.clear();
    const load = keepLoad(gate, { connections: 24, path: '/x', numbered: true });
    await until(() => load.answers > 200, { what: 'load' });
    for (let i = 0; i < 6; ++i) {
      write({ web: i % 2 === 0 ? fresh.origin : old.origin });
      const { code, stderr } = await reload();
      assert.equal(code, 0, stderr);
      const seen = load.answers;
      await until(() => load.answers > seen + 100, { what: 'load after a reload' });
    }
    const { failures, bodies, opened, asked, whole } = await load.stop();
    assert.deepEqual(failures, []);
    assert.deepEqual(Object.keys(bodies).sort(), ['fresh', 'old']);
    assert.equal(opened, 24, 'every connection has outlived every reload');
    assert.equal(whole.length, asked.length);
    assert.deepEqual(numbersSeen(old, fresh), asked.sort((a, b) => a - b), 'each has reached one upstream, once');
  });

  test('SIGHUP does the same', async () => {
    write({ web: fresh.origin });
    gate.process.signal('SIGHUP');
    await until(async () => (await gate.client().request('/')).text === 'fresh', { what: 'the new upstream' });
    assert.equal(gate.process.exited, null);
  });

  test('sessions live on, also with other sign-in settings, and limits change', async () => {
    const client = await gate.signedIn(ada);
    write({ password: false, web: fresh.origin, extra: '[signin.backend]\nurl = "http://127.0.0.1:9/login"\n[limits]\nhead_bytes = 2048\ntarget_bytes = 512' });
    assert.equal((await reload()).code, 0);
    assert.equal((await client.session()).user.email, ada.email);
    assert.equal((await client.request('/private/x')).text, 'fresh');
    assert.notEqual((await gate.client().signIn(ada.email, ada.password)).status, 200, 'the password method is off');
    assert.equal((await gate.client().request(`/${'x'.repeat(600)}`)).status, 414);
    write();
    assert.equal((await reload()).code, 0);
    assert.equal((await gate.client().request(`/${'x'.repeat(600)}`)).status, 200);
    assert.ok(await gate.signedIn(ada));
  });

  test('what was rendered of a session is rendered anew', async () => {
    const client = await gate.signedIn(ada);
    assert.equal((await client.session()).user.id, undefined);
    write({ session: { claims: ['id'] } });
    assert.equal((await reload()).code, 0);
    for (let i = 0; i < 4; ++i) assert.match((await client.session()).user.id, /./, 'on every worker');
  });

  test('throttle limits change and what was counted stays counted', async () => {
    for (let i = 0; i < 3; ++i) await gate.client().signIn('nobody@example.com', 'wrong');
    write({ throttle: { failures_before_delay: 3, lockout: '5m' } });
    assert.equal((await reload()).code, 0);
    await gate.client().signIn('nobody@example.com', 'wrong');
    assert.equal((await gate.client().signIn('nobody@example.com', 'wrong')).status, 429);
  });

  test('an access rule that becomes stricter holds for the next request; what is made for a route stays with that route', async () => {
    const client = await gate.signedIn(ada);
    assert.equal((await client.request('/private/x')).status, 200);
    write({ web: undefined, api: old.origin, routes: [{ path: '/other/*', upstream: 'api', access: 'public' }, { path: '/*', upstream: 'api', access: 'session', identity: 'jwt' }] });
    assert.equal((await reload()).code, 0);
    assert.equal((await gate.client().request('/private/x')).status, 401);
    old.clear();
    assert.equal((await client.request('/private/x')).status, 200);
    assert.match(old.header(old.requests[0], 'authorization')[0], /^Bearer eyJ/);
    assert.equal((await client.request('/other/x')).status, 200);
    assert.deepEqual(old.header(old.requests[1], 'authorization'), []);
  });

  test('a WebSocket lives on, though its route is gone', async () => {
    const client = await gate.signedIn(ada);
    const socket = connect(gate.port, '127.0.0.1');
    socket.write(`GET /private/ws HTTP/1.1\r\nHost: ${new URL(gate.origin).host}\r\nOrigin: ${gate.origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: ${client.jar.header()}\r\n\r\n`);
    const [head] = await once(socket, 'data');
    assert.match(head.toString(), /^HTTP\/1.1 101/);
    write({ web: fresh.origin, routes: [{ path: '/elsewhere', upstream: 'web', access: 'public' }] });
    assert.equal((await reload()).code, 0);
    assert.equal((await client.request('/private/x')).status, 404);
    socket.write('still there?');
    assert.equal((await once(socket, 'data'))[0].toString(), 'still there?');
    const closed = once(socket, 'close');   // it may come before the sign-out is answered
    await client.signOut();
    await closed;
  });

  test('a bad file is refused with every problem, and the old one stays', async () => {
    const good = readFileSync(gate.config, 'utf8');
    writeFileSync(gate.config, good.replace('access = "public"', 'access = "pubic"').replace('kind = "pages"', 'kind = "pages"\nidle_tiemout = "3s"'));
    const lines = readFileSync(gate.config, 'utf8').split('\n');
    const human = await gate.cli(['reload']);
    assert.equal(human.code, 2);
    for (const wrong of ['idle_tiemout', 'pubic']) {
      const line = lines.findIndex((text) => text.includes(wrong)) + 1;
      assert.match(human.stderr, new RegExp(`sallyport\\.toml:${line}: .*${wrong}`));
    }
    assert.match(human.stderr, /2 problems; the server goes on with the configuration that it has/);
    const { code, stderr } = await reload();
    assert.equal(code, 2);
    assert.equal(JSON.parse(stderr).error.problems.length, 2);
    assert.equal((await gate.client().request('/')).text, 'old');
    const refused = gate.log.match(/the new configuration was refused/g).length;
    gate.process.signal('SIGHUP');
    await until(() => gate.log.match(/the new configuration was refused/g).length === refused + 2, { what: 'both problems in the log' });
    writeFileSync(gate.config, 'this is no TOML');
    assert.equal((await gate.cli(['reload', '--socket', `${gate.dir}/sallyport.db.sock`])).code, 2);
    assert.equal((await gate.client().request('/')).text, 'old');
    const { value } = await scrape(gate);
    assert.ok(value('sallyport_config_reloads_total', { outcome: 'refused' }) >= 4);
  });

  test('what needs a restart is named and left; the rest applies', async () => {
    write({ web: fresh.origin, top: { workers: 1, drain_limit: '3s' }, session: { strategy: 'jwt' } });
    const { code, stdout } = await reload();
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout).needs_restart, ['workers', 'session.strategy']);
    assert.equal((await gate.client().request('/')).text, 'fresh');
    assert.match((await gate.cli(['reload'])).stdout, /needs a restart: workers\n +needs a restart: session\.strategy/);
  });

  test('S62 no value of the file is in an answer or the log', async () => {
    const text = readFileSync(gate.config, 'utf8');
    writeFileSync(gate.config, text.replace(/secret = "[^"]+"/, 'secret = "short-hunter2"'));
    const { stderr } = await reload();
    assert.ok(!stderr.includes('hunter2') && !gate.log.includes('hunter2'));
    assert.ok(!gate.log.includes(options.secret));
  });

  test('S63 it is audited', async () => {
    const { events } = JSON.parse((await gate.cli(['audit', 'list', '--json'])).stdout);
    assert.ok(events.some(({ event, outcome }) => event === 'config.reload' && outcome === 'success'));
    assert.ok(events.some(({ event, outcome, detail }) => event === 'config.reload' && outcome === 'failure' && detail.caller === 'SIGHUP'));
  });
});

describe('reload of providers', () => {
  let op, other, gate, options;
  const write = (extra) => writeFileSync(gate.config, toml({ ...options, extra, port: gate.port, admin: gate.adminPort }));
  const reloadWith = async (extra) => { write(extra); const answer = await gate.cli(['reload', '--json']); assert.equal(answer.code, 0, answer.stderr); return JSON.parse(answer.stdout); };
  const routes = [{ path: '/api/*', upstream: 'api', access: 'session', identity: 'provider' }];
  let api, lifetime = 3600;
  before(async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    api = await startRecordingUpstream();
    op = await startOidcProvider({ origin, lifetimes: { AccessToken: () => lifetime } });
    other = await startOidcProvider({ origin, ids: ['second'] });
    options = { api: api.origin, routes, secret: 'an end-to-end secret that is long enough' };
    gate = await Sallyport.serve({ ...options, port, extra: op.toml() });
  });
  beforeEach(async () => { lifetime = 3600; op.hooks.token = undefined; await reloadWith(op.toml()); });
  after(async () => { await gate?.stop(); await op?.stop(); await other?.stop(); await api?.stop(); });
  const idsOf = async () => Object.keys((await gate.client().request('/api/auth/providers')).json());

  test('a new provider signs people in, and sessions of the old one go on with what is known of it', async () => {
    const client = gate.client();
    assert.equal((await signInAt(op, client, 'ada')).status, 302);
    const fetched = op.count('/.well-known/openid-configuration', 'GET');
    assert.deepEqual((await reloadWith(op.toml() + other.toml('second', '', 'Second'))).needs_restart, []);
    assert.deepEqual((await idsOf()).slice(0, 2), ['work', 'second']);
    await until(() => other.count('/.well-known/openid-configuration', 'GET') > 0, { what: 'the new one is asked at once' });
    assert.equal((await signInAt(other, gate.client(), 'bob', { id: 'second' })).status, 302);
    assert.equal((await client.request('/api/x')).status, 200);
    assert.equal((await signInAt(op, gate.client(), 'bob')).status, 302);
    assert.equal(op.count('/.well-known/openid-configuration', 'GET'), fetched, 'an unchanged provider is not asked again');
  });

  test('a changed client secret counts for a sign-in that is under way', async () => {
    const toml = op.toml();
    await reloadWith(toml.replace(/client_secret = .*/, 'client_secret = "not the one"'));
    const client = gate.client();
    assert.match((await signInAt(op, client, 'ada')).headers.location, /error=/);
    const { url } = await begin(client, 'work');
    await reloadWith(toml);
    const back = await comeBack(client, await op.walk(url, { login: 'ada' }));
    assert.equal(back.headers.location, `${gate.origin}/`);
    assert.ok(await client.session());
  });

  test('a sign-in under way at a provider that is taken away ends on a page with a way back; sessions live on', async () => {
    const client = gate.client(), waiting = gate.client();
    assert.equal((await signInAt(op, client, 'ada')).status, 302);
    const { url } = await begin(waiting, 'work');
    const arrived = await op.walk(url, { login: 'ada' });
    await reloadWith(other.toml('second', '', 'Second'));
    assert.ok(!(await idsOf()).includes('work'));
    const back = await comeBack(waiting, arrived);
    assert.equal(back.status, 302);
    const page = await waiting.navigate(back.headers.location.slice(gate.origin.length));
    assert.match(page.text, /Signing in is not possible right now/);
    assert.match(page.text, /href="[^"]*\/api\/auth\/signin/);
    assert.match(gate.log, /came back from a provider that is not configured any more/);
    assert.equal(await waiting.session(), null);
    assert.ok(!waiting.jar.header().includes('.transaction.'), 'its cookie is gone');
    assert.equal((await waiting.navigate('/api/auth/callback/work?state=x&code=y')).status, 405, 'who has begun nothing learns nothing');
    assert.ok(await client.session());
    assert.equal((await client.request('/api/x')).status, 200);
    assert.deepEqual(api.header(api.requests.at(-1), 'authorization'), [], 'its token is not handed out any more');
  });

  for (const [what, after] of [['stays', () => op.toml() + other.toml('second', '', 'Second')], ['is taken away', () => other.toml('second', '', 'Second')]]) {
    test(`S35 a refresh under way when the provider ${what} ends well, and counts once`, async () => {
      lifetime = 1;
      const client = gate.client();
      assert.equal((await signInAt(op, client, 'ada')).status, 302);
      const reached = deferred(), released = deferred();
      let asked = 0;
      op.hooks.token = async (ctx, next) => { asked += 1; reached.resolve(); await released.promise; await next(); };
      api.clear();
      const signedIn = Date.now();
      await until(() => Date.now() > signedIn + 1100, { what: 'the token is over' });
      lifetime = 3600;
      const asking = client.request('/api/x');
      await reached.promise;
      await reloadWith(after());
      const second = what === 'stays' ? client.request('/api/y') : undefined;
      released.resolve();
      assert.equal((await asking).status, 200);
      if (second) assert.equal((await second).status, 200);
      assert.equal(asked, 1);
      assert.equal(new Set(api.requests.map((request) => api.header(request, 'authorization')[0])).size, 1);
      assert.ok(op.issued.some((token) => api.header(api.requests[0], 'authorization')[0] === `Bearer ${token}`));
      await reloadWith(op.toml());
      assert.equal((await client.request('/api/z')).status, 200);
      assert.equal(asked, 1, 'what it brought was stored');
    });
  }

  test('a private key that is none is refused, and the old one stays', async () => {
    write(op.toml().replace(/client_secret = .*/, 'client_authentication = "private_key_jwt"\nprivate_key = "no key"'));
    assert.equal((await gate.cli(['reload'])).code, 2);
    assert.equal((await signInAt(op, gate.client(), 'ada')).status, 302);
  });
});

test('without a server there is nobody to ask', async () => {
  const gate = await Sallyport.serve({ web: 'http://127.0.0.1:9' });
  await gate.stop();
  const { code, stderr } = await gate.cli(['reload']);
  assert.equal(code, 1);
  assert.match(stderr, /No server answers at .*sallyport\.db\.sock/);
});
