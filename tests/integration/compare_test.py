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
    def session(self, values, together=False):
        session = compare.Session(types.SimpleNamespace(runs=3, together=together), [peer(name) for name in values])
        measure = measures.MEASURES[0]
        for name, found in values.items():
            session.reports[measure.name, name] = [
                {"results": {"cpu_us_per_delivery": value}, "latency_us": {"p99": 1}} for value in found]
        return session, measure

    def test_medians_and_ratios(self):
        session, measure = self.session({"floor": [5, 4, 6], "fanfare": [6, 6, 6]})
        options = types.SimpleNamespace(generator="true", runs=3, together=False)
        row = next(line for line in compare.table_of(session, [measure], options).splitlines() if "CPU a delivery" in line)
        self.assertIn("| 5 ± 20% | 6 ± 0% | 1.20 |", row)

    def test_runs_together_have_a_ratio_each(self):
        session, measure = self.session({"floor": [5, 10, 20], "fanfare": [6, 12, 26]}, together=True)
        options = types.SimpleNamespace(generator="true", runs=3, together=True)
        row = next(line for line in compare.table_of(session, [measure], options).splitlines() if "CPU a delivery" in line)
        self.assertIn("| 1.23 ± 0.03 |", row)

    def test_a_measure_that_nobody_takes_part_in_is_passed_over(self):
        session, measure = self.session({}, together=True)
        session.run(measure)
        self.assertEqual(session.reports, {})

    def test_together_is_for_fixed_rates(self):
        fixed = {measure.name for measure in measures.MEASURES if measure.has_fixed_rate}
        self.assertLessEqual({"rooms", "clientevents-5000", "fanout-1k"}, fixed)
        self.assertFalse(fixed & {"publish", "max-16", "idle", "storm", "soak"})
        options = types.SimpleNamespace(measures="rooms,max", suite="quick", together=True)
        self.assertRaisesRegex(SystemExit, "--measures fanout,", compare.chosen_measures, options)

    def test_whose_ratios_are_shown(self):
        self.assertEqual(compare.pairs_of(["floor", "fanfare", "soketi", "floor-4", "fanfare-4", "floor-uring"]),
                         [("fanfare", "floor"), ("fanfare", "soketi"), ("fanfare", "floor-uring"), ("fanfare-4", "floor-4")])
        self.assertEqual(compare.pairs_of(["floor", "soketi"]), [])

    def test_runs_that_differ_are_noisy(self):
        session, measure = self.session({"floor": [10.0, 10.5, 11.0]})
        self.assertFalse(session.is_noisy(measure, session.peers))
        session, measure = self.session({"floor": [10.0, 10.5, 13.0]})
        self.assertTrue(session.is_noisy(measure, session.peers))

    def test_what_nobody_measured_is_a_dash(self):
        self.assertEqual(figures.text_of(None), "–")
        session, _ = self.session({"a": [1]})
        self.assertEqual(session.ratio_text({"a": [1]}, "a", "b"), "–")

    def test_the_table_is_rewritten_and_the_page_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "page.md")
            mark = compare.begin_of("most")
            file.write_text(f"before\n{mark}\nold\n{page.END}\nbehind\n{page.END}\n", encoding="utf-8")
            page.rewrite(file, mark, "new")
            self.assertEqual(file.read_text(encoding="utf-8"),
                             f"before\n{mark}\n\nnew\n\n{page.END}\nbehind\n{page.END}\n")
            page.check(file, mark)
            file.write_text("no marks", encoding="utf-8")
            for attempt in (lambda: page.check(file, mark), lambda: page.rewrite(file, mark, "new")):
                self.assertRaisesRegex(SystemExit, "no place for the table", attempt)
            self.assertRaisesRegex(SystemExit, "No such file", page.check, Path(folder, "none.md"), mark)

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

    def test_a_base_of_its_own_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, base in (("a", "a"), ("b", "c"), ("c", "d"), ("d", "b")):
                Path(folder, f"{name}.toml").write_text(f"base = '{base}'", encoding="utf-8")
            for name, way in (("a", "a → a"), ("b", "b → c → d → b")):
                with self.assertRaisesRegex(peers.PeerError, f"its own base, by way of {way}$"):
                    peers.Peer(Path(folder, f"{name}.toml"), ROOT)

    def test_what_a_file_cannot_say_is_an_error(self):
        command = "command = ['a']\n"
        cases = ((command + "flag = []", "unknown keys"), ("about = ''", "no command"), ("=", "x.toml"),
                 ("command = 'a b'", "command is 'a b': expected a list of words"), ("command = []", "command is"),
                 ("command = ['a', 1]", "command is"), ("base = 5", "base is 5: expected a name"),
                 (command + "start_seconds = 0", "start_seconds is 0"), (command + "environment = 'x'", "environment is"),
                 (command + "[files]\n'../x' = ''", "without a folder"), (command + "[files]\n'x' = '{'", "written twice"),
                 ("command = ['{nope}']", "'nope': a brace.*known are port"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.toml")
            for text, reason in cases:
                path.write_text(text, encoding="utf-8")
                with self.assertRaisesRegex(peers.PeerError, reason):
                    peers.Peer(path, ROOT)

    def test_an_installer_that_is_not_there_is_no_traceback(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.toml")
            path.write_text("command = ['a']\ninstall = ['/no/such/installer']", encoding="utf-8")
            self.assertRaisesRegex(peers.PeerError, "cannot run /no/such/installer", peers.Peer(path, ROOT).install)

    def test_all_places_that_a_file_may_have_are_filled(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.toml")
            path.write_text("command = ['false']", encoding="utf-8")
            running = peers.RunningPeer(peers.Peer(path, ROOT), None)
            running.__exit__()
            self.assertEqual(set(running.values), set(peers.PLACES))

    def test_a_server_that_does_not_start_says_why(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "x.toml")
            path.write_text("command = ['sh', '-c', 'echo broken; exit 1']", encoding="utf-8")
            with self.assertRaisesRegex(peers.PeerError, "broken"):
                with peers.RunningPeer(peers.Peer(path, ROOT), None):
                    pass


class SessionTest(unittest.TestCase):
    def test_what_was_measured_before_a_stop_counts(self):
        seen = []

        def run(measure):
            seen.append(measure)
            if measure == "b":
                raise KeyboardInterrupt

        self.assertFalse(compare.run_all(types.SimpleNamespace(run=run), ["a", "b", "c"]))
        self.assertEqual(seen, ["a", "b"])
        self.assertTrue(compare.run_all(types.SimpleNamespace(run=run), ["a"]))


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
