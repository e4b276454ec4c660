"""The servers that bench/compare runs: each declared by a file of peers/, which says how to install and start it."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "bench"))
from harness.cores import pinned  # noqa: E402

CREDENTIALS = {"app_id": "app-id", "key": "app-key", "secret": "app-secret"}
KEYS = {"base", "about", "install", "command", "start_seconds", "flags", "measures", "environment", "files"}


class PeerError(Exception):
    """Why a server cannot be compared; for people."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def declaration(path):
    """What a file says, and for what it leaves out the file beside it that it names as its base."""
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PeerError(f"{path}: {error}") from error
    unknown = set(declared) - KEYS
    if unknown:
        raise PeerError(f"{path}: unknown keys {sorted(unknown)}")
    base = declared.pop("base", None)
    return declared if base is None else {**declaration(path.with_stem(base)), **declared}


class Peer:
    """A server as its file declares it."""

    def __init__(self, path, build):
        self.name = path.stem
        declared = declaration(path)
        if "command" not in declared:
            raise PeerError(f"{path}: no command")
        self.about = declared.get("about", "")
        self.install_command = declared.get("install")
        self.command = declared["command"]
        self.start_seconds = declared.get("start_seconds", 20)
        self.flags = declared.get("flags", [])
        self.measures = declared.get("measures")  # None: all
        self.environment = declared.get("environment", {})
        self.files = declared.get("files", {})
        self.build = build

    def takes_part_in(self, measure):
        return self.measures is None or measure.name in self.measures

    def install(self):
        """Raises PeerError where it is not to be had."""
        if not self.install_command:
            return
        done = subprocess.run(self.install_command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise PeerError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")


class RunningPeer:
    """A started server, on one core where `core` is one. Ends with the `with` block."""

    def __init__(self, peer, core):
        self.peer = peer
        self.folder = tempfile.mkdtemp(prefix=f"compare-{peer.name}-")
        self.port = free_port()
        self.values = {**CREDENTIALS, "port": self.port, "metrics_port": free_port(), "folder": self.folder,
                       "root": str(ROOT), "build": str(peer.build)}
        for name, text in peer.files.items():
            Path(self.folder, name).write_text(self.filled(text), encoding="utf-8")
        command = [self.filled(word) for word in peer.command]
        kept = {name: value for name, value in os.environ.items() if not re.match("PUSHER_|FANFARE_|SOKETI_|SOCKUDO_", name)}
        environment = {**kept, **{name: self.filled(value) for name, value in peer.environment.items()}}
        self.log = open(os.path.join(self.folder, "log"), "w", encoding="utf-8")
        try:
            self.process = subprocess.Popen(pinned(core, command), cwd=self.folder, env=environment, stdout=self.log, stderr=self.log)
        except OSError as error:
            self.log.close()
            raise PeerError(f"cannot start {command[0]}: {error}") from error

    def filled(self, text):
        return text.format(**self.values)

    @property
    def pid(self):
        return self.process.pid

    def wait_ready(self):
        deadline = time.monotonic() + self.peer.start_seconds
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        tail = Path(self.folder, "log").read_text(encoding="utf-8", errors="replace").strip()[-500:]
        raise PeerError(f"it does not listen on port {self.port}: {tail}")

    def __enter__(self):
        try:
            return self.wait_ready()
        except PeerError:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
