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
    is_full: bool = True  # part of the hour's; else only by its name
    fresh: bool = False  # a server of its own for each run

    @property
    def has_fixed_rate(self):
        return self.arguments[0] in ("fanout", "rooms", "clientevents")


CPU = Figure("results.cpu_us_per_delivery", "CPU a delivery", "µs")
P99 = Figure("latency_us.p99", "p99", "µs")
RATE = Figure("results.deliveries_per_second", "deliveries/s", "/s", higher_is_better=True)
P99_AT_HALF = Figure("results.p99_us_at_half", "p99 at half of that rate", "µs")


def fanout(name, subscribers, data_bytes, rate=40, is_quick=False):
    return Measure(name, f"fanout, {subscribers:,} subscribers, {data_bytes:,} B, {rate} events/s",
                   ("fanout", "--subscribers", str(subscribers), "--bytes", str(data_bytes), "--rate", str(rate), "--seconds", "4"),
                   (CPU, P99), is_quick)


def rooms(name, rate, is_quick=False):
    return Measure(name, f"rooms, 1,000 channels × 5, {rate:,} events/s",
                   ("rooms", "--channels", "1000", "--per-channel", "5", "--rate", str(rate), "--seconds", "4"), (CPU, P99), is_quick)


def client_events(name, rate, is_quick=False):
    return Measure(name, f"client events, 500 pairs, {rate:,}/s",
                   ("clientevents", "--pairs", "500", "--rate", str(rate), "--seconds", "4"), (CPU, P99), is_quick)


def most(name, subscribers, publishers, data_bytes):
    return Measure(name, f"most deliveries with p99 < 250 ms, {subscribers:,} subscribers, {publishers} publishers, {data_bytes:,} B",
                   ("max", "--subscribers", str(subscribers), "--publishers", str(publishers), "--bytes", str(data_bytes),
                    "--rate", "100", "--seconds", "2"), (RATE, CPU, P99_AT_HALF), is_quick=False)


def churn(name, seconds, text, is_full):
    return Measure(name, f"churn, 200 a second for {text}", ("churn", "--rate", "200", "--seconds", str(seconds)),
                   (Figure("results.rss_slope_bytes_per_client", "RSS slope a client", "B"),
                    Figure("results.rss_slope_bytes_per_second", "RSS slope", "B/s"),
                    Figure("results.rss_slope_error", "its standard error", "B/s"),
                    Figure("results.cpu_us_per_client", "CPU a client", "µs")), is_quick=False, is_full=is_full, fresh=True)


MEASURES = (
    fanout("fanout", 1_000, 100, is_quick=True),
    fanout("fanout-10", 1_000, 100, rate=10),
    fanout("fanout-80", 1_000, 100, rate=80),
    fanout("fanout-1k", 1_000, 1_000),
    fanout("fanout-5000", 5_000, 100),
    fanout("fanout-5000-1k", 5_000, 1_000),
    rooms("rooms", 2_000, is_quick=True),
    rooms("rooms-4000", 4_000),
    client_events("clientevents", 4_000, is_quick=True),
    client_events("clientevents-5000", 5_000),
    Measure("storm", "presence storm, 1,000 joins at once", ("presence", "--members", "1000", "--storm"), (CPU, P99), fresh=True),
    Measure("idle", "idle, 10,000 subscribed connections", ("idle", "--connections", "10000", "--seconds", "0"),
            (Figure("results.rss_bytes_per_connection", "RSS a connection", "B"),
             Figure("results.rss_bytes_before", "RSS before", "B"),
             Figure("results.cpu_us_per_connect", "CPU a connect + subscribe", "µs"),
             Figure("results.cpu_us_per_close", "CPU a close", "µs")), fresh=True),
    Measure("idle-18500", "idle, 18,500 subscribed connections", ("idle", "--connections", "18500", "--seconds", "0"),
            (Figure("results.rss_bytes_per_connection", "RSS a connection", "B"),
             Figure("results.cpu_us_per_connect", "CPU a connect + subscribe", "µs")), is_quick=False, fresh=True),
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
    most("max", 1_000, 4, 100),
    most("max-1k", 1_000, 4, 1_000),
    most("max-5000", 5_000, 4, 100),
    most("max-16", 1_000, 16, 100),
    churn("churn", 120, "two minutes", is_full=True),
    churn("soak", 900, "fifteen minutes", is_full=False),
)
