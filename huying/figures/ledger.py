"""The ledger of the house for those who watch it: figures of every station, the oldest overdue and stuck issues of each, and what is undelivered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, case, exists, func, select

from definitions.text import Said, words
from huying.database.tables import deliveries, incidents, issues, outbox
from huying.house.house import House
from huying.issues.urgency import OPEN, conditions
from huying.issues.views.troubles import troubles
from huying.register.regions import StationPlace, places
from huying.words.horizon import working_days_late
from huying.words.mask import mask
from huying.words.moments import due_seen, moment_words
from huying.words.private_text import masked

#: So many overdue issues of a station are listed, the oldest first; so many stuck ones of the whole house.
OLDEST, STUCK = 20, 500
#: Messages that were given up within this time are counted.
LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """An issue that is overdue or stuck, what is the matter, and since when."""

    number: str
    subject: str
    definition: str
    what: str
    since: str
    run_id: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The figures of a station; ``soon`` includes those due today."""

    code: str
    name: str
    region: str
    open: int
    overdue: int
    soon: int
    paused: int
    stuck: int
    troubles: tuple[TroubleLine, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """All of it, as of a moment in words; ``pending`` effects wait, ``failed`` ones were given up, ``undelivered`` messages lately too."""

    at: str
    stations: tuple[LedgerLine, ...]
    pending: int
    failed: int
    undelivered: int


def ledger(house: House, now: datetime, language: str = "zh") -> Ledger:
    """The ledger of all stations that have open issues; stations without any are left out."""
    with house.database.reading() as connection:
        known, urgent = places(connection, language), conditions(house, now)
        counted = _counted(connection, [urgent[name] for name in ("overdue", "soon", "paused")])
        late = _late(connection, urgent["overdue"])
        stuck = _stuck(connection)
        pending, failed = (_effects(connection, status) for status in ("pending", "failed"))
        undelivered = _undelivered(connection, now)
    troubles: dict[int, list[TroubleLine]] = {}
    numbers: dict[int, int] = {}
    for row in stuck:
        if (wrong := _wrong(house, row, language)) is not None:
            numbers[row.station_id] = numbers.get(row.station_id, 0) + 1
            troubles.setdefault(row.station_id, []).append(_line(house, row, wrong, "", language))
    for row in late:
        troubles.setdefault(row.station_id, []).append(_late_line(house, row, language, now))
    return Ledger(
        at=moment_words(now, house.zone, language),
        stations=tuple(
            _station(place, counted[number], numbers.get(number, 0), troubles.get(number, []))
            for number, place in known.items()
            if number in counted
        ),
        pending=pending,
        failed=failed,
        undelivered=undelivered,
    )


def _station(place: StationPlace, counted: Sequence[int], stuck: int, troubles: Sequence[TroubleLine]) -> LedgerLine:
    open_, overdue, soon, paused = counted
    return LedgerLine(place.code, place.name, place.region.name, open_, overdue, soon, paused, stuck, tuple(troubles))


def _counted(connection: Connection, wanted: Sequence[ColumnElement[bool]]) -> dict[int, tuple[int, int, int, int]]:
    """Open, overdue, soon and paused of every station, from the index alone."""
    others = [func.count(case((one, 1))) for one in wanted]
    query = select(issues.c.station_id, func.count(), *others).where(OPEN).group_by(issues.c.station_id)
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in connection.execute(query)}


_COLUMNS = ("id", "number", "subject", "station_id", "definition_version_id", "due_at", "provisional", "run_id")


def _late(connection: Connection, overdue: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """The oldest overdue issues of every station."""
    place = func.row_number().over(partition_by=issues.c.station_id, order_by=(issues.c.due_at, issues.c.id))
    ranked = select(*(issues.c[name] for name in _COLUMNS), place.label("place")).where(OPEN, overdue).subquery()
    return connection.execute(select(ranked).where(ranked.c.place <= OLDEST).order_by(ranked.c.due_at)).all()


def _stuck(connection: Connection) -> Sequence[Row[Any]]:
    """Open issues of which something was given up, and is neither put right nor being tried again."""
    stands = incidents.c.status == "open", incidents.c.issue_id != 0
    given_up = select(incidents.c.issue_id).where(*stands).distinct().limit(STUCK)
    columns = [issues.c[name] for name in _COLUMNS]
    return connection.execute(select(*columns).where(OPEN, issues.c.id.in_(given_up)).order_by(issues.c.id)).all()


def _wrong(house: House, row: Row[Any], language: str) -> str | None:
    """What went wrong first; ``None`` if that was put right meanwhile."""
    definition = house.processes.process(row.definition_version_id).definition
    with house.database.reading() as connection:
        found = troubles(connection, row.id, definition, language)
    return found[0] if found else None


def _line(house: House, row: Row[Any], what: str, since: str, language: str) -> TroubleLine:
    definition = house.processes.process(row.definition_version_id).definition
    title = words(definition.title, language, definition.id)
    return TroubleLine(row.number, masked(row.subject), title, mask(what), since, row.run_id or "")


def _late_line(house: House, row: Row[Any], language: str, now: datetime) -> TroubleLine:
    calendar = house.processes.process(row.definition_version_id).calendar
    due = due_seen(row.due_at, calendar, now, language, provisional=row.provisional)
    days = working_days_late(row.due_at, calendar, now)
    what = Said(f"逾期 {days} 个工作日", f"{days} working days late").of(language)
    return _line(house, row, what, due.by if due else "", language)


def _effects(connection: Connection, status: str) -> int:
    query = select(func.count()).select_from(outbox).where(outbox.c.status == status)
    return int(connection.execute(query).scalar_one())


def _undelivered(connection: Connection, now: datetime) -> int:
    """Messages that reached nobody; what went on to another address of the same person is not among them."""
    following = deliveries.alias()
    went_on = exists().where(following.c.instead_of_id == deliveries.c.id)
    query = select(func.count()).select_from(deliveries)
    lost = deliveries.c.status.in_(("failed", "undelivered"))
    lately = query.where(lost, deliveries.c.ended_at >= now - LATELY, ~went_on)
    return int(connection.execute(lately).scalar_one())
