#!/usr/bin/env python3
"""Every public symbol of the C++ SDK says what it is: each type, alias, constant, function and member of its headers.

A comment stands in front of it or on its line. Functions that follow a documented one without a blank line (its other
forms) share that comment. What the language names says enough: constructors that copy or move, destructors.
"""

import re

import tidy

HEADERS = "sdk/cpp/include/fanfare"
SPECIAL = re.compile(r"=\s*(default|delete);$|^(virtual )?~\w+\(\)|^(\w+)& operator=\(\3&&|^(\w+)\(\4&&")
NO_DECLARATION = re.compile(r"^(#|namespace\b|public:|protected:|friend\b|\}|$)")
OPENS_TYPE = re.compile(r"^(template\s*<[^>]*>\s*)?(class|struct|enum class|enum)\b[^;()]*\{?$")
FUNCTION = re.compile(r"\w+(<[^;]*>)?\(.*|^template\b")


class Scope:
    def __init__(self, is_open, is_enum=False, is_body=False):
        self.is_open = is_open  # whether what stands here is public
        self.is_enum = is_enum
        self.is_body = is_body


def declarations(text):
    """(line, text, has a comment, follows the line before) of each declaration outside of bodies, as far as a reader of
    lines can tell; of one over several lines the first counts."""
    scopes = [Scope(True)]
    was_comment = False
    pending = None  # a declaration that goes on
    last_line = 0
    for number, raw in enumerate(text.splitlines(), 1):
        code, slashes, _ = raw.partition("//")
        code = code.strip()
        if not code:
            was_comment = bool(slashes)
            continue
        scope = scopes[-1]
        if code == "private:":
            scope.is_open = False
        is_new = pending is None and scope.is_open and not scope.is_body and not NO_DECLARATION.match(code)
        if is_new:
            yield number, code, was_comment or bool(slashes), last_line == number - 1
        ends = code.endswith((";", "{", "}", ":")) or (scope.is_enum and code.endswith(","))
        if is_new and not ends and not code.startswith("template"):
            pending = number
        elif ends:
            pending = None
        keeps_comment = code.startswith("template") and not ends
        was_comment = was_comment if keeps_comment else False
        last_line = number
        for char in code:
            if char == "{":
                is_type = bool(OPENS_TYPE.match(code)) or code.startswith("namespace") or "namespace" in code
                scopes.append(Scope(scope.is_open, is_enum=code.startswith("enum"), is_body=not is_type))
            elif char == "}":
                scopes.pop()


def check(root):
    faults = []
    for path in tidy.files_of(root, [HEADERS], [".h"]):
        shares = False  # the declaration before was a function that is documented
        for number, code, has_comment, is_adjacent in declarations(path.read_text()):
            is_function = bool(FUNCTION.search(code)) and not code.startswith(("struct", "class", "enum", "using"))
            if SPECIAL.search(code):
                continue
            documented = has_comment or (is_adjacent and shares)
            if not documented:
                faults.append(tidy.fault(root, path, number, f"without a comment: {code}"))
            # Constants that follow a documented one, too, are its kin.
            shares = documented and (is_function or "constexpr" in code)
    return faults


def header(text):
    return {f"{HEADERS}/a.h": text}


CASES = [
    ("all well", header("// A.\nstruct A {\n  int n = 0;  // how many\n  // Why.\n  int f();\n  int f(int);\n};\n"), None),
    ("a type", header("struct A {\n  int n = 0;  // how many\n};\n"), "a.h:1: without a comment: struct A {"),
    ("a member", header("// A.\nstruct A {\n  int n = 0;  // how many\n  int m = 0;\n};\n"), "a.h:4: without a comment: int m"),
    ("a function", header("// A.\nclass A {\n public:\n  int f();\n};\n"), "a.h:4: without a comment: int f();"),
    ("a form apart", header("// F.\nint f();\n\nint g();\n"), "a.h:4: without a comment: int g();"),
    ("a template", header("// F.\ntemplate <typename T>\nT f();\n"), None),
    ("an alias", header("using A = int;\n"), "a.h:1: without a comment: using A"),
    ("private things", header("// A.\nclass A {\n public:\n  // F.\n  int f();\n\n private:\n  int n = 0;\n};\n"), None),
    ("after private things", header("// A.\nclass A {\n private:\n  int n = 0;\n};\nint f();\n"), "a.h:6: without"),
    ("an enumerator", header("// E.\nenum class E : int {\n  kA,  // this\n  kB,\n};\n"), "a.h:4: without a comment: kB,"),
    ("copies", header("// A.\nclass A {\n public:\n  A(const A&) = default;\n  A(A&&) noexcept;\n  ~A();\n};\n"), None),
    ("a body", header("// F.\ninline int f() {\n  int n = 0;\n  return n;\n}\n"), None),
    ("over two lines", header("// F.\nint f(int a,\n      int b);\n// G.\nint g();\n"), None),
]

if __name__ == "__main__":
    tidy.main(check, CASES)
