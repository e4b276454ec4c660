"""bench/gateway against the real binary, for a moment: that it measures, and does not take refusals for answers."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
BUILD = os.environ["FANFARE_BUILD"]
DEADLINE_S = 100
sys.path.insert(0, str(ROOT / "bench/gateway"))

import gateway_bench  # noqa: E402


class GatewayBenchTest(unittest.TestCase):
    def test_every_measure_has_figures(self):
        with tempfile.TemporaryDirectory() as folder:
            written = os.path.join(folder, "result.json")
            done = subprocess.run([sys.executable, "-B", ROOT / "bench/gateway/gateway_bench.py", BUILD, "--seconds", "0.1",
                                   "--runs", "1", "--connections", "4", "--json", written],
                                  capture_output=True, text=True, timeout=DEADLINE_S, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(written, encoding="utf-8") as file:
                reports = json.load(file)
        self.assertEqual(list(reports), [name for name, *_ in gateway_bench.MEASURES])
        for name, runs in reports.items():
            results = runs[0]["results"]
            self.assertGreater(results["answered"], 0, name)
            self.assertEqual(results["refused"], 0, name)
            self.assertIn(f"| {name} | ", done.stdout)

    def test_a_refusal_is_no_measurement(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            keys = gateway_bench.Keys("HS256", folder)
            requests = folder / "requests"
            form = "socket_id=1.2&channel_name=private-teacher"
            requests.write_text(gateway_bench.request(gateway_bench.AUTH, form, keys.token(1)))
            program = pathlib.Path(BUILD) / "fanfare"
            with gateway_bench.gateway(program, keys, None, '[log]\nlevel = "off"\n') as (port, pid):
                command = [str(pathlib.Path(BUILD) / "fanfare-request-load"), "--port", str(port), "--pid", str(pid),
                           "--milliseconds", "50", "--requests"]
                done = subprocess.run([*command, str(requests)], capture_output=True, text=True, timeout=DEADLINE_S,
                                      check=False)
                report = json.loads(done.stdout)
                self.assertEqual(report["results"]["refused"] > 0, True)
                self.assertIn("403", " ".join(report["warnings"]))
                for text, reason in [("", "there are no requests"), ("GET / HTTP/1.1\r\n\r\n", "without Content-Length"),
                                     ("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx", "not whole")]:
                    requests.write_text(text)
                    refused = subprocess.run([*command, str(requests)], capture_output=True, text=True,
                                             timeout=DEADLINE_S, check=False)
                    self.assertEqual(refused.returncode, 2)
                    self.assertIn(reason, refused.stderr)


if __name__ == "__main__":
    unittest.main()
