// SPDX-License-Identifier: Apache-2.0
// Plain-text scripts that test the command line, in the manner of age's testscripts. A script is blocks of lines:
//
//   # what this shows                      the name of the block's test
//   $ sallyport user list --json           the command; $NAME is replaced by what was captured; '…' and "…" group words
//   < text                                 a line of standard input
//   ? 2                                    the exit code (default 0)
//   > text      >~ regular expression      a line of the output as it stands; something in the output that matches
//   ! text      !~ regular expression      the same for the error output
//   >- or !-                               nothing there
//   >json path.to.value = JSON             a value of the JSON output (!json: of the error output)
//   >= NAME regular expression             captures the first group from the output
import assert from 'node:assert/strict';

export function parseScript(text) {
  const blocks = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^(#|\$|<|\?|>~|>-|>=|>json|>|!~|!-|!json|!)(?: (.*))?$/.exec(line);
    assert.ok(match, `line ${i + 1} is not understood: ${line}`);
    const [, kind, rest = ''] = match;
    const current = blocks.at(-1);
    if (kind === '#') {
      if (current && !current.command) current.name += ` ${rest}`; else blocks.push({ name: rest, input: [], code: 0, checks: [] });
    } else if (kind === '$') {
      if (current && !current.command) Object.assign(current, { command: rest, line: i + 1 });
      else blocks.push({ name: rest, command: rest, line: i + 1, input: [], code: 0, checks: [] });
    } else if (kind === '<') current.input.push(rest);
    else if (kind === '?') current.code = Number(rest);
    else current.checks.push({ kind, rest, line: i + 1 });
  }
  return blocks.filter(({ command }) => command);
}

export const wordsOf = (command) => [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c);
export const withVariables = (text, variables) => text.replace(/\$([A-Z_]+)/g, (whole, name) => variables[name] ?? whole);

const at = (value, path) => path.split('.').reduce((here, key) => here?.[key], value);

export function check(block, { code, stdout, stderr }, variables) {
  const shown = `\n$ ${block.command}\nexit ${code}\n--- stdout\n${stdout}--- stderr\n${stderr}`;
  assert.equal(code, block.code, shown);
  for (const { kind, rest, line } of block.checks) {
    const text = kind.startsWith('>') ? stdout : stderr;
    const expected = withVariables(rest, variables);
    const why = `line ${line}: ${kind} ${expected}${shown}`;
    if (kind === '>-' || kind === '!-') assert.equal(text, '', why);
    else if (kind.endsWith('~')) assert.match(text, new RegExp(expected, 'm'), why);
    else if (kind.endsWith('json')) {
      const [, path, value] = /^(\S+) = (.*)$/.exec(expected);
      assert.deepEqual(at(JSON.parse(text), path), JSON.parse(value), why);
    } else if (kind === '>=') {
      const [, name, pattern] = /^(\S+) (.*)$/.exec(expected);
      const found = new RegExp(pattern, 'm').exec(stdout);
      assert.ok(found, why);
      variables[name] = found[1];
    } else assert.ok(text.split('\n').includes(expected), why);
  }
}
