#!/usr/bin/env python3
"""Includes point downwards: src/layers.txt says which module may include which, src/libraries.txt who may include what
of others."""

import re

import tidy

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
TEST_FILE = re.compile(r"_(test|fuzz|bench)(_support)?\.(cc|h)$")
PUBLIC_HEADERS = "sdk/cpp/include"
# The C library and the kernel's interface belong to nobody.
SYSTEM = re.compile(
    r"^(sys|netinet|arpa|linux|net)/|"
    r"^(arpa|cxxabi|dirent|dlfcn|endian|errno|execinfo|fcntl|grp|ifaddrs|limits|netdb|poll|pthread|pwd|sched|signal|"
    r"spawn|stdint|stdio|stdlib|string|strings|termios|time|unistd)\.h$")


def read_table(path):
    """`left: right right` lines; # begins a comment."""
    table = {}
    for line in path.read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            left, _, right = line.partition(":")
            table[left.strip()] = right.split()
    return table


def cycle_in(layers):
    """A module that reaches itself, with the way it does, or None."""
    done = set()

    def visit(module, way):
        if module in way:
            return way[way.index(module):] + [module]
        if module in done:
            return None
        for below in layers.get(module, []):
            found = visit(below, way + [module])
            if found:
                return found
        done.add(module)
        return None

    for module in layers:
        found = visit(module, [])
        if found:
            return found
    return None


def library_fault(header, module, is_test, libraries):
    if "." not in header and "/" not in header or SYSTEM.match(header):
        return None
    if is_test and header.startswith(("gtest/", "gmock/", "benchmark/")):
        return None
    entries = [prefix for prefix in libraries if header.startswith(prefix)]
    if not entries:
        return f"<{header}> has no line in src/libraries.txt"
    allowed = libraries[max(entries, key=len)]
    if "*" not in allowed and module not in allowed:
        return f"<{header}> may be included by {' '.join(allowed)} only, not by {module}"
    return None


def include_fault(header, module, is_test, layers):
    target, slash, _ = header.partition("/")
    if not slash:
        return f'"{header}" does not name its module: "module/file.h"'
    target = "sdk" if target == "fanfare" else target  # the SDK's public headers
    if target not in layers:
        return None if is_test and target == "support" else f'"{header}" is of no module in src/layers.txt'
    if target != module and target not in layers[module]:
        return f'{module} may not include {target} ("{header}")'
    return None


def check(root):
    layers = read_table(root / "src/layers.txt")
    libraries = read_table(root / "src/libraries.txt")
    faults = []
    for module, below in layers.items():
        faults += [f"src/layers.txt: {module} may include {one}, which has no line" for one in below if one not in layers]
    cycle = cycle_in(layers)
    if cycle:
        faults.append(f"src/layers.txt: a cycle: {' → '.join(cycle)}")
    for module in sorted(path.name for path in (root / "src").iterdir() if path.is_dir()):
        if module not in layers:
            faults.append(f"src/{module}: has no line in src/layers.txt")
    for path in tidy.files_of(root, ["src", PUBLIC_HEADERS, "sdk/cpp/src"], [".h", ".cc"]):
        module = module_of(path.relative_to(root))
        if module not in layers:
            continue
        is_public = path.is_relative_to(root / PUBLIC_HEADERS)
        is_test = bool(TEST_FILE.search(path.name))
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            ours, others = match.groups()
            text = (public_fault(ours or others) if is_public
                    else include_fault(ours, module, is_test, layers) if ours
                    else library_fault(others, module, is_test, libraries))
            if text:
                faults.append(tidy.fault(root, path, number, text))
    return faults


def module_of(path):
    """src/<module>/…; sdk/cpp/… is the module sdk."""
    return "sdk" if path.parts[0] == "sdk" else path.parts[1]


def public_fault(header):
    """The SDK's public headers are installed without src/: they know each other and the standard library."""
    if header.startswith("fanfare/") or ("/" not in header and "." not in header):
        return None
    return f"a public header of the SDK may not include {header}"


def tree(files, layers="base:\nnet: base\ncore: base\n", libraries="curl/: net\nboost/container/: *\n"):
    return {"src/layers.txt": layers, "src/libraries.txt": libraries, **files}


CASES = [
    ("downwards", tree({"src/net/a.cc": '#include "net/a.h"\n#include "base/b.h"\n#include <vector>\n'}), None),
    ("sideways", tree({"src/net/a.cc": '#include "core/b.h"\n'}), "src/net/a.cc:1: net may not include core"),
    ("upwards", tree({"src/base/a.h": '\n# include "net/b.h"\n'}), "src/base/a.h:2: base may not include net"),
    ("no module", tree({"src/net/a.cc": '#include "b.h"\n'}), "does not name its module"),
    ("unknown module", tree({"src/extra/a.cc": ""}), "src/extra: has no line"),
    ("unknown target", tree({}, layers="base: nowhere\n"), "which has no line"),
    ("cycle", tree({}, layers="a: b\nb: c\nc: a\n"), "a cycle: a → b → c → a"),
    ("library of another", tree({"src/core/a.cc": "#include <curl/curl.h>\n"}), "may be included by net only, not by core"),
    ("library of its own", tree({"src/net/a.cc": "#include <curl/curl.h>\n"}), None),
    ("the sdk's public headers", tree({"sdk/cpp/src/sdk/a.cc": '#include "fanfare/a.h"\n#include "sdk/b.h"\n#include "base/b.h"\n'},
                                      layers="base:\nsdk: base\n"), None),
    ("upwards from the sdk", tree({"sdk/cpp/src/sdk/a.cc": '#include "core/b.h"\n'}, layers="base:\nsdk: base\ncore: base\n"),
     "sdk/cpp/src/sdk/a.cc:1: sdk may not include core"),
    ("the sdk from below", tree({"src/base/a.cc": '#include "fanfare/a.h"\n'}, layers="base:\nsdk: base\n"),
     "base may not include sdk"),
    ("a public header, standard library", tree({"sdk/cpp/include/fanfare/a.h": "#include <vector>\n#include \"fanfare/b.h\"\n"},
                                               layers="base:\nsdk: base\n"), None),
    ("a public header, ours", tree({"sdk/cpp/include/fanfare/a.h": '#include "base/b.h"\n'}, layers="base:\nsdk: base\n"),
     "a public header of the SDK may not include base/b.h"),
    ("a public header, a library", tree({"sdk/cpp/include/fanfare/a.h": "#include <curl/curl.h>\n"}, layers="base:\nsdk: base\n",
                                        libraries="curl/: sdk\n"), "a public header of the SDK may not include curl/curl.h"),
    ("library of all", tree({"src/core/a.cc": "#include <boost/container/small_vector.hpp>\n"}), None),
    ("unknown library", tree({"src/core/a.cc": "#include <zlib.h>\n"}), "<zlib.h> has no line"),
    ("the system", tree({"src/net/a.cc": "#include <sys/socket.h>\n#include <unistd.h>\n"}), None),
    ("gtest in a test", tree({"src/net/a_test.cc": '#include <gtest/gtest.h>\n#include "support/manual_clock.h"\n'}), None),
    ("gtest in what tests share", tree({"src/net/a_test_support.h": "#include <gtest/gtest.h>\n"}), None),
    ("gtest in the product", tree({"src/net/a.cc": "#include <gtest/gtest.h>\n"}), "<gtest/gtest.h> has no line"),
    ("test support in the product", tree({"src/net/a.cc": '#include "support/x.h"\n'}), "is of no module"),
]

if __name__ == "__main__":
    tidy.main(check, CASES)
