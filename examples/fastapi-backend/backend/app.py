"""The endpoints: uvicorn --factory backend.app:create_app"""

import dataclasses
import json
import logging
from typing import Annotated, Any
from urllib.parse import parse_qs

import pusher
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, model_validator

from . import errors, rules
from .errors import Refusal, library_checks
from .health import Health
from .limits import UserLimit
from .settings import Settings
from .users import CurrentUser, User

log = logging.getLogger("backend")
router = APIRouter()


def pusher_client(request: Request) -> pusher.Pusher:
    return request.app.state.pusher


def health(request: Request) -> Health:
    return request.app.state.health


Client = Annotated[pusher.Pusher, Depends(pusher_client)]
HealthOf = Annotated[Health, Depends(health)]


# ---- What pusher-js asks.


class AuthFields(BaseModel):
    socket_id: str
    channel_name: str = ""


async def auth_fields(request: Request) -> AuthFields:
    """pusher-js sends a form; JSON is taken too."""
    body = await request.body()
    try:
        if request.headers.get("Content-Type", "").startswith("application/json"):
            fields = json.loads(body)
        else:
            fields = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        return AuthFields.model_validate(fields)
    except ValueError as error:
        raise Refusal(400, "invalid_request", "expected socket_id and channel_name, as a form or as JSON") from error


Fields = Annotated[AuthFields, Depends(auth_fields)]


def limited(request: Request, user: CurrentUser) -> User:
    """The caller, of whom there were not too many requests to sign something."""
    request.app.state.auth_limit.take(user.id)
    return user


def signing_is_on(request: Request) -> None:
    if not request.app.state.settings.enabled:
        raise Refusal(503, "disabled", "publishing and signing are switched off here (PUSHER_ENABLED)")


@router.post("/api/v1/pusher/auth", dependencies=[Depends(signing_is_on)])
def authorize_channel(user: Annotated[User, Depends(limited)], fields: Fields, client: Client) -> dict[str, str]:
    channel = fields.channel_name
    if not rules.needs_auth(channel):
        raise Refusal(400, "channel_without_auth", "this channel needs no authorization")
    if not rules.may_subscribe(user, channel):
        raise Refusal(403, "forbidden", f"you may not subscribe to {channel}")
    member = {"user_id": user.id, "user_info": user.info} if channel.startswith("presence-") else None
    with library_checks():
        answer = client.authenticate(channel=channel, socket_id=fields.socket_id, custom_data=member)
    # The package gives an encrypted channel's secret as bytes.
    return {name: value.decode() if isinstance(value, bytes) else value for name, value in answer.items()}


@router.post("/api/v1/pusher/user-auth", dependencies=[Depends(signing_is_on)])
def authenticate_user(user: Annotated[User, Depends(limited)], fields: Fields, client: Client) -> dict[str, str]:
    user_data = {"id": user.id, "user_info": user.info, "watchlist": list(user.watchlist)}
    with library_checks():
        return client.authenticate_user(socket_id=fields.socket_id, user_data=user_data)


# ---- Publishing.


class Event(BaseModel):
    event: str = Field(min_length=1, max_length=200)
    data: Any

    @model_validator(mode="after")
    def is_not_the_protocols_own(self):
        if self.event.startswith(("pusher:", "pusher_internal:")):
            raise ValueError("event: names that begin with pusher: or pusher_internal: are the protocol's own")
        return self


class Trigger(Event):
    channel: str | None = None
    channels: list[str] | None = Field(default=None, min_length=1, max_length=100)
    socket_id: str | None = None

    @model_validator(mode="after")
    def names_channels_once(self):
        if (self.channel is None) == (self.channels is None):
            raise ValueError("expected channel or channels")
        if any(name.startswith("#") for name in self.names):
            raise ValueError("users are sent to by .../users/<id>/events")
        return self

    @property
    def names(self) -> list[str]:
        return self.channels if self.channel is None else [self.channel]


def publish(request: Request, user: User, channels: list[str], event: Event, socket_id: str | None = None) -> bool:
    """Checks all channels before anything is sent. False: publishing is switched off."""
    state = request.app.state
    state.trigger_limit.take(user.id)
    for channel in channels:
        if not channel.startswith("#") and not rules.may_trigger(user, channel):
            raise Refusal(403, "forbidden", f"you may not trigger events on {channel}")
    if state.settings.enabled:
        with library_checks():
            state.pusher.trigger(channels, event.event, event.data, socket_id)
    return state.settings.enabled


@router.post("/api/v1/realtime/trigger")
def trigger(request: Request, body: Trigger, user: CurrentUser) -> dict[str, Any]:
    if not publish(request, user, body.names, body, body.socket_id):
        return {"success": True, "skipped": True}
    answer = {"success": True, "channels": body.names, "event": body.event}
    return answer if body.channel is None else {**answer, "channel": body.channel}


@router.post("/api/v1/realtime/users/{user_id}/events")
def send_to_user(request: Request, user_id: str, body: Event, user: CurrentUser) -> dict[str, Any]:
    """To the signed-in user, and to those of the user's pages that do not sign in."""
    channel = f"private-user-{user_id}"
    if not publish(request, user, [f"#server-to-user-{user_id}", channel], body):
        return {"success": True, "skipped": True}
    return {"success": True, "user_id": user_id, "event": body.event, "channels": [channel]}


@router.get("/api/v1/realtime/presence/{channel}")
def members(channel: str, user: CurrentUser, client: Client) -> dict[str, Any]:
    if not rules.may_subscribe(user, channel):
        raise Refusal(403, "forbidden", f"you may not subscribe to {channel}")
    if not channel.startswith("presence-"):
        raise Refusal(400, "invalid_request", "only presence channels have members")
    with library_checks():
        users = client.users_info(channel)["users"]
    return {"channel": channel, "count": len(users), "users": users}


# ---- From the Channels server, and about it.


@router.post("/pusher/webhook")
async def webhook(request: Request, client: Client) -> dict[str, bool]:
    """The package checks key, signature and age; what to do with the events is the application's business."""
    body = (await request.body()).decode(errors="replace")
    key, signature = request.headers.get("X-Pusher-Key", ""), request.headers.get("X-Pusher-Signature", "")
    valid = client.validate_webhook(key, signature, body)
    if valid is None:
        raise Refusal(401, "webhook_signature", "no valid webhook of this app, or an old one")
    for event in valid["events"]:
        log.info("webhook %s on %s", event.get("name"), event.get("channel"))
    return {"success": True}


@router.get("/health")
def service_health(health: HealthOf) -> JSONResponse:
    facts = health.facts()
    status = "healthy" if facts.status == "disabled" else facts.status
    body = {"status": status, "services": {"pusher": dataclasses.asdict(facts)}}
    return JSONResponse(body, 200 if status == "healthy" else 503)


@router.get("/health/pusher/status")
def pusher_status(request: Request, health: HealthOf) -> dict[str, Any]:
    facts = health.facts()
    data = dataclasses.asdict(facts) | {
        "rate_limit_remaining": request.app.state.trigger_limit.least_remaining(),
        "pusher_enabled": request.app.state.settings.enabled,
    }
    if facts.status == "unhealthy":
        data["reason"] = "the Channels server cannot be asked"
    return {"success": True, "data": data}


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings.from_environment()
    app = FastAPI(title="Realtime backend")
    app.state.settings = settings
    app.state.pusher = settings.pusher_client()
    app.state.health = Health(app.state.pusher, settings)
    app.state.auth_limit = UserLimit()
    app.state.trigger_limit = UserLimit()
    errors.install(app)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type", "X-Request-Id"],
    )
    app.include_router(router)
    return app
