"""As much of the Pusher protocol as loads in Python share."""
import hashlib
import hmac
import json
import socket
import time

APP_ID, KEY, SECRET = "app-id", "app-key", "app-secret"
PATIENCE_S = 300  # under valgrind on a busy machine
UPGRADE_REQUEST = (f"GET /app/{KEY}?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").encode()


def app_config(more=""):
    return f'[[apps]]\nid = "{APP_ID}"\nkeys = [{{ key = "{KEY}", secret = "{SECRET}" }}]\nsubscription_count = false\n{more}'


def text_frame(text):
    """A client's frame with the key 0000, which masks nothing."""
    payload = text.encode()
    length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + payload


def subscribe_message(channel):
    return json.dumps({"event": "pusher:subscribe", "data": {"channel": channel}})


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


def publish_request(channel, name, data):
    """POST /events, signed, for a connection that stays."""
    body = json.dumps({"name": name, "channels": [channel], "data": data}).encode()
    path = f"/apps/{APP_ID}/events"
    query = (f"auth_key={KEY}&auth_timestamp={int(time.time())}&auth_version=1.0"
             f"&body_md5={hashlib.md5(body).hexdigest()}")
    signature = hmac.new(SECRET.encode(), f"POST\n{path}\n{query}".encode(), hashlib.sha256).hexdigest()
    return (f"POST {path}?{query}&auth_signature={signature} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
