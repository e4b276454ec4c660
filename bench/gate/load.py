"""A load that does exactly the same each time: one event after the other, each awaited by everyone before the next."""
import hashlib
import hmac
import json
import resource
import selectors
import socket
import time

APP_ID, KEY, SECRET = "app-id", "app-key", "app-secret"
CHANNEL = "gate"
PATIENCE_S = 300  # under valgrind on a busy machine
EVENT_DATA = "x" * 100


def text_frame(text):
    """A client's frame with the key 0000, which masks nothing."""
    payload = text.encode()
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + payload


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_until(connection, mark):
    received = b""
    while mark not in received:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError(f"the server ended the connection after {received[-200:]!r}")
        received += chunk
    return received


def subscribe(port):
    """A client that is subscribed. The clients come one by one, so that each finds the server at rest."""
    connection = connect(port)
    connection.sendall(f"GET /app/{KEY}?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode())
    read_until(connection, b"connection_established")
    connection.sendall(text_frame(json.dumps({"event": "pusher:subscribe", "data": {"channel": CHANNEL}})))
    read_until(connection, b"subscription_succeeded")
    return connection


def publish_request(number):
    body = json.dumps({"name": "event", "channels": [CHANNEL], "data": f"{number:06}{EVENT_DATA}"})
    path = f"/apps/{APP_ID}/events"
    query = (f"auth_key={KEY}&auth_timestamp={int(time.time())}&auth_version=1.0"
             f"&body_md5={hashlib.md5(body.encode()).hexdigest()}")
    signature = hmac.new(SECRET.encode(), f"POST\n{path}\n{query}".encode(), hashlib.sha256).hexdigest()
    return (f"POST {path}?{query}&auth_signature={signature} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


def await_all(subscribers, mark):
    """Reads until each subscriber has had a message with `mark`."""
    with selectors.DefaultSelector() as selector:
        for subscriber in subscribers:
            selector.register(subscriber, selectors.EVENT_READ, bytearray())
        waiting = len(subscribers)
        deadline = time.monotonic() + PATIENCE_S
        while waiting:
            ready = selector.select(deadline - time.monotonic())
            if not ready:
                raise TimeoutError(f"{waiting} subscribers did not get an event")
            for key, _ in ready:
                chunk = key.fileobj.recv(65536)
                if not chunk:
                    raise ConnectionError("the server ended a subscriber's connection")
                key.data.extend(chunk)
                if mark in key.data:
                    selector.unregister(key.fileobj)
                    waiting -= 1


def run(port, subscriber_count, event_count):
    """Subscribes, publishes, closes."""
    subscribers = [subscribe(port) for _ in range(subscriber_count)]
    publisher = connect(port)
    for number in range(event_count):
        publisher.sendall(publish_request(number))
        read_until(publisher, b"\r\n\r\n{}")
        await_all(subscribers, f"{number:06}x".encode())
    publisher.close()
    for subscriber in subscribers:
        leave(subscriber)


def leave(connection):
    """Says goodbye and waits until the server has gone, too."""
    connection.sendall(b"\x88\x82" + bytes(4) + b"\x03\xe8")
    while connection.recv(65536):
        pass
    connection.close()


def rss_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Rss:"))


def idle_bytes(port, pid, first, second):
    """RSS a connection, between `first` and `second` subscribed connections that do nothing."""
    connections = [subscribe(port) for _ in range(first)]
    before = rss_bytes(pid)
    connections += [subscribe(port) for _ in range(second - first)]
    after = rss_bytes(pid)
    for connection in connections:
        connection.close()
    return (after - before) / (second - first)


def raise_open_files():
    """To as many as the process may. Returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
