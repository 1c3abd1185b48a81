"""A result as it is read: every point with the entry that gave it and why, what was cut, what is missing, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from definitions.scores.table import ScoreTable
from definitions.text import words
from engine.scores.result import ItemScore, Score
from huying.access.viewer import Viewer
from huying.assessment.assessment import KeptResult, assess_people, assess_stations, kept_result
from huying.assessment.entries import HeldEntry, held_by_people, held_by_stations
from huying.assessment.period import ScorePeriod, period_of
from huying.assessment.tables import ScoreVersion, newest_table, table_in_force
from huying.assessment.words import band_words, cut_words, line_words, points_words
from huying.database.tables import issues, participants, score_results, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.register.permission import readable
from huying.words.moments import date_words, moment_words
from huying.words.names import named

#: What whoever may look at everybody's points is allowed.
KEEP = "keep assessment"
#: The table by which a deputy's year is shown unless another is chosen.
USUAL = "deputy-year"


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """An entry: its day, what it is, the issue behind it, its points, and why."""

    when: str
    title: str
    number: str | None
    points: str
    why: str
    counted: bool


@dataclass(frozen=True, slots=True)
class ExplainedItem:
    """An item with its entries; ``group`` is the title of the group to which it belongs, ``cut`` how its sum was cut."""

    title: str
    group: str
    lines: tuple[ExplainedLine, ...]
    points: str
    cut: str


@dataclass(frozen=True, slots=True)
class ExplainedScore:
    """All of a result, in words. ``station``: the code of the one whose it is.

    ``kept`` is when it was kept, ``sound`` whether it comes out the same today, ``now`` what the file gives now.
    """

    name: str
    person: int | None
    year: int
    period: str
    table: str
    version: int
    points: str
    band: str
    base: str
    cut: str
    items: tuple[ExplainedItem, ...]
    groups: tuple[tuple[str, str, str], ...]
    missing: tuple[tuple[str, int, int], ...]
    left_out: tuple[ExplainedLine, ...]
    kept: str | None = None
    sound: bool = True
    now: str | None = None
    issue: str | None = None
    station: str = ""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result that was kept: its number, when, by which version, what it was."""

    number: int
    made: str
    version: str
    points: str
    band: str


@dataclass(frozen=True, slots=True)
class AskedPoints:
    """Whose points of which year, by which table."""

    person: int
    year: int
    key: str = USUAL


def explained_now(house: House, asked: AskedPoints, reader: Viewer, language: str, now: datetime) -> ExplainedScore:
    """What a person's file gives today; for the person and whoever looks after assessments. ``NotFound`` for anybody else."""
    person = asked.person
    _check(reader, person, now)
    version, period = _table(house, asked.key, asked.year)
    with house.database.reading() as connection:
        found = assess_people(house, connection, [person], version, period).get(person)
        name = connection.execute(select(participants.c.name).where(participants.c.id == person)).scalar_one_or_none()
    if found is None or name is None:
        raise NotFound("没有这个人的积分。", "There are no points of this person.")
    of = _Explained(house, version, period, {one.entry.key: one for one in found.held}, language)
    return of.score(found.score, name, person)


def explained_station(
    house: House, code: str, asked: tuple[str, int], reader: Viewer, language: str, now: datetime
) -> ExplainedScore:
    """What a station has on record today by a table, in a year; for whoever may read its register. ``NotFound`` for anybody else."""
    version, period = _table(house, *asked)
    with house.database.reading() as connection:
        place = connection.execute(select(stations).where(stations.c.code == code)).one_or_none()
        if place is None or not may_read_station(reader, now, place.id) or version.table.of != "stations":
            raise NotFound("没有这个站点的评分，或者您不能查看。", "There is no such rating, or you may not see it.")
        found = assess_stations(house, connection, [place.id], version, period)[place.id]
    of = _Explained(house, version, period, {one.entry.key: one for one in found.held}, language)
    return replace(of.score(found.score, named(place, language), None), station=code)


def may_read_station(reader: Viewer, now: datetime, station: int) -> bool:
    """Whether somebody may see where the points of a station come from."""
    allowed = readable(reader, now)
    return reader.may(KEEP, now) or allowed is None or station in allowed


def explained_result(house: House, number: int, reader: Viewer, language: str, now: datetime) -> ExplainedScore:
    """A result as it was kept; ``NotFound`` for whoever may not see it."""
    found = kept_result(house, number)
    if found.station_id is None or not may_read_station(reader, now, found.station_id):
        _check(reader, found.participant_id, now)
    with house.database.reading() as connection:
        if found.participant_id is not None:
            held = held_by_people(house, [found.participant_id], found.period)[found.participant_id]
            who = select(participants.c.name).where(participants.c.id == found.participant_id)
        else:
            place = found.station_id or 0
            held = held_by_stations(house, connection, [place], found.period)[place]
            who = select(named(stations.c, language)).where(stations.c.id == place)
        name = connection.execute(who).scalar_one()
        code = connection.execute(select(stations.c.code).where(stations.c.id == found.station_id)).scalar_one_or_none()
        issue = connection.execute(select(issues.c.number).where(issues.c.id == found.issue_id)).scalar_one_or_none()
    known = {one.entry.key: one for one in held}
    # what the file holds no more is still shown, by its kind: it was counted
    known |= {
        one.key: HeldEntry(one, {"zh": one.kind, "en": one.kind}) for one in found.entries if one.key not in known
    }
    of = _Explained(house, found.version, found.period, known, language)
    return replace(of.kept(found, name, issue, _today(house, found)), station=code or "")


def results_of(house: House, person: int, year: int, language: str) -> tuple[ResultLine, ...]:
    """The results that were kept of a person in a year, the newest first."""
    query = (
        select(score_results)
        .where(score_results.c.participant_id == person, score_results.c.ends >= period_of("year", year).first)
        .where(score_results.c.ends <= period_of("year", year).last)
        .order_by(score_results.c.id.desc())
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    found = (kept_result(house, row.id) for row in rows)
    return tuple(
        ResultLine(
            one.id,
            moment_words(one.made_at, house.zone, language),
            f"{words(one.version.table.title, language)} v{one.version.version}",
            points_words(one.points),
            band_words(one.version.table, one.band, language),
        )
        for one in found
    )


def _check(reader: Viewer, person: int | None, now: datetime) -> None:
    if reader.participant_id != person and not reader.may(KEEP, now):
        raise NotFound("没有这个考核结果，或者您不能查看它。", "There is no such result, or you may not see it.")


def _table(house: House, key: str, year: int) -> tuple[ScoreVersion, ScorePeriod]:
    period = period_of(newest_table(house, key).table.per, year)
    return table_in_force(house, key, period.last), period


def _today(house: House, kept: KeptResult) -> Score | None:
    """What the file gives today by the same version."""
    with house.database.reading() as connection:
        if kept.participant_id is not None:
            person = kept.participant_id
            found = assess_people(house, connection, [person], kept.version, kept.period).get(person)
        else:
            place = kept.station_id or 0
            found = assess_stations(house, connection, [place], kept.version, kept.period).get(place)
    return found.score if found else None


@dataclass(frozen=True, slots=True)
class _Explained:
    """Says a result in words."""

    _house: House
    _version: ScoreVersion
    _period: ScorePeriod
    _held: Mapping[str, HeldEntry]
    _language: str

    @property
    def _table(self) -> ScoreTable:
        return self._version.table

    def score(self, score: Score, name: str, person: int | None) -> ExplainedScore:
        """A result, made now."""
        table, language = self._table, self._language
        return ExplainedScore(
            name=name,
            person=person,
            year=self._period.last.year,
            period=f"{self._period.first} – {self._period.last}",
            table=words(table.title, language),
            version=self._version.version,
            points=points_words(score.points),
            band=band_words(table, score.band, language),
            base=points_words(score.base) if score.base else "",
            cut=cut_words(score.cut, score.points, score.sum, language),
            items=tuple(self._item(one) for one in score.items),
            groups=tuple(
                (words(table.groups[one.group].title, language), points_words(one.points), cut)
                for one in score.groups
                if (cut := cut_words(one.cut, one.points, one.sum, language))
            ),
            missing=tuple(
                (words(table.items[one.item].title, language), one.found, one.wanted) for one in score.shortfalls
            ),
            left_out=tuple(self._line(key, "", "", counted=False) for key in score.left_out),
        )

    def kept(self, kept: KeptResult, name: str, issue: str | None, today: Score | None) -> ExplainedScore:
        """A result, as it was kept."""
        same = today is not None and today.points == kept.points
        said = replace(
            self.score(kept.again(), name, kept.participant_id),
            points=points_words(kept.points),
            band=band_words(self._table, kept.band, self._language),
        )
        return replace(
            said,
            kept=moment_words(kept.made_at, self._house.zone, self._language),
            sound=kept.sound,
            now=points_words(today.points) if today is not None and not same else None,
            issue=issue,
        )

    def _item(self, one: ItemScore) -> ExplainedItem:
        item, language = self._table.items[one.item], self._language
        group = self._table.groups.get(item.group or "")
        return ExplainedItem(
            title=words(item.title, language),
            group=words(group.title, language) if group else "",
            lines=tuple(
                self._line(
                    line.entry, points_words(line.points), line_words(line, item, language), counted=line.counted
                )
                for line in one.lines
            ),
            points=points_words(one.points),
            cut=cut_words(one.cut, one.points, one.sum, language),
        )

    def _line(self, key: str, points: str, why: str, *, counted: bool) -> ExplainedLine:
        held = self._held[key]
        when = date_words(held.entry.day, self._language)
        return ExplainedLine(when, words(held.title, self._language), held.issue, points, why, counted)
