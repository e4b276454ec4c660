#!/usr/bin/env python3
"""Every header compiles alone, and is included once.

A header that its own .cc (or _test.cc) includes first is proven by the build. The others are compiled here, and not
again until they, or any header of ours, change: CACHE names a file that remembers.
"""

import concurrent.futures
import hashlib
import os
import re
import subprocess
import sys

import tidy

PUBLIC = "sdk/cpp/include"
FOLDERS = ["src", "tests", PUBLIC, "sdk/cpp/src"]
FIRST_INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.MULTILINE)


def proven_by_the_build(path, name):
    for suffix in (".cc", "_test.cc"):
        unit = path.with_name(path.stem + suffix)
        if unit.is_file():
            first = FIRST_INCLUDE.search(unit.read_text())
            if first and first.group(1) == name:
                return True
    return False


def folder_of(root, path):
    """Where the name that others include it by begins."""
    return next(folder for folder in FOLDERS if path.is_relative_to(root / folder))


def compile_alone(root, folder, name):
    """What the compiler says, or nothing. The SDK's public headers find nothing of ours but each other."""
    folders = [folder] if folder == PUBLIC else FOLDERS
    command = [os.environ.get("CXX", "g++"), "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-x", "c++",
               *(f"-I{root}/{one}" for one in folders), "-"]
    done = subprocess.run(command, input=f'#include "{name}"\n', capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if "error" in line]
    return "" if done.returncode == 0 else (errors or [done.stderr.strip()])[0]


def known_good():
    path = os.environ.get("CACHE")
    return set(open(path).read().split()) if path and os.path.exists(path) else set()


def remember(digests):
    path = os.environ.get("CACHE")
    if path:
        with open(path, "w") as file:
            file.write("\n".join(sorted(digests)))


def check(root):
    faults = []
    alone = []
    headers = tidy.files_of(root, FOLDERS, [".h"])
    everything = hashlib.sha256()
    for path in headers:
        text = path.read_text()
        everything.update(text.encode())
        if "#pragma once" not in text:
            faults.append(tidy.fault(root, path, None, "has no #pragma once"))
        folder = folder_of(root, path)
        name = path.relative_to(root / folder).as_posix()
        if folder == PUBLIC or not proven_by_the_build(path, name):
            alone.append((path, folder, name))
    good = known_good()
    digests = {name: hashlib.sha256(everything.digest() + name.encode()).hexdigest() for _, _, name in alone}
    todo = [one for one in alone if digests[one[2]] not in good]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for (path, _, name), error in zip(todo, pool.map(lambda one: compile_alone(root, *one[1:]), todo)):
            if error:
                faults.append(tidy.fault(root, path, None, f"does not compile alone: {error}"))
                del digests[name]
    remember(digests.values())
    print(f"{len(headers)} headers: {len(headers) - len(alone)} proven by the build, {len(todo)} compiled")
    return faults


CASES = [
    ("complete", {"src/a/a.h": "#pragma once\n#include <string>\nstd::string f();\n"}, None),
    ("an include is missing", {"src/a/a.h": "#pragma once\nstd::string f();\n"}, "src/a/a.h: does not compile alone"),
    ("no guard", {"src/a/a.h": "int f();\n"}, "has no #pragma once"),
    ("a public header of the sdk", {"sdk/cpp/include/fanfare/a.h": "#pragma once\n#include \"fanfare/b.h\"\n",
                                    "sdk/cpp/include/fanfare/b.h": "#pragma once\n"}, None),
    ("one that needs src", {"sdk/cpp/include/fanfare/a.h": "#pragma once\n#include \"a/a.h\"\n", "src/a/a.h": "#pragma once\n"},
     "sdk/cpp/include/fanfare/a.h: does not compile alone"),
    ("first in its .cc", {"src/a/a.h": "#pragma once\nstd::string f();\n", "src/a/a.cc": '#include "a/a.h"\n'}, None),
    ("behind others in its .cc", {"src/a/a.h": "#pragma once\nstd::string f();\n",
                                  "src/a/a.cc": '#include <string>\n#include "a/a.h"\n'}, "does not compile alone"),
]

if __name__ == "__main__":
    if sys.argv[1:2] == ["--self-test"]:
        os.environ.pop("CACHE", None)
    tidy.main(check, CASES)
