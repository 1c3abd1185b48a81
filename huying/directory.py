"""The register as the kernel's directory: who there is at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from definitions.calendar import Calendar
from definitions.role import Role
from engine import Candidate
from huying.parties import identity, participant
from huying.statement import Statement
from huying.tables import areas, candidates, duties, memberships, organisations, participants, stations

_STAFF = ("clerk", "head")
_known = Statement(
    select(organisations.c.id).where(
        organisations.c.id == bindparam("number"), organisations.c.kind == "department", organisations.c.active
    )
)


class RegisterDirectory:
    """Answers the kernel's questions from the register, on one connection and at one moment; asks only what is needed."""

    def __init__(self, connection: Connection, calendar: Calendar, now: datetime) -> None:
        self._connection = connection
        self._weekday = now.astimezone(calendar.zone).isoweekday()

    def candidates(self, role: Role, station: int) -> Sequence[Candidate]:
        """The members of the station (or of the one above) in the function that the role names."""
        at = self._above(station) if role.place == "station above" else station
        if at is None:
            return ()
        return self._members(memberships.c.station_id == at, _functions(role), at)

    def office(self) -> Sequence[Candidate]:
        """The members of the office that looks after the whole house."""
        offices = select(organisations.c.id).where(organisations.c.kind == "office")
        return self._members(memberships.c.organisation_id.in_(offices), (), None)

    def known(self, party: str) -> bool:
        """Whether a department of this reference is in service."""
        kind, number = identity(party)
        return kind == "organisation" and bool(_known.rows(self._connection, {"number": number}))

    def _members(
        self, where: ColumnElement[bool], functions: tuple[str, ...], station: int | None
    ) -> Sequence[Candidate]:
        query = select(participants.c.id).join(memberships).where(where, participants.c.active).distinct()
        if functions:
            query = query.where(memberships.c.function.in_(functions))
        people = list(self._connection.execute(query.order_by(participants.c.id)).scalars())
        on_duty = self._on_duty(station)
        loads = self._loads([participant(person) for person in people]) if len(people) > 1 else {}
        return [
            Candidate(party=participant(person), on_duty=person in on_duty, load=loads.get(participant(person), 0))
            for person in people
        ]

    def _on_duty(self, station: int | None) -> set[int]:
        query = select(duties.c.participant_id).where(duties.c.station_id == station, duties.c.weekday == self._weekday)
        return set(self._connection.execute(query).scalars()) if station is not None else set()

    def _loads(self, parties: list[str]) -> dict[str, int]:
        query = (
            select(candidates.c.party, func.count()).where(candidates.c.party.in_(parties)).group_by(candidates.c.party)
        )
        return {row[0]: row[1] for row in self._connection.execute(query)}

    def _above(self, station: int) -> int | None:
        """The area station of the nearest area above that has one."""
        query = (
            select(areas.c.parent_id).join(stations, stations.c.area_id == areas.c.id).where(stations.c.id == station)
        )
        area = self._connection.execute(query).scalar_one_or_none()
        while area is not None:
            found = self._connection.execute(
                select(stations.c.id)
                .where(stations.c.area_id == area, stations.c.kind == "area")
                .order_by(stations.c.id)
            ).first()
            if found:
                return int(found[0])
            area = self._connection.execute(select(areas.c.parent_id).where(areas.c.id == area)).scalar_one_or_none()
        return None


def _functions(role: Role) -> tuple[str, ...]:
    if role.deputies_of:
        return ("deputy",)
    if role.liaison_of:
        return ("liaison",)
    return (role.function,) if role.function else _STAFF
