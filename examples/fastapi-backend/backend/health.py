"""What the Channels server has to do, asked when someone asks for it."""

import threading
import time
from dataclasses import dataclass, field

import pusher
import pusher.errors
import requests

from .rules import needs_auth
from .settings import Settings

ACTIVE_CHANNELS_MAX = 100
USERS_CALLS_MAX = 20  # hosted Pusher bills each


@dataclass(frozen=True)
class Facts:
    status: str
    connected_users: int = 0
    total_channels: int = 0
    active_channels: list[str] = field(default_factory=list)


class Health:
    """Remembers its last answer for a while. Thread-safe."""

    def __init__(self, client: pusher.Pusher, settings: Settings):
        self._client, self._settings = client, settings
        self._lock = threading.Lock()
        self._last = Facts("disabled")
        self._asked_at = float("-inf")

    def facts(self) -> Facts:
        if not self._settings.enabled:
            return Facts("disabled")
        with self._lock:  # who comes meanwhile gets the same answer
            if time.monotonic() - self._asked_at >= self._settings.health_age_seconds:
                try:
                    self._last = self._ask()
                except (pusher.errors.PusherError, requests.RequestException):
                    self._last = Facts("unhealthy")
                self._asked_at = time.monotonic()
            return self._last

    def _ask(self) -> Facts:
        names = sorted(name for name in self._client.channels_info()["channels"] if not name.startswith("#"))
        present = [name for name in names if name.startswith("presence-")]
        # The library has no question for users that are only signed in: members are who can be counted.
        users = {
            user["id"] for name in present[:USERS_CALLS_MAX] for user in self._client.users_info(name)["users"]
        }
        told = [] if self._settings.active_channels == "none" else names
        if self._settings.active_channels == "open":
            told = [name for name in names if not needs_auth(name)]
        return Facts("healthy", len(users), len(names), told[:ACTIVE_CHANNELS_MAX])
