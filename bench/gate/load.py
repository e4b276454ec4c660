"""A load that does exactly the same each time: one event after the other, each awaited by everyone before the next."""
import selectors
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.channels import (PATIENCE_S, UPGRADE_REQUEST, connect, publish_request, read_until,  # noqa: E402
                              subscribe_message, text_frame)
from harness.usage import rss_bytes  # noqa: E402

CHANNEL = "gate"
EVENT_DATA = "x" * 100


def subscribe(port):
    """A client that is subscribed. The clients come one by one, so that each finds the server at rest."""
    connection = connect(port)
    connection.sendall(UPGRADE_REQUEST)
    read_until(connection, b"connection_established")
    connection.sendall(text_frame(subscribe_message(CHANNEL)))
    read_until(connection, b"subscription_succeeded")
    return connection


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
        publisher.sendall(publish_request(CHANNEL, "event", f"{number:06}{EVENT_DATA}"))
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


def idle_bytes(port, pid, first, second):
    """RSS a connection, between `first` and `second` subscribed connections that do nothing."""
    connections = [subscribe(port) for _ in range(first)]
    before = rss_bytes(pid)
    connections += [subscribe(port) for _ in range(second - first)]
    after = rss_bytes(pid)
    for connection in connections:
        connection.close()
    return (after - before) / (second - first)
