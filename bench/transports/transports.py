#!/usr/bin/env python3
"""What each transport costs the server, as ratios to plain WebSocket: CPU and bytes a delivery, memory an idle connection.

    bench/transports/transports.py build/bench/fanfare               five to ten minutes
    bench/transports/transports.py build/bench/fanfare --transports streaming --bytes 1000 --runs 5
    bench/transports/transports.py build/bench/fanfare --write docs/performance.md   and rewrite the tables there

A server of its own for each run, with one loop on one core; the subscribers and the publisher in one process on another.
Transports alternate, A B C A B C …; where the runs of one, as ratios to WebSocket, differ by more than 15 %, all run again, at
most twice. Each delivery is checked: once, in order, as it was published. Figures are medians, ratios those within a round.
"""
import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

from kinds import BASE, KINDS

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness import cores, figures, page  # noqa: E402
from harness.channels import app_config  # noqa: E402
from harness.program import Program, ProgramError  # noqa: E402

BEGIN = "<!-- table: written by bench/transports/transports.py -->"
RUN_SECONDS_MAX = 600
BUSY_PERCENT_MAX = 85
REQUESTS_MIN = 0.95  # a delivery, of who polls
# One loop, and nobody is asked whether it is still there, or sent away because it is slow to come back.
CONFIG = ('[server]\nloops = 1\ndrain_seconds = 0\nactivity_timeout_seconds = 3600\n'
          'fallback_disconnect_seconds = 600\nfallback_heartbeat_seconds = 600\nidle_timeout_ms = 600000\n'
          '[log]\nlevel = "error"\n')
CPU, RSS = "cpu_us_per_delivery", "rss_bytes_per_connection"


def say(text):
    print(text, file=sys.stderr, flush=True)


class RunError(Exception):
    """A run failed: nothing that it said counts."""


def load_faults(report):
    """Why a run says as much of the load as of the server."""
    if report.get("generator_busy_percent", 0) > BUSY_PERCENT_MAX:
        yield f"the load used {report['generator_busy_percent']:.0f} % of its core"
    if 0 < report.get("requests_per_delivery", 0) < REQUESTS_MIN:
        yield f"only {report['requests_per_delivery']:.2f} polls a delivery, since some came too late for each event"


class Session:
    def __init__(self, options):
        self.options = options
        self.reports = {}  # (what, kind's name) → reports; what: bytes of an event's data, or "idle"
        self.left_out = {}  # kind's name → why
        self.described = subprocess.run([str(options.binary), "config", "describe"], capture_output=True, text=True,
                                        check=True).stdout
        self.server_core, self.load_core = cores.server_and_load()
        if self.server_core is None:
            say("one core only: server and load share it, so that figures are not to be trusted")

    def server(self, kind):
        known = {name: value for name, value in kind.environment.items() if f"`{name}`" in self.described}
        return Program(self.options.binary, "serve", CONFIG + app_config(), ["--port", "0", "--metrics-port", "0", *kind.arguments],
                       cores.pinned(self.server_core, []), known)

    def report(self, kind, work):
        with self.server(kind) as server:
            spec = {"kind": kind.name, "pid": server.pid, **work}
            spec |= {name: server.ready[name] for name in ("port", "metrics_port", "tls_port") if name in server.ready}
            if kind.arguments:
                spec["authority"] = str(Path(server.folder, "data/tls/ca.pem"))
            command = [sys.executable, "-B", str(Path(__file__).with_name("generator.py")), json.dumps(spec)]
            done = subprocess.run(cores.pinned(self.load_core, command), capture_output=True, text=True,
                                  timeout=RUN_SECONDS_MAX, check=False)
            if done.returncode != 0:
                raise RunError(f"{kind.title}: {done.stderr.strip()}")
            return json.loads(done.stdout)

    def run_once(self, what, kind, work, figure):
        """Whether the kind goes on taking part."""
        report = self.report(kind, work)
        if "left_out" in report:
            self.left_out[kind.name] = report["left_out"]
            say(f"{kind.title} is left out: {report['left_out']}")
            return False
        self.reports.setdefault((what, kind.name), []).append(report)
        say(f"{what}: {kind.title}: {figure} {figures.text_of(report[figure])}")
        for reason in load_faults(report):
            say(f"{what}: {kind.title}: {reason}: choose a lower rate")
        return True

    def alternate(self, what, kinds, work, figure):
        kinds = [kind for kind in kinds if kind.name not in self.left_out]
        figures.alternated(kinds, self.options.runs, lambda kind: self.run_once(what, kind, work, figure),
                           lambda left: self.is_noisy(what, left, figure))

    def values(self, what, kind, figure):
        return [report[figure] for report in self.reports.get((what, kind.name), [])]

    def median(self, what, kind, figure):
        values = self.values(what, kind, figure)
        return statistics.median(values) if values else None

    def ratios(self, what, kind, figure):
        """Each between two runs of the same round, which a machine that changes its speed leaves alone."""
        pairs = zip(self.values(what, kind, figure), self.values(what, BASE, figure))
        return [value / base for value, base in pairs if base]

    def is_noisy(self, what, kinds, figure):
        judged = self.ratios if BASE in kinds else self.values
        for kind in kinds:
            apart = figures.spread(judged(what, kind, figure))
            if apart > figures.NOISY:
                say(f"{what}: the runs of {kind.title} differ by {apart:.0%}: once more")
                return True
        return False

    def cell(self, what, kind, figure):
        values = self.values(what, kind, figure)
        return f"{figures.text_of(statistics.median(values))} ± {figures.spread(values) / 2:.0%}"

    def ratio(self, what, kind, figure):
        values = self.ratios(what, kind, figure)
        if not values:
            return "–"
        return f"{statistics.median(values):.2f} ± {figures.spread(values) / 2:.0%}" if kind != BASE else "1"


def delivery_table(session, size):
    lines = ["| transport | CPU, µs | ÷ WebSocket | sent, B | received, B | bytes ÷ WebSocket | deflated |",
             "|---|" + "---:|" * 6]
    for kind in KINDS:
        if (size, kind.name) not in session.reports:
            continue
        sides = [figures.text_of(session.median(size, kind, f"{name}_bytes_per_delivery")) for name in ("sent", "received")]
        deflated = session.median(size, kind, "deflated_percent")
        lines.append(
            f"| {kind.title} | {session.cell(size, kind, CPU)} | {session.ratio(size, kind, CPU)}"
            f" | {sides[0]} | {sides[1]}"
            f" | {session.ratio(size, kind, 'wire_bytes_per_delivery')}"
            f" | {f'{deflated:.0f} %' if kind.environment else '–'} |")
    return "\n".join(lines)


def idle_table(session):
    lines = ["| transport | RSS an idle connection, B | ÷ WebSocket |", "|---|---:|---:|"]
    for kind in KINDS:
        if ("idle", kind.name) in session.reports:
            lines.append(f"| {kind.title} | {session.cell('idle', kind, RSS)} | {session.ratio('idle', kind, RSS)} |")
    return "\n".join(lines)


def tables(session):
    options = session.options
    parts = [page.machine_text(options.binary, options.runs)]
    for size in (size for size in options.bytes if any(what == size for what, _ in session.reports)):
        parts.append(f"A delivery of {size:,} B of JSON, {options.subscribers:,} subscribers, {options.rate:g} events/s:")
        parts.append(delivery_table(session, size))
    if any(what == "idle" for what, _ in session.reports):
        parts.append(f"Memory, from {options.idle[0]:,} to {options.idle[1]:,} subscribed connections:")
        parts.append(idle_table(session))
    titles = {kind.name: kind.title for kind in KINDS}
    parts += [f"{titles[name]} is left out: {reason}." for name, reason in session.left_out.items()]
    return "\n\n".join(parts)


def numbers(text):
    return [int(word) for word in text.split(",") if word]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path, help="a fanfare")
    parser.add_argument("--transports", default="", help="only these: " + ", ".join(kind.name for kind in KINDS))
    parser.add_argument("--subscribers", type=int, default=1_000)
    parser.add_argument("--bytes", type=numbers, default=[100, 1_000], help="of an event's data (default 100,1000)")
    parser.add_argument("--rate", type=float, default=8, help="events a second; the receivers have to keep up (default 8)")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--runs", type=int, default=3, help="alternated runs (default 3)")
    parser.add_argument("--idle", type=numbers, default=[500, 2_000], help="two numbers; 0: no memory (default 500,2000)")
    parser.add_argument("--write", type=Path, help="a page whose tables are rewritten")
    parser.add_argument("--json", type=Path, help="where every single report goes")
    options = parser.parse_args()
    names = [name for name in options.transports.split(",") if name]
    unknown = set(names) - {kind.name for kind in KINDS}
    if unknown:
        raise SystemExit(f"no such transport: {', '.join(sorted(unknown))}")
    if options.idle != [0] and (len(options.idle) != 2 or options.idle[0] >= options.idle[1]):
        raise SystemExit("--idle: expected two numbers, the second one larger, or 0")
    if options.write:
        page.check(options.write, BEGIN)
    options.kinds = [kind for kind in KINDS if not names or kind.name in names]
    return options


def measure(session):
    options = session.options
    work = {"subscribers": options.subscribers, "rate": options.rate, "seconds": options.seconds}
    for size in options.bytes:
        session.alternate(size, [kind for kind in options.kinds if not kind.only_idle], {**work, "bytes": size}, CPU)
    if options.idle != [0]:
        session.alternate("idle", options.kinds, {"idle": options.idle}, RSS)


def main():
    options = arguments()
    session = Session(options)
    failure = None
    try:
        measure(session)
    except (RunError, ProgramError) as error:
        failure = str(error)  # told behind what was measured before it
    if options.json:
        reports = {f"{what}/{kind}": found for (what, kind), found in session.reports.items()}
        options.json.write_text(json.dumps(reports, indent=1), encoding="utf-8")
    if session.reports:
        print(tables(session))
    if failure or not session.reports:
        raise SystemExit(failure or "nothing was measured")
    if options.write:
        page.rewrite(options.write, BEGIN, tables(session))


if __name__ == "__main__":
    main()
