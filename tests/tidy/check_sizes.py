#!/usr/bin/env python3
"""Files and functions stay small: 500 lines a source, 800 a test, 70 a function.

Functions are found by their braces, which is close and not exact; clang-tidy (readability-function-size) is exact.
"""

import re

import tidy

SOURCE_LINES_MAX = 500
TEST_LINES_MAX = 800
FUNCTION_LINES_MAX = 70

# Directives, comments, strings and characters, whose braces do not count. Their line ends stay.
OPAQUE = re.compile(
    r'^[ \t]*#[^\n]*|//[^\n]*|/\*.*?\*/|R"(?P<mark>[^( ]*)\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])+\'',
    re.DOTALL | re.MULTILINE)
NOT_A_FUNCTION = re.compile(
    r"^\s*(if|for|while|switch|catch|else|do|try|return|namespace|class|struct|enum|union|extern)\b")


def without_opaque(text):
    return OPAQUE.sub(lambda match: "\n" * match.group().count("\n"), text)


def functions_of(text):
    """(first line, lines) of every block behind a parameter list, outermost first."""
    found = []
    stack = []
    text = without_opaque(text)
    head_start = 0
    line = 1
    for position, char in enumerate(text):
        if char == "\n":
            line += 1
        elif char == "{":
            head = text[head_start:position]
            is_function = ")" in head and "=" not in head.split("(")[0] and not NOT_A_FUNCTION.match(head)
            first = line - head.strip().count("\n")
            stack.append(first if is_function else None)
            head_start = position + 1
        elif char == "}":
            first = stack.pop() if stack else None
            if first is not None:
                found.append((first, line - first + 1))
            head_start = position + 1
        elif char == ";":
            head_start = position + 1
    return found


def check(root):
    faults = []
    for path in tidy.files_of(root, ["src", "sdk", "examples", "tests"], [".h", ".cc", ".py"]):
        text = path.read_text()
        lines = text.count("\n")
        is_test = "_test." in path.name or "_test_support." in path.name or path.relative_to(root).parts[0] == "tests"
        most = TEST_LINES_MAX if is_test else SOURCE_LINES_MAX
        if lines > most:
            faults.append(tidy.fault(root, path, None, f"{lines} lines, at most {most}"))
        if path.suffix == ".py":
            continue
        for first, length in functions_of(text):
            if length > FUNCTION_LINES_MAX:
                faults.append(tidy.fault(root, path, first, f"a function of {length} lines, at most {FUNCTION_LINES_MAX}"))
    return faults


def body(lines):
    return "".join("  call();\n" for _ in range(lines - 2))


CASES = [
    ("a file at its bound", {"src/a/a.cc": "\n" * 500}, None),
    ("a file beyond it", {"src/a/a.cc": "\n" * 501}, "501 lines, at most 500"),
    ("a test at its bound", {"src/a/a_test.cc": "\n" * 800}, None),
    ("a test beyond it", {"tests/unit/a_test.cc": "\n" * 801}, "801 lines, at most 800"),
    ("a function at its bound", {"src/a/a.cc": "int f(int a) {\n" + body(70) + "}\n"}, None),
    ("a macro in front of a namespace", {"src/a/a.cc": "#define F(x) x\nnamespace a {\n" + body(90) + "}\n"}, None),
    ("a function beyond it", {"src/a/a.cc": "\n\nint f(int a) {\n" + body(71) + "}\n"}, "src/a/a.cc:3: a function of 71 lines"),
    ("a method with initialisers", {"src/a/a.cc": "A::A(int a)\n    : a_(a) {\n" + body(71) + "}\n"}, "a function of 72 lines"),
    ("a long class", {"src/a/a.h": "class A {\n" + "  int f() { return 1; }\n" * 100 + "};\n"}, None),
    ("a long namespace", {"src/a/a.cc": "namespace a {\n" + "int f() { return 1; }\n" * 100 + "}\n"}, None),
    ("a brace in a string", {"src/a/a.cc": 'int f() {\n  return g("{", \'{\', R"({)");  // {\n}\n' + "\n" * 100 + "int h() { return 1; }\n"}, None),
]

if __name__ == "__main__":
    tidy.main(check, CASES)
