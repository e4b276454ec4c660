"""Starts the real binary for the Python suite, and wraps Pysher so that tests can wait for what it is told."""

import json
import logging
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
import unittest

import pusher
import pysher
import websocket

KEY = "demo-key-0001"
SECRET = "demo-secret-0001"
APP_ID = "42"
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
DEADLINE_SECONDS = 10

CONFIGURATION = f"""
[server]
drain_seconds = 1
[log]
level = "warn"
[[apps]]
id = "{APP_ID}"
keys = [{{ key = "{KEY}", secret = "{SECRET}" }}]
client_events = true
subscription_count = true
"""

# Pysher writes to the root logger at INFO; a failed test shows its own story.
logging.disable(logging.CRITICAL)


class Server:
    """The binary on free ports; stopped by its process id."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="fanfare-conformance-")
        config = os.path.join(self.folder, "fanfare.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIGURATION)
        ready_file = os.path.join(self.folder, "ready.json")
        self.log = open(os.path.join(self.folder, "log"), "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [os.environ["FANFARE_BINARY"], "serve", "--config", config, "--host", "127.0.0.1", "--port", "0",
             "--metrics-port", "0", "--data-dir", os.path.join(self.folder, "data"), "--ready-file", ready_file],
            env={name: value for name, value in os.environ.items() if not name.startswith(("FANFARE_", "PUSHER_"))},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 10
        while not os.path.exists(ready_file):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.seek(0)
                raise RuntimeError("the server did not become ready:\n" + self.log.read())
            time.sleep(0.005)
        with open(ready_file, encoding="utf-8") as file:
            self.port = json.load(file)["port"]

    def stop(self):
        self.process.terminate()
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if code != 0:
            raise RuntimeError(f"the server ended with {code}")


class Listener:
    """A Pysher client that records what it receives. Handlers are bound in its own thread before anything can arrive."""

    def __init__(self, server, channels, events, user_data=None):
        self.received = queue.Queue()
        self.client = pysher.Pusher(KEY, secure=False, secret=SECRET, custom_host="127.0.0.1", port=server.port,
                                    user_data=user_data)
        self.client.connection.bind("pusher:error", lambda data: self.received.put((None, "pusher:error", data)))
        self.client.connection.bind("pusher:connection_established", lambda _: self.subscribe(channels, events))
        self.client.connect()

    def subscribe(self, channels, events):
        for name in channels:
            channel = self.client.subscribe(name)
            for event in ("pusher_internal:subscription_succeeded", *events):
                channel.bind(event, lambda data, name=name, event=event: self.received.put((name, event, data)))

    def next(self, event, channel=None):
        """The data of the next thing received, which must be `event`."""
        got = self.received.get(timeout=DEADLINE_SECONDS)
        if got[1] != event or (channel is not None and got[0] != channel):
            raise AssertionError(f"expected {event} on {channel}, got {got}")
        return got[2]

    def subscribed(self, *channels):
        """Waits for all confirmations, in any order; returns the data of the last."""
        missing = set(channels)
        while missing:
            got = self.received.get(timeout=DEADLINE_SECONDS)
            if got[1] != "pusher_internal:subscription_succeeded" or got[0] not in missing:
                raise AssertionError(f"expected to be subscribed to {missing}, got {got}")
            missing.remove(got[0])
        return got[2]

    def close(self):
        # Pysher waits seconds for its own reader to notice; the close frame is out long before, and no test waits for that.
        threading.Thread(target=self.client.disconnect, daemon=True).start()


class RawSocket:
    """A plain WebSocket, for what Pysher cannot do (signin)."""

    def __init__(self, server):
        self.socket = websocket.create_connection(f"ws://127.0.0.1:{server.port}/app/{KEY}?protocol=7",
                                                  timeout=DEADLINE_SECONDS)
        established = self.next("pusher:connection_established")
        self.socket_id = json.loads(established["data"])["socket_id"]

    def send(self, event, data):
        self.socket.send(json.dumps({"event": event, "data": data}))

    def next(self, event):
        frame = json.loads(self.socket.recv())
        if frame["event"] != event:
            raise AssertionError(f"expected {event}, got {frame}")
        return frame

    def close_code(self):
        """Reads on to the close frame."""
        while True:
            opcode, payload = self.socket.recv_data(control_frame=True)
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(payload[:2], "big")

    def close(self):
        self.socket.close()


class ConformanceTest(unittest.TestCase):
    """One server for a class of tests, and an SDK that talks to it."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.stop)
        cls.sdk = cls.make_sdk()

    @classmethod
    def make_sdk(cls, **overrides):
        options = {"app_id": APP_ID, "key": KEY, "secret": SECRET, "ssl": False, "host": "127.0.0.1",
                   "port": cls.server.port, "encryption_master_key_base64": MASTER_KEY}
        return pusher.Pusher(**{**options, **overrides})

    def listen(self, channels, events=(), user_data=None):
        listener = Listener(self.server, channels, events, user_data)
        self.addCleanup(listener.close)
        return listener

    def raw_socket(self):
        socket = RawSocket(self.server)
        self.addCleanup(socket.close)
        return socket
