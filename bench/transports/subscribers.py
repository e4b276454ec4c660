"""Subscribers, one class a transport: how each comes to be subscribed, and what it reads.

Their requests have the headers that a browser sends with them, since those cost bytes and time, too.
"""
import json
import ssl
import sys
from pathlib import Path

from decoding import CLOSE, DEFLATED_TEXT, TEXT, WireError, answers_of, chunks_of, frames_of, inflated, messages_of

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.channels import KEY, connect, subscribe_message, text_frame  # noqa: E402

CHANNEL = "transports"
RECEIVE_BYTES = 65536
# pusher-js asks for the next stream above so many characters. Source: pusher-js, core/http/http_request.ts
STREAM_BYTES_MAX = 256 * 1024
BROWSER = ("User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
           "Safari/537.36\r\nOrigin: https://app.example.com\r\nAccept-Encoding: gzip, deflate, br\r\n"
           "Accept-Language: en-US,en;q=0.9\r\n")
QUERY = "protocol=7&client=js&version=8.4.0&flash=false"
DEFLATE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"


class NotSpoken(Exception):
    """The server does not speak this transport; says why."""


class Subscriber:
    """One connection. Blocks until start(), not afterwards."""

    def __init__(self, target):
        self.target = target
        self.wire = self.connect()
        self.unread = b""
        self.sent_bytes = self.received_bytes = 0
        self.next_number = 0  # of the event that it waits for
        self.deflated = 0  # messages
        self.requests = 0  # for events, over HTTP
        self.open()

    def connect(self):
        return connect(self.target["port"])

    def open(self):
        raise NotImplementedError

    def start(self):
        """From here on events may come."""

    def send(self, data):
        self.wire.sendall(data)
        self.sent_bytes += len(data)

    def receive(self):
        """The messages that have come."""
        self.read()
        return self.decode()

    def read(self):
        data = self.wire.recv(RECEIVE_BYTES)
        if not data:
            raise WireError(f"the server ended a connection after {self.unread[-200:]!r}")
        self.received_bytes += len(data)
        self.unread += data

    def decode(self):
        raise NotImplementedError

    def until(self, event):
        while not any(event in message for message in self.receive()):
            pass


class WebSocket(Subscriber):
    extensions = ""

    def open(self):
        self.send(f"GET /app/{KEY}?{QUERY} HTTP/1.1\r\nHost: 127.0.0.1:{self.target['port']}\r\nConnection: Upgrade\r\n"
                  f"Upgrade: websocket\r\n{BROWSER}Sec-WebSocket-Version: 13\r\n"
                  f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{self.extensions}\r\n".encode())
        while b"\r\n\r\n" not in self.unread:
            self.read()
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101 "):
            raise WireError(f"expected an upgrade: {head!r}")
        self.on_upgrade(head.decode())
        self.until(b"pusher:connection_established")
        self.send(text_frame(subscribe_message(CHANNEL)))
        self.until(b"pusher_internal:subscription_succeeded")

    def on_upgrade(self, head):
        pass

    def until(self, event):
        if not any(event in message for message in self.decode()):  # with the head
            super().until(event)

    def decode(self):
        frames, self.unread = frames_of(self.unread)
        return [self.message_of(first, payload) for first, payload in frames]

    def message_of(self, first, payload):
        if first == TEXT:
            return payload
        if first == CLOSE:
            raise WireError(f"the server closed a connection: {payload!r}")
        raise WireError(f"an unexpected frame: {first:#x}")


class Tls(WebSocket):
    def connect(self):
        if self.target["context"] is None:
            self.target["context"] = ssl.create_default_context(cafile=self.target["authority"])
        return self.target["context"].wrap_socket(connect(self.target["tls_port"]), server_hostname="localhost")

    def read(self):
        try:
            super().read()
            while self.wire.pending():  # decrypted, so that no poll tells of it
                super().read()
        except ssl.SSLWantReadError:
            pass  # part of a record


class Deflate(WebSocket):
    extensions = f"Sec-WebSocket-Extensions: {DEFLATE}\r\n"

    def on_upgrade(self, head):
        fields = [line.partition(":") for line in head.split("\r\n")[1:]]
        agreed = [value.strip() for name, _, value in fields if name.lower() == "sec-websocket-extensions"]
        if not any(value.startswith("permessage-deflate") for value in agreed):
            raise NotSpoken("the server did not agree to permessage-deflate")
        if "server_no_context_takeover" not in agreed[0]:
            raise WireError(f"a context that was not offered: {agreed}")

    def message_of(self, first, payload):
        if first != DEFLATED_TEXT:
            return super().message_of(first, payload)
        self.deflated += 1
        return inflated(payload)


class Fallback(Subscriber):
    """What the transports over HTTP share."""

    sessions = 0

    def __init__(self, target):
        Fallback.sessions += 1
        self.path = f"/pusher/app/{KEY}/{Fallback.sessions % 1000}/s{Fallback.sessions:07}"
        super().__init__(target)

    def post(self, endpoint, body=""):
        """A request as pusher-js makes it in Chromium."""
        self.requests += 1
        return (f"POST {self.path}/{endpoint}?{QUERY}&t=1735689600000&n={self.requests} HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{self.target['port']}\r\nConnection: keep-alive\r\nContent-Length: {len(body)}\r\n"
                f"Accept: */*\r\nReferer: https://app.example.com/\r\n{BROWSER}\r\n{body}").encode()

    def subscription(self):
        return self.post("xhr_send", json.dumps([subscribe_message(CHANNEL)]))


class Streaming(Fallback):
    """Its messages go out over a connection that all of them share, as a browser's go over another than the stream's."""

    def open(self):
        self.has_head = False
        self.line = b""  # begun
        self.stream_bytes = 0
        self.send(self.post("xhr_streaming"))
        self.until(b"pusher:connection_established")
        sender = self.target.setdefault("sender", None) or connect(self.target["port"])
        self.target["sender"] = sender
        sender.sendall(self.subscription())
        answers, unread = [], b""
        while not answers:
            unread += sender.recv(RECEIVE_BYTES)
            answers, unread = answers_of(unread)
        self.until(b"pusher_internal:subscription_succeeded")

    def decode(self):
        if not self.has_head:
            head, mark, rest = self.unread.partition(b"\r\n\r\n")
            if not mark:
                return []
            if not head.startswith(b"HTTP/1.1 200 ") or b"chunked" not in head:
                raise WireError(f"expected a stream: {head!r}")
            self.has_head, self.unread = True, rest
        text, self.unread = chunks_of(self.unread)
        self.stream_bytes += len(text)
        if self.stream_bytes > STREAM_BYTES_MAX:
            raise WireError(f"a stream has {STREAM_BYTES_MAX} bytes at most: choose fewer seconds")
        whole, feed, begun = (self.line + text).rpartition(b"\n")
        self.line = begun
        return messages_of(whole + feed)


class Polling(Fallback):
    def open(self):
        self.is_started = False
        self.exchange_until(b"pusher:connection_established")
        self.send(self.subscription())
        while not self.take_bodies():
            self.read()
        self.exchange_until(b"pusher_internal:subscription_succeeded")

    def start(self):
        self.is_started = True
        self.poll()

    def poll(self):
        self.send(self.post("xhr"))

    def exchange_until(self, event):
        messages = []
        while not any(event in message for message in messages):
            self.poll()
            while not (bodies := self.take_bodies()):
                self.read()
            messages = messages_of(bodies[0])

    def take_bodies(self):
        bodies, self.unread = answers_of(self.unread)
        return bodies

    def decode(self):
        messages = []
        for body in self.take_bodies():
            messages += messages_of(body)
            self.poll()
        return messages
