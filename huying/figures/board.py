"""The board of deadlines: how many issues are due, late or standing at each station and in each district, and the oldest of those that are late.

Who looks after stations sees those; the office sees all. The figures come from one statement, and each leads to the list of the very issues counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, func, select

from definitions.model.reference import refers_to
from definitions.text import words
from engine.refusal import NotAllowed
from huying.access.parties import names
from huying.access.viewer import Look, Viewer, viewer
from huying.database.tables import candidates, issues, work_items
from huying.house.house import House
from huying.issues.urgency import OPEN, Urgency, conditions
from huying.issues.views.filter import Filter, of_definition, theirs
from huying.register.regions import Region, StationPlace, places
from huying.words.horizon import working_days_late
from huying.words.moments import Due, due_seen, moment_words
from huying.words.private_text import masked

#: So many of the oldest are listed on the board.
OLDEST = 20
#: So many at most are named in a circular.
NAMED = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How many open issues there are, and how many of them are of each urgency; ``soon`` includes those due today."""

    open: int = 0
    today: int = 0
    soon: int = 0
    overdue: int = 0
    long_overdue: int = 0
    paused: int = 0
    provisional: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))

    def of(self, urgency: Urgency) -> int:
        """The figure of an urgency."""
        return int(getattr(self, urgency.replace("-", "_")))


@dataclass(frozen=True, slots=True)
class StationCounts:
    """The figures of a station."""

    code: str
    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class RegionLine:
    """The figures of a district, and of its stations that have open issues."""

    code: str
    name: str
    counts: Counts
    stations: tuple[StationCounts, ...]


@dataclass(frozen=True, slots=True)
class LateLine:
    """An overdue issue: with whom it is (roles and departments, no persons), and for how many working days it is late."""

    number: str
    subject: str
    definition: str
    station: str
    steps: tuple[str, ...]
    whom: tuple[str, ...]
    due: Due
    working_days: int


@dataclass(frozen=True, slots=True)
class Board:
    """The figures as of a moment, in all, by district and station, with the oldest of the late ones; ``at`` says that moment."""

    at: datetime
    said_at: str
    total: Counts
    regions: tuple[RegionLine, ...]
    oldest: tuple[LateLine, ...]


def board(house: House, participant_id: int, language: str, now: datetime, definition: str | None = None) -> Board:
    """The board of what this person looks after, of one definition if it is named; ``NotAllowed`` for who looks after nothing."""
    return _board(house, Look(participant_id, language, now), definition, "overdue", OLDEST)


def circular(house: House, participant_id: int, language: str, now: datetime, definition: str | None = None) -> Board:
    """The board with the issues that are named in a circular: those that are long overdue, as far as the paper goes."""
    return _board(house, Look(participant_id, language, now), definition, "long-overdue", NAMED)


def _board(house: House, look: Look, definition: str | None, named: Urgency, most: int) -> Board:
    language, now = look.language, look.now
    with house.database.reading() as connection:
        person = _staff(connection, look.person)
        known, urgent = places(connection, language), conditions(house, now)
        seen = _seen(person, definition)
        counts = _counts(connection, urgent, seen)
        rows = _late(connection, [OPEN, urgent[named], *seen], most)
        busy = _busy(connection, [row.id for row in rows], language)
    regions = _regions(counts, known)
    return Board(
        at=now,
        said_at=moment_words(now, house.zone, language),
        total=sum((region.counts for region in regions), Counts()),
        regions=regions,
        oldest=tuple(_line(house, row, busy.get(row.id, []), known[row.station_id], language, now) for row in rows),
    )


def _staff(connection: Connection, participant_id: int) -> Viewer:
    person = viewer(connection, participant_id)
    if not person.staff:
        raise NotAllowed
    return person


def _seen(person: Viewer, definition: str | None) -> list[ColumnElement[bool]]:
    return [
        theirs(person, Filter(cared_for=True)),
        *([of_definition(definition, among_open=True)] if definition else []),
    ]


def _counts(
    connection: Connection, urgent: Mapping[Urgency, ColumnElement[bool]], seen: list[ColumnElement[bool]]
) -> dict[int, Counts]:
    """The figures of every station, from the index alone."""
    others = [func.count(case((urgent[urgency], 1))) for urgency in urgent if urgency != "open"]
    query = select(issues.c.station_id, func.count(), *others).where(OPEN, *seen).group_by(issues.c.station_id)
    return {row[0]: Counts(*row[1:]) for row in connection.execute(query)}


def _regions(counts: Mapping[int, Counts], known: Mapping[int, StationPlace]) -> tuple[RegionLine, ...]:
    lines: dict[Region, list[StationCounts]] = {}
    for number, place in known.items():
        if number in counts:
            lines.setdefault(place.region, []).append(StationCounts(place.code, place.name, counts[number]))
    return tuple(
        RegionLine(region.code, region.name, sum((one.counts for one in stations), Counts()), tuple(stations))
        for region, stations in sorted(lines.items(), key=lambda line: line[0].code)
    )


def _late(connection: Connection, which: list[ColumnElement[bool]], most: int) -> Sequence[Row[Any]]:
    """The issues that are overdue for longest."""
    names_ = ("id", "number", "subject", "station_id", "definition_version_id", "due_at", "provisional")
    query = select(*(issues.c[name] for name in names_)).where(*which)
    return connection.execute(query.order_by(issues.c.due_at, issues.c.id).limit(most)).all()


@dataclass(frozen=True, slots=True)
class _Busy:
    """An open task: its step, its role, and the departments that have it."""

    step: str
    role: str
    departments: tuple[str, ...]


def _busy(connection: Connection, wanted: Sequence[int], language: str) -> dict[int, list[_Busy]]:
    w, c = work_items.c, candidates.c
    query = (
        select(w.issue_id, w.number, w.step, w.role, c.party)
        .join(candidates, (c.issue_id == w.issue_id) & (c.item == w.number))
        .where(w.issue_id.in_(wanted), w.status == "open", w.kind == "task")
        .order_by(w.issue_id, w.number, c.party)
    )
    found: dict[tuple[int, int], tuple[str, str, list[str]]] = {}
    for row in connection.execute(query):
        entry = found.setdefault((row.issue_id, row.number), (row.step, row.role, []))
        entry[2].extend([row.party] if refers_to(row.party, "organisation") else [])
    named = names(connection, {party for entry in found.values() for party in entry[2]}, language)
    busy: dict[int, list[_Busy]] = {}
    for (issue, _), (step, role, parties) in found.items():
        busy.setdefault(issue, []).append(_Busy(step, role, tuple(named.get(party, party) for party in parties)))
    return busy


def _line(
    house: House, row: Row[Any], busy: list[_Busy], place: StationPlace, language: str, now: datetime
) -> LateLine:
    process = house.processes.process(row.definition_version_id)
    definition, calendar = process.definition, process.calendar
    steps = [words(definition.steps[one.step].title, language, one.step) for one in busy]
    whom = [
        name
        for one in busy
        for name in one.departments or (words(definition.role_title(one.role), language, one.role),)
    ]
    due = due_seen(row.due_at, calendar, now, language, provisional=row.provisional)
    assert due is not None
    return LateLine(
        number=row.number,
        subject=masked(row.subject),
        definition=words(definition.title, language, definition.id),
        station=place.name,
        steps=tuple(dict.fromkeys(steps)),
        whom=tuple(dict.fromkeys(whom)),
        due=due,
        working_days=working_days_late(row.due_at, calendar, now),
    )
