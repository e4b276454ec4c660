"""What bench/compare measures: each a command of `fanfare bench` and the figures of its report that are compared."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    path: str  # in the report's JSON: "results.cpu_us_per_delivery"
    title: str
    unit: str
    higher_is_better: bool = False


@dataclass(frozen=True)
class Measure:
    name: str
    title: str
    arguments: tuple
    figures: tuple  # the first one decides whether a run is noisy
    is_quick: bool = True  # part of the five-minute suite
    fresh: bool = False  # a server of its own for each run


CPU = Figure("results.cpu_us_per_delivery", "CPU a delivery", "µs")
P99 = Figure("latency_us.p99", "p99", "µs")
RATE = Figure("results.deliveries_per_second", "deliveries/s", "/s", higher_is_better=True)


def fanout(name, subscribers, data_bytes, is_quick=False):
    return Measure(name, f"fanout, {subscribers:,} subscribers, {data_bytes:,} B, 40 events/s",
                   ("fanout", "--subscribers", str(subscribers), "--bytes", str(data_bytes), "--rate", "40", "--seconds", "4"),
                   (CPU, P99), is_quick)


MEASURES = (
    fanout("fanout", 1_000, 100, is_quick=True),
    fanout("fanout-1k", 1_000, 1_000),
    fanout("fanout-5000", 5_000, 100),
    fanout("fanout-5000-1k", 5_000, 1_000),
    Measure("rooms", "rooms, 1,000 channels × 5, 2,000 events/s",
            ("rooms", "--channels", "1000", "--per-channel", "5", "--rate", "2000", "--seconds", "4"), (CPU, P99)),
    Measure("clientevents", "client events, 500 pairs, 4,000/s",
            ("clientevents", "--pairs", "500", "--rate", "4000", "--seconds", "4"), (CPU, P99)),
    Measure("storm", "presence storm, 1,000 joins at once", ("presence", "--members", "1000", "--storm"), (CPU, P99), fresh=True),
    Measure("idle", "idle, 10,000 subscribed connections", ("idle", "--connections", "10000", "--seconds", "0"),
            (Figure("results.rss_bytes_per_connection", "RSS a connection", "B"),
             Figure("results.rss_bytes_before", "RSS before", "B"),
             Figure("results.cpu_us_per_connect", "CPU a connect + subscribe", "µs"),
             Figure("results.cpu_us_per_close", "CPU a close", "µs")), fresh=True),
    Measure("idle-presence", "idle, 10,000 presence members, ten a channel",
            ("idle", "--connections", "10000", "--kind", "presence", "--channels", "1000", "--seconds", "0"),
            (Figure("results.rss_bytes_per_connection", "RSS a member", "B"),), is_quick=False, fresh=True),
    Measure("publish", "POST /events, 32 connections", ("publish", "--connections", "32", "--seconds", "3"),
            (Figure("results.cpu_us_per_request", "CPU a request", "µs"),
             Figure("results.requests_per_second", "requests/s", "/s", higher_is_better=True), P99)),
    Measure("batch", "POST /batch_events of ten, 32 connections",
            ("publish", "--connections", "32", "--batch", "10", "--seconds", "3"),
            (Figure("results.cpu_us_per_request", "CPU a request", "µs"),
             Figure("results.requests_per_second", "requests/s", "/s", higher_is_better=True))),
    Measure("max", "most deliveries with p99 < 250 ms, 1,000 subscribers, 4 publishers",
            ("max", "--subscribers", "1000", "--publishers", "4", "--rate", "200", "--seconds", "2"),
            (RATE, CPU), is_quick=False),
    Measure("churn", "churn, 200 a second for two minutes", ("churn", "--rate", "200", "--seconds", "120"),
            (Figure("results.rss_slope_bytes_per_client", "RSS slope a client", "B"),
             Figure("results.cpu_us_per_client", "CPU a client", "µs")), is_quick=False, fresh=True),
)
