"""bench/profile against the real binary, for a moment: that each of its loads can be played."""
import os
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ["FANFARE_BINARY"]
DEADLINE_S = 200


def train(*arguments):
    return subprocess.run([sys.executable, "-B", ROOT / "bench/profile/train.py", *arguments], capture_output=True, text=True,
                          timeout=DEADLINE_S, check=False)


class ProfileTest(unittest.TestCase):
    def test_every_load_is_played_with_both_engines(self):
        done = train(BINARY, "--seconds", "0.1")
        self.assertEqual(done.returncode, 0, done.stderr)
        for engine in ("auto", "epoll"):
            for scenario in ("fanout", "rooms", "clientevents", "publish", "churn", "presence", "idle"):
                self.assertIn(f"{engine}: {scenario} ", done.stdout)

    def test_a_program_that_does_not_start_ends_it(self):
        done = train("/bin/false")
        self.assertEqual(done.returncode, 1)
        self.assertIn("it did not start", done.stderr)


if __name__ == "__main__":
    unittest.main()
