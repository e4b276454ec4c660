#!/usr/bin/env python3
"""Compares servers of the Pusher protocol on this machine: alternately, pinned, by medians.

    bench/compare/compare.py                            the five-minute suite: floor, fanfare, soketi
    bench/compare/compare.py --suite full --runs 5      everything
    bench/compare/compare.py --peers fanfare,floor --measures rooms
    bench/compare/compare.py --write docs/performance.md   and rewrite the table there

A server is declared by a file of bench/compare/peers/; --peer-file adds one of your own. The server has one core, the
generator another. Each measure runs A B C A B C …; where the runs of a server differ by more than 15 %, all run again, at
most twice. Figures are medians; ratios are between medians of the same session.
"""
import argparse
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
        self.reports[measure.name, peer.name].append(report)
        figure = measure.figures[0]
        say(f"{measure.name}: {peer.name}: {figure.title} {text_of(at(report, figure.path))} {figure.unit}")
        results = report["results"]
        faults = ("lost", "doubled", "reordered", "misdelivered", "refused", "unsent")
        amiss = {key: results[key] for key in faults if results.get(key)}
        if amiss:
            say(f"{measure.name}: {peer.name}: {amiss}")
        return True

    def values(self, measure, peer, figure):
        found = [at(report, figure.path) for report in self.reports.get((measure.name, peer.name), [])]
        return [value for value in found if value is not None]

    def is_noisy(self, measure, peers):
        for peer in peers:
            values = self.values(measure, peer, measure.figures[0])
            if len(values) > 1 and spread(values) > figures.NOISY:
                say(f"{measure.name}: the runs of {peer.name} differ by {spread(values):.0%}: once more")
                return True
        return False

    def rows(self, measures):
        """(title, unit, {peer: (median, spread)}, figure) of each figure that anyone has."""
        for measure in measures:
            for figure in measure.figures:
                cells = {}
                for peer in self.peers:
                    values = self.values(measure, peer, figure)
                    if values:
                        cells[peer.name] = (statistics.median(values), spread(values))
                if cells:
                    yield f"{measure.title}: {figure.title}", figure, cells


def ratio_text(cells, above, below):
    medians = [cells[name][0] if name in cells else None for name in (above, below)]
    return figures.ratio_text(*medians)


def pairs_of(names):
    """Whose ratios are shown: fanfare's to each other server, fanfare-N's to floor-N."""
    beside = [(f"fanfare{name[5:]}", name) for name in names if name.startswith("floor-") and f"fanfare{name[5:]}" in names]
    others = [name for name in names if "fanfare" in names and name != "fanfare" and not name.startswith("floor-")]
    return [("fanfare", name) for name in others if name not in dict(beside)] + beside


def table_of(session, measures, options):
    names = [peer.name for peer in session.peers]
    pairs = pairs_of(names)
    lines = [page.machine_text(options.generator, options.runs), "",
             "| measure | " + " | ".join(names + [f"{above} ÷ {below}" for above, below in pairs]) + " |",
             "|---|" + "---:|" * (len(names) + len(pairs))]
    for title, figure, cells in session.rows(measures):
        shown = [f"{text_of(cells[name][0])} ± {cells[name][1] / 2:.0%}" if name in cells else "–" for name in names]
        ratios = [ratio_text(cells, above, below) for above, below in pairs]
        lines.append(f"| {title}, {figure.unit} | " + " | ".join(shown + ratios) + " |")
    lines += [""] + [f"- {peer.name}: {peer.about}" for peer in session.peers if peer.about]
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", choices=["quick", "full"], default="quick")
    parser.add_argument("--runs", type=int, default=3, help="alternated runs of each measure (default 3)")
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
    return [one for one in MEASURES if (one.name in names if names else one.is_quick or (options.suite == "full" and one.is_full))]


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
