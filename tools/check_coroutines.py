#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Finds the two traps of g++ 12's coroutines that docs/architecture.md names, in src/sallyport.

Both compile without a warning and may free something twice:
  braces       an object made by {…} inside an awaited expression: co_await Send({a, b}), co_await Send(Mail{a, b})
  conditional  ?: inside an awaited expression, or choosing between awaited ones: co_await Send(ok ? A() : B()),
               ok ? co_await A() : co_await B()
Write a named local before, and std::move it. Bodies of lambdas are not looked at, and neither are Duration{…} and other values
that own nothing (HARMLESS). Usage: check_coroutines.py [SOURCE_ROOT | --self-test]. Prints each fault as file:line; exits 1 when
there is one.
"""
import re
import sys
from pathlib import Path

# Types that own nothing: destroying them twice does no harm.
HARMLESS = {"Duration", "Timestamp", "size_t", "uint64_t", "int64_t", "string_view", "span"}
LITERALS = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^()\s]*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)
AWAIT = re.compile(r"(?<!operator )\bco_await\b")
CLOSING = {"(": ")", "[": "]", "{": "}"}


def blank(text):
    """The text with comments and literals replaced by spaces, lines kept. (A ' between digits is a separator.)"""
    text = re.sub(r"(?<=[0-9a-fA-F])'(?=[0-9a-fA-F])", " ", text)
    return LITERALS.sub(lambda m: re.sub(r"[^\n]", " ", m.group()) if m.group()[0] == "/" else re.sub(r"[^\n]", "_", m.group()), text)


def match(text, at):
    """The position behind the bracket that closes the one at `at`."""
    stack = []
    for i in range(at, len(text)):
        c = text[i]
        if c in CLOSING:
            stack.append(CLOSING[c])
        elif stack and c == stack[-1]:
            stack.pop()
            if not stack:
                return i + 1
    return len(text)


def operand_end(text, at):
    """The position behind the operand of the co_await that ends at `at`: names, calls, members, template arguments."""
    while at < len(text):
        c = text[at]
        if c.isspace() or c.isalnum() or c in "_:.*&!~":
            if c == ":" and text[at:at + 2] != "::" and text[at - 1:at + 1] != "::":
                return at
            at += 1
        elif text[at:at + 2] == "->":
            at += 2
        elif c in "([{":
            at = match(text, at)
        elif c == "<":
            close = re.match(r"<[\w:\s,*&<>]*?>(?=[\s]*[({:])", text[at:])
            if not close:
                return at
            at += close.end()
        else:
            return at
    return at


def without_lambdas(text):
    """Bodies of lambdas blanked: what is made there does not live in the coroutine's frame."""
    out, at = text, 0
    for start in re.finditer(r"(?<![\w\])])\s*\[[^\[\]]*\]\s*(\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*(mutable\s*)?(->\s*[\w:<>,\s*&]+)?\{", text):
        if start.start() < at:
            continue
        open_brace = start.end() - 1
        at = match(text, open_brace)
        out = out[:open_brace] + re.sub(r"[^\n]", " ", out[open_brace:at]) + out[at:]
    return out


def braces(expression):
    """Offsets of objects made by {…}."""
    for found in re.finditer(r"\{", expression):
        before = expression[:found.start()].rstrip()
        name = re.search(r"(\w+)(?:<[\w:,\s*&<>]*>)?$", before)
        if before.endswith(("(", ",", "{", "=")) or (name and name.group(1) not in HARMLESS):
            yield found.start()


def chooses(text, at):
    """Whether the co_await at `at` is the second or third operand of ?: (and not behind a label or in a range-for)."""
    before = text[:at].rstrip()
    if before.endswith("?"):
        return True
    if not before.endswith(":") or before.endswith("::"):
        return False
    statement = re.split(r"[;{}]", before)[-1]
    return "?" in statement


def faults(text):
    clean = blank(text)
    for found in AWAIT.finditer(clean):
        if chooses(clean, found.start()):
            yield found.start(), "conditional between awaited expressions: choose with if/else"
        end = operand_end(clean, found.end())
        expression = without_lambdas(clean[found.end():end])
        for offset in braces(expression):
            yield found.end() + offset, "braces inside an awaited expression: make a named local before it"
        if "?" in expression:
            yield found.end() + expression.index("?"), "conditional inside an awaited expression: choose before it"


CASES = [
    ("co_await Send({a, b});", 1), ("co_await Send(x, Mail{a, b});", 1), ("co_await Send(ok ? A() : B());", 1),
    ("auto r = ok ? co_await A() : co_await B();", 2), ("SALLYPORT_CO_TRY(auto v, co_await F({1, 2}));", 1),
    ("co_await Send(std::move(mail));", 0), ("co_await Sleep(Duration{5});", 0), ("for (auto& x : co_await F()) {}", 0),
    ("Awaiter operator co_await() && { return {frame_}; }", 0),
    ("case 1: co_await F(); break;", 0), ("co_await Run([&] { return Mail{a, b}; });", 0), ("if (co_await F()) { x = {1}; }", 0),
    ("co_await F(); y = ok ? 1 : 2;", 0), ("// co_await Send({a});", 0), ('co_await Say("{?}");', 0),
    ("co_await pool.Run<std::size_t>(work) ? 1 : 2;", 0), ("co_await x->Get<int>({1});", 1), ("(co_await A()).Use({1});", 0),
    ("switch (x) { default: co_await F(); }", 0),
]


def self_test():
    wrong = [(text, wanted, [why for _, why in faults(text)]) for text, wanted in CASES if len(list(faults(text))) != wanted]
    for text, wanted, found in wrong:
        print(f"check_coroutines: {text!r} should have {wanted} faults: {found}")
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "src" / "sallyport"
    if self_test():
        return 1
    count, awaits = 0, 0
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".h", ".cc")):
        text = path.read_text(encoding="utf-8")
        awaits += len(AWAIT.findall(text))
        for offset, why in faults(text):
            count += 1
            print(f"{root.name}/{path.relative_to(root)}:{text.count(chr(10), 0, offset) + 1}: {why}")
    print(f"coroutines: {awaits} awaited expressions, {count} faults")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
