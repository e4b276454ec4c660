"""What the tests of the real binary share: its commands as processes with folders and settings of their own."""
import json
import os
import subprocess
import tempfile
import time

BINARY = os.environ["FANFARE_BINARY"]
DEADLINE_S = 20  # reached only by a failure


def clean_environment(home, **more):
    """Nothing of the machine's own settings."""
    own = ("PUSHER_", "FANFARE_", "XDG_", "JWT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return {**kept, "HOME": home, "FANFARE_DATA_DIR": os.path.join(home, "data"), **more}


class Process:
    """`fanfare <command>` with a configuration of its own."""

    def __init__(self, command, config="", arguments=(), **environment):
        self.folder = tempfile.TemporaryDirectory()
        self.ready_file = os.path.join(self.folder.name, "ready.json")
        self.config = os.path.join(self.folder.name, "fanfare.toml")
        self.log = os.path.join(self.folder.name, "log")
        self.write_config(config)
        self.output = os.path.join(self.folder.name, "output")
        with open(self.log, "w", encoding="utf-8") as log, open(self.output, "w", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                [BINARY, command, "--config", self.config, "--ready-file", self.ready_file, "--data-dir",
                 os.path.join(self.folder.name, "data"), "--metrics-port", "0", *arguments],
                env=clean_environment(self.folder.name, **environment), stdout=output, stderr=log)
        deadline = time.monotonic() + DEADLINE_S
        while not os.path.exists(self.ready_file):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{command} did not start: {self.log_text()}")
            time.sleep(0.01)
        with open(self.ready_file, encoding="utf-8") as file:
            self.ready = json.load(file)

    def write_config(self, config):
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(config)

    def log_text(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def until(self, reached):
        deadline = time.monotonic() + DEADLINE_S
        while not reached():
            if time.monotonic() > deadline:
                raise AssertionError(f"not reached; the log says: {self.log_text()}")
            time.sleep(0.01)

    def stop(self):
        self.process.terminate()
        status = self.process.wait(DEADLINE_S)
        log = self.log_text()
        self.folder.cleanup()
        return status, log
