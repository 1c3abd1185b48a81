"""Personal data as its officer sees it: how long what is kept, what is held, whose time is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from definitions.text import Said, words
from huying.database.tables import areas, definition_versions, holds, issues, participants, stations
from huying.house.house import House
from huying.privacy.due import DueIssue, due_issues
from huying.privacy.holds import CAUSES, standing
from huying.privacy.rules import FILE, PERSONAL, THINGS, Rules, rules
from huying.words.moments import date_words
from huying.words.names import named

WHATS: dict[str, Said] = {
    PERSONAL: Said("个人信息", "personal data"),
    FILE: Said("整件", "all of it"),
}
#: So many are shown; all of them are in the sheet.
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ThingLine:
    """How long something is kept, and in which places and processes otherwise, in words."""

    key: str
    title: str
    span: str
    least: str
    apart: bool
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold that stands: on what, why, until when, by whom and since when."""

    id: int
    number: str
    person: bool
    cause: str
    reason: str
    until: str
    by: str
    since: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """An issue whose time is over."""

    number: str
    what: str
    process: str
    station: str
    closed: str
    held: bool


@dataclass(frozen=True, slots=True)
class DueList:
    """Whose time is over: how many of what, of which process; the first ``shown`` of them; how many are held all the same."""

    counts: tuple[tuple[str, str, int], ...]
    lines: tuple[DueLine, ...]
    total: int
    held: int


def thing_lines(house: House, language: str, now: datetime) -> tuple[ThingLine, ...]:
    """Everything about which there is a rule."""
    with house.database.reading() as connection:
        holding, said, places = Rules(connection), rules(connection), _areas(connection, language)
    titles = process_titles(house, language, now)
    lines = []
    for thing in THINGS.values():
        others = [
            f"{' · '.join(_of(one.area, one.definition, places, titles))} {one.span.words(language)}"
            for one in said
            if one.what == thing.key and (one.area is not None or one.definition)
        ]
        lines.append(
            ThingLine(
                key=thing.key,
                title=thing.title.of(language),
                span=holding.of(thing.key).words(language),
                least=thing.why.of(language),
                apart=thing.apart,
                others=(*_own(house, thing.key, titles, language, now), *others),
            )
        )
    return tuple(lines)


def process_titles(house: House, language: str, now: datetime) -> dict[str, str]:
    """What the processes in force are called, by key."""
    in_force = house.processes.all_in_force(now)
    return {one.key: words(house.processes.process(one.id).definition.title, language, one.key) for one in in_force}


def _own(house: House, what: str, titles: dict[str, str], language: str, now: datetime) -> list[str]:
    """What definitions say themselves."""
    if what not in (PERSONAL, FILE):
        return []
    found = []
    for version in house.processes.all_in_force(now):
        keep = house.processes.process(version.id).definition.keep
        span = keep.personal if what == PERSONAL else keep.file
        if span is not None:
            found.append(f"{titles[version.key]} {span.words(language)}")
    return found


def _of(area: int | None, definition: str, places: dict[int, str], titles: dict[str, str]) -> list[str]:
    here = [places[area]] if area in places else []
    return [*here, *([titles.get(definition, definition)] if definition else [])]


def _areas(connection: Connection, language: str) -> dict[int, str]:
    return {row.id: row.name for row in connection.execute(select(areas.c.id, named(areas.c, language).label("name")))}


def hold_lines(house: House, language: str, now: datetime) -> tuple[HoldLine, ...]:
    """The holds that stand, the newest first."""
    today, by = house.day_of(now), participants.alias()
    query = (
        select(holds, issues.c.number, by.c.name.label("by"))
        .join(by, by.c.id == holds.c.placed_by_id)
        .join(issues, issues.c.id == holds.c.issue_id, isouter=True)
        .where(standing(today))
        .order_by(holds.c.id.desc())
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
        of = {row.participant_id: _numbers(connection, row.participant_id) for row in rows if row.participant_id}
    return tuple(
        HoldLine(
            id=row.id,
            number=row.number or of.get(row.participant_id, ""),
            person=row.participant_id is not None,
            cause=CAUSES[row.cause].of(language),
            reason=row.reason,
            until=date_words(row.until, language, today) if row.until else "",
            by=row.by,
            since=date_words(house.day_of(row.placed_at), language, today),
        )
        for row in rows
    )


def _numbers(connection: Connection, person: int) -> str:
    """A person by the numbers of what they reported: their name is for nobody here."""
    query = select(issues.c.number).where(issues.c.reporter_id == person).order_by(issues.c.id).limit(3)
    return "、".join(connection.execute(query).scalars())


def due_list(house: House, language: str, now: datetime) -> DueList:
    """Whose time is over today; nothing is changed."""
    today, counts, held, total = house.day_of(now), Counter[tuple[str, str]](), 0, 0
    found: list[DueIssue] = []
    with house.database.at_one_moment() as connection:
        names = {
            row.id: row.name
            for row in connection.execute(select(stations.c.id, named(stations.c, language).label("name")))
        }
        for one in due_issues(house, connection, now):
            held += one.held
            total += not one.held
            if not one.held:
                counts[one.what, one.definition] += 1
            if len(found) < _SHOWN:
                found.append(one)
        titles = _titles(connection, {one.definition for one in found} | {key for _, key in counts}, language)
    lines = [
        DueLine(
            number=one.number,
            what=WHATS[one.what].of(language),
            process=titles.get(one.definition, one.definition),
            station=names.get(one.station, ""),
            closed=date_words(house.day_of(one.closed_at), language, today),
            held=one.held,
        )
        for one in found
    ]
    counted = [(WHATS[what].of(language), titles.get(key, key), number) for (what, key), number in counts.most_common()]
    return DueList(tuple(counted), tuple(lines), total, held)


def _titles(connection: Connection, keys: set[str], language: str) -> dict[str, str]:
    """What processes are called, by their newest version, in force or not."""
    query = select(definition_versions.c.key, definition_versions.c.body).where(definition_versions.c.key.in_(keys))
    found = {}
    for key, body in connection.execute(query.order_by(definition_versions.c.id)):
        found[key] = words(body.get("title"), language, key)
    return found
