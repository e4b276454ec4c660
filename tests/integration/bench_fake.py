"""Servers that are wrong on purpose, for the tests of `fanfare bench`: Stranger speaks no Pusher protocol; LossyServer does, and
says exactly how often it was wrong. It numbers the deliveries of each connection, and drops, doubles or holds back those whose
numbers are multiples of what it is told. One thread a connection; it is slow and does not matter."""
import base64
import hashlib
import json
import socket
import struct
import threading


class FakeServer:
    """A thread for each connection, in which serve(connection) runs."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listening.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            with connection:
                self.serve(connection)
        except OSError:
            pass


class Stranger(FakeServer):
    """Answers whatever it reads with the same bytes; with none it is silent."""

    def __init__(self, answer):
        self.answer = answer
        super().__init__()

    def serve(self, connection):
        while connection.recv(65536):
            connection.sendall(self.answer)


class Faults:
    def __init__(self, drop=0, double=0, swap=0, misdeliver=0, refuse=0):
        self.drop, self.double, self.swap, self.misdeliver, self.refuse = drop, double, swap, misdeliver, refuse


class Subscriber:
    def __init__(self, connection):
        self.connection = connection
        self.count = 0
        self.held = None


class LossyServer(FakeServer):
    """With what it did: dropped, doubled, swapped, misdelivered, refused."""

    def __init__(self, faults):
        self.faults = faults
        self.lock = threading.Lock()
        self.channels = {}
        self.done = {"dropped": 0, "doubled": 0, "swapped": 0, "misdelivered": 0, "refused": 0, "published": 0}
        super().__init__()

    def serve(self, connection):
        with connection.makefile("rb") as stream:
            self._serve_stream(connection, stream)

    def _serve_stream(self, connection, stream):
        while True:
            head = []
            while (line := stream.readline()) not in (b"\r\n", b""):
                head.append(line.decode().strip())
            if not head:
                return
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:])}
            if "sec-websocket-key" in headers:
                self._serve_websocket(connection, stream, headers["sec-websocket-key"])
                return
            self._publish(connection, json.loads(stream.read(int(headers["content-length"]))))

    def _publish(self, connection, body):
        with self.lock:
            self.done["published"] += 1
            refused = self.faults.refuse and self.done["published"] % self.faults.refuse == 0
            if refused:
                self.done["refused"] += 1
            else:
                for channel in body["channels"]:
                    self._deliver(channel, event_text(body["name"], channel, body["data"]), None)
        status = "403 Forbidden" if refused else "200 OK"
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\n{{}}".encode())

    def _deliver(self, channel, text, sender):
        for subscriber in self.channels.get(channel, []):
            if subscriber.connection is not sender:
                self._deliver_one(subscriber, text)
        published = self.done["published"]
        if self.faults.misdeliver and published % self.faults.misdeliver == 0:
            others = [one for name, members in self.channels.items() if name != channel for one in members]
            if others:
                self.done["misdelivered"] += 1
                send_text(others[0].connection, text)

    def _deliver_one(self, subscriber, text):
        subscriber.count += 1

        def every(number):
            return number and subscriber.count % number == 0

        if every(self.faults.drop):
            self.done["dropped"] += 1
            return
        if every(self.faults.swap) and subscriber.held is None:
            subscriber.held = text
            return
        send_text(subscriber.connection, text)
        if subscriber.held is not None:
            self.done["swapped"] += 1
            send_text(subscriber.connection, subscriber.held)
            subscriber.held = None
        if every(self.faults.double):
            self.done["doubled"] += 1
            send_text(subscriber.connection, text)

    def _serve_websocket(self, connection, stream, key):
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        connection.sendall(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            f"Sec-WebSocket-Accept: {accept}\r\n\r\n").encode())
        greeting = json.dumps({"socket_id": "1.2", "activity_timeout": 120})
        send_text(connection, json.dumps({"event": "pusher:connection_established", "data": greeting}))
        while (message := read_message(stream)) is not None:
            event = json.loads(message)
            with self.lock:
                if event["event"] == "pusher:subscribe":
                    channel = event["data"]["channel"]
                    send_text(connection, json.dumps({"event": "pusher_internal:subscription_succeeded",
                                                      "channel": channel, "data": "{}"}))
                    self.channels.setdefault(channel, []).append(Subscriber(connection))
                elif event["event"].startswith("client-"):
                    self.done["published"] += 1
                    self._deliver(event["channel"], message, connection)


def event_text(name, channel, data):
    return json.dumps({"event": name, "channel": channel, "data": data})


def send_text(connection, text):
    payload = text.encode()
    header = struct.pack("!BB", 0x81, len(payload)) if len(payload) < 126 else struct.pack("!BBH", 0x81, 126, len(payload))
    try:
        connection.sendall(header + payload)
    except OSError:
        pass


def read_message(stream):
    """The next text message; None: the client left."""
    head = stream.read(2)
    if len(head) < 2 or head[0] & 0x0F == 8:
        return None
    length = head[1] & 0x7F
    if length == 126:
        length = struct.unpack("!H", stream.read(2))[0]
    key = stream.read(4)
    return bytes(byte ^ key[i % 4] for i, byte in enumerate(stream.read(length))).decode()
