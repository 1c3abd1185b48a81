"""The rows of public registers, made of what the house has anyway; of each only the columns that the office has opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import Connection, select

from definitions.text import Said, words
from huying.database.tables import (
    codes,
    dated_duties,
    definition_versions,
    issues,
    mandates,
    participants,
    stations,
)
from huying.database.tenure import serving_on
from huying.house.house import House
from huying.publicity.registers import OpenedRegister
from huying.publicity.spots import spots, with_instead
from huying.register.levels import DEPUTY_LEVELS
from huying.words.duties import hours_words
from huying.words.names import named

#: So many rows are handed out at most; the newest ones where there are more.
MOST = 20_000
#: Who reads a register sees rows at most so old; a cache may keep them as long.
KEPT = timedelta(seconds=60)
_RESIDENT = "citizen"
_IN_HAND = Said("办理中", "in hand")
_STATES = {"planned": Said("照常", "as planned"), "cancelled": Said("取消", "cancelled")}


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A row of open data: ``key`` stays the same, ``cells`` by the key of their column; ``person``: the deputy who has a page."""

    key: str
    cells: Mapping[str, str]
    person: int | None = None


@dataclass(slots=True)
class OpenRowsKept:
    """The rows, made anew only when they are older than ``KEPT`` or the office has opened the register otherwise: anybody may ask ever again."""

    house: House
    _lock: Lock = field(default_factory=Lock)
    _kept: dict[tuple[OpenedRegister, str], tuple[datetime, tuple[OpenRow, ...]]] = field(default_factory=dict)

    def rows(self, opened: OpenedRegister, language: str, now: datetime) -> tuple[OpenRow, ...]:
        """Those of a register, as everybody may read them."""
        with self._lock:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[0] <= now < kept[0] + KEPT}
            kept = self._kept.get((opened, language))
            if kept is None:
                kept = self._kept[opened, language] = now, open_rows(self.house, opened, language, now)
            return kept[1]


def open_rows(house: House, opened: OpenedRegister, language: str, now: datetime) -> tuple[OpenRow, ...]:
    """All rows of a register, as everybody may read them."""
    today = house.day_of(now)
    with house.database.reading() as connection:
        if opened.register.source == "deputies":
            found = _deputies(connection, language, today)
        elif opened.register.source == "duties":
            found = _duties(connection, language, now)
        else:
            found = _issues(house, connection, opened, language)
        shown = [one.key for one in opened.columns]
        return tuple(OpenRow(row.key, {name: row.cells.get(name, "") for name in shown}, row.person) for row in found)


def _deputies(connection: Connection, language: str, today: date) -> Iterator[OpenRow]:
    at: dict[int, list[str]] = {}
    serving = serving_on(today)
    served = (
        select(serving.c.participant_id, named(stations.c, language))
        .join(stations, stations.c.id == serving.c.station_id)
        .where(serving.c.function == "deputy", stations.c.active)
        .order_by(stations.c.code)
    )
    for person, name in connection.execute(served):
        at.setdefault(person, []).append(name)
    listed = select(codes.c.code, named(codes.c, language)).where(codes.c.list == "delegations")
    delegations: dict[str, str] = {row[0]: row[1] for row in connection.execute(listed)}
    p, m = participants.c, mandates.c
    query = (
        select(p.id, p.name, p.unit, p.profession, m.level, m.delegation, m.constituency, m.since, m.until)
        .join(mandates, (m.participant_id == p.id) & (m.since <= today) & (m.until >= today), isouter=True)
        .where(p.kind == "deputy", p.active, p.erased_at.is_(None))
        .order_by(p.id, m.since)
        .limit(MOST)
    )
    for row in connection.execute(query):
        if row.level is None and row.id not in at:
            # neither a mandate of today nor a station: no deputy any more
            continue
        cells = {
            "name": row.name,
            "level": words(DEPUTY_LEVELS.get(row.level), language) if row.level else "",
            "delegation": delegations.get(row.delegation, row.delegation or ""),
            "constituency": row.constituency or "",
            "since": row.since.isoformat() if row.since else "",
            "until": row.until.isoformat() if row.until else "",
            "stations": "、".join(at.get(row.id, ())),
            "unit": row.unit or "",
            "profession": row.profession or "",
        }
        yield OpenRow(f"{row.id}-{row.level or ''}", cells, row.id)


def _duties(connection: Connection, language: str, now: datetime) -> Iterator[OpenRow]:
    """What was announced, or has no announcement to wait for; of deputies alone."""
    d = dated_duties.c
    query = (
        select(dated_duties, participants.c.name, named(stations.c, language).label("station"))
        .join(participants, participants.c.id == d.participant_id)
        .join(stations, stations.c.id == d.station_id)
        .where(participants.c.kind == "deputy", participants.c.erased_at.is_(None))
        .where(d.announced_at.is_not(None) | d.announce_at.is_(None))
        .order_by(d.day.desc(), d.id.desc())
        .limit(MOST)
    )
    for row in connection.execute(query):
        cells = {
            "day": row.day.isoformat(),
            "hours": hours_words(row.starts_at, row.ends_at, language),
            "station": row.station,
            "deputy": row.name,
            "state": _STATES.get(row.status, Said(row.status, row.status)).of(language),
        }
        yield OpenRow(str(row.id), cells, row.participant_id)


def _issues(house: House, connection: Connection, opened: OpenedRegister, language: str) -> Iterator[OpenRow]:
    register, i = opened.register, issues.c
    titled = any(one.key == "title" for one in opened.columns)
    asked = [i.number, i.status, i.resolution, i.opened_at, i.closed_at, i.definition_version_id]
    # the largest of a row's columns, by far
    asked += ([i.subject] if titled else []) + ([i.state] if titled and register.consent else [])
    query = (
        select(*asked, named(stations.c, language).label("station"))
        .join(stations, stations.c.id == issues.c.station_id)
        .join(definition_versions, definition_versions.c.id == issues.c.definition_version_id)
        .where(definition_versions.c.key.in_(register.processes), issues.c.erased.is_(None))
        .order_by(issues.c.opened_at.desc(), issues.c.id.desc())
        .limit(MOST)
    )
    for row in connection.execute(query):
        definition = house.processes.process(row.definition_version_id).definition
        # a resident's own words are never a title for everybody
        by_residents = not definition.opened_by or _RESIDENT in definition.opened_by
        shown = titled and not by_residents and (not register.consent or row.state.data.get(register.consent) is True)
        result = words(definition.resolution_title(row.resolution), language, row.resolution or "")
        cells = {
            "number": row.number,
            "title": _without_names(row.subject) if shown else "",
            "station": row.station,
            "opened": house.day_of(row.opened_at).isoformat(),
            "closed": house.day_of(row.closed_at).isoformat() if row.closed_at else "",
            "result": result if row.status == "closed" else _IN_HAND.of(language),
        }
        yield OpenRow(row.number, cells)


def _without_names(title: str) -> str:
    """A title of the office's own, with whatever tells who somebody is taken out by rule."""
    found = spots(title)
    return with_instead(title, found, [spot.instead for spot in found])


def sought(rows: tuple[OpenRow, ...], q: str) -> tuple[OpenRow, ...]:
    """Those in which all words stand."""
    wanted = q.lower().split()[:8]
    told: list[tuple[OpenRow, str]] = [(row, " ".join(row.cells.values()).lower()) for row in rows]
    return tuple(row for row, text in told if all(word in text for word in wanted))


def as_data(opened: OpenedRegister, rows: tuple[OpenRow, ...]) -> list[dict[str, Any]]:
    """The rows as objects with the keys of their columns, which stay the same in every language."""
    return [{"key": row.key, **row.cells} for row in rows]
