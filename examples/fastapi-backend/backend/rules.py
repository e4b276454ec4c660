"""Who may do what, by the whole name of a channel.

A rule by the last part of a name is shorter, and wrong: see "Whole names" in README.md.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from .users import User

ROLES = ("student", "teacher", "admin")  # each may what those before it may
SERVICE = "service"  # backends: triggers everywhere, subscribes nowhere

# Whether the user may; `bound` is what the pattern's variables stand for.
May = Callable[[User, dict[str, str]], bool]


def anyone(user: User, bound: dict[str, str]) -> bool:
    return True


def at_least(role: str, or_if: May | None = None) -> May:
    enough = ROLES[ROLES.index(role) :]
    return lambda user, bound: user.role in enough or (or_if is not None and or_if(user, bound))


def is_self(user: User, bound: dict[str, str]) -> bool:
    return user.id == bound["user_id"]


def is_in_class(user: User, bound: dict[str, str]) -> bool:
    return bound["class_id"] in user.classes


@dataclass(frozen=True)
class Rule:
    channel: str  # a name, or a pattern with variables: private-user-{user_id}
    subscribe: May
    trigger: May


# An exact name is found before a pattern, so that agent-metrics is never an agent called metrics.
RULES = (
    Rule("public-dashboard", anyone, at_least("teacher")),
    Rule("public-notifications", anyone, at_least("teacher")),
    Rule("dashboard-updates", anyone, at_least("teacher")),
    Rule("content-generation", anyone, at_least("teacher")),
    Rule("agent-status", anyone, at_least("admin")),
    Rule("agent-tasks", at_least("teacher"), at_least("admin")),
    Rule("agent-metrics", at_least("admin"), at_least("admin")),
    Rule("system-health", at_least("admin"), at_least("admin")),
    Rule("private-admin", at_least("admin"), at_least("admin")),
    Rule("private-teacher", at_least("teacher"), at_least("teacher")),
    Rule("private-student", at_least("student"), at_least("teacher")),
    Rule("presence-admin", at_least("admin"), at_least("admin")),
    Rule("presence-classroom-{room_id}", at_least("student"), at_least("teacher")),
    Rule("private-user-{user_id}", at_least("admin", or_if=is_self), at_least("teacher", or_if=is_self)),
    Rule("private-class-{class_id}", at_least("teacher", or_if=is_in_class), at_least("teacher")),
    Rule("agent-{agent_id}", at_least("admin"), at_least("admin")),
)

_PATTERNS = tuple(
    (re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[-a-zA-Z0-9_=@,.;]+)", re.escape(rule.channel))), rule) for rule in RULES
)
# Encrypted and cache channels are forms of the plain one, and follow its rule.
_FORM = re.compile(r"(private-)encrypted-(?:cache-)?|((?:private|presence)-)cache-")


def _plain_name(channel: str) -> str:
    form = _FORM.match(channel)
    return channel if form is None else (form[1] or form[2]) + channel[form.end() :]


def _find(channel: str) -> tuple[Rule | None, dict[str, str]]:
    name = _plain_name(channel)
    for pattern, rule in _PATTERNS:
        if found := pattern.fullmatch(name):
            return rule, found.groupdict()
    return None, {}


def needs_auth(channel: str) -> bool:
    return channel.startswith(("private-", "presence-"))


def may_subscribe(user: User, channel: str) -> bool:
    if user.role == SERVICE:
        return False
    rule, bound = _find(channel)
    # Without a rule a public channel is open, and any other closed to everyone, admins too.
    return not needs_auth(channel) if rule is None else rule.subscribe(user, bound)


def may_trigger(user: User, channel: str) -> bool:
    if user.role == SERVICE:
        return True
    rule, bound = _find(channel)
    return rule is not None and rule.trigger(user, bound)
