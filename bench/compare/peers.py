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
PLACES = ("port", "metrics_port", "folder", "root", "build", *CREDENTIALS)  # what the texts of a file may have in braces


class PeerError(Exception):
    """Why a server cannot be compared; for people."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_text(value):
    return isinstance(value, str)


def is_seconds(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0


def is_list(value):
    return isinstance(value, list) and all(map(is_text, value))


def is_command(value):
    return is_list(value) and value != []


def is_table(value):
    return isinstance(value, dict) and all(map(is_text, value.values()))


FORMS = {"base": (is_text, "a name"), "about": (is_text, "a text"), "install": (is_command, "a list of words"),
         "command": (is_command, "a list of words"), "start_seconds": (is_seconds, "a number above 0"),
         "flags": (is_list, "a list of words"), "measures": (is_list, "a list of names"), "environment": (is_table, "a table of texts"),
         "files": (is_table, "a table of texts")}


def texts_of(declared):
    """All that has places to be filled."""
    yield from declared.get("command", [])
    for table in ("environment", "files"):
        yield from declared.get(table, {}).values()


def fault_of(declared):
    """What is wrong with what a file says; None: nothing."""
    unknown = set(declared) - set(FORMS)
    if unknown:
        return f"unknown keys {sorted(unknown)}"
    for key, value in declared.items():
        is_fit, form = FORMS[key]
        if not is_fit(value):
            return f"{key} is {value!r}: expected {form}"
    for text in texts_of(declared):
        try:
            text.format_map(dict.fromkeys(PLACES, ""))
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            return f"{text!r}: {error}: a brace of its own is written twice; known are {', '.join(PLACES)}"
    for name in declared.get("files", {}):
        if name != Path(name).name:
            return f"{name!r}: expected a file's name, without a folder"
    return None


def declaration(path, below=()):
    """What a file says, and for what it leaves out the file beside it that it names as its base. `below`: the files that
    name this one."""
    if path in below:
        raise PeerError(f"{path}: it is its own base, by way of {' → '.join(one.stem for one in (*below, path))}")
    try:
        declared = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PeerError(f"{path}: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PeerError(f"{path}: {error}") from error
    fault = fault_of(declared)
    if fault:
        raise PeerError(f"{path}: {fault}")
    base = declared.pop("base", None)
    return declared if base is None else {**declaration(path.with_name(f"{base}{path.suffix}"), (*below, path)), **declared}


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
        try:
            done = subprocess.run(self.install_command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
        except OSError as error:
            raise PeerError(f"cannot run {self.install_command[0]}: {error.strerror}") from error
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
