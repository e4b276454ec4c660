#!/usr/bin/env python3
"""The load of one run, a process of its own: transports.py starts it with what it has to do, in JSON.

Prints a report; {"left_out": reason} where the server does not speak the transport. Exit 1: something went wrong.
"""
import json
import sys
from pathlib import Path

from decoding import WireError
from deliveries import DeliveryError, measure
from kinds import kind_of
from server_view import ServerView
from subscribers import NotSpoken

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.usage import raise_open_files  # noqa: E402


def target_of(spec):
    return {"port": spec["port"], "tls_port": spec.get("tls_port"), "authority": spec.get("authority"), "context": None}


def idle(kind, view, spec):
    """RSS a connection, between two numbers of subscribed connections that do nothing."""
    target, crowd, rss = target_of(spec), [], []
    for number in spec["idle"]:
        while len(crowd) < number:
            crowd.append(kind.subscriber(target))
            if kind.starts:
                crowd[-1].start()
        view.await_rest()
        rss.append(view.rss_bytes())
    few, many = spec["idle"]
    return {"rss_bytes_per_connection": (rss[1] - rss[0]) / (many - few), "rss_bytes_few": rss[0]}


def run(spec):
    kind = kind_of(spec["kind"])
    view = ServerView(spec["pid"], spec["metrics_port"])
    if "idle" in spec:
        return idle(kind, view, spec)
    target = target_of(spec)
    return measure([kind.subscriber(target) for _ in range(spec["subscribers"])], view, spec)


def main():
    spec = json.loads(sys.argv[1])
    needed = (spec["idle"][1] if "idle" in spec else spec["subscribers"]) + 100
    if raise_open_files() < needed:
        raise SystemExit(f"{needed} open files are needed: ulimit -n")
    try:
        report = run(spec)
    except NotSpoken as error:
        report = {"left_out": str(error)}
    except (WireError, DeliveryError, OSError) as error:
        raise SystemExit(f"{type(error).__name__}: {error}") from error
    print(json.dumps(report))


if __name__ == "__main__":
    main()
