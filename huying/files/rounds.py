"""The office's list of all files of a year: how many entries each has, what waits for somebody, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from definitions.files.chapters import shipped_rules
from definitions.text import words
from huying.access.viewer import Viewer, viewer
from huying.database.tables import file_lines, mandates, participants, stations
from huying.database.tenure import serving
from huying.files.closure import unready
from huying.files.entry import FilePeriod
from huying.files.permission import ENTER, KEEP
from huying.files.upkeep import freshen
from huying.files.volume import volumes
from huying.house.house import House
from huying.rights.refusal import Unentitled
from huying.rights.right import may_everywhere, rights_to
from huying.words.moments import moment_words
from huying.words.names import named


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A file at a glance; ``missing``: chapters in which nothing stands. ``former``: they are no deputy any more."""

    participant_id: int
    name: str
    stations: tuple[str, ...]
    entries: int
    drafts: int
    objections: int
    late: int
    missing: tuple[str, ...]
    closed: str
    former: bool


def file_list(house: House, year: int, *, for_whom: int, now: datetime, language: str) -> tuple[FileSummary, ...]:
    """The files of all deputies in whose scope the reader keeps or writes them, by name; former deputies' last. ``Unentitled`` for all others."""
    rules = shipped_rules()
    freshen(house)
    with house.database.at_one_moment() as connection:
        people = _people(connection, viewer(connection, for_whom), year, now)
        found = volumes(connection, rules, sorted(people), FilePeriod.of_year(year))
        at = _stations(connection, people, language)
    made = []
    for person, (name, former) in people.items():
        volume = found[person, year]
        standing = [one for one in volume.entries if one.counts]
        full = {one.chapter for one in standing}
        empty = [words(one.title, language) for key, one in rules.chapters.items() if key not in full]
        closed = moment_words(volume.closing.at, house.zone, language) if volume.closing else ""
        waiting = unready(volume)
        at_of = tuple(at.get(person, ()))
        made.append(
            FileSummary(person, name, at_of, len(standing), *waiting, len(volume.late), tuple(empty), closed, former)
        )
    return tuple(sorted(made, key=lambda one: (one.former, one.name)))


def _people(connection: Connection, person: Viewer, year: int, now: datetime) -> dict[int, tuple[str, bool]]:
    """Deputies of now, and whoever was one: name, and whether they are none any more; within the reader's scope."""
    rights = [right for action in (KEEP, ENTER) for right in rights_to(action, person.entitlement, now)]
    if not rights:
        raise Unentitled(KEEP)
    whole = any(may_everywhere(action, person.entitlement, now) for action in (KEEP, ENTER))
    held = select(mandates.c.participant_id)
    filed = select(file_lines.c.participant_id)
    was = participants.c.id.in_(held) & participants.c.id.in_(filed)
    query = select(participants.c.id, participants.c.name, participants.c.kind, participants.c.active).where(
        or_(participants.c.kind == "deputy", was)
    )
    if not whole:
        mine = sorted({station for right in rights for station in right.scope.stations})
        serve = select(serving.c.participant_id).where(serving.c.station_id.in_(mine))
        query = query.where(participants.c.id.in_(serve))
    return {row.id: (row.name, not row.active or row.kind != "deputy") for row in connection.execute(query)}


def _stations(connection: Connection, people: Iterable[int], language: str) -> dict[int, list[str]]:
    query = (
        select(serving.c.participant_id, named(stations.c, language).label("name"))
        .join(stations, stations.c.id == serving.c.station_id)
        .where(serving.c.participant_id.in_(list(people)))
        .order_by(stations.c.code)
    )
    found = dict[int, list[str]]()
    for row in connection.execute(query):
        mine = found.setdefault(row.participant_id, [])
        if row.name not in mine:
            mine.append(row.name)
    return found
