"""`fanfare bench`: each scenario for a moment against the real server and the floor, and its counts against a server that
loses, doubles and reorders a known number of deliveries. No figure of time is judged."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from bench_fake import Faults, LossyServer, Stranger

BINARY = os.environ["FANFARE_BINARY"]
FLOOR = os.environ["FANFARE_FLOOR"]
DEADLINE_S = 60  # reached only by a failure

CREDENTIALS = {"PUSHER_APP_ID": "app-id", "PUSHER_KEY": "app-key", "PUSHER_SECRET": "app-secret"}
CONFIG = """
[[apps]]
id = "app-id"
keys = [{ key = "app-key", secret = "app-secret" }]
client_events = true
[apps.limits]
presence_members = 1000
client_events_per_second = 0
"""


def clean_environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUSHER_", "FANFARE_", "XDG_"))}
    return {**kept, "HOME": home, "FANFARE_DATA_DIR": os.path.join(home, "data")}


def start_server(home):
    config, ready = os.path.join(home, "fanfare.toml"), os.path.join(home, "ready.json")
    with open(config, "w", encoding="utf-8") as file:
        file.write(CONFIG)
    process = subprocess.Popen(
        [BINARY, "serve", "--port", "0", "--metrics-port", "0", "--loops", "1", "--drain-seconds", "0", "--ready-file", ready,
         "--config", config], env=clean_environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + DEADLINE_S
    while not os.path.exists(ready):
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError("the server did not start")
        time.sleep(0.01)
    with open(ready, encoding="utf-8") as file:
        return process, json.load(file)["port"]


def start_floor(home, *arguments):
    process = subprocess.Popen([FLOOR, *arguments], env=clean_environment(home), stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    process.stdout.close()
    return process, int(re.search(r":(\d+)$", line.strip()).group(1))


class BenchTest(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.home)

    def end(self, process):
        process.kill()
        process.wait()

    def bench(self, port, scenario, *arguments, status=0):
        output = [] if "--json" in arguments else ["--json", "-"]
        result = subprocess.run(
            [BINARY, "bench", scenario, "--host", "127.0.0.1", "--port", str(port), *output, "--quiet", *arguments],
            env={**clean_environment(self.home), **CREDENTIALS}, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertEqual(result.returncode, status, result.stderr)
        return json.loads(result.stdout) if status == 0 else result.stderr

    def assert_clean(self, report):
        results = report["results"]
        for count in ("lost", "doubled", "misdelivered", "connections_lost"):
            self.assertEqual(results[count], 0, report)
        self.assertEqual(results["received"], results["expected"], report)
        self.assertGreater(results["received"], 0)
        self.assertEqual(report["latency_us"]["count"] > 0, True)


class AgainstTheServer(BenchTest):
    def setUp(self):
        super().setUp()
        process, self.port = start_server(self.home)
        self.addCleanup(self.end, process)
        self.pid = ["--server-pid", str(process.pid)]

    def test_fanout(self):
        report = self.bench(self.port, "fanout", "--subscribers", "20", "--publishers", "3", "--rate", "100", "--seconds",
                            "0.3", "--warm-up", "0.1", *self.pid)
        self.assert_clean(report)
        self.assertEqual(report["results"]["expected"], 40 * 20)
        self.assertEqual(report["results"]["reordered"], 0)
        self.assertGreater(report["results"]["cpu_us_per_delivery"], 0)
        self.assertGreater(report["results"]["rss_bytes"], 1_000_000)

    def test_fanout_in_batches(self):
        report = self.bench(self.port, "fanout", "--subscribers", "20", "--rate", "100", "--batch", "4", "--seconds", "0.3",
                            "--warm-up", "0.1")
        self.assert_clean(report)
        self.assertEqual(report["results"]["expected"], 40 * 20)
        self.assertEqual(report["results"]["reordered"], 0)

    def test_fanout_by_client_events(self):
        report = self.bench(self.port, "fanout", "--subscribers", "10", "--publishers", "2", "--rate", "100", "--seconds",
                            "0.3", "--warm-up", "0", "--by", "client-events")
        self.assert_clean(report)
        self.assertEqual(report["results"]["expected"], 30 * 9)

    def test_rooms(self):
        report = self.bench(self.port, "rooms", "--channels", "10", "--per-channel", "3", "--rate", "200", "--seconds", "0.3",
                            "--warm-up", "0.1", "--bytes", "1000")
        self.assert_clean(report)
        self.assertEqual(report["results"]["expected"], 80 * 3)

    def test_client_events(self):
        report = self.bench(self.port, "clientevents", "--pairs", "10", "--rate", "200", "--seconds", "0.3", "--warm-up", "0.1")
        self.assert_clean(report)
        self.assertEqual(report["results"]["expected"], 80)

    def test_presence_one_by_one_and_in_a_storm(self):
        for storm in ([], ["--storm"]):
            report = self.bench(self.port, "presence", "--members", "30", *storm, *self.pid)
            self.assert_clean(report)
            self.assertEqual(report["results"]["expected"], 30 * 29 // 2)
            self.assertEqual(report["results"]["joined"], 30)

    def test_idle(self):
        for kind in ("public", "private", "presence"):
            report = self.bench(self.port, "idle", "--connections", "50", "--channels", "10", "--kind", kind, "--seconds",
                                "0.1", *self.pid)
            self.assertEqual(report["results"]["connections_lost"], 0)
            self.assertEqual(report["latency_us"]["count"], 50)
            self.assertIn("rss_bytes_per_connection", report["results"])

    def test_publish(self):
        for arguments in (["--batch", "10", "--rate", "100"], ["--rate", "0"]):
            report = self.bench(self.port, "publish", "--connections", "3", "--seconds", "0.3", "--warm-up", "0.1", *arguments)
            self.assertEqual(report["results"]["refused"], 0, report)
            self.assertEqual(report["results"]["unsent"], 0)
            self.assertGreater(report["results"]["answered"], 30)

    def test_churn(self):
        report = self.bench(self.port, "churn", "--alive", "5", "--rate", "50", "--seconds", "1", *self.pid)
        self.assertEqual(report["results"]["failed"], 0, report)
        self.assertGreater(report["results"]["subscribed"], 0)
        self.assertGreater(len(report["series"]["rss_bytes"]), 0)

    def test_max(self):
        # At a rate that nothing keeps up with, the search goes down and ends.
        report = self.bench(self.port, "max", "--subscribers", "5", "--rate", "4", "--seconds", "0.2", "--warm-up", "0",
                            "--p99-ms", "1", "--publishers", "2")
        self.assertGreater(len(report["series"]["p99_ms_by_rate"]), 0)

    @unittest.skipUnless(shutil.which("gnuplot"), "gnuplot is not installed")
    def test_plots(self):
        plot = os.path.join(self.home, "plot.svg")
        self.bench(self.port, "fanout", "--subscribers", "2", "--seconds", "0.1", "--warm-up", "0", "--plot", plot)
        with open(plot, encoding="utf-8") as file:
            self.assertIn("<svg", file.read())

    def test_says_what_is_wrong(self):
        self.assertIn("no process", self.bench(self.port, "fanout", "--subscribers", "1", "--server-pid", "999999999", status=1))
        self.assertIn("4001", self.bench(self.port, "fanout", "--subscribers", "1", "--app-id", "a", "--key", "nobody",
                                        "--secret", "s", status=1))

    def test_says_it_before_the_run(self):
        plot_fault = "cannot write /nowhere/x.svg" if shutil.which("gnuplot") else "--plot needs gnuplot, which is not installed"
        for arguments, reason in ((["--plot", "x.pdf"], "expected a name that ends in .svg"),
                                  (["--plot", "/nowhere/x.svg"], plot_fault),
                                  (["--json", "/nowhere/x.json"], "cannot write /nowhere/x.json"),
                                  (["--by", "mail"], "client-events"),
                                  (["--by", "client-events", "--publishers", "2"], "--publishers 2")):
            self.assertIn(reason, self.bench(self.port, "fanout", "--subscribers", "1", "--seconds", "9999", *arguments, status=2))
        self.assertIn("4295", self.bench(self.port, "rooms", "--channels", "1000000", "--per-channel", "4295", status=2))

    def test_where_all_is_refused_nothing_was_measured(self):
        brief = ["--seconds", "0.1", "--warm-up", "0", "--secret", "wrong", "--app-id", "app-id", "--key", "app-key"]
        for arguments in (["fanout", "--subscribers", "1"], ["max", "--subscribers", "1"], ["publish", "--connections", "1"]):
            self.assertIn("401 Unauthorized: Invalid signature", self.bench(self.port, *arguments, *brief, status=1))


class AgainstTheFloor(BenchTest):
    def test_every_scenario_that_it_has(self):
        for way in (("--engine", "send"), ("--engine", "uring"), ("--input", "uring")):
            try:
                process, port = start_floor(self.home, *way)
            except AttributeError:
                self.assertEqual(way[1], "uring")  # the kernel does not let us
                continue
            self.addCleanup(self.end, process)
            brief = ["--seconds", "0.2", "--warm-up", "0.1", "--against-floor"]
            self.assert_clean(self.bench(port, "fanout", "--subscribers", "20", "--rate", "100", *brief))
            self.assert_clean(self.bench(port, "rooms", "--channels", "7", "--rate", "100", *brief))
            self.assert_clean(self.bench(port, "clientevents", "--pairs", "5", "--rate", "100", *brief))
            self.assertEqual(self.bench(port, "publish", *brief)["results"]["refused"], 0)
            self.bench(port, "idle", "--connections", "20", "--seconds", "0", "--against-floor")

    def test_signatures_are_checked_where_it_is_given_the_secret(self):
        brief = ["--seconds", "0.2", "--warm-up", "0.1", "--against-floor"]
        process, port = start_floor(self.home, "--secret", CREDENTIALS["PUSHER_SECRET"])
        self.addCleanup(self.end, process)
        self.assert_clean(self.bench(port, "rooms", "--channels", "7", "--rate", "100", *brief))
        self.assertEqual(self.bench(port, "publish", "--batch", "3", *brief)["results"]["refused"], 0)
        process, port = start_floor(self.home, "--secret", CREDENTIALS["PUSHER_SECRET"] + "?")
        self.addCleanup(self.end, process)
        self.assertIn("Invalid signature", self.bench(port, "publish", *brief, status=1))

    def test_several_frames_a_write_lose_none(self):
        process, port = start_floor(self.home, "--frames-a-write", "8")
        self.addCleanup(self.end, process)
        report = self.bench(port, "fanout", "--subscribers", "10", "--rate", "100", "--seconds", "0.3", "--warm-up", "0.13",
                            "--against-floor")
        self.assert_clean(report)
        self.assertEqual(report["results"]["reordered"], 0)

    def test_without_the_flag_its_handshake_is_refused(self):
        process, port = start_floor(self.home)
        self.addCleanup(self.end, process)
        self.assertIn("Sec-WebSocket-Accept", self.bench(port, "fanout", "--subscribers", "1", status=1))


class AgainstStrangers(BenchTest):
    """Servers that are none of this protocol."""

    def answering(self, answer):
        server = Stranger(answer)
        self.addCleanup(server.stop)
        return server.port

    def test_answers_in_chunks_are_read(self):
        port = self.answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        results = self.bench(port, "publish", "--connections", "2", "--seconds", "0.2", "--warm-up", "0")["results"]
        self.assertEqual((results["refused"], results["reconnects"]), (0, 0))
        self.assertGreater(results["answered"], 2)

    def test_what_they_say_is_shown_on_a_line_and_printable(self):
        port = self.answering(b"\x00\x1b[31m\xff\n[0m\r\n\r\n")
        self.assertIn(" requests: [31m? [0m\n", self.bench(port, "publish", "--seconds", "0.2", "--warm-up", "0", status=1))

    def test_whoever_lets_nobody_in_is_an_error(self):
        port = self.answering(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        self.assertIn("404 Not Found", self.bench(port, "churn", "--seconds", "0.3", status=1))
        silent = self.answering(b"")
        self.assertIn("no answer", self.bench(silent, "churn", "--seconds", "0.3", status=1))


class AgainstALossyServer(BenchTest):
    def run_against(self, faults, *arguments):
        server = LossyServer(faults)
        self.addCleanup(server.stop)
        return self.bench(server.port, *arguments)["results"], server.done

    def test_counts_what_was_lost(self):
        results, done = self.run_against(Faults(drop=7), "fanout", "--subscribers", "10", "--rate", "100", "--seconds", "0.5",
                                         "--warm-up", "0")
        self.assertEqual(results["expected"], 500)
        self.assertEqual(results["lost"], done["dropped"])
        self.assertEqual(results["lost"], 10 * (50 // 7))
        self.assertEqual(results["received"], 500 - done["dropped"])
        self.assertEqual((results["doubled"], results["reordered"]), (0, 0))

    def test_counts_what_was_doubled_and_reordered(self):
        results, done = self.run_against(Faults(double=5, swap=9), "fanout", "--subscribers", "4", "--rate", "100", "--seconds",
                                         "0.5", "--warm-up", "0")
        self.assertEqual(results["doubled"], done["doubled"])
        self.assertEqual(results["reordered"], done["swapped"])
        self.assertEqual((done["doubled"], done["swapped"]), (40 - 4, 4 * 5))  # number 45 is both, and is swapped
        self.assertEqual(results["lost"], 0)

    def test_counts_what_went_to_the_wrong_room(self):
        results, done = self.run_against(Faults(misdeliver=10), "rooms", "--channels", "4", "--per-channel", "2", "--rate",
                                         "100", "--seconds", "0.5", "--warm-up", "0")
        self.assertEqual(results["misdelivered"], done["misdelivered"])
        self.assertEqual(done["misdelivered"], 5)
        self.assertEqual(results["lost"], 0)

    def test_what_was_refused_is_not_lost(self):
        results, done = self.run_against(Faults(refuse=10), "fanout", "--subscribers", "3", "--rate", "100", "--seconds", "0.5",
                                         "--warm-up", "0")
        self.assertEqual(results["refused"], done["refused"])
        self.assertEqual(results["refused"], 5)
        self.assertEqual(results["expected"], 45 * 3)
        self.assertEqual(results["lost"], 0)

    def test_counts_lost_client_events(self):
        results, done = self.run_against(Faults(drop=3), "clientevents", "--pairs", "5", "--rate", "100", "--seconds", "0.6",
                                         "--warm-up", "0")
        self.assertEqual(results["expected"], 60)
        self.assertEqual(results["lost"], done["dropped"])
        self.assertEqual(done["dropped"], 10 * 2)


class Stopped(BenchTest):
    def test_ctrl_c_reports_what_was_measured(self):
        server = LossyServer(Faults())
        self.addCleanup(server.stop)
        for scenario in (["fanout", "--subscribers", "3"], ["max", "--subscribers", "3", "--rate", "20", "--p99-ms", "60000"]):
            process = subprocess.Popen(
                [BINARY, "bench", *scenario, "--host", "127.0.0.1", "--port", str(server.port), "--json", "-", "--quiet", "--seconds",
                 "0.5" if scenario[0] == "max" else "9999", "--warm-up", "0"],
                env={**clean_environment(self.home), **CREDENTIALS}, stdout=subprocess.PIPE, text=True)
            self.addCleanup(self.end, process)
            self.addCleanup(process.stdout.close)
            before = server.done["published"]
            deadline = time.monotonic() + DEADLINE_S
            while server.done["published"] < before + 50 and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            report = json.loads(process.communicate(timeout=DEADLINE_S)[0])
            self.assertEqual(process.returncode, 130)
            self.assert_clean(report)
            self.assertIn("it was stopped before its time", report["warnings"])

    def test_before_anything_was_measured_it_says_so(self):
        silent = Stranger(b"")
        self.addCleanup(silent.stop)
        process = subprocess.Popen(
            [BINARY, "bench", "fanout", "--host", "127.0.0.1", "--port", str(silent.port)],
            env={**clean_environment(self.home), **CREDENTIALS}, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        self.addCleanup(process.stderr.close)
        self.assertIn("0 clients are subscribed", process.stderr.readline())
        process.send_signal(signal.SIGINT)
        self.assertIn("stopped before anything was measured", process.communicate(timeout=DEADLINE_S)[1])
        self.assertEqual(process.returncode, 1)


if __name__ == "__main__":
    unittest.main()
