"""Candidates who tell of themselves only what a role's strategies ask: duty, load and history cost a query each, and most roles need none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection, func, select

from definitions.model.reference import Reference, participant
from engine import Candidate, Search
from huying.database.tables import assignments, candidates, history, issues
from huying.database.tenure import serving
from huying.register.directory.duty import on_duty

#: A person, and the station at which they were found.
Seat = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Seats:
    """A party that was found, and the seats that it fills: its own, or those of people who are away."""

    party: str
    seats: tuple[Seat, ...] = ()


class Circumstances:
    """What strategies can ask about all who were found by one search; each answer is looked up once, for all of them."""

    def __init__(
        self,
        connection: Connection,
        search: Search | None,
        parties: Sequence[Seats],
        local: datetime,
        issue: int | None,
    ) -> None:
        self._connection = connection
        self._search = search
        self._parties = parties
        self._local = local
        self._issue = issue

    @cached_property
    def on_duty(self) -> frozenset[Seat]:
        """The seats whose people are on duty now."""
        places = {station for found in self._parties for _, station in found.seats if station is not None}
        return frozenset((person, at) for at in places for person in on_duty(self._connection, at, self._local))

    @cached_property
    def loads(self) -> dict[str, int]:
        """The number of open work items by party."""
        query = select(candidates.c.party, func.count()).where(candidates.c.party.in_(self._names))
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(candidates.c.party))}

    @cached_property
    def given(self) -> dict[str, datetime]:
        """When each party was last given the role that is looked for, in any issue of the definition."""
        if self._search is None:
            return {}
        query = select(assignments.c.party, assignments.c.at).where(
            assignments.c.definition_key == self._search.definition,
            assignments.c.role == self._search.role,
            assignments.c.party.in_(self._names),
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    @cached_property
    def handled(self) -> dict[str, datetime]:
        """When each person last acted in another issue of the same reporter."""
        if self._search is None or self._search.reporter is None:
            return {}
        people = self._persons
        query = (
            select(history.c.actor_id, func.max(history.c.at, type_=history.c.at.type))
            .join(issues, issues.c.id == history.c.issue_id)
            .where(
                issues.c.reporter_id == Reference.parse(self._search.reporter).number,
                history.c.kind == "act",
                history.c.actor_id.in_(people),
            )
            .group_by(history.c.actor_id)
        )
        if self._issue is not None:
            query = query.where(issues.c.id != self._issue)
        return {participant(row[0]): row[1] for row in self._connection.execute(query)}

    @cached_property
    def levels(self) -> dict[str, str]:
        """The level of each deputy."""
        people = self._persons
        query = select(serving.c.participant_id, serving.c.level).where(
            serving.c.participant_id.in_(people), serving.c.level.is_not(None)
        )
        return {participant(row[0]): row[1] for row in self._connection.execute(query)}

    @property
    def _persons(self) -> list[int]:
        named = (Reference.parse(name) for name in self._names)
        return [one.number for one in named if one.kind == "participant"]

    @property
    def _names(self) -> list[str]:
        return [found.party for found in self._parties]


class FoundCandidate(Candidate):
    """A candidate from the register; on the connection of its search, and as long as that is open."""

    __slots__ = ("_circumstances", "_seats")
    _circumstances: Circumstances
    _seats: tuple[Seat, ...]

    def __init__(self, found: Seats, circumstances: Circumstances) -> None:
        # frozen like every candidate, so set in the way in which frozen dataclasses set themselves
        object.__setattr__(self, "party", found.party)
        object.__setattr__(self, "_seats", found.seats)
        object.__setattr__(self, "_circumstances", circumstances)

    @property
    def on_duty(self) -> bool:
        """Whether they, or somebody for whom they stand in, are on duty at this moment."""
        return not self._circumstances.on_duty.isdisjoint(self._seats)

    @property
    def load(self) -> int:
        """The number of their open work items."""
        return self._circumstances.loads.get(self.party, 0)

    @property
    def given_at(self) -> datetime | None:
        """When they were last given this role in any issue of the definition."""
        return self._circumstances.given.get(self.party)

    @property
    def handled_at(self) -> datetime | None:
        """When they last acted in another issue of the same reporter."""
        return self._circumstances.handled.get(self.party)

    @property
    def level(self) -> str | None:
        """The level at which they are a deputy."""
        return self._circumstances.levels.get(self.party)
