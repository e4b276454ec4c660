"""What the server says and shows of itself during a run: its metrics, its CPU time, its memory."""
import sys
import time
import urllib.request
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness import usage  # noqa: E402

SENT, RECEIVED = "fanfare_net_sent_bytes_total", "fanfare_net_received_bytes_total"
LOOK_S = 0.02
REST_CPU_S = 0.0002  # in LOOK_S: timers, nothing more
REST_MAX_S = 30


class ServerView:
    def __init__(self, pid, metrics_port):
        self.pid = pid
        self.page = f"http://127.0.0.1:{metrics_port}/metrics"

    def wire_bytes(self):
        """Sent and received, by all connections but those to the metrics themselves."""
        with urllib.request.urlopen(self.page, timeout=REST_MAX_S) as answer:
            lines = answer.read().decode().splitlines()
        return tuple(sum(int(float(line.split()[-1])) for line in lines if line.partition("{")[0].split(" ")[0] == name)
                     for name in (SENT, RECEIVED))

    def cpu(self):
        return usage.cpu_of(self.pid)

    def rss_bytes(self):
        return usage.rss_bytes(self.pid)

    def await_rest(self):
        """Until it does nothing, so that what was asked of it before is not in what comes."""
        deadline = time.monotonic() + REST_MAX_S
        quiet, before = 0, usage.cpu_s(self.pid)
        while quiet < 3:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server did not come to rest within {REST_MAX_S} s")
            time.sleep(LOOK_S)
            now = usage.cpu_s(self.pid)
            quiet = quiet + 1 if now - before < REST_CPU_S else 0
            before = now
