"""How everybody stands: the list of the office, the dry run of a table that is not adopted yet, and the circular of duty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from definitions.scores.table import ScoreTable
from definitions.text import words
from engine.scores.computation import score
from engine.scores.entry import AWAY, ScoredEntry
from huying.assessment.assessment import Assessed, assess_people, assess_stations, delegations
from huying.assessment.entries import HeldEntry, held_by_people, held_by_stations
from huying.assessment.period import ScorePeriod, period_of
from huying.assessment.stars import is_starred, stars_of
from huying.assessment.tables import ScoreVersion, newest_table, table_in_force
from huying.assessment.words import band_words, points_words
from huying.database.tables import codes, participants, score_results, score_versions, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.words.names import named

#: What the columns of the circular count, by the kinds of entries.
MEETINGS, SUGGESTIONS = ("meeting", "congress"), ("suggestion", "motion")
CONTACTS = ("contact", "return", "reception")
ACTIVITIES = ("activity", "inspection", "survey", "training")


@dataclass(frozen=True, slots=True)
class DeputyPoints:
    """One deputy in the list; ``kept`` is the number of the last result that was kept, ``missing`` how much of the minimum is not met."""

    person: int
    name: str
    group: str
    points: str
    value: Fraction
    band: str
    band_key: str
    missing: int
    entries: int
    kept: int | None


@dataclass(frozen=True, slots=True)
class RoomPlace:
    """One room in the contest: its place among those with as many points, and what it has by item."""

    place: int
    name: str
    code: str
    points: str
    band: str
    stars: int
    missing: int
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """The contest of the best rooms: the titles of the items, and the rooms, the best first. ``starred``: its bands are stars."""

    title: str
    starred: bool
    items: tuple[str, ...]
    rooms: tuple[RoomPlace, ...]


@dataclass(frozen=True, slots=True)
class Movement:
    """One deputy (or station) in a dry run: what the table in force gives, what the new one would."""

    person: int
    name: str
    before: str
    after: str
    difference: str
    change: int
    band_before: str
    band_after: str


@dataclass(frozen=True, slots=True)
class CircularLine:
    """One deputy in the circular: half-days called for and attended, leave and absence, and what was done."""

    name: str
    group: str
    attended: int
    called: int
    excused: int
    absent: int
    suggestions: int
    contacts: int
    activities: int
    points: str
    band: str


def standings(house: House, key: str, year: int, language: str) -> tuple[DeputyPoints, ...]:
    """All deputies of a year by a table in force then, by group and points."""
    version, period = _in_force(house, key, year)
    with house.database.reading() as connection:
        people, groups, names = _deputies(connection, period, language)
        found = assess_people(house, connection, people, version, period)
        kept = _kept(connection, people, version.key, period)
    lines = [
        DeputyPoints(
            person=one,
            name=names[one],
            group=groups[one],
            points=points_words(found[one].score.points),
            value=found[one].score.points,
            band=band_words(version.table, found[one].score.band, language),
            band_key=found[one].score.band,
            missing=len(found[one].score.shortfalls),
            entries=len(found[one].held),
            kept=kept.get(one),
        )
        for one in people
        if one in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.group, -line.value, line.name)))


def contest(house: House, key: str, year: int, language: str) -> Contest:
    """All stations in service by a table for stations; rooms with as many points share a place."""
    version, period = _in_force(house, key, year)
    with house.database.reading() as connection:
        rows = {row.id: row for row in connection.execute(select(stations).where(stations.c.active))}
        found = assess_stations(house, connection, sorted(rows), version, period)
    best = sorted(found.items(), key=lambda one: (-one[1].score.points, rows[one[0]].code))
    points = [one.score.points for _, one in best]
    rooms = tuple(
        RoomPlace(
            place=points.index(one.score.points) + 1,
            name=named(rows[station], language),
            code=rows[station].code,
            points=points_words(one.score.points),
            band=band_words(version.table, one.score.band, language),
            stars=stars_of(version.table, one.score.band),
            missing=len(one.score.shortfalls),
            items=tuple(points_words(item.points) for item in one.score.items),
        )
        for station, one in best
    )
    titles = tuple(words(item.title, language) for item in version.table.items.values())
    return Contest(title_of(version, language), is_starred(version.table), titles, rooms)


def dry_run(house: House, table: ScoreTable, year: int, language: str) -> tuple[Movement, ...]:
    """What a table would have made of a year, beside the one that is in force; those who lose most first. Nothing is kept."""
    period = period_of(table.per, year)
    try:
        old: ScoreVersion | None = newest_table(house, table.scores)
    except NotFound:
        old = None
    names, held = _tried(house, table, period, language)
    moves = []
    for one in sorted(held):
        facts = [entry.entry for entry in held[one]]
        after = score(table, facts)
        before = score(old.table, facts) if old else None
        change = after.points - before.points if before else Fraction(0)
        moves.append(
            Movement(
                person=one,
                name=names[one],
                before=points_words(before.points) if before else "—",
                after=points_words(after.points),
                difference=("+" if change > 0 else "") + points_words(change) if before else "—",
                change=(change > 0) - (change < 0),
                band_before=band_words(old.table, before.band, language) if old and before else "—",
                band_after=band_words(table, after.band, language),
            )
        )
    return tuple(sorted(moves, key=lambda move: (move.change, move.name)))


def _tried(
    house: House, table: ScoreTable, period: ScorePeriod, language: str
) -> tuple[Mapping[int, str], Mapping[int, tuple[HeldEntry, ...]]]:
    """The names and the entries of all to whom a table would apply: deputies, or stations in service."""
    with house.database.reading() as connection:
        if table.of == "stations":
            names = {
                row.id: named(row, language) for row in connection.execute(select(stations).where(stations.c.active))
            }
            return names, held_by_stations(house, connection, sorted(names), period)
        people, _, found = _deputies(connection, period, language)
    return found, held_by_people(house, people, period)


def circular(house: House, key: str, year: int, language: str) -> tuple[CircularLine, ...]:
    """The circular of duty, by group: every figure is a count of entries of the files."""
    version, period = _in_force(house, key, year)
    with house.database.reading() as connection:
        people, groups, names = _deputies(connection, period, language)
        found = assess_people(house, connection, people, version, period)
    own = held_by_people(house, people, period)
    lines = [
        _duty(found[one], [held.entry for held in own[one]], names[one], groups[one], language)
        for one in people
        if one in found
    ]
    return tuple(sorted(lines, key=lambda line: (line.group, line.name)))


def _duty(found: Assessed, entries: Sequence[ScoredEntry], name: str, group: str, language: str) -> CircularLine:
    meetings = [one for one in entries if one.kind in MEETINGS]
    leave = _half_days(one for one in entries if one.kind == "leave")
    attended = _half_days(one for one in meetings if one.part not in AWAY)
    excused = leave + _half_days(one for one in meetings if one.part == "excused")
    absent = _half_days(one for one in meetings if one.part == "absent")
    return CircularLine(
        name=name,
        group=group,
        attended=attended,
        called=attended + excused + absent,
        excused=excused,
        absent=absent,
        suggestions=_number(entries, SUGGESTIONS),
        contacts=_number(entries, CONTACTS),
        activities=_number(entries, ACTIVITIES),
        points=points_words(found.score.points),
        band=band_words(found.version.table, found.score.band, language),
    )


def _half_days(entries: Iterable[ScoredEntry]) -> int:
    return sum(one.half_days for one in entries)


def _number(entries: Iterable[ScoredEntry], kinds: Sequence[str]) -> int:
    return sum(one.kind in kinds and one.part not in AWAY for one in entries)


def _in_force(house: House, key: str, year: int) -> tuple[ScoreVersion, ScorePeriod]:
    period = period_of(newest_table(house, key).table.per, year)
    return table_in_force(house, key, period.last), period


def _deputies(
    connection: Connection, period: ScorePeriod, language: str
) -> tuple[list[int], Mapping[int, str], Mapping[int, str]]:
    """Whoever was a deputy at the period's end: who, their groups, their names."""
    held = delegations(connection, period.last)
    titles = {
        row.code: named(row, language) for row in connection.execute(select(codes).where(codes.c.list == "delegations"))
    }
    names = {row.id: row.name for row in connection.execute(select(participants.c.id, participants.c.name))}
    groups = {person: titles.get(group or "", group or "") for person, group in held.items()}
    return sorted(held), groups, names


def _kept(connection: Connection, people: Sequence[int], key: str, period: ScorePeriod) -> dict[int, int]:
    """The last result of each by this table, whichever version of it, and of these very days."""
    query = (
        select(score_results.c.participant_id, score_results.c.id)
        .join(score_versions, score_versions.c.id == score_results.c.version_id)
        .where(score_results.c.participant_id.in_(people), score_versions.c.key == key)
        .where(score_results.c.begins == period.first, score_results.c.ends == period.last)
        .order_by(score_results.c.id)
    )
    return {row.participant_id: row.id for row in connection.execute(query)}


def title_of(version: ScoreVersion, language: str) -> str:
    """What a table is called."""
    return words(version.table.title, language, version.key)
