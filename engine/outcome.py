"""What an event leads to: the next state, the changes that made it, and the effects that somebody else has to carry out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.change import Change
from engine.state import Party, State

Occasion = Literal[
    "opened",
    "task",
    "informed",
    "reminded",
    "overdue",
    "escalated",
    "closed",
    "commented",
    "delegated",
    "transferred",
    "offered",
    "refused",
    "asked",
    "answered",
    "urged",
    "supervised",
    "withdrawn",
    "suspended",
    "resumed",
    "reopened",
    "moved",
    "merged",
    "handed-up",
    "extended",
    "shelved",
    "rescheduled",
    "promised",
    "promise-due",
    "promise-kept",
    "promise-broken",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """People are to be told: the occasion chooses the template, ``item`` is the task that a link opens.

    ``say`` holds words of the definition, rendered, by language; ``promise`` and ``limit`` what it is about. ``office_hours``: it may wait until
    the recipient's office is open.
    """

    occasion: Occasion
    parties: tuple[Party, ...]
    step: str | None = None
    action: str | None = None
    item: int | None = None
    say: Mapping[str, str] = field(default_factory=dict)
    promise: int | None = None
    limit: str | None = None
    office_hours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """An entry in the yearly files of these parties: its kind, title by language, and points if it has any."""

    parties: tuple[Party, ...]
    kind: str
    title: Mapping[str, str]
    points: float | None = None
    step: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """A text becomes public, in each language; it is a copy, made when it was decided."""

    kind: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Another system is called over HTTP; what comes of it is told to the visit with ``Result``."""

    visit: int
    step: str
    connection: str
    path: str
    send: Mapping[str, Any]
    save: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenIssue:
    """An issue of another definition is to be opened with these values; a called one (``visit``) tells of its end with ``Result``."""

    definition: str
    values: Mapping[str, Any]
    step: str
    visit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """Another issue is to hear of something: its call has ended (``ended``), this one was merged into it (``merged``), or is linked with it."""

    issue: str
    kind: Literal["ended", "merged", "linked"]
    values: Mapping[str, Any] = field(default_factory=dict)


Effect = Tell | Register | Publish | Request | OpenIssue | Notify

EFFECTS: Mapping[type, str] = {
    Tell: "tell",
    Register: "register",
    Publish: "publish",
    Request: "request",
    OpenIssue: "open-issue",
    Notify: "notify",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The decision of the kernel about one event."""

    state: State
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...]
