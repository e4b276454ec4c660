"""What the checks of this folder share: finding files, saying what is wrong, and proving that a check can fail.

A check is a function from the root of a source tree to a list of faults. It comes with cases: small trees, each with
the fault that the check must find in it, or None where it must find nothing.
"""

import pathlib
import subprocess
import sys
import tempfile


def files_of(root, folders, suffixes):
    """The files below `folders` of `root` that end in one of `suffixes`, sorted, build products left out."""
    found = []
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.name.endswith(tuple(suffixes)) and not is_product(path.relative_to(root)):
                found.append(path)
    return found


def is_product(path):
    return any(part in ("build", "node_modules", "venv", ".venv", "target", ".git") for part in path.parts)


def fault(root, path, line, text):
    place = path.relative_to(root).as_posix()
    return f"{place}:{line}: {text}" if line else f"{place}: {text}"


def self_test(check, cases):
    """Faults of the check itself: what it did not find, and what it found where nothing is wrong."""
    faults = []
    for name, tree, expected in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for path, text in tree.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            found = check(root)
        if expected is None and found:
            faults.append(f"case '{name}': expected no fault, found {found}")
        if expected is not None and not any(expected in one for one in found):
            faults.append(f"case '{name}': expected '{expected}', found {found}")
    return faults


def main(check, cases):
    """`check.py [--self-test] [ROOT]`; ROOT is the repository unless named."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--self-test"]:
        faults, looked_at = self_test(check, cases), f"{len(cases)} cases"
    else:
        root = pathlib.Path(arguments[0]) if arguments else repository()
        faults, looked_at = check(root.resolve()), "the tree"
    for one in faults:
        print(one)
    print(f"{len(faults)} faults in {looked_at}")
    sys.exit(1 if faults else 0)


def repository():
    here = pathlib.Path(__file__).parent
    top = subprocess.run(["git", "-C", here, "rev-parse", "--show-toplevel"], capture_output=True, text=True)
    return pathlib.Path(top.stdout.strip()) if top.returncode == 0 else here.parent.parent
