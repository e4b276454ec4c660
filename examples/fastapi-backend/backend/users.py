"""Who the caller is: an application's JSON Web Token as a User."""

from dataclasses import dataclass
from typing import Annotated, Any

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .errors import Refusal
from .settings import Settings

LEEWAY_SECONDS = 5


@dataclass(frozen=True)
class User:
    id: str
    role: str = ""
    name: str = ""
    avatar: str = ""
    classes: frozenset[str] = frozenset()
    watchlist: tuple[str, ...] = ()

    @property
    def info(self) -> dict[str, str]:
        """What other members of a presence channel see."""
        shown = {"name": self.name, "role": self.role, "avatar": self.avatar}
        return {claim: text for claim, text in shown.items() if text}


def user_of_token(token: str, settings: Settings) -> User:
    """Raises Refusal (401) with what is wrong."""
    try:
        claims = jwt.decode(
            token,
            settings.jwt_secret,
            # One algorithm, not the one that the token names: otherwise `none`, or a public key taken for a secret, passes.
            algorithms=["HS256"],
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            leeway=LEEWAY_SECONDS,
            options={
                "require": ["exp", "sub"],
                "verify_aud": settings.jwt_audience is not None,
                "verify_sub": False,  # PyJWT wants a string; many applications write a number
            },
        )
    except jwt.ExpiredSignatureError as error:
        raise Refusal(401, "token_expired", "the token has expired") from error
    except jwt.InvalidAudienceError as error:
        raise Refusal(401, "token_audience", "the token is not meant for this backend") from error
    except jwt.InvalidAlgorithmError as error:
        raise Refusal(401, "token_algorithm", "the token is not of an algorithm that is taken here") from error
    except jwt.InvalidSignatureError as error:
        raise Refusal(401, "token_signature", "the token's signature is wrong") from error
    except jwt.InvalidTokenError as error:
        raise Refusal(401, "token_malformed", str(error)) from error
    return _user_of_claims(claims)


def _user_of_claims(claims: dict[str, Any]) -> User:
    user_id = claims["sub"]
    if isinstance(user_id, bool) or not isinstance(user_id, int | str) or user_id == "":
        raise Refusal(401, "token_claims", "claim sub: expected a text or a number")
    return User(
        id=str(user_id),
        role=_text(claims, "role"),
        name=_text(claims, "name"),
        avatar=_text(claims, "avatar") or _text(claims, "avatar_url"),
        classes=frozenset(_texts(claims, "classes")),
        watchlist=tuple(_texts(claims, "watchlist")),
    )


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name) or ""
    if not isinstance(value, str):
        raise Refusal(401, "token_claims", f"claim {name}: expected a text")
    return value


def _texts(claims: dict[str, Any], name: str) -> list[str]:
    value = claims.get(name) or []
    if not isinstance(value, list):
        raise Refusal(401, "token_claims", f"claim {name}: expected a list")
    return [str(entry) for entry in value]


def current_user(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))],
) -> User:
    if credentials is None:
        raise Refusal(401, "token_missing", "expected Authorization: Bearer <token>")
    return user_of_token(credentials.credentials, request.app.state.settings)


CurrentUser = Annotated[User, Depends(current_user)]
