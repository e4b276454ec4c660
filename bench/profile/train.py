#!/usr/bin/env python3
"""Puts the load on a recording build (cmake --preset record) by which the profiled one is made.

    bench/profile/train.py build/record/fanfare         half a minute to a minute

Every scenario of `fanfare bench` for a few seconds, with both ways to send. How fast the machine is does not matter: what
is recorded is how often which way was taken. The generator is the same program; what it does is not recorded.
"""
import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.channels import APP_ID, KEY, SECRET, app_config  # noqa: E402
from harness.program import Program, ProgramError  # noqa: E402

CONFIG = '[server]\nloops = 1\ndrain_seconds = 0\n[log]\nlevel = "off"\n' + app_config(
    "client_events = true\n[apps.limits]\npresence_members = 0\nclient_events_per_second = 0\npublish_batch_events = 16\n")
SCENARIOS = (
    "fanout --subscribers 300 --rate 40 --seconds {seconds} --warm-up 0",
    "fanout --subscribers 300 --rate 20 --seconds {seconds} --warm-up 0 --bytes 1000 --batch 4",
    "rooms --channels 100 --per-channel 5 --rate 800 --seconds {seconds} --warm-up 0",
    "clientevents --pairs 100 --rate 1500 --seconds {seconds} --warm-up 0",
    "publish --connections 8 --rate 1000 --seconds {seconds} --warm-up 0",
    "publish --connections 8 --rate 200 --seconds {seconds} --warm-up 0 --batch 10",
    "churn --rate 100 --seconds {seconds}",
    "presence --members 150",
    "idle --connections 500 --seconds 0",
)
RUN_SECONDS_MAX = 120


def play(binary, scenario, port, elsewhere):
    """`elsewhere`: where the generator's own counts go, which are not wanted."""
    command = [str(binary), "bench", *scenario.split(), "--quiet", "--host", "127.0.0.1", "--port", str(port), "--app-id", APP_ID,
               "--key", KEY, "--secret", SECRET]
    done = subprocess.run(command, env={"GCOV_PREFIX": elsewhere}, capture_output=True, text=True, timeout=RUN_SECONDS_MAX,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"{scenario}: {done.stderr.strip()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--seconds", type=float, default=3, help="of each scenario that has a rate (default 3)")
    options = parser.parse_args()
    binary = options.binary.resolve()
    scenarios = [words.format(seconds=options.seconds) for words in SCENARIOS]
    elsewhere = tempfile.mkdtemp(prefix="fanfare-train-")
    try:
        for engine in ("auto", "epoll"):
            with Program(binary, "serve", CONFIG, ["--port", "0", "--metrics-port", "0", "--io-engine", engine]) as server:
                for scenario in scenarios:
                    print(f"{engine}: {scenario}", flush=True)
                    play(binary, scenario, server.ready["port"], elsewhere)
    except (ProgramError, subprocess.TimeoutExpired) as error:
        raise SystemExit(str(error)) from error
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


if __name__ == "__main__":
    main()
