"""Effects: what a decision has somebody else carry out. Each keeps its type from here to whoever carries it out.

They are written to the outbox; their names and fields are a format for as long as one of them waits there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import field

from engine.event import Attach, Comment, Urge, Withdraw
from engine.noun import OfKind, Values
from engine.state import Party

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
    "unanswered",
    "urged",
    "supervised",
    "withdrawn",
    "suspended",
    "still-suspended",
    "resumed",
    "reopened",
    "moved",
    "relocated",
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


class _Effect(OfKind, frozen=True):
    """What every effect can be asked, whether it has such a field or not."""

    @property
    def step(self) -> str | None:
        """The step that decided it."""
        return None

    @property
    def visit(self) -> int | None:
        """The visit that waits for what comes of it."""
        return None

    @property
    def connection(self) -> str | None:
        """The other system that it calls."""
        return None

    @property
    def parties(self) -> tuple[Party, ...]:
        """Whom it is for."""
        return ()


class Tell(_Effect, frozen=True, kw_only=True):
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


class Register(_Effect, frozen=True, kw_only=True):
    """An entry in the yearly files of these parties: of which category, its title by language, and points if it has any."""

    parties: tuple[Party, ...]
    category: str
    title: Mapping[str, str]
    points: float | None = None
    step: str | None = None


class Publish(_Effect, frozen=True, kw_only=True):
    """A text becomes public, in each language; it is a copy, made when it was decided: ``of`` another issue, whose reporter is the ``person``,
    with ``photos`` (references of files).
    """

    category: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    step: str
    of: str | None = None
    person: str | None = None
    photos: tuple[str, ...] = ()


class Request(_Effect, frozen=True, kw_only=True):
    """Another system is called over HTTP; what comes of it is told to the visit with ``Result``."""

    visit: int
    step: str
    connection: str
    path: str
    send: Values
    save: Mapping[str, str]


class OpenIssue(_Effect, frozen=True, kw_only=True):
    """An issue of another definition is to be opened with these values; a called one (``visit``) tells of its end with ``Result``."""

    definition: str
    values: Values
    step: str
    visit: int | None = None


class Notify(_Effect, frozen=True, kw_only=True):
    """Another issue is to hear of something.

    Its call has ``ended``, with ``values``; this one was ``merged`` into it, with its ``followers``; it is ``linked``, by a ``relation``;
    or nobody waits for it any more (``forsaken``), so that it is ended or goes on (``relation``: ``cancel``, ``leave``).
    """

    issue: str
    news: Literal["ended", "merged", "linked", "forsaken"]
    values: Values = field(default_factory=dict)
    followers: tuple[Party, ...] = ()
    relation: str = ""


class Referral(_Effect, frozen=True, kw_only=True):
    """What somebody said of this issue, which was merged, is said by them of the issue that goes on in its place."""

    issue: str
    by: Party
    event: Comment | Attach | Urge | Withdraw

    @property
    def parties(self) -> tuple[Party, ...]:
        """Who said it."""
        return (self.by,)


Effect = Tell | Register | Publish | Request | OpenIssue | Notify | Referral
