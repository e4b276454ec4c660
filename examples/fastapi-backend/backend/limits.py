"""How often a user may ask: so many requests in a window that begins with the first."""

import math
import threading
import time

from .errors import Refusal

WINDOW_SECONDS = 10.0
REQUESTS_MAX = 100
USERS_MAX = 10_000  # whose windows are remembered


class UserLimit:
    """Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._windows: dict[str, tuple[float, int]] = {}  # by user: begin, used

    def take(self, user_id: str) -> None:
        """Raises Refusal (429)."""
        now = time.monotonic()
        with self._lock:
            begin, used = self._windows.get(user_id, (now, 0))
            if now - begin >= WINDOW_SECONDS:
                begin, used = now, 0
            if used == REQUESTS_MAX:
                wait = math.ceil(begin + WINDOW_SECONDS - now)
                raise Refusal(429, "rate_limited", "too many requests of this user", {"Retry-After": str(wait)})
            if len(self._windows) >= USERS_MAX:
                self._forget(now)
            self._windows[user_id] = (begin, used + 1)

    def least_remaining(self) -> int:
        now = time.monotonic()
        with self._lock:
            used = (used for begin, used in self._windows.values() if now - begin < WINDOW_SECONDS)
            return REQUESTS_MAX - max(used, default=0)

    def _forget(self, now: float) -> None:
        kept = {user: window for user, window in self._windows.items() if now - window[0] < WINDOW_SECONDS}
        self._windows = kept if len(kept) < USERS_MAX else {}
