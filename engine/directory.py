"""People as the kernel sees them: a port that the database, a test or a simulation fills in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from engine.books.books import Books
from engine.state import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could hold a role; ``load`` is the number of open work items.

    ``given_at`` is when they were last picked for this role in any issue of the definition, ``handled_at`` when they last acted in another
    issue of the same reporter. ``level`` is a deputy's own.
    """

    party: Party
    on_duty: bool = False
    load: int = 0
    given_at: datetime | None = None
    handled_at: datetime | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherIssue:
    """Another issue, as far as the rules of this one ask for it: ``caller`` called it, and it was merged into ``survivor`` (references)."""

    number: str
    open: bool = True
    caller: Party | None = None
    survivor: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingStation:
    """A station that takes issues in: its number, its code, and its industry if it is for one."""

    number: int
    code: str = ""
    industry: str | None = None


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a role looks for. ``None`` means: of any.

    ``source``: ``staff of``, ``deputies of``, ``liaison officers of``, ``members of`` or ``departments for``. ``place``: ``station``,
    ``station above``, ``nearest station``, a level of areas, or (``members of``) an organisation's code. ``station`` is the issue's; ``area`` (a
    reference) replaces the station's own area as the point from which the tree is climbed. ``industry``, ``competence``, ``level`` are codes.
    """

    source: str
    place: str | None
    station: int
    area: Party | None = None
    function: str | None = None
    industry: str | None = None
    competence: str | None = None
    level: str | None = None
    speaks: Party | None = None
    definition: str = ""
    role: str = ""
    reporter: Party | None = None


class Actor(msgspec.Struct, frozen=True):
    """A person who does something: who they are, and every party that they may act for (themself, their departments).

    ``oversees`` says that the register lets them see this issue without a task in it: they may add to it, and no more. ``manages`` says that
    they are staff who look after it: they may move it outside the rules. ``notes``: they note what the reporter says, whose event it is.
    """

    party: Party
    parties: frozenset[Party]
    oversees: bool = False
    manages: bool = False
    notes: bool = False


class Directory(Protocol):
    """Who there is at this moment, and (``books``) what other issues have taken. Answers must not change while one event is decided."""

    @property
    def books(self) -> Books:
        """What other issues have taken."""
        ...

    def candidates(self, search: Search) -> Sequence[Candidate]:
        """Everybody whom the search fits and who is not away; for who is away, their substitute."""
        ...

    def office(self) -> Sequence[Candidate]:
        """Those who look after an issue for which nobody else was found."""
        ...

    def stand_ins(self, party: Party) -> Sequence[Party]:
        """Those who act for a party that is away now; nobody if it is there."""
        ...

    def members(self, department: Party) -> Sequence[Party]:
        """The persons in service who belong to a department."""
        ...

    def vacant(self, party: Party) -> bool:
        """Whether nobody is behind a party any more: a person who is not in service, a department in which nobody serves."""
        ...

    def known(self, reference: str) -> bool:
        """Whether this reference (``organisation:5``, ``participant:3``, ``area:2``, ``industry:law`` …) exists and is in service."""
        ...

    def issue(self, reference: Party) -> OtherIssue | None:
        """Another issue; ``None`` if there is none."""
        ...

    def station(self, named: str) -> TakingStation | None:
        """The station of this reference or code; ``None`` if there is none, or it takes no issues any more."""
        ...

    def resolve(self, kind: str, text: str) -> str | None:
        """The reference of what people call by a text, such as an issue by its number; ``None`` if there is none."""
        ...
