// SPDX-License-Identifier: Apache-2.0
// docs/benchmarks.md, its bar chart as SVG, and the same as PNG through Chromium.
import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goals } from './goals.mjs';

const number = (value, digits = 2) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(digits));
const table = (head, rows) => [head, head.map((_, i) => (i ? '---:' : '---')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const comparison = (rows, first, firstOf = () => first) => table(['', 'CPU µs a request', '±', `× ${first}`, 'requests/s', 'p50 ms', 'p99 ms'],
  rows.map((it) => [it.name, number(it.micros), number(it.spread), number(it.against[firstOf(it)]), number(it.rate), number(it.p50), number(it.p99)]));

const shapes = {
  get: (rows) => comparison(rows, 'nginx, plain'),
  post: (rows) => comparison(rows, 'nginx, plain'),
  session: (rows) => comparison(rows, 'nginx, return 200'),
  workers: (rows) => comparison(rows, 'one worker', (it) => it.name.replace('two workers', 'one worker')),
  big_body: (rows) => table(['', 'down, CPU s', '× nginx', 'up, CPU s', '× nginx', 'RSS MiB'], rows.map((it) => [it.name, number(it.down), number(it.down_ratio), number(it.up), number(it.up_ratio), number(it.rss, 1)])),
  memory: (rows) => table(['', 'at rest MiB', 'idle connections', 'with them MiB', 'after they closed MiB'], rows.map((it) => [it.name, number(it.rest, 1), it.idle_connections.toLocaleString('en'), number(it.held, 1), number(it.after, 1)])),
  start: (rows) => table(['', 'ms', '±'], rows.map((it) => [it.name, number(it.milliseconds, 1), number(it.spread, 1)])),
  storm: (rows) => table(['', 'p99 at rest ms', 'p99 in the storm ms', '×', 'sign-ins/s answered', 'accepted'], rows.map((it) => [it.name, number(it.rest_p99), number(it.storm_p99), number(it.ratio), number(it.arrived), number(it.accepted, 0)])),
  endurance: (rows) => table(['', 'requests', 'after the first million MiB', 'after the last MiB', 'growth MiB'], rows.map((it) => [it.name, it.requests.toLocaleString('en'), number(it.first, 1), number(it.last, 1), number(it.growth, 1)])),
  instructions: (rows) => table(['', 'instructions'], rows.map((it) => [it.name, number(it.instructions, 0)])),
  overload: (rows) => table(['', 'capacity/s', 'offered/s', 'served/s', 'p99 ms', 'p99 at half ms', '×', 'refused/s', 'their p99 ms', 'sent late by, p99 ms'], rows.map((it) => [it.name, number(it.capacity, 0), number(it.offered, 0), number(it.served, 0), number(it.p99), number(it.half_p99), number(it.ratio), number(it.shed, 0), number(it.shed_p99), number(it.lag)])),
  micro: (rows) => table(['', 'µs'], rows.map((it) => [it.name, number(it.micros, 3)])),
};

export const tables = (result) => Object.entries(result.scenarios).map(([name, { title, rows }]) => `### ${title}\n\n${shapes[name](rows)}`).join('\n\n');

function goalTable(result) {
  const rows = goals.map(({ what, unit, reach, atLeast, value }) => ({ what, unit, reach, atLeast, got: value(result) })).filter(({ got }) => got !== undefined);
  return table(['figure', 'reach', 'measured', ''], rows.map(({ what, unit, reach, atLeast, got }) => [what, `${atLeast ? '≥' : '≤'} ${reach} ${unit}`, `${number(got)} ${unit}`, (atLeast ? got >= reach : got <= reach) ? 'reached' : '**not reached**']));
}

function chart({ title, rows }) {
  const sorted = [...rows].sort((a, b) => a.micros - b.micros), width = 920, left = 390, line = 30, top = 56;
  const max = Math.log10(sorted.at(-1).micros * 1.3), min = Math.log10(sorted[0].micros / 2), right = width - 90;
  const x = (micros) => left + ((Math.log10(micros) - min) / (max - min)) * (right - left);
  const height = top + sorted.length * line + 30;
  const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const bars = sorted.map((it, i) => {
    const y = top + i * line, ours = it.name.startsWith('Sallyport');
    return `<text x="${left - 10}" y="${y + 17}" text-anchor="end"${ours ? ' font-weight="700"' : ''}>${escape(it.name)}</text><rect x="${left}" y="${y + 4}" width="${(x(it.micros) - left).toFixed(1)}" height="18" rx="3" fill="${ours ? '#0f766e' : '#94a3b8'}"/><text x="${(x(it.micros) + 8).toFixed(1)}" y="${y + 17}"${ours ? ' font-weight="700"' : ''}>${number(it.micros, 1)}</text>`;
  }).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="DejaVu Sans, system-ui, sans-serif" font-size="13" fill="#0f172a">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="16" y="26" font-size="16" font-weight="700">${escape(title)}</text><text x="16" y="45" fill="#475569">CPU µs a request of the proxy's own processes, logarithmic; shorter is better</text>
${bars}
</svg>
`;
}

async function picture(svg, png) {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (!chromium) return;
  const { chromium: driver } = createRequire(new URL('../../e2e/package.json', import.meta.url))('playwright-core');
  const browser = await driver.launch({ executablePath: chromium, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ deviceScaleFactor: 2 });
    await page.goto(pathToFileURL(svg).href);
    await page.locator('svg').screenshot({ path: png });
  } finally { await browser.close(); }
}

export async function writeReport(result, docs) {
  const { options } = result;
  const text = `# Benchmarks

Written by \`script/bench --write\` (${result.at.slice(0, 10)}, commit ${result.commit}, ${result.machine}, Linux ${result.kernel}): ${options.rounds} rounds of ${options.seconds} s, ${options.connections} connections, every target once a round in turning order, medians with the median distance from them. Ratios are medians of the rounds' own ratios. Every proxy has one worker (or thread) unless it says otherwise, and the same nginx behind it; load generator, proxy and upstream share the machine, so compare within a table and take requests/s and latencies for what such a machine gives. What was tried to get here: [performance.md](performance.md). All figures: [benchmarks.json](benchmarks.json).

![CPU per authenticated proxied GET](benchmarks.png)

## What was to be reached

${goalTable(result)}

## All figures

${tables(result)}
`;
  writeFileSync(join(docs, 'benchmarks.md'), text);
  const get = result.scenarios.get;
  if (get) {
    writeFileSync(join(docs, 'benchmarks.svg'), chart(get));
    await picture(join(docs, 'benchmarks.svg'), join(docs, 'benchmarks.png'));
  }
}
