#!/usr/bin/env python3
"""Compares servers of the Pusher protocol on this machine: alternately, pinned, by medians.

    bench/compare/compare.py                            the five-minute suite: floor, fanfare, soketi
    bench/compare/compare.py --suite full --runs 5      everything
    bench/compare/compare.py --peers fanfare,floor --measures rooms
    bench/compare/compare.py --write docs/performance.md   and rewrite the table there
    bench/compare/compare.py --together --runs 20 --peers floor,fanfare --measures rooms   ratios, to a few per cent

A server is declared by a file of bench/compare/peers/; --peer-file adds one of your own. The server has one core, the
generator another. Each measure runs A B C A B C …; where the runs of a server differ by more than 15 %, all run again, at
most twice. Figures are medians; ratios are between medians of the same session.

Together, all servers run at once on the one core, each with a generator of its own on the other, and each run gives a
ratio: what slows the machine down for a while slows both alike. The servers take each other's caches, so the figures are
above those of a server alone. For measures with a fixed rate only.
"""
import argparse
import concurrent.futures
import contextlib
import json
import statistics
import subprocess
import sys
from pathlib import Path

from measures import MEASURES
from peers import CREDENTIALS, ROOT, Peer, PeerError, RunningPeer

sys.path.append(str(ROOT / "bench"))
from harness import cores, figures, page  # noqa: E402
from harness.figures import spread, text_of  # noqa: E402

RUN_SECONDS_MAX = 1_500
BEGIN = "<!-- table{}: written by bench/compare/compare.py -->"


def begin_of(name):
    return BEGIN.format(f" {name}" if name else "")


def say(text):
    print(text, file=sys.stderr, flush=True)


def at(report, path):
    for key in path.split("."):
        report = report.get(key, {})
    return report if isinstance(report, (int, float)) else None


def measure_once(measure, running, generator, core):
    """The report of one run. Raises PeerError."""
    command = [str(generator), "bench", *measure.arguments, "--host", "127.0.0.1", "--port", str(running.port),
               "--app-id", CREDENTIALS["app_id"], "--key", CREDENTIALS["key"], "--secret", CREDENTIALS["secret"],
               "--server-pid", str(running.pid), "--json", "-", "--quiet", *running.peer.flags]
    try:
        done = subprocess.run(cores.pinned(core, command), capture_output=True, text=True, timeout=RUN_SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired as error:
        raise PeerError("a run did not end") from error
    if done.returncode != 0:
        raise PeerError(done.stderr.strip())
    return json.loads(done.stdout)


class Session:
    def __init__(self, options, peers):
        self.options = options
        self.peers = peers
        self.reports = {}  # (measure, peer) → reports
        self.server_core, self.generator_core = cores.server_and_load()
        if self.server_core is None:
            say("one core only: server and generator share it, so that figures are not to be trusted")

    def run(self, measure):
        peers = [peer for peer in self.peers if peer.takes_part_in(measure)]
        for peer in peers:
            self.reports[measure.name, peer.name] = []
        if self.options.together:
            self.run_together(measure, peers)
            return
        with contextlib.ExitStack() as stack:
            running = {}
            figures.alternated(peers, self.options.runs, lambda peer: self.run_once(measure, peer, running, stack),
                               lambda left: self.is_noisy(measure, left))

    def run_once(self, measure, peer, running, stack):
        """Whether the peer goes on taking part."""
        try:
            if measure.fresh:
                with RunningPeer(peer, self.server_core) as one:
                    report = measure_once(measure, one, self.options.generator, self.generator_core)
            else:
                if peer.name not in running:
                    running[peer.name] = stack.enter_context(RunningPeer(peer, self.server_core))
                report = measure_once(measure, running[peer.name], self.options.generator, self.generator_core)
        except PeerError as error:
            say(f"{measure.name}: {peer.name}: {error}")
            return False
        self.keep(measure, peer, report)
        return True

    def run_together(self, measure, peers):
        """Each run with servers that are new, so that where their memory happens to lie is not the same in all."""
        if not peers:
            return
        for number in range(self.options.runs):
            in_turn = peers if number % 2 == 0 else peers[::-1]
            try:
                with contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor(len(peers)) as pool:
                    running = [stack.enter_context(RunningPeer(peer, self.server_core)) for peer in in_turn]
                    reports = list(pool.map(
                        lambda one: measure_once(measure, one, self.options.generator, self.generator_core), running))
            except PeerError as error:
                say(f"{measure.name}: {error}")
                return
            for peer, report in zip(in_turn, reports):
                self.keep(measure, peer, report)

    def keep(self, measure, peer, report):
        self.reports[measure.name, peer.name].append(report)
        figure = measure.figures[0]
        say(f"{measure.name}: {peer.name}: {figure.title} {text_of(at(report, figure.path))} {figure.unit}")
        results = report["results"]
        faults = ("lost", "doubled", "reordered", "misdelivered", "refused", "unsent")
        amiss = {key: results[key] for key in faults if results.get(key)}
        if amiss:
            say(f"{measure.name}: {peer.name}: {amiss}")

    def values(self, measure, name, figure):
        found = [at(report, figure.path) for report in self.reports.get((measure.name, name), [])]
        return [value for value in found if value is not None]

    def is_noisy(self, measure, peers):
        for peer in peers:
            values = self.values(measure, peer.name, measure.figures[0])
            if len(values) > 1 and spread(values) > figures.NOISY:
                say(f"{measure.name}: the runs of {peer.name} differ by {spread(values):.0%}: once more")
                return True
        return False

    def rows(self, measures):
        """(title, figure, {peer: values}) of each figure that anyone has."""
        for measure in measures:
            for figure in measure.figures:
                cells = {peer.name: self.values(measure, peer.name, figure) for peer in self.peers}
                cells = {name: values for name, values in cells.items() if values}
                if cells:
                    yield f"{measure.title}: {figure.title}", figure, cells

    def ratio_text(self, cells, above, below):
        if above not in cells or below not in cells:
            return figures.ratio_text(None, None)
        if self.options.together:
            return figures.paired_ratio_text(cells[above], cells[below])
        return figures.ratio_text(statistics.median(cells[above]), statistics.median(cells[below]))


def pairs_of(names):
    """Whose ratios are shown: fanfare's to each other server, fanfare-N's to floor-N."""
    beside = [(f"fanfare{name[5:]}", name) for name in names if name.startswith("floor-") and f"fanfare{name[5:]}" in names]
    paired = {name for pair in beside for name in pair}
    others = [name for name in names if "fanfare" in names and name != "fanfare" and name not in paired]
    return [("fanfare", name) for name in others] + beside


def table_of(session, measures, options):
    names = [peer.name for peer in session.peers]
    pairs = pairs_of(names)
    lines = [page.machine_text(options.generator, options.runs, "simultaneous" if options.together else "alternated"), "",
             "| measure | " + " | ".join(names + [f"{above} ÷ {below}" for above, below in pairs]) + " |",
             "|---|" + "---:|" * (len(names) + len(pairs))]
    for title, figure, cells in session.rows(measures):
        shown = [f"{text_of(statistics.median(cells[name]))} ± {spread(cells[name]) / 2:.0%}" if name in cells else "–"
                 for name in names]
        ratios = [session.ratio_text(cells, above, below) for above, below in pairs]
        lines.append(f"| {title}, {figure.unit} | " + " | ".join(shown + ratios) + " |")
    lines += [""] + [f"- {peer.name}: {peer.about}" for peer in session.peers if peer.about]
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", choices=["quick", "full"], default="quick")
    parser.add_argument("--runs", type=int, default=3, help="alternated runs of each measure (default 3)")
    parser.add_argument("--together", action="store_true", help="all servers at once, for ratios: --runs 20 or more")
    parser.add_argument("--peers", default="floor,fanfare,soketi", help="names of files in bench/compare/peers")
    parser.add_argument("--peer-file", type=Path, action="append", default=[], help="a further server's file")
    parser.add_argument("--measures", default="", help="only these: " + ", ".join(measure.name for measure in MEASURES))
    parser.add_argument("--build", type=Path, default=ROOT / "build/bench", help="where fanfare and fanfare-floor are")
    parser.add_argument("--write", type=Path, help="a page whose table is rewritten")
    parser.add_argument("--table", default="", help="which of the page's: \"rates\", for instance (default: the one without a name)")
    parser.add_argument("--json", type=Path, help="where every single report goes")
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("--runs: expected 1 or more")
    options.build = options.build.resolve()
    options.generator = options.build / "fanfare"
    if not options.generator.exists():
        parser.error(f"there is no {options.generator}: cmake --preset bench && ninja -C build/bench fanfare fanfare-floor")
    if options.write:
        page.check(options.write, begin_of(options.table))
    return options


def chosen_measures(options):
    names = [name for name in options.measures.split(",") if name]
    unknown = set(names) - {measure.name for measure in MEASURES}
    if unknown:
        raise SystemExit(f"no such measure: {', '.join(sorted(unknown))}")
    chosen = [one for one in MEASURES if (one.name in names if names else one.is_quick or (options.suite == "full" and one.is_full))]
    if options.together and not all(one.has_fixed_rate for one in chosen):
        fixed = ",".join(one.name for one in MEASURES if one.has_fixed_rate)
        raise SystemExit(f"--together is for measures with a fixed rate: --measures {fixed}")
    return chosen


def chosen_peers(options):
    files = [Path(__file__).parent / "peers" / f"{name}.toml" for name in options.peers.split(",") if name] + options.peer_file
    names = [path.stem for path in files]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PeerError(f"named twice: {', '.join(twice)}")
    known = {measure.name for measure in MEASURES}
    peers = []
    for path in files:
        peer = Peer(path, options.build)
        unknown = set(peer.measures or []) - known
        if unknown:
            raise PeerError(f"{path}: no such measure: {', '.join(sorted(unknown))}")
        try:
            peer.install()
        except PeerError as error:
            say(f"{peer.name} is left out: {error}")
            continue
        peers.append(peer)
    return peers


def run_all(session, measures):
    """Whether nobody stopped it, by Ctrl-C."""
    try:
        for measure in measures:
            session.run(measure)
    except KeyboardInterrupt:
        return False
    return True


def main():
    options = arguments()
    measures = chosen_measures(options)
    try:
        peers = chosen_peers(options)
    except PeerError as error:
        raise SystemExit(str(error)) from error
    session = Session(options, peers)
    is_whole = run_all(session, measures)
    if not any(session.reports.values()):
        raise SystemExit("nothing was measured")
    table = table_of(session, measures, options)
    print(table)
    if options.json:
        reports = {f"{measure}/{peer}": found for (measure, peer), found in session.reports.items()}
        options.json.write_text(json.dumps(reports, indent=1), encoding="utf-8")
    if not is_whole:
        raise SystemExit("stopped: the table has what was measured until then")
    if options.write:
        page.rewrite(options.write, begin_of(options.table), table)


if __name__ == "__main__":
    main()
