#!/usr/bin/env python3
"""Whether a delivery and a connection cost the same when there are many: of clients, of channels, of event loops.

    bench/scale/scale.py build/bench/fanfare                         ten to fifteen minutes
    bench/scale/scale.py build/bench/fanfare --rows subscribers,loops --runs 3
    bench/scale/scale.py build/bench/fanfare --write docs/performance.md   and rewrite the table there

The load is `fanfare bench`. The server has one core, also where it has two loops, and the load another. The sizes of a row
alternate, A B C A B C …; where the runs of one differ by more than 15 %, all run again, at most twice. Figures are medians.
"""
import argparse
import contextlib
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from background import Background

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness import cores, figures, page  # noqa: E402
from harness.channels import APP_ID, KEY, SECRET, app_config  # noqa: E402
from harness.program import Program, ProgramError  # noqa: E402
from harness.usage import raise_open_files, rss_bytes  # noqa: E402

BEGIN = "<!-- table: written by bench/scale/scale.py -->"
CONFIG = "[server]\ndrain_seconds = 0\nactivity_timeout_seconds = 3600\n[log]\nlevel = \"error\"\n" + app_config()
RUN_SECONDS_MAX = 600
CPU, RSS, CHANNEL = "cpu_us_per_delivery", "rss_bytes_per_connection", "rss_bytes_per_channel"


@dataclass(frozen=True)
class Size:
    """One column of a row. `load`: words of `fanfare bench`; empty: none."""
    title: str
    load: tuple = ()
    loops: int = 1
    background: int = 0  # channels that are merely there


@dataclass(frozen=True)
class Row:
    name: str
    title: str
    figure: str
    unit: str
    sizes: tuple


def fanout(options, subscribers):
    rate = options.deliveries / subscribers
    return ("fanout", "--subscribers", str(subscribers), "--rate", f"{rate:g}", "--seconds", str(options.seconds))


def rows(options):
    most = options.connections
    few, some = most // 20, most // 4
    channels = (10, options.channels // 100, options.channels)
    rooms = ("rooms", "--channels", "100", "--per-channel", "5", "--rate", "2000", "--seconds", str(options.seconds))
    return (
        Row("subscribers", f"CPU a delivery, subscribers of one channel, {options.deliveries:,} deliveries/s", CPU, "µs",
            tuple(Size(f"{count:,}", fanout(options, count)) for count in (few, some, most))),
        Row("connections", "RSS an idle subscribed connection, connections", RSS, "B",
            tuple(Size(f"{count:,}", ("idle", "--connections", str(count), "--seconds", "0")) for count in (few, some, most))),
        Row("channels", "CPU a delivery, 100 channels × 5, 2,000 events/s, beside idle channels", CPU, "µs",
            tuple(Size(f"{count:,}", rooms, background=count) for count in channels)),
        Row("channel", "RSS a channel with a subscription to it, channels", CHANNEL, "B",
            tuple(Size(f"{count:,}", background=count) for count in channels[1:])),
        Row("loops", f"CPU a delivery, {few:,} subscribers, {options.deliveries:,} deliveries/s, event loops", CPU, "µs",
            tuple(Size(str(loops), fanout(options, few), loops=loops) for loops in (1, 2))),
    )


def say(text):
    print(text, file=sys.stderr, flush=True)


class Session:
    def __init__(self, options):
        self.options = options
        self.values = {}  # (row's name, size) → figures
        self.server_core, self.load_core = cores.server_and_load()
        if self.server_core is None:
            say("one core only: server and load share it, so that figures are not to be trusted")

    def load(self, server, words):
        command = [str(self.options.binary), "bench", *words, "--host", "127.0.0.1", "--port", str(server.ready["port"]),
                   "--app-id", APP_ID, "--key", KEY, "--secret", SECRET, "--server-pid", str(server.pid), "--json", "-", "--quiet"]
        done = subprocess.run(cores.pinned(self.load_core, command), capture_output=True, text=True, timeout=RUN_SECONDS_MAX,
                              check=False)
        if done.returncode != 0:
            raise ProgramError(done.stderr.strip())
        results = json.loads(done.stdout)["results"]
        amiss = {key: results[key] for key in ("lost", "doubled", "misdelivered", "refused", "connections_lost") if results.get(key)}
        if amiss:
            raise ProgramError(f"not every event arrived as it should: {amiss}")
        return results

    def figure_of(self, row, size):
        words = ["--port", "0", "--metrics-port", "0", "--loops", str(size.loops)]
        with Program(self.options.binary, "serve", CONFIG, words, cores.pinned(self.server_core, [])) as server:
            with contextlib.ExitStack() as stack:
                before = rss_bytes(server.pid)
                if size.background:
                    stack.enter_context(Background(server.ready["port"], size.background))
                if not size.load:
                    return (rss_bytes(server.pid) - before) / size.background
                return self.load(server, size.load)[row.figure]

    def run_once(self, row, size):
        value = self.figure_of(row, size)
        self.values.setdefault((row.name, size), []).append(value)
        say(f"{row.title}: {size.title}: {figures.text_of(value)} {row.unit}")
        return True

    def is_noisy(self, row):
        for size in row.sizes:
            apart = figures.spread(self.values[row.name, size])
            if apart > figures.NOISY:
                say(f"{row.title}: the runs of {size.title} differ by {apart:.0%}: once more")
                return True
        return False

    def run(self, row):
        figures.alternated(row.sizes, self.options.runs, lambda size: self.run_once(row, size), lambda _: self.is_noisy(row))


def table(session, chosen):
    lines = [page.machine_text(session.options.binary, session.options.runs), "",
             "| measure | number: figure | most ÷ fewest |", "|---|---|---:|"]
    for row in chosen:
        medians = [statistics.median(session.values[row.name, size]) for size in row.sizes]
        cells = [f"{size.title}: {figures.text_of(median)} ± {figures.spread(session.values[row.name, size]) / 2:.0%}"
                 for size, median in zip(row.sizes, medians)]
        lines.append(f"| {row.title}, {row.unit} | {'; '.join(cells)} | {figures.ratio_text(medians[-1], medians[0])} |")
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path, help="a fanfare")
    parser.add_argument("--rows", default="", help="only these: subscribers, connections, channels, channel, loops")
    parser.add_argument("--connections", type=int, help="at most (default: what the limit of open files allows, 19,500)")
    parser.add_argument("--channels", type=int, default=100_000, help="at most (default 100,000)")
    parser.add_argument("--deliveries", type=int, default=40_000, help="a second, to subscribers of one channel (default 40,000)")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--runs", type=int, default=3, help="alternated runs (default 3)")
    parser.add_argument("--write", type=Path, help="a page whose table is rewritten")
    parser.add_argument("--json", type=Path, help="where every figure goes")
    options = parser.parse_args()
    # A sixteenth of them is not for clients.
    options.connections = options.connections or min(19_500, raise_open_files() * 15 // 16 - 50)
    if options.connections < 20 or options.channels < 100:
        parser.error("--connections: at least 20; --channels: at least 100")
    names = [name for name in options.rows.split(",") if name]
    known = rows(options)
    unknown = set(names) - {row.name for row in known}
    if unknown:
        parser.error(f"--rows: not known: {', '.join(sorted(unknown))}")
    if options.write:
        page.check(options.write, BEGIN)
    options.chosen = [row for row in known if not names or row.name in names]
    return options


def main():
    options = arguments()
    session = Session(options)
    for row in options.chosen:
        session.run(row)
    text = table(session, options.chosen)
    print(text)
    if options.json:
        found = {f"{name}/{size.title}": values for (name, size), values in session.values.items()}
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if options.write:
        page.rewrite(options.write, BEGIN, text)


if __name__ == "__main__":
    try:
        main()
    except ProgramError as error:
        sys.exit(str(error))
