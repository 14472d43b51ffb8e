#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that src/sallyport keeps to the layers of docs/architecture.md.

Reads every #include. Refuses: an include against the edges below; Asio; one store backend including
another; OpenSSL outside crypto/ and net/tls/; the wall clock read outside base/clock.cc and net/.
Usage: check_layers.py [SOURCE_ROOT]. Prints each fault as file:line and exits 1 when there is one.
"""
import re
import sys
from pathlib import Path

# What each layer may include besides itself; what those may include comes with it.
BELOW = {
    "base": [], "crypto": ["base"], "jose": ["crypto"], "http": ["base"], "oauth": ["jose", "http"], "model": ["base"],
    "token": ["jose", "http", "model"], "async": ["base"], "net": ["crypto", "http", "async"],
    "store": ["crypto", "model", "async"], "identity": ["token", "store"], "session": ["token", "store"],
    "signin": ["oauth", "identity", "session", "net"], "config": ["oauth", "token"],
    "gateway": ["config", "signin"], "admin": ["gateway"], "cli": ["admin"],
}
BACKENDS = ["sqlite", "postgres", "memory"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
OUR_PREFIX = "sallyport/"


def allowed(layer):
    seen, todo = set(), [layer]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += BELOW[name]
    return seen


def includes(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(2)


def backend(path):
    parts = path.parts
    return parts[1] if len(parts) > 2 and parts[0] == "store" and parts[1] in BACKENDS else None


def check_edges(file, number, target):
    layer, other = file.parts[0], Path(target[len(OUR_PREFIX):])
    options_for_config = layer == "config" and other.name == "options.h"  # config fills every layer's options
    if other.parts[0] not in allowed(layer) and not options_for_config:
        yield f"{layer} must not include {other.parts[0]} ({target})"
    mine, theirs = backend(file), backend(other)
    if mine and theirs and mine != theirs:
        yield f"store backend {mine} must not include {theirs}"


def check_openssl(file, target):
    at_home = file.parts[0] == "crypto" or file.parts[:2] == ("net", "tls")
    if target.startswith("openssl/") and not at_home:
        yield "OpenSSL belongs in crypto/ and net/tls/"


def check_clock(file, text):
    if file.as_posix() == "base/clock.cc" or file.parts[0] == "net":
        return
    for number, line in enumerate(text.splitlines(), 1):
        if "system_clock::now" in line.split("//")[0]:
            yield number, "system_clock::now belongs in base/clock.cc; take a Clock&"


def faults(root):
    for path in sorted(p for p in root.rglob("*") if p.suffix in (".h", ".cc")):
        file = path.relative_to(root)
        if file.parts[0] not in BELOW:
            yield file, 1, f"{file.parts[0]} is not a layer"
            continue
        for number, target in includes(path):
            if target.startswith(OUR_PREFIX):
                yield from ((file, number, fault) for fault in check_edges(file, number, target))
            yield from ((file, number, fault) for fault in check_openssl(file, target))
            if target.startswith("boost/asio"):
                yield file, number, "the event loop is async/loop.h (docs/adr/0005-own-event-loop.md)"
        yield from ((file, number, fault) for number, fault in check_clock(file, path.read_text(encoding="utf-8")))


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "src" / "sallyport"
    found = list(faults(root))
    for file, number, fault in found:
        print(f"{root.name}/{file}:{number}: {fault}")
    files = sum(1 for p in root.rglob("*") if p.suffix in (".h", ".cc"))
    print(f"layers: {files} files, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
