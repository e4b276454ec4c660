"""bench/transports against the real binary, for a moment: that it measures, and takes nothing wrong for a delivery."""
import json
import os
import subprocess
import sys
import tempfile
import types
import unittest
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = os.environ["FANFARE_BINARY"]
DEADLINE_S = 200
sys.path.insert(0, str(ROOT / "bench/transports"))

import decoding  # noqa: E402
import deliveries  # noqa: E402
import documents  # noqa: E402
import subscribers  # noqa: E402
import transports  # noqa: E402
from harness import page  # noqa: E402
from kinds import KINDS  # noqa: E402


class RunTest(unittest.TestCase):
    def test_every_transport_has_figures_or_a_reason(self):
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder, "result.json")
            place = Path(folder, "page.md")
            place.write_text(f"{transports.BEGIN}\n{page.END}\n", encoding="utf-8")
            done = subprocess.run([sys.executable, "-B", ROOT / "bench/transports/transports.py", BINARY, "--subscribers",
                                   "8", "--bytes", "1000", "--rate", "50", "--seconds", "0.1", "--runs", "1", "--idle",
                                   "2,12", "--json", written, "--write", place],
                                  capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            reports = json.loads(written.read_text(encoding="utf-8"))
            self.assertIn(done.stdout.strip(), place.read_text(encoding="utf-8"))
        for kind in KINDS:
            if f"{kind.title} is left out: " in done.stdout:
                self.assertEqual(kind.name, "deflate")  # a server without it
                continue
            self.assertIn("rss_bytes_per_connection", reports[f"idle/{kind.name}"][0])
            if not kind.only_idle:
                self.check_deliveries(kind.name, reports[f"1000/{kind.name}"][0])

    def check_deliveries(self, name, report):
        self.assertEqual(report["deliveries"], 8 * 5)
        self.assertGreater(report["cpu_us_per_delivery"], 0)
        if name == "deflate":
            # Not all of them where the machine is so busy that the server leaves messages plain.
            self.assertGreater(report["deflated_percent"], 0)
            self.assertLess(report["sent_bytes_per_delivery"], 1150)
        else:
            self.assertGreater(report["sent_bytes_per_delivery"], 1000)
        self.assertEqual(report["received_bytes_per_delivery"] > 0, name == "polling")
        # A poll that comes late, on a busy machine, takes several events.
        self.assertTrue(0 < report["requests_per_delivery"] <= 1 if name == "polling" else report["requests_per_delivery"] == 0)

    def test_our_page_has_the_place(self):
        text = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
        self.assertIn(page.END, text[text.index(transports.BEGIN):])


class LedgerTest(unittest.TestCase):
    def setUp(self):
        self.texts = ["zero", "one", "two"]
        self.ledger = deliveries.Ledger(self.texts)
        self.subscriber = types.SimpleNamespace(next_number=0)

    def note(self, *data, **more):
        messages = [json.dumps({"event": deliveries.EVENT, "channel": subscribers.CHANNEL, "data": text} | more).encode()
                    for text in data]
        self.ledger.note(self.subscriber, messages)

    def test_takes_each_once_and_in_order(self):
        self.note("zero", "one")
        self.note("two")
        self.assertEqual(self.ledger.delivered, 3)

    def test_refuses_everything_else(self):
        for reason, data, more in (("got 1: lost", ["one"], {}), ("got 0: lost, doubled", ["zero", "zero"], {}),
                                   ("the data of no event", ["zer0"], {}), ("nobody published", ["zero"], {"event": "x"}),
                                   ("nobody published", ["zero"], {"channel": "x"})):
            self.setUp()
            with self.subTest(reason), self.assertRaisesRegex(deliveries.DeliveryError, reason):
                self.note(*data, **more)

    def test_the_servers_count_of_bytes_has_to_be_the_subscribers(self):
        counts = {"received_bytes": 10, "sent_bytes": 5}
        deliveries.check_wire((10, 5), counts, is_tls=False)
        deliveries.check_wire((12, 5), counts, is_tls=True)
        self.assertRaises(deliveries.DeliveryError, deliveries.check_wire, (12, 5), counts, is_tls=False)


class DecodingTest(unittest.TestCase):
    def in_pieces(self, read, data, size):
        found, unread = [], b""
        for at in range(0, len(data), size):
            more, unread = read(unread + data[at:at + size])
            found += more
        self.assertEqual(unread, b"")
        return found

    def test_bytes_come_in_any_pieces(self):
        frames = b"\x81\x02hi" + b"\x81\x7e\x01\x00" + b"x" * 256 + b"\x81\x7f" + (70_000).to_bytes(8, "big") + b"y" * 70_000
        answers = (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\no\na" + b"HTTP/1.1 204 No Content\r\nA: b\r\n\r\n")
        for size in (1, 3, 100, len(frames)):
            self.assertEqual(self.in_pieces(decoding.frames_of, frames, size),
                             [(0x81, b"hi"), (0x81, b"x" * 256), (0x81, b"y" * 70_000)])
            self.assertEqual(self.in_pieces(decoding.answers_of, answers, size), [b"o\na", b""])
            text = self.in_pieces(decoding.chunks_of, b"3\r\na[]\r\nb\r\nh\na[\"x\"]\no\n\r\n", size)
            self.assertEqual(bytes(text), b'a[]h\na["x"]\no\n')

    def test_lines_and_deflated_messages(self):
        self.assertEqual(decoding.messages_of(b'o\na["1","\\"2\\""]\nh\na["3"]\n'), [b"1", b'"2"', b"3"])
        self.assertRaises(decoding.WireError, decoding.messages_of, b'c[4001,"no"]\n')
        self.assertRaises(decoding.WireError, decoding.answers_of, b"HTTP/1.1 503 Busy\r\n\r\n")
        self.assertRaises(decoding.WireError, decoding.chunks_of, b"0\r\n\r\n")
        deflater = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        payload = deflater.compress(b"text" * 50) + deflater.flush(zlib.Z_SYNC_FLUSH)
        self.assertEqual(decoding.inflated(payload[:-4]), b"text" * 50)


class DocumentsTest(unittest.TestCase):
    def test_are_json_of_the_size_and_the_same_each_time(self):
        for size in (64, 100, 1000, 10_000):
            made = documents.documents(20, size)
            self.assertEqual({len(text.encode()) for text in made}, {size})
            self.assertEqual(len({json.loads(text)["id"] for text in made}), 20)
            self.assertEqual(made, documents.documents(20, size))

    def test_compress_as_prose_and_numbers_do(self):
        made = documents.documents(50, 1000)
        deflated = sum(len(zlib.compress(text.encode(), 6)) for text in made) / len(made)
        self.assertTrue(400 < deflated < 700, deflated)


class TableTest(unittest.TestCase):
    def test_ratios_are_to_websocket_and_who_is_left_out_is_named(self):
        options = types.SimpleNamespace(binary="true", runs=2, bytes=[100], subscribers=10, rate=8.0, idle=[5, 10])
        session = object.__new__(transports.Session)
        session.options, session.left_out = options, {"deflate": "no such thing"}
        figures = ("cpu_us_per_delivery", "sent_bytes_per_delivery", "received_bytes_per_delivery", "wire_bytes_per_delivery",
                   "deflated_percent", "rss_bytes_per_connection")
        session.reports = {(what, name): [dict.fromkeys(figures, value) for value in values] for what in (100, "idle")
                           for name, values in (("websocket", (4, 8)), ("tls", (6, 12)), ("polling", (4, 16)))}
        text = transports.tables(session)
        # A machine that was half as fast in the second round changes no ratio.
        self.assertIn("| WebSocket over TLS | 9 ± 33% | 1.50 ± 0% | 9 | 9 | 1.50 ± 0% | – |", text)
        self.assertIn("| WebSocket over TLS | 9 ± 33% | 1.50 ± 0% |\n", text)
        self.assertIn("WebSocket, permessage-deflate is left out: no such thing.", text)
        for names, is_noisy in ((("websocket", "tls"), False), (("websocket", "polling"), True), (("tls",), True)):
            kinds = [kind for kind in KINDS if kind.name in names]
            self.assertEqual(session.is_noisy(100, kinds, "cpu_us_per_delivery"), is_noisy, names)

    def test_a_load_that_is_the_limit_is_told(self):
        self.assertEqual(list(transports.load_faults({"generator_busy_percent": 50, "requests_per_delivery": 1})), [])
        self.assertEqual(len(list(transports.load_faults({"generator_busy_percent": 90, "requests_per_delivery": 0.5}))), 2)


if __name__ == "__main__":
    unittest.main()
