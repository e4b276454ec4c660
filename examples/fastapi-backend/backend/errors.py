"""How refusals look: {"error":{"code","message","request_id"}}, as `fanfare gateway` writes them."""

import json
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pusher.errors
import requests
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CODES = {403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


class Refusal(Exception):
    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = {"WWW-Authenticate": "Bearer"} if status == 401 else headers or {}


@contextmanager
def library_checks() -> Iterator[None]:
    """The `pusher` package checks names and sizes before it sends anything, and says what is wrong by a ValueError."""
    try:
        yield
    except json.JSONDecodeError as error:  # a ValueError, too, but of the answer
        raise Refusal(502, "channels_refused", "the Channels server answers what this backend cannot read") from error
    except ValueError as error:
        raise Refusal(400, "invalid_request", str(error)) from error


def _answer(request: Request, status: int, code: str, message: str, headers: dict[str, str] | None = None):
    error = {"code": code, "message": message, "request_id": request.state.request_id}
    return JSONResponse({"error": error}, status, headers)


def install(app: FastAPI) -> None:
    @app.middleware("http")
    async def name_request(request: Request, call_next):
        given = request.headers.get("X-Request-Id", "")
        request.state.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        response = await call_next(request)
        response.headers["X-Request-Id"] = request.state.request_id
        return response

    @app.exception_handler(Refusal)
    async def refusal(request: Request, error: Refusal):
        return _answer(request, error.status, error.code, error.message, error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError):
        first = error.errors()[0]
        where = ".".join(part for part in first["loc"][1:] if isinstance(part, str))
        what = first["msg"].removeprefix("Value error, ")
        return _answer(request, 400, "invalid_request", f"{where}: {what}" if where else what)

    @app.exception_handler(HTTPException)
    async def of_the_router(request: Request, error: HTTPException):
        code = CODES.get(error.status_code, "invalid_request")
        return _answer(request, error.status_code, code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(pusher.errors.PusherError)
    async def of_the_server(request: Request, error: pusher.errors.PusherError):
        if isinstance(error, pusher.errors.PusherBadRequest):
            return _answer(request, 400, "invalid_request", str(error))
        return _answer(request, 502, "channels_refused", "the Channels server refuses what this backend asks")

    @app.exception_handler(requests.RequestException)
    async def without_a_server(request: Request, error: requests.RequestException):
        return _answer(request, 503, "channels_unavailable", "the Channels server does not answer", {"Retry-After": "1"})
