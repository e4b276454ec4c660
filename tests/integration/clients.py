"""Clients, certificates and requests that the tests of the real binary share: Python's own sockets and TLS."""
import hashlib
import hmac
import json
import os
import socket
import struct
import subprocess
import tempfile
import time
from http.client import HTTPResponse

from processes import DEADLINE_S

PATIENT = {"timeout": DEADLINE_S}


class Authority:
    """Certificates by the openssl command."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = self.path("ca.pem")
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                 self.path("ca.key"), "-out", self.file, "-subj", f"/CN={os.path.basename(self.folder.name)}", "-days", "30")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    @staticmethod
    def run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def certificate(self, name, host="localhost"):
        """Makes name.pem and name.key; returns their paths."""
        certificate, key, request, extensions = (self.path(name + end) for end in (".pem", ".key", ".csr", ".ext"))
        with open(extensions, "w", encoding="utf-8") as file:
            file.write(f"subjectAltName=DNS:{host},IP:127.0.0.1\n")
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
                 "-subj", f"/CN={host}")
        self.run("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.path("ca.key"), "-CAcreateserial",
                 "-out", certificate, "-days", "30", "-extfile", extensions)
        return certificate, key

    def close(self):
        self.folder.cleanup()


class WebSocket:
    """As much of a client as the tests need."""

    def __init__(self, connected, key="key", headers=""):
        self.socket = connected
        self.socket.settimeout(DEADLINE_S)
        self.unread = b""
        self.socket.sendall((f"GET /app/{key}?protocol=7 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n").encode())
        head = self.until(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 "), head

    def more(self):
        received = self.socket.recv(65536)
        if not received:
            raise EOFError
        self.unread += received

    def until(self, end):
        while end not in self.unread:
            self.more()
        text, _, self.unread = self.unread.partition(end)
        return text

    def frame(self):
        """Opcode and payload."""
        while len(self.unread) < 2:
            self.more()
        size, at = self.unread[1], 2
        if size == 126:
            while len(self.unread) < 4:
                self.more()
            size, at = struct.unpack(">H", self.unread[2:4])[0], 4
        while len(self.unread) < at + size:
            self.more()
        opcode, payload = self.unread[0] & 15, self.unread[at:at + size]
        self.unread = self.unread[at + size:]
        return opcode, payload

    def event(self):
        opcode, payload = self.frame()
        assert opcode == 1, (opcode, payload)
        return json.loads(payload)

    def close_code(self):
        """Of the close frame that comes; what comes before is passed over."""
        while True:
            opcode, payload = self.frame()
            if opcode == 8:
                return struct.unpack(">H", payload[:2])[0]

    def send(self, message):
        payload = json.dumps(message).encode()
        assert len(payload) < 65536
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(payload))
        self.socket.sendall(b"\x81" + size + bytes(4) + payload)

    def pong(self):
        """The answer to a ping without payload."""
        self.socket.sendall(bytes([0x8A, 0x80, 0, 0, 0, 0]))

    def subscribe(self, channel):
        self.send({"event": "pusher:subscribe", "data": {"channel": channel}})
        assert self.event()["event"] == "pusher_internal:subscription_succeeded"

    def close(self):
        self.socket.close()


def plain(port):
    return socket.create_connection(("127.0.0.1", port), **PATIENT)


def outcome(connected, key="key", headers=""):
    """0 for a connection that stands, or the close code."""
    client = WebSocket(connected, key, headers)
    opcode, payload = client.frame()
    result = 0 if opcode == 1 else struct.unpack(">H", payload[:2])[0]
    return client, result


def http(connected, request):
    """The whole answer to a request that closes its connection."""
    connected.settimeout(DEADLINE_S)
    connected.sendall(request.encode())
    answer = b""
    with connected:
        while received := connected.recv(65536):
            answer += received
    return answer.decode()


def post_for_stream(connected, url, body="", status=200):
    """The answer to a request on a connection that stays, to be read as it comes."""
    connected.settimeout(DEADLINE_S)
    connected.sendall(f"POST {url} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
    answer = HTTPResponse(connected, method="POST")
    answer.begin()
    assert answer.status == status, (answer.status, answer.read())
    return answer


def post(connected, url, body="", status=200):
    """The whole body of such an answer; chunks are joined."""
    return post_for_stream(connected, url, body, status).read().decode()


def subscribe_over_http(channel):
    """What a fallback session sends to subscribe."""
    return json.dumps([json.dumps({"event": "pusher:subscribe", "data": {"channel": channel}})])


def publish_request(channel, name, data):
    body = json.dumps({"name": name, "channel": channel, "data": data})
    query = (f"auth_key=key&auth_timestamp={int(time.time())}&auth_version=1.0"
             f"&body_md5={hashlib.md5(body.encode()).hexdigest()}")
    signature = hmac.new(b"secret", f"POST\n/apps/1/events\n{query}".encode(), hashlib.sha256).hexdigest()
    return (f"POST /apps/1/events?{query}&auth_signature={signature} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}")
