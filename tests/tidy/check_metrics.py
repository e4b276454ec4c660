#!/usr/bin/env python3
"""The table of metrics in docs/operations.md has a row for each metric that the server registers, and no others."""

import re

import tidy

SOURCE = "src/server/stats_collector.cc"
PAGE = "docs/operations.md"
# A name as it stands in the code: a whole string literal.
REGISTERED = re.compile(r'"(fanfare_[a-z0-9_]+)"')
# A row of the table: its first cell is the name, perhaps with labels. The third says when to worry.
ROW = re.compile(r"^\|\s*`(fanfare_[a-z0-9_]+)(?:\{[^`]*\})?`\s*\|(.*)\|\s*$", re.MULTILINE)


def check(root):
    source = (root / SOURCE).read_text() if (root / SOURCE).exists() else ""
    page = (root / PAGE).read_text() if (root / PAGE).exists() else ""
    registered = set(REGISTERED.findall(source))
    if not registered:
        return [f"{SOURCE}: no metrics found: has the code moved?"]
    faults = []
    described = set()
    for match in ROW.finditer(page):
        name, rest = match.groups()
        line = page.count("\n", 0, match.start()) + 1
        if name not in registered:
            faults.append(f"{PAGE}:{line}: `{name}` is not registered in {SOURCE}")
        if name in described:
            faults.append(f"{PAGE}:{line}: a second row for `{name}`")
        if len(rest.split("|")) != 2 or not all(cell.strip() for cell in rest.split("|")):
            faults.append(f"{PAGE}:{line}: `{name}` needs its meaning and when to worry")
        described.add(name)
    faults += [f"{PAGE}: no row for `{name}`, which {SOURCE} registers" for name in sorted(registered - described)]
    return faults


def tree(page, source='add({"fanfare_a_total", "A"});\nadd({"fanfare_b", "B"});\n'):
    return {SOURCE: source, PAGE: page}


A = "| `fanfare_a_total` | a | never |\n"
B = '| `fanfare_b{kind="x"}` | b | never |\n'

CASES = [
    ("all well", tree(A + B), None),
    ("a metric without a row", tree(A), "no row for `fanfare_b`"),
    ("a row without a metric", tree(A + B + "| `fanfare_gone` | c | never |\n"), f"{PAGE}:3: `fanfare_gone` is not registered"),
    ("a metric named in text only", tree(A + "see `fanfare_b`\n"), "no row for `fanfare_b`"),
    ("two rows", tree(A + B + A), "a second row for `fanfare_a_total`"),
    ("a row that does not say when to worry", tree(A + "| `fanfare_b` | b |  |\n"), "needs its meaning and when to worry"),
    ("a row that lacks a cell", tree(A + "| `fanfare_b` | b |\n"), "needs its meaning and when to worry"),
    ("no page", {SOURCE: tree("")[SOURCE]}, "no row for `fanfare_a_total`"),
    ("a source that moved", tree(A + B, source=""), "no metrics found"),
]

if __name__ == "__main__":
    tidy.main(check, CASES)
