"""Whom a message goes to: the people behind its parties, else the office, so that no deadline passes in silence; and when they are at work."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from definitions.calendars.calendar import Calendar
from definitions.model.definition import Definition
from engine import State
from engine.deadlines.office_hours import next_office_moment
from engine.rules.exclusion import may_not
from huying.access import parties
from huying.database.tables import organisations, participants, stations
from huying.database.tenure import serving
from huying.errors import NotFound
from huying.house.calendars import Calendars

if TYPE_CHECKING:
    # what carries effects out tells of those that failed
    from engine.effect import Tell
    from huying.outbox.claims import Errand

#: What the clock has people told, and somebody must hear.
NEVER_SILENT = frozenset({"reminded", "overdue", "escalated", "promise-due"})
_log = logging.getLogger("huying.telling")


@dataclass(frozen=True, slots=True)
class Recipients:
    """People, each once. ``instead_of``: the parties for whom it was meant, if there is nobody behind any of them and the office hears it."""

    people: tuple[int, ...]
    instead_of: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What an issue is told about by: its definition and its state."""

    definition: Definition
    state: State

    def leaves(self, connection: Connection, effect: Tell, person: int) -> bool:
        """Whether somebody must leave the task that they would be told of to colleagues."""
        item = self.state.item(effect.item) if effect.item and self.definition.excludes else None
        return item is not None and may_not(self.definition, self.state, item, parties.actor(connection, person))


def recipients(connection: Connection, errand: Errand[Tell], matter: Matter) -> Recipients:
    """Everybody who is to get the message of an effect; of a task, without those who must leave it to colleagues, unless that is all of them."""
    meant = errand.effect.parties
    all_of_them = tuple(dict.fromkeys(person for party in meant for person in parties.people(connection, party)))
    found = tuple(one for one in all_of_them if not matter.leaves(connection, errand.effect, one)) or all_of_them
    if found or errand.effect.occasion not in NEVER_SILENT:
        return Recipients(found)
    office = office_people(connection)
    if not office:
        _log.error("issue %s, event %s: nobody can be told, not even the office", errand.number, errand.sequence)
    return Recipients(office, meant)


def office_people(connection: Connection) -> tuple[int, ...]:
    """The people of the office that looks after the whole house."""
    query = (
        select(participants.c.id)
        .join(serving, serving.c.participant_id == participants.c.id)
        .join(organisations, organisations.c.id == serving.c.organisation_id)
        .where(organisations.c.kind == "office", organisations.c.active, participants.c.active)
    )
    return tuple(connection.execute(query.distinct().order_by(participants.c.id)).scalars())


def when_open(calendars: Calendars, connection: Connection, person: int, usual: Calendar, moment: datetime) -> datetime:
    """The next moment at which a person is in the office: by the calendar of the department or station where they serve, else by the usual one."""
    return next_office_moment(_calendar_of(calendars, connection, person) or usual, moment)


def _calendar_of(calendars: Calendars, connection: Connection, person: int) -> Calendar | None:
    """The calendar that their department names, or their station."""
    named = func.coalesce(organisations.c.calendar, stations.c.calendar)
    query = (
        select(named)
        .select_from(serving)
        .outerjoin(organisations, organisations.c.id == serving.c.organisation_id)
        .outerjoin(stations, stations.c.id == serving.c.station_id)
        .where(serving.c.participant_id == person, named.is_not(None))
        .order_by(serving.c.station_id.is_not(None), serving.c.id)
    )
    key = connection.execute(query.limit(1)).scalar_one_or_none()
    try:
        return calendars.in_force(key) if key else None
    except NotFound:
        _log.warning("participant %s: there is no calendar %s", person, key)
        return None
