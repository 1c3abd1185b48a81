"""The entries that are counted: read from the files of people, from the records of stations; nothing comes from a form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.model.reference import issue as issue_reference
from definitions.text import Said
from engine.scores.entry import ScoredEntry
from huying.assessment.period import ScorePeriod
from huying.database.tables import codes, file_lines, issues, station_haves
from huying.files.entries import entries_of
from huying.files.entry import FileEntry, FilePeriod
from huying.files.upkeep import freshen
from huying.house.house import House
from huying.register.haves import LIST, NINE

#: So much of the evidence is shown beside an entry.
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """An entry as it is counted, with what people read of it."""

    entry: ScoredEntry
    title: Mapping[str, str]
    issue: str | None = None


def held_by_people(house: House, people: Iterable[int], period: ScorePeriod) -> dict[int, tuple[HeldEntry, ...]]:
    """The entries of the files of these people in a period that stand, in the order of their days."""
    found = entries_of(house, list(people), FilePeriod(period.first, period.last))
    return {person: tuple(_held(one) for one in several if one.counts) for person, several in found.items()}


def held_by_stations(
    house: House, connection: Connection, places: Iterable[int], period: ScorePeriod
) -> dict[int, tuple[HeldEntry, ...]]:
    """What stations have, what was recorded of work at them, and the issues that came to them in a period."""
    wanted = list(places)
    found: dict[int, list[HeldEntry]] = defaultdict(list)
    begin, end = _moments(house, period)
    h = station_haves.c
    listed = (codes.c.list == LIST) & (codes.c.code == h.have)
    names = [codes.c[name].label(name) for name in ("name_zh", "name_en")]
    haves = select(station_haves, *names).outerjoin(codes, listed).where(h.station_id.in_(wanted))
    for row in connection.execute(haves.order_by(codes.c.position, h.have)):
        if row.until is None or row.until >= period.last:
            found[row.station_id].append(_have(row, period))
    worked = (
        select(file_lines, issues.c.number, issues.c.station_id)
        .join(issues, issues.c.id == file_lines.c.issue_id)
        .where(issues.c.station_id.in_(wanted), file_lines.c.entry_id.is_not(None))
        .where(file_lines.c.day.between(period.first, period.last))
        .order_by(file_lines.c.day, file_lines.c.key)
    )
    freshen(house)
    for row in connection.execute(worked):
        found[row.station_id].append(_line(row))
    came = select(issues).where(issues.c.station_id.in_(wanted), issues.c.opened_at >= begin, issues.c.opened_at < end)
    for row in connection.execute(came.order_by(issues.c.opened_at, issues.c.id)):
        found[row.station_id].append(_issue(house, row))
    return {place: tuple(found[place]) for place in wanted}


def _moments(house: House, period: ScorePeriod) -> tuple[datetime, datetime]:
    begin, end = (datetime.combine(day, time(), house.zone) for day in (period.first, period.last + timedelta(days=1)))
    return begin.astimezone(UTC), end.astimezone(UTC)


def _held(one: FileEntry) -> HeldEntry:
    entry = ScoredEntry(
        key=one.key,
        kind=one.kind,
        day=one.day,
        part=one.part,
        half_days=max(1, round(one.half_days)) if one.half_days else 1,
        matter=issue_reference(one.issue_id) if one.issue_id else "",
        # what a process recorded is proved by its issue
        evidence=bool(one.evidence) or one.issue_id is not None,
    )
    return HeldEntry(entry, {"zh": one.title.zh, "en": one.title.en}, one.number)


def _line(row: Row[Any]) -> HeldEntry:
    matter = issue_reference(row.issue_id)
    entry = ScoredEntry(key=row.key, kind=row.kind, day=row.day, matter=matter, evidence=True)
    return HeldEntry(entry, {"zh": row.number, "en": row.number}, row.number)


def _have(row: Row[Any], period: ScorePeriod) -> HeldEntry:
    entry = ScoredEntry(
        key=f"have-{row.station_id}-{row.have}",
        kind="have",
        day=row.since or period.first,
        part="" if row.has else "lacking",
        matter=row.have,
        evidence=bool(row.evidence),
    )
    usual = NINE.get(row.have, Said(row.have, row.have))
    zh = row.name_zh or usual.zh
    en = row.name_en or row.name_zh or usual.en
    shown = (row.evidence or "")[:_SHOWN]
    return HeldEntry(entry, {"zh": f"{zh}：{shown}", "en": f"{en}: {shown}"} if shown else {"zh": zh, "en": en})


def _issue(house: House, row: Row[Any]) -> HeldEntry:
    definition = house.processes.process(row.definition_version_id).definition
    named = definition.resolutions.get(row.resolution) if row.resolution else None
    solved = named is not None and named.class_ == "solved"
    entry = ScoredEntry(
        key=f"issue-{row.id}",
        kind="issue",
        day=house.day_of(row.opened_at),
        marks=(definition.id, "solved") if solved else (definition.id,),
        matter=issue_reference(row.id),
        evidence=True,
    )
    return HeldEntry(entry, {"zh": row.number, "en": row.number}, row.number)
