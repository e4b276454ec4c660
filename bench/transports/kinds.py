"""The transports that are compared, and what a server needs to speak them."""
from dataclasses import dataclass, field

import subscribers

DEFLATE_VARIABLE = "FANFARE_COMPRESSION_WEBSOCKET"


@dataclass(frozen=True)
class Kind:
    name: str
    title: str
    subscriber: type
    arguments: tuple = ()  # of fanfare serve
    # Variables of the server's, where it knows them: what it does not know it does not start with.
    environment: dict = field(default_factory=dict)
    starts: bool = True  # idle: whether it waits for events, or is between two polls
    only_idle: bool = False


KINDS = (
    Kind("websocket", "WebSocket", subscribers.WebSocket),
    Kind("tls", "WebSocket over TLS", subscribers.Tls, arguments=("--tls-dev", "--tls-port", "0")),
    Kind("deflate", "WebSocket, permessage-deflate", subscribers.Deflate, environment={DEFLATE_VARIABLE: "true"}),
    Kind("streaming", "xhr_streaming", subscribers.Streaming),
    Kind("polling", "xhr polling", subscribers.Polling),
    Kind("between-polls", "xhr polling, between two polls", subscribers.Polling, starts=False, only_idle=True),
)
BASE = KINDS[0]  # what the others are divided by


def kind_of(name):
    return next(kind for kind in KINDS if kind.name == name)
