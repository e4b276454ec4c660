"""Settings: the variables that Pusher's own libraries take, and what the application's tokens are signed with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import pusher


@dataclass(frozen=True)
class Settings:
    app_id: str
    key: str
    secret: str
    jwt_secret: str
    cluster: str | None = None
    host: str | None = None  # with it: a server of one's own, Fanfare for instance
    port: int | None = None
    ssl: bool = True
    enabled: bool = True
    encryption_master_key: str | None = None
    jwt_issuer: str | None = None
    jwt_audience: str | None = None
    cors_origins: tuple[str, ...] = ()
    health_age_seconds: float = 60.0  # hosted Pusher bills the questions
    active_channels: str = "open"  # which names /health tells to everyone: all, open, none

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises KeyError naming what is missing, ValueError for what makes no sense."""
        host = environment.get("PUSHER_HOST") or None
        active_channels = environment.get("ACTIVE_CHANNELS", "open")
        if active_channels not in ("all", "open", "none"):
            raise ValueError("ACTIVE_CHANNELS: expected all, open or none")
        return cls(
            app_id=environment["PUSHER_APP_ID"],
            key=environment["PUSHER_KEY"],
            secret=environment["PUSHER_SECRET"],
            jwt_secret=environment["JWT_SECRET"],
            cluster=environment.get("PUSHER_CLUSTER") or None,
            host=host,
            port=int(environment["PUSHER_PORT"]) if environment.get("PUSHER_PORT") else None,
            ssl=_is_true(environment.get("PUSHER_SSL", "true")),
            enabled=_is_true(environment.get("PUSHER_ENABLED", "true")),
            encryption_master_key=environment.get("PUSHER_ENCRYPTION_MASTER_KEY_BASE64") or None,
            jwt_issuer=environment.get("JWT_ISSUER") or None,
            jwt_audience=environment.get("JWT_AUDIENCE") or None,
            cors_origins=tuple(environment.get("CORS_ORIGINS", "").replace(",", " ").split()),
            health_age_seconds=float(environment.get("HEALTH_AGE_SECONDS") or (1 if host else 60)),
            active_channels=active_channels,
        )

    def pusher_client(self) -> pusher.Pusher:
        return pusher.Pusher(
            app_id=self.app_id,
            key=self.key,
            secret=self.secret,
            cluster=self.cluster,
            host=self.host,
            port=self.port,
            ssl=self.ssl,
            encryption_master_key_base64=self.encryption_master_key,
        )


def _is_true(text: str) -> bool:
    if text.lower() in ("true", "1", "yes", "on"):
        return True
    if text.lower() in ("false", "0", "no", "off"):
        return False
    raise ValueError(f"expected true or false, found {text!r}")
