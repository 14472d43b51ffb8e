// SPDX-License-Identifier: Apache-2.0
// The snippets of docs/forward_auth.md, run as they stand there: only addresses are replaced, each of which must be there.
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { startNginx } from './nginx.mjs';
import { Process, freePort, run } from './processes.mjs';
import { root, scratch } from './sallyport.mjs';

export function snippet(language) {
  const text = readFileSync(join(root, 'docs/forward_auth.md'), 'utf8');
  const found = [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, name]) => name === language);
  if (found.length !== 1) throw new Error(`docs/forward_auth.md has ${found.length} snippets in ${language}, not one`);
  return found[0][2];
}

function withAddresses(text, replacements) {
  let out = text;
  for (const [from, to] of Object.entries(replacements)) {
    if (!out.includes(from)) throw new Error(`the snippet has no "${from}"`);
    out = out.replaceAll(from, to);
  }
  return out;
}

const listening = (port) => () => new Promise((done) => {
  const socket = connect(port, '127.0.0.1').on('connect', () => { socket.destroy(); done(true); }).on('error', () => done(false));
});

/** Each: ({port, sallyport, application}) → {stop}; all numbers are ports on 127.0.0.1. */
export const proxies = {
  nginx: {
    program: '/usr/sbin/nginx',
    start: ({ port, sallyport, application }) => startNginx({ port, http: withAddresses(snippet('nginx'),
      { 'listen 80;': `listen 127.0.0.1:${port};`, 'server_name app.example.com;': 'server_name localhost;', '127.0.0.1:8080': `127.0.0.1:${sallyport}`, '127.0.0.1:4000': `127.0.0.1:${application}` }) }),
  },
  caddy: {
    program: '/usr/bin/caddy',
    async start({ port, sallyport, application }) {
      const dir = scratch('caddy'), file = join(dir, 'Caddyfile');
      const site = withAddresses(snippet('caddy'), { 'app.example.com {': `http://localhost:${port} {\n\tbind 127.0.0.1`, '127.0.0.1:8080': `127.0.0.1:${sallyport}`, '127.0.0.1:4000': `127.0.0.1:${application}` });
      writeFileSync(file, `{\n\tadmin off\n\tauto_https off\n}\n${site}`);
      const it = new Process('caddy', 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { cwd: dir, env: { HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir } });
      await it.ready(listening(port));
      return { stop: () => it.stop() };
    },
  },
  haproxy: {
    program: '/usr/sbin/haproxy',
    async start({ port, sallyport, application }) {
      const dir = scratch('haproxy'), file = join(dir, 'haproxy.cfg');
      writeFileSync(file, withAddresses(snippet('haproxy'), { '/etc/haproxy/sallyport.lua': join(root, 'contrib/haproxy/sallyport.lua'),
        'bind :80': `bind 127.0.0.1:${port}`, '127.0.0.1:8080': `127.0.0.1:${sallyport}`, '127.0.0.1:4000': `127.0.0.1:${application}` }));
      const it = new Process('haproxy', '/usr/sbin/haproxy', ['-db', '-f', file], { cwd: dir });
      await it.ready(listening(port));
      return { stop: () => it.stop('SIGTERM') };
    },
  },
};

/** Why that proxy cannot run here; undefined when it can. */
export async function missing(name) {
  const flag = { nginx: '-v', caddy: 'version', haproxy: '-v' }[name];
  return (await run(proxies[name].program, [flag])).code === 0 ? undefined : `${name} is missing; run script/bootstrap`;
}

export { freePort };
