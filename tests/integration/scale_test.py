"""bench/scale against the real binary, for a moment: that each row is measured."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ["FANFARE_BINARY"]
DEADLINE_S = 200
SCALE = ROOT / "bench/scale/scale.py"
sys.path.insert(0, str(ROOT / "bench/scale"))

import scale  # noqa: E402
from harness import page  # noqa: E402


def run(*arguments):
    return subprocess.run([sys.executable, "-B", SCALE, BINARY, *arguments], capture_output=True, text=True, timeout=DEADLINE_S,
                          check=False)


class ScaleTest(unittest.TestCase):
    def test_each_row_has_its_figures(self):
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder, "result.json")
            place = Path(folder, "page.md")
            place.write_text(f"{scale.BEGIN}\n{page.END}\n", encoding="utf-8")
            done = run("--connections", "40", "--channels", "1200", "--deliveries", "400", "--seconds", "0.1", "--runs", "1",
                       "--json", written, "--write", place)
            self.assertEqual(done.returncode, 0, done.stderr)
            found = json.loads(written.read_text(encoding="utf-8"))
            self.assertIn(done.stdout.strip(), place.read_text(encoding="utf-8"))
        self.assertEqual({name.split("/")[0] for name in found}, {"subscribers", "connections", "channels", "channel", "loops"})
        for name in ("subscribers/2", "subscribers/40", "channels/10", "channels/1,200", "channel/1,200", "loops/1", "loops/2"):
            self.assertGreater(found[name][0], 0, name)

    def test_a_row_that_is_not_known(self):
        done = run("--rows", "loops,rows")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--rows", done.stderr)

    def test_our_page_has_the_place(self):
        text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
        self.assertIn(page.END, text[text.index(scale.BEGIN):])


if __name__ == "__main__":
    unittest.main()
