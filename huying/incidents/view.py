"""Incidents in words, for those who look after the stations where they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select

from definitions.model.field import Field
from definitions.text import words
from engine.refusal import NotAllowed
from huying.access.viewer import Viewer, viewer
from huying.database.tables import incidents, issues, participants, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.incidents.correction import Correctable, address_now, correctable
from huying.incidents.remedy import looked_after
from huying.incidents.supply import asked
from huying.locale import translations
from huying.words.effects import failing_titles
from huying.words.moments import moment_words
from huying.words.names import named

MOST = 200
SINCE = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """What is asked for: ``status`` open (being tried again included), closed or any; station by code, kind as of effects.

    ``since``: opened in the last ``day``, ``week`` or ``month``; ``issue``: of one issue, by its id.
    """

    status: str = "open"
    station: str = ""
    kind: str = ""
    since: str = ""
    issue: int = 0


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident as a list shows it; ``status`` and ``outcome`` are their keys, ``said`` how it stands in words."""

    id: int
    status: str
    outcome: str
    said: str
    kind: str
    what: str
    reason: str
    attempts: int
    since: str
    number: str
    subject: str
    station: str
    step: str
    by: str
    note: str
    can_skip: bool
    can_answer: bool


@dataclass(frozen=True, slots=True)
class IncidentList:
    """The latest ones of what was asked for, how many there are of it in all, and the stations and kinds to narrow by."""

    lines: tuple[IncidentLine, ...]
    total: int
    stations: Mapping[str, str]
    kinds: Mapping[str, str]


_joined = incidents.outerjoin(issues, issues.c.id == incidents.c.issue_id).outerjoin(
    stations, stations.c.id == incidents.c.station_id
)
_rows = select(
    incidents,
    issues.c.number,
    issues.c.subject,
    issues.c.definition_version_id,
    stations.c.name_zh,
    stations.c.name_en,
    participants.c.name.label("closer"),
).select_from(_joined.outerjoin(participants, participants.c.id == incidents.c.closed_by_id))


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident, and what may be done about it: the fields of an answer that can be given by hand; for the office, the address to correct."""

    line: IncidentLine
    asked: Mapping[str, Field]
    correctable: Correctable | None = None
    address: str = ""


def incident_view(house: House, participant_id: int, incident_id: int, language: str) -> IncidentView:
    """One incident, for who looks after it; ``NotFound`` for everybody else."""
    with house.database.reading() as connection:
        person = viewer(connection, participant_id)
        mine = looked_after(person), incidents.c.id == incident_id
        row = connection.execute(_rows.where(*mine)).one_or_none()
        if row is None or not person.staff:
            raise NotFound("没有这件受阻事项，或者您不能查看它。", "There is no such incident, or you may not see it.")
        what = correctable(connection, row) if person.office else None
        address = address_now(connection, row) if what else ""
    fields: Mapping[str, Field] = {}
    if row.visit is not None and row.status == "open":
        fields = asked(house.processes.process(row.definition_version_id), row.step)
    return IncidentView(_line(house, row, language), fields, what, address)


def incident_list(
    house: House, participant_id: int, wanted: IncidentFilter, language: str, now: datetime | None = None
) -> IncidentList:
    """What somebody looks after; ``NotAllowed`` for who looks after nothing. ``now`` is what ``since`` is reckoned from."""
    with house.database.reading() as connection:
        person = viewer(connection, participant_id)
        if not person.staff:
            raise NotAllowed
        which = _narrowed(person, wanted, now)
        total = connection.execute(select(func.count()).select_from(_joined).where(*which)).scalar_one()
        query = _rows.where(*which).order_by(incidents.c.opened_at.desc(), incidents.c.id.desc()).limit(MOST)
        rows = connection.execute(query).all()
        mine = select(stations.c.code, stations.c.name_zh, stations.c.name_en).order_by(stations.c.code)
        if not person.office:
            mine = mine.where(stations.c.id.in_(person.stations))
        named = {row.code: _named(row, language) for row in connection.execute(mine)}
    return IncidentList(tuple(_line(house, row, language) for row in rows), total, named, failing_titles(language))


def all_of(
    house: House, participant_id: int, wanted: IncidentFilter, now: datetime, after: int = 0, most: int = 1000
) -> tuple[int, ...]:
    """The next ones of what was asked for that wait to be put right, by their ids, ``after`` the last one of before; for doing it to all."""
    with house.database.reading() as connection:
        which = _narrowed(viewer(connection, participant_id), wanted, now)
        query = select(incidents.c.id).select_from(_joined).where(*which, incidents.c.status == "open")
        rows = connection.execute(query.where(incidents.c.id > after).order_by(incidents.c.id).limit(most))
        return tuple(rows.scalars())


def _narrowed(person: Viewer, wanted: IncidentFilter, now: datetime | None) -> list[ColumnElement[bool]]:
    which = [looked_after(person)]
    if wanted.status in ("open", "closed"):
        which.append((incidents.c.status == "closed") == (wanted.status == "closed"))
    if wanted.station:
        which.append(stations.c.code == wanted.station)
    if wanted.kind:
        which.append(incidents.c.kind == wanted.kind)
    if wanted.since in SINCE and now is not None:
        which.append(incidents.c.opened_at >= now - SINCE[wanted.since])
    if wanted.issue:
        which.append(incidents.c.issue_id == wanted.issue)
    return which


def _named(row: Row[*tuple[Any, ...]], language: str) -> str:
    return str(named(row, language)) if row.name_zh else ""


def _line(house: House, row: Row[Any], language: str) -> IncidentLine:
    _ = translations(language).gettext
    said = {"open": _("To be put right"), "retrying": _("Being tried again")}
    outcomes = {
        "fixed": _("Fixed"),
        "skipped": _("Skipped"),
        "superseded": _("No longer needed"),
        "supplied": _("Answered by hand"),
    }
    step = ""
    if row.step and row.definition_version_id:
        known = house.processes.process(row.definition_version_id).definition.steps.get(row.step)
        step = words(known.title, language, row.step) if known else row.step
    zone = house.zone
    return IncidentLine(
        id=row.id,
        status=row.status,
        outcome=row.outcome or "",
        said=outcomes.get(row.outcome or "", "") or said.get(row.status, row.status),
        kind=row.kind,
        what=failing_titles(language).get(row.kind, row.kind),
        reason=row.reason,
        attempts=row.attempts,
        since=moment_words(row.opened_at, zone, language),
        number=row.number or "",
        subject=row.subject or "",
        station=_named(row, language),
        step=step,
        by=row.closer or "",
        note=row.note or "",
        can_skip=row.what != "timer",
        can_answer=row.visit is not None and row.status == "open",
    )
