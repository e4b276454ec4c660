#!/usr/bin/env python3
"""The documents tell the truth: their links lead somewhere, the files they name are there, every module is introduced,
and the code keeps to the project's words."""

import re

import tidy

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href|srcset)=\"([^\"]+)\"")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
# `src/core/hub.h`, `core/hub.*`, `tests/tidy/`: what looks like a path of ours.
NAMED_PATH = re.compile(r"`((?:[A-Za-z_.][\w.-]*/)+[\w.*-]*)`")
VAGUE_FILE = re.compile(r"(^|_)(util|utils|common|helper|helpers|misc|manager|stuff)(_|\.|$)")
VAGUE_TYPE = re.compile(r"^\s*(?:class|struct)\s+(?:\[\[\w+\]\]\s*)?(\w*(?:Manager|Helper|Helpers|Utils|Util))\b", re.MULTILINE)
UNOWNED_NOTE = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")


def anchor_of(heading):
    text = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", lambda match: match.group(1) or "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def without_code(text):
    return FENCE.sub(lambda match: "\n" * match.group().count("\n"), text)


def link_fault(path, target):
    if re.match(r"[a-z]+:", target):
        return None
    file, _, anchor = target.partition("#")
    aim = (path.parent / file) if file else path
    if not aim.exists():
        return f"the link to {target} leads nowhere"
    if anchor and aim.suffix == ".md" and anchor not in map(anchor_of, HEADING.findall(aim.read_text())):
        return f"the link to {target}: no such heading"
    return None


def path_fault(root, named):
    """A path counts as ours when its first folder is: at the root or in src/. `*` stands for any ending."""
    first = named.split("/")[0]
    for base in (root, root / "src"):
        if (base / first).is_dir() and first != "build":
            return None if any(base.glob(named.rstrip("/"))) else f"names `{named}`, which is not there"
    return None


def check_documents(root):
    faults = []
    documents = [path for path in sorted(root.rglob("*.md")) if not tidy.is_product(path.relative_to(root))]
    for path in documents:
        for number, line in enumerate(without_code(path.read_text()).splitlines(), 1):
            for match in LINK.finditer(line):
                text = link_fault(path, match.group(1) or match.group(2))
                if text:
                    faults.append(tidy.fault(root, path, number, text))
            if path.name == "CHANGELOG.md":
                continue  # it speaks of the past, too
            for match in NAMED_PATH.finditer(line):
                text = path_fault(root, match.group(1))
                if text:
                    faults.append(tidy.fault(root, path, number, text))
    return faults


def check_modules(root):
    introduction = root / "src/README.md"
    text = introduction.read_text() if introduction.exists() else ""
    modules = [path.name for path in sorted((root / "src").iterdir()) if path.is_dir() and any(path.iterdir())]
    return [f"src/README.md: has no line for `{module}`" for module in modules if f"`{module}`" not in text]


def check_words(root):
    faults = []
    for path in tidy.files_of(root, ["src", "sdk", "examples", "tests", "tools", "cmake"], [""]):
        if path.suffix in (".h", ".cc", ".py") and VAGUE_FILE.search(path.name):
            faults.append(tidy.fault(root, path, None, "a name that says nothing: what is in it?"))
        if path.suffix not in (".h", ".cc"):
            continue
        text = path.read_text()
        for match in VAGUE_TYPE.finditer(text):
            line = text.count("\n", 0, match.start(1)) + 1
            faults.append(tidy.fault(root, path, line, f"{match.group(1)}: a name that says nothing"))
        for match in UNOWNED_NOTE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            faults.append(tidy.fault(root, path, line, f"{match.group()} without the number of an issue"))
    return faults


def check(root):
    return check_documents(root) + check_modules(root) + check_words(root)


def tree(files, introduction="`a`: things\n"):
    return {"src/README.md": introduction, "src/a/a.h": "", **files}


CASES = [
    ("all well", tree({"README.md": "[a](src/README.md) [b](https://example.org) `src/a/a.h` `a/a.*` `text/html`\n"}), None),
    ("a dead link", tree({"README.md": "\n[a](docs/none.md)\n"}), "README.md:2: the link to docs/none.md leads nowhere"),
    ("a dead picture", tree({"README.md": '<img src="docs/none.svg">\n'}), "leads nowhere"),
    ("a heading that is there", tree({"README.md": "# The `one` way\n[a](#the-one-way)\n"}), None),
    ("a heading that is not", tree({"README.md": "# One\n[a](#two)\n"}), "no such heading"),
    ("a file that is not there", tree({"docs/x.md": "| `A` | `src/a/b.h` |\n"}), "names `src/a/b.h`"),
    ("a module's file that is not there", tree({"docs/x.md": "| `A` | `a/b.*` |\n"}), "names `a/b.*`"),
    ("code is not looked at", tree({"docs/x.md": "```\n[a](none.md)\n```\n"}), None),
    ("a module without a line", tree({}, introduction="nothing\n"), "has no line for `a`"),
    ("a vague file", tree({"src/a/string_utils.h": ""}), "a name that says nothing"),
    ("a vague type", tree({"src/a/b.h": "\nclass SessionManager {};\n"}), "src/a/b.h:2: SessionManager"),
    ("an unowned note", tree({"src/a/b.h": "// TODO: later\n"}), "TODO without the number"),
    ("an owned note", tree({"src/a/b.h": "// TODO(#12): later\n"}), None),
]

if __name__ == "__main__":
    tidy.main(check, CASES)
