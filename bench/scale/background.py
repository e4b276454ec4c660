"""Channels that are merely there: connections that subscribe to many each, and then do nothing."""
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.channels import UPGRADE_REQUEST, connect, read_until, subscribe_message, text_frame  # noqa: E402

CHANNELS_A_CONNECTION = 1_000
AT_ONCE = 50  # subscriptions that are under way on a connection


class Background:
    """`count` channels of one subscriber each, until the `with` block ends."""

    def __init__(self, port, count):
        self.port = port
        self.count = count
        self.connections = []

    def __enter__(self):
        try:
            for first in range(0, self.count, CHANNELS_A_CONNECTION):
                connection = connect(self.port)
                self.connections.append(connection)
                connection.sendall(UPGRADE_REQUEST)
                read_until(connection, b"connection_established")
                for begin in range(first, min(first + CHANNELS_A_CONNECTION, self.count), AT_ONCE):
                    subscribe(connection, range(begin, min(begin + AT_ONCE, first + CHANNELS_A_CONNECTION, self.count)))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for connection in self.connections:
            connection.close()


def subscribe(connection, numbers):
    connection.sendall(b"".join(text_frame(subscribe_message(f"background-{number:06}")) for number in numbers))
    received = b""
    while received.count(b"subscription_succeeded") < len(numbers):
        chunk = connection.recv(1 << 20)
        if not chunk:
            raise ConnectionError(f"the server ended the connection after {received[-200:]!r}")
        received += chunk
