"""One run of deliveries: events to subscribers of one kind, at fixed times, each checked at each subscriber."""
import functools
import json
import select
import sys
import time
from pathlib import Path

from decoding import WireError, answers_of
from documents import documents
from subscribers import CHANNEL, RECEIVE_BYTES

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.channels import connect, publish_request  # noqa: E402

EVENT = "order-changed"
WARM_UP = 3  # events before those that count: buffers are there then
STALL_S = 20


class DeliveryError(Exception):
    """An event was lost, doubled, out of order or changed."""


class Ledger:
    """Who has had which event: each exactly once, in order, and as it was published."""

    def __init__(self, texts):
        self.numbers = {text: number for number, text in enumerate(texts)}
        self.delivered = 0
        self.number_of = functools.lru_cache(64)(self.read)

    def read(self, message):
        event = json.loads(message)
        if event.get("event") != EVENT or event.get("channel") != CHANNEL:
            raise DeliveryError(f"a message that nobody published: {message[:200]!r}")
        number = self.numbers.get(event["data"])
        if number is None:
            raise DeliveryError(f"the data of no event: {message[:200]!r}")
        return number

    def note(self, subscriber, messages):
        for message in messages:
            number = self.number_of(message)
            if number != subscriber.next_number:
                raise DeliveryError(f"expected event {subscriber.next_number}, got {number}: lost, doubled or out of order")
            subscriber.next_number += 1
            self.delivered += 1


class Publisher:
    """The signed API over one connection; sends on without waiting for answers."""

    def __init__(self, port):
        self.wire = connect(port)
        self.unread = b""
        self.sent_bytes = self.received_bytes = self.answered = 0

    def publish(self, text):
        request = publish_request(CHANNEL, EVENT, text)
        self.wire.sendall(request)
        self.sent_bytes += len(request)

    def on_ready(self):
        data = self.wire.recv(RECEIVE_BYTES)
        if not data:
            raise WireError("the server ended the publisher's connection")
        self.received_bytes += len(data)
        bodies, self.unread = answers_of(self.unread + data)
        self.answered += len(bodies)


class Deliveries:
    """Everyone is subscribed; play() publishes."""

    def __init__(self, crowd, port, size, count, rate):
        self.crowd, self.rate = crowd, rate
        self.texts = documents(count, size)
        self.ledger = Ledger(self.texts)
        self.publisher = Publisher(port)
        self.poller = select.epoll()
        self.by_fd = {}
        self.slowest_s = 0.0  # from when an event was due to when everyone had it
        self.late_s = 0.0  # of the publisher
        for one in (self.publisher, *crowd):
            one.wire.setblocking(False)
            self.by_fd[one.wire.fileno()] = one
            self.poller.register(one.wire.fileno(), select.EPOLLIN)
        for subscriber in crowd:
            subscriber.start()

    def play(self, first, behind):
        """The events from `first` to the one before `behind`, each when it is due, whatever became of those before."""
        begin, published, complete = time.monotonic(), first, first
        while complete < behind or self.publisher.answered < behind:
            now = time.monotonic()
            while published < behind and now >= begin + (published - first) / self.rate:
                self.late_s = max(self.late_s, now - begin - (published - first) / self.rate)
                self.publisher.publish(self.texts[published])
                published += 1
            wait = begin + (published - first) / self.rate - now if published < behind else STALL_S
            ready = self.poller.poll(max(wait, 0))
            if not ready and published == behind:
                raise DeliveryError(f"{self.ledger.delivered:,} deliveries and nothing more for {STALL_S} s, expected "
                                    f"{behind * len(self.crowd):,}")
            self.take(ready)
            while complete < published and self.ledger.delivered >= (complete + 1) * len(self.crowd):
                self.slowest_s = max(self.slowest_s, time.monotonic() - begin - (complete - first) / self.rate)
                complete += 1

    def take(self, ready):
        for fd, _ in ready:
            one = self.by_fd[fd]
            if one is self.publisher:
                one.on_ready()
            else:
                self.ledger.note(one, one.receive())


class Counts:
    """The crowd's own counts, and differences of them."""

    NAMES = ("sent_bytes", "received_bytes", "deflated", "requests")

    def __init__(self, crowd):
        self.values = {name: sum(getattr(one, name) for one in crowd) for name in self.NAMES}

    def since(self, before):
        return {name: value - before.values[name] for name, value in self.values.items()}


def check_wire(server_bytes, counts, is_tls):
    """The server's count of bytes against the crowd's, which sees nothing of what TLS adds."""
    own = (counts["received_bytes"], counts["sent_bytes"])
    if server_bytes != own and not is_tls:
        raise DeliveryError(f"the server counted {server_bytes} bytes sent and received, the subscribers {own}")


def measure(crowd, view, spec):
    """The report of a run."""
    events = max(round(spec["rate"] * spec["seconds"]), 1)
    deliveries = Deliveries(crowd, spec["port"], spec["bytes"], WARM_UP + events, spec["rate"])
    deliveries.play(0, WARM_UP)
    view.await_rest()
    deliveries.slowest_s = deliveries.late_s = 0.0
    publisher = deliveries.publisher
    counts, wire = Counts(crowd), view.wire_bytes()
    publisher_sent, publisher_received = publisher.sent_bytes, publisher.received_bytes
    view.await_rest()
    own_cpu, began, cpu = time.process_time(), time.monotonic(), view.cpu()
    deliveries.play(WARM_UP, WARM_UP + events)
    own_cpu, took = time.process_time() - own_cpu, time.monotonic() - began
    view.await_rest()  # the next polls are there
    cpu = view.cpu().since(cpu)
    deliveries.take(deliveries.poller.poll(0))  # would tell of an event too many
    sent, received = (after - before for after, before in zip(view.wire_bytes(), wire))
    sent -= publisher.received_bytes - publisher_received
    received -= publisher.sent_bytes - publisher_sent
    found = Counts(crowd).since(counts)
    check_wire((sent, received), found, "authority" in spec)
    number = events * len(crowd)
    return {"deliveries": number, "cpu_us_per_delivery": cpu.total_s * 1e6 / number,
            "cpu_user_us_per_delivery": cpu.user_s * 1e6 / number, "sent_bytes_per_delivery": sent / number,
            "received_bytes_per_delivery": received / number, "wire_bytes_per_delivery": (sent + received) / number,
            "deflated_percent": 100 * found["deflated"] / number, "requests_per_delivery": found["requests"] / number,
            "slowest_event_ms": deliveries.slowest_s * 1e3, "publisher_late_ms": deliveries.late_s * 1e3,
            "generator_busy_percent": 100 * own_cpu / took}
