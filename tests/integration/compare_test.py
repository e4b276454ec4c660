"""What bench/compare and bench/gate make of their figures; nothing is measured here."""
import sys
import tempfile
import types
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "bench/compare"), str(ROOT / "bench/gate")]

import compare  # noqa: E402
import gate  # noqa: E402
import measures  # noqa: E402
import peers  # noqa: E402
from harness import figures, page  # noqa: E402


def peer(name):
    return types.SimpleNamespace(name=name, about="", takes_part_in=lambda measure: True)


class CompareTest(unittest.TestCase):
    def session(self, values):
        session = compare.Session(types.SimpleNamespace(runs=3), [peer(name) for name in values])
        measure = measures.MEASURES[0]
        for name, found in values.items():
            session.reports[measure.name, name] = [
                {"results": {"cpu_us_per_delivery": value}, "latency_us": {"p99": 1}} for value in found]
        return session, measure

    def test_medians_and_ratios(self):
        session, measure = self.session({"floor": [5, 4, 6], "fanfare": [6, 6, 6]})
        options = types.SimpleNamespace(generator="true", runs=3)
        row = next(line for line in compare.table_of(session, [measure], options).splitlines() if "CPU a delivery" in line)
        self.assertIn("| 5 ± 20% | 6 ± 0% | 1.20 |", row)

    def test_whose_ratios_are_shown(self):
        self.assertEqual(compare.pairs_of(["floor", "fanfare", "soketi", "floor-4", "fanfare-4", "floor-uring"]),
                         [("fanfare", "floor"), ("fanfare", "soketi"), ("fanfare-4", "floor-4")])
        self.assertEqual(compare.pairs_of(["floor", "soketi"]), [])

    def test_runs_that_differ_are_noisy(self):
        session, measure = self.session({"floor": [10.0, 10.5, 11.0]})
        self.assertFalse(session.is_noisy(measure, session.peers))
        session, measure = self.session({"floor": [10.0, 10.5, 13.0]})
        self.assertTrue(session.is_noisy(measure, session.peers))

    def test_what_nobody_measured_is_a_dash(self):
        self.assertEqual(figures.text_of(None), "–")
        self.assertEqual(compare.ratio_text({"a": (1, 0)}, "a", "b"), "–")

    def test_the_table_is_rewritten_and_the_page_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "page.md")
            mark = compare.begin_of("most")
            file.write_text(f"before\n{mark}\nold\n{page.END}\nbehind\n{page.END}\n", encoding="utf-8")
            page.rewrite(file, mark, "new")
            self.assertEqual(file.read_text(encoding="utf-8"),
                             f"before\n{mark}\n\nnew\n\n{page.END}\nbehind\n{page.END}\n")
            file.write_text("no marks", encoding="utf-8")
            self.assertRaises(SystemExit, page.rewrite, file, mark, "new")

    def test_our_page_has_the_place(self):
        text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
        for table in ("", "rates", "most", "coalescing"):
            self.assertIn(page.END, text[text.index(compare.begin_of(table)):])

    def test_runs_alternate_and_who_fails_is_left_out(self):
        seen = []

        def run_once(party):
            seen.append(party)
            return party != "b"

        figures.alternated("abc", 2, run_once, lambda left: True)
        self.assertEqual("".join(seen), "abc" + "ac" * (1 + figures.EXTRA_ROUNDS))


class PeersTest(unittest.TestCase):
    def test_every_file_declares_a_server_and_known_measures(self):
        names = {measure.name for measure in measures.MEASURES}
        files = sorted((ROOT / "bench/compare/peers").glob("*.toml"))
        self.assertGreater(len(files), 3)
        for path in files:
            one = peers.Peer(path, ROOT)
            self.assertLessEqual(set(one.measures or []), names, path.name)

    def test_a_base_says_what_a_file_leaves_out(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "a.toml").write_text("command = ['a']\nabout = 'a'\nstart_seconds = 7", encoding="utf-8")
            Path(folder, "b.toml").write_text("base = 'a'\nabout = 'b'", encoding="utf-8")
            one = peers.Peer(Path(folder, "b.toml"), ROOT)
            self.assertEqual((one.command, one.about, one.start_seconds), (["a"], "b", 7))
            Path(folder, "c.toml").write_text("base = 'nobody'", encoding="utf-8")
            self.assertRaises(peers.PeerError, peers.Peer, Path(folder, "c.toml"), ROOT)

    def test_an_unknown_key_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.toml")
            for text, reason in (("command = ['a']\nflag = []", "unknown keys"), ("about = ''", "no command"), ("=", "x.toml")):
                path.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(peers.PeerError, reason):
                    peers.Peer(path, ROOT)

    def test_a_server_that_does_not_start_says_why(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.toml")
            path.write_text("command = ['sh', '-c', 'echo broken; exit 1']", encoding="utf-8")
            with self.assertRaisesRegex(peers.PeerError, "broken"):
                with peers.RunningPeer(peers.Peer(path, ROOT), None):
                    pass


class GateTest(unittest.TestCase):
    BASELINE = {"tolerance": {"x": 0.02}, "figures": {"x": 100}}

    def test_judges_by_the_tolerance(self):
        for value, is_worse, word in ((101.9, False, "as before"), (102.1, True, "WORSE"), (98.1, False, "as before"),
                                      (97, False, "better")):
            lines, worse = gate.compare({"x": value}, self.BASELINE)
            self.assertEqual(worse, is_worse, value)
            self.assertIn(word, lines[0])


if __name__ == "__main__":
    unittest.main()
