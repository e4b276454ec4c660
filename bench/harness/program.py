"""The fanfare binary as a process with a folder, settings and free ports of its own."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

DEADLINE_S = 120  # to start and to stop: under valgrind, on a busy machine
OWN_VARIABLES = ("PUSHER_", "FANFARE_", "JWT_", "XDG_")


class ProgramError(Exception):
    """Why it does not run; for people."""


class Program:
    """`fanfare <command>` until the `with` block ends.

    config:  its file; nothing of the machine's own settings counts.
    under:   words before the command: valgrind, taskset.
    """

    def __init__(self, binary, command, config, arguments=(), under=(), environment=None):
        self.folder = tempfile.mkdtemp(prefix=f"fanfare-{command}-")
        self.ready_file = Path(self.folder, "ready.json")
        file = Path(self.folder, "fanfare.toml")
        file.write_text(config, encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN_VARIABLES)}
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*under, str(binary), command, "--config", str(file), "--ready-file", str(self.ready_file), "--data-dir",
             os.path.join(self.folder, "data"), *arguments],
            env={**kept, "HOME": self.folder, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=self.log)
        self.ready = None  # what it says once it is: its ports

    @property
    def pid(self):
        return self.process.pid

    def __enter__(self):
        deadline = time.monotonic() + DEADLINE_S
        while not self.ready_file.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                text = self.log_text().strip()
                self.__exit__()
                raise ProgramError(f"it did not start: {text}")
            time.sleep(0.01)
        self.ready = json.loads(self.ready_file.read_text(encoding="utf-8"))
        return self

    def log_text(self):
        self.log.seek(0)
        return self.log.read()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(DEADLINE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __exit__(self, *_):
        self.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
