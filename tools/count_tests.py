#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts tests for script/test: prints "PASSED FAILED SKIPPED".

  count_tests.py ctest CTEST_JUNIT.xml GTEST_XML_FOLDER    programs by CTest, their tests by GoogleTest's own reports
  count_tests.py tap FILE                                  node:test's TAP output
  count_tests.py targets <JSON                             build targets of `ctest --show-only=json-v1`
"""
import json
import re
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def gtest_report(path):
    suites = xml.parse(path).getroot()
    tests, failed = int(suites.get("tests", 0)), int(suites.get("failures", 0)) + int(suites.get("errors", 0))
    skipped = int(suites.get("disabled", 0))
    skipped += sum(1 for case in suites.iter("testcase") if case.get("result") == "skipped")
    return tests - failed - skipped, failed, skipped


def count_ctest(junit, folder):
    total = [0, 0, 0]
    reports = {path.stem: path for path in Path(folder).glob("*.xml")}
    if not Path(junit).exists():
        return [0, 1, 0]
    for program in xml.parse(junit).getroot().iter("testcase"):
        name, status = program.get("name"), program.get("status")
        report = reports.pop(name, None) or reports.pop(f"{name}_test", None)
        ok = status == "run" and program.find("failure") is None
        try:
            counts = gtest_report(report) if report else None
        except xml.ParseError:
            counts = None  # the program died while it wrote
        if counts is None:
            counts = (1, 0, 0) if ok else (0, 0, 1) if status == "disabled" else (0, 1, 0)
        elif not ok and counts[1] == 0:
            counts = (counts[0], 1, counts[2])  # died after its last test: a leak, a crash on exit
        total = [a + b for a, b in zip(total, counts)]
    return total


def count_tap(path):
    """Leaf tests only: a suite's own line is not a test."""
    text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
    footer = dict(re.findall(r"^# (tests|pass|fail|cancelled|skipped|todo) (\d+)$", text, re.M))
    if not footer:
        return [0, 1, 0]
    value = {name: int(number) for name, number in footer.items()}
    failed = value.get("fail", 0) + value.get("cancelled", 0)
    if value.get("tests", 0) == 0:
        failed = max(failed, 1)
    if failed == 0 and re.search(r"^not ok ", text, re.M):
        failed = 1  # a file that ended before its tests
    return [value.get("pass", 0), failed, value.get("skipped", 0) + value.get("todo", 0)]


def main():
    kind = sys.argv[1]
    if kind == "targets":
        for test in json.load(sys.stdin)["tests"]:
            command = test.get("command") or []
            print(Path(command[0]).name if command else f"{test['name']}_test")
        return
    counts = count_ctest(*sys.argv[2:4]) if kind == "ctest" else count_tap(sys.argv[2])
    print(*counts)


if __name__ == "__main__":
    main()
