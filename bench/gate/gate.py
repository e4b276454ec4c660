#!/usr/bin/env python3
"""Guards what a delivery, a publish, a subscribe and an idle connection cost, in figures that do not depend on the
machine's mood: user-space instructions, counted by valgrind, and bytes of RSS.

    bench/gate/gate.py build/release/fanfare            compares with bench/gate/baseline.json; exit 1 when it is worse
    bench/gate/gate.py build/release/fanfare --write    makes what is measured the baseline

The real binary serves the same load with few and many subscribers, and with few and many events. The differences between
those four runs are what a delivery, a publish and a connection cost: what starting and stopping cost falls out.
"""
import argparse
import json
import re
import shutil
import sys
from pathlib import Path

import load

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.channels import app_config  # noqa: E402
from harness.program import Program, ProgramError  # noqa: E402
from harness.usage import raise_open_files  # noqa: E402

BASELINE = Path(__file__).with_name("baseline.json")
FEW_SUBSCRIBERS, MANY_SUBSCRIBERS = 10, 210
FEW_EVENTS, MANY_EVENTS = 100, 500
RUNS = 3  # of each, of which the lowest counts: what a busy machine adds, a turn of the loop that wakes for nothing, only adds
FEW_IDLE, MANY_IDLE = 1_000, 5_000
CONFIG = '[server]\nloops = 1\ndrain_seconds = 0\n[log]\nlevel = "off"\n' + app_config()
EPOLL, IO_URING = "epoll", "auto"  # auto: where the kernel refuses io_uring, its figure is epoll's


def server(binary, engine, under=()):
    return Program(binary, "serve", CONFIG, ["--port", "0", "--metrics-port", "0", "--io-engine", engine], under)


def instructions(binary, engine, subscribers, events):
    return min(instructions_once(binary, engine, subscribers, events) for _ in range(RUNS))


def instructions_once(binary, engine, subscribers, events):
    """Of a whole run, from start to stop."""
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    with server(binary, engine, valgrind) as running:
        load.run(running.ready["port"], subscribers, events)
        running.stop()
        found = re.search(r"I\s+refs:\s+([\d,]+)", running.log_text())
        if not found:
            raise SystemExit(f"valgrind did not count:\n{running.log_text()}")
        return int(found.group(1).replace(",", ""))


def measure_engine(binary, engine):
    """Instructions of a delivery, of a publish and of a connection's life."""
    few_few = instructions(binary, engine, FEW_SUBSCRIBERS, FEW_EVENTS)
    few_many = instructions(binary, engine, FEW_SUBSCRIBERS, MANY_EVENTS)
    many_few = instructions(binary, engine, MANY_SUBSCRIBERS, FEW_EVENTS)
    many_many = instructions(binary, engine, MANY_SUBSCRIBERS, MANY_EVENTS)
    events, subscribers = MANY_EVENTS - FEW_EVENTS, MANY_SUBSCRIBERS - FEW_SUBSCRIBERS
    event_to_few = (few_many - few_few) / events
    event_to_many = (many_many - many_few) / events
    delivery = (event_to_many - event_to_few) / subscribers
    publish = event_to_few - FEW_SUBSCRIBERS * delivery
    return delivery, publish, (many_few - few_few) / subscribers - FEW_EVENTS * delivery


def measure(binary):
    delivery, publish, subscribe = measure_engine(binary, EPOLL)
    delivery_by_io_uring, _, _ = measure_engine(binary, IO_URING)
    with server(binary, IO_URING) as running:
        idle = load.idle_bytes(running.ready["port"], running.pid, FEW_IDLE, MANY_IDLE)
    return {
        "instructions_per_delivery": delivery,
        # More than by epoll, in user space: what it saves is in the kernel, which valgrind does not see.
        "instructions_per_delivery_by_io_uring": delivery_by_io_uring,
        "instructions_per_publish": publish,
        # From connecting to closing.
        "instructions_per_subscribe": subscribe,
        "bytes_per_idle_connection": idle,
    }


def compare(measured, baseline):
    """Lines for people, and whether anything is worse than it may be."""
    lines, is_worse = [], False
    for name, value in measured.items():
        allowed = baseline["tolerance"][name]
        before = baseline["figures"][name]
        change = value / before - 1
        verdict = "as before"
        if change > allowed:
            verdict, is_worse = f"WORSE: more than {allowed:.0%} above the baseline", True
        elif change < -allowed:
            verdict = "better: lower the baseline with --write"
        lines.append(f"{name:38} {value:10.1f}   baseline {before:10.1f}   {change:+7.2%}   {verdict}")
    return lines, is_worse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--write", action="store_true", help="make what is measured the baseline")
    parser.add_argument("--repeat", type=int, default=1, help="so many measurements, and their spread; nothing is judged")
    options = parser.parse_args()
    if not shutil.which("valgrind"):
        raise SystemExit("valgrind is not installed: apt-get install valgrind")
    if raise_open_files() < MANY_IDLE + 100:
        raise SystemExit(f"{MANY_IDLE} connections need more open files: ulimit -n")
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    if options.repeat > 1:
        runs = [measure(options.binary) for _ in range(options.repeat)]
        for name in runs[0]:
            values = sorted(run[name] for run in runs)
            print(f"{name:38} {values[0]:10.1f} … {values[-1]:10.1f}   spread {values[-1] / values[0] - 1:.2%}")
        return 0
    measured = measure(options.binary)
    if options.write:
        baseline["figures"] = {name: round(value, 1) for name, value in measured.items()}
        BASELINE.write_text(json.dumps(baseline, indent=2) + "\n", encoding="utf-8")
        print(BASELINE.read_text(encoding="utf-8"), end="")
        return 0
    lines, is_worse = compare(measured, baseline)
    print("\n".join(lines))
    return 1 if is_worse else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProgramError as error:
        sys.exit(str(error))
