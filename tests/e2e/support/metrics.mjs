// SPDX-License-Identifier: Apache-2.0
// A strict reader of the Prometheus text format, version 0.0.4: what it does not know it refuses.
import assert from 'node:assert/strict';
import { request } from './http.mjs';

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;

function readLabels(text, line) {
  const labels = {};
  for (let rest = text; rest.length > 0;) {
    const [, name] = /^([a-zA-Z_][a-zA-Z0-9_]*)="/.exec(rest) ?? assert.fail(`no label: ${line}`);
    rest = rest.slice(name.length + 2);
    let value = '';
    for (; rest[0] !== '"'; rest = rest.slice(1)) {
      assert.ok(rest.length > 0, `no end of a value: ${line}`);
      if (rest[0] !== '\\') { value += rest[0]; continue; }
      rest = rest.slice(1);
      assert.ok(['\\', '"', 'n'].includes(rest[0]), `unknown escape: ${line}`);
      value += rest[0] === 'n' ? '\n' : rest[0];
    }
    assert.ok(!(name in labels), `label twice: ${line}`);
    labels[name] = value;
    rest = rest.slice(1);
    if (rest.length === 0) break;
    assert.equal(rest[0], ',', `no comma between labels: ${line}`);
    rest = rest.slice(1);
  }
  return labels;
}

/** text → Map of family name → {type, help, samples: [{name, labels, value}]} */
export function parseMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line ends with a line feed');
  const families = new Map();
  const seen = new Set();
  let current;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment) {
      const [, kind, name, rest] = comment;
      assert.match(name, new RegExp(`${NAME.source}$`));
      if (kind === 'HELP') {
        assert.ok(!families.has(name), `${name} begins twice`);
        current = { name, help: rest, type: null, samples: [] };
        families.set(name, current);
      } else {
        assert.equal(name, current?.name, `TYPE follows HELP: ${line}`);
        assert.equal(current.type, null);
        assert.ok(['counter', 'gauge', 'histogram'].includes(rest), line);
        current.type = rest;
      }
      continue;
    }
    assert.ok(!line.startsWith('#'), `unknown comment: ${line}`);
    const [name] = NAME.exec(line) ?? assert.fail(`no sample: ${line}`);
    let rest = line.slice(name.length), labels = {};
    if (rest.startsWith('{')) {
      const end = rest.lastIndexOf('} ');
      assert.ok(end > 0, line);
      labels = readLabels(rest.slice(1, end), line);
      rest = rest.slice(end + 1);
    }
    assert.ok(rest.startsWith(' ') && VALUE.test(rest.slice(1)), `no value: ${line}`);
    const base = current.type === 'histogram' ? name.replace(/_(bucket|sum|count)$/, '') : name;
    assert.equal(base, current.name, `a sample stands in its own family: ${line}`);
    const key = name + JSON.stringify(Object.entries(labels).sort());
    assert.ok(!seen.has(key), `sample twice: ${line}`);
    seen.add(key);
    const word = rest.slice(1);
    current.samples.push({ name, labels, value: word === '+Inf' ? Infinity : Number(word) });
  }
  for (const family of families.values()) checkFamily(family);
  return families;
}

function checkFamily({ name, type, samples }) {
  assert.notEqual(type, null, `${name} has a type`);
  assert.equal(type === 'counter', name.endsWith('_total'), `${name}: counters, and only they, end in _total`);
  for (const { value, labels } of samples) {
    if (type !== 'gauge') assert.ok(value >= 0, `${name} ${JSON.stringify(labels)}`);
  }
  if (type !== 'histogram') return;
  assert.match(name, /_(seconds|bytes)$/, `${name} has a base unit`);
  const series = new Map();
  for (const sample of samples) {
    const { le, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    series.set(key, [...(series.get(key) ?? []), sample]);
  }
  for (const [labels, group] of series) {
    const buckets = group.filter((sample) => sample.name.endsWith('_bucket'));
    const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Infinity : Number(le)));
    assert.deepEqual(bounds, bounds.toSorted((a, b) => a - b), `${name}${labels}: bounds rise`);
    assert.equal(bounds.at(-1), Infinity);
    buckets.reduce((below, { value }) => { assert.ok(value >= below, `${name}${labels}: buckets are cumulative`); return value; }, 0);
    const one = (suffix) => { const found = group.filter((sample) => sample.name === name + suffix); assert.equal(found.length, 1); return found[0].value; };
    assert.equal(one('_count'), buckets.at(-1).value);
    assert.ok(one('_sum') >= 0);
  }
}

/** Scrapes a gate's admin listener. → {text, families, value(name, labels)}; value sums every sample that has those labels. */
export async function scrape(gate) {
  const host = `127.0.0.1:${gate.adminPort}`;
  const answer = await request(`http://${host}/metrics`, { headers: { Host: host } });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  const families = parseMetrics(answer.text);
  const samples = [...families.values()].flatMap((family) => family.samples);
  const value = (name, labels = {}) => samples
    .filter((sample) => sample.name === name && Object.entries(labels).every(([key, wanted]) => sample.labels[key] === wanted))
    .reduce((sum, sample) => sum + sample.value, 0);
  return { text: answer.text, families, value };
}
