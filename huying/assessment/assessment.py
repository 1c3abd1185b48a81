"""An assessment: whose file, which table, which period, and what comes of it; kept, and made again from what was kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

import msgspec
from sqlalchemy import Connection, insert, select

from engine.scores.computation import score
from engine.scores.entry import ScoredEntry
from engine.scores.result import Score
from huying.assessment.entries import HeldEntry, held_by_people, held_by_stations
from huying.assessment.period import ScorePeriod
from huying.assessment.tables import ScoreVersion, table_version
from huying.database.tables import mandates, score_results
from huying.errors import NotFound
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class Assessed:
    """A result with all that went in."""

    version: ScoreVersion
    period: ScorePeriod
    held: tuple[HeldEntry, ...]
    score: Score

    @property
    def digest(self) -> str:
        """The SHA-256 of the facts that were counted."""
        return digest_of([one.entry for one in self.held])


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A result as it was kept: ``points`` and ``band`` as they were then, ``entries`` what was counted then."""

    id: int
    version: ScoreVersion
    participant_id: int | None
    station_id: int | None
    issue_id: int | None
    period: ScorePeriod
    entries: tuple[ScoredEntry, ...]
    digest: str
    points: Fraction
    band: str
    made_at: datetime

    def again(self) -> Score:
        """The same result, made once more from the version and the entries that were kept."""
        return score(self.version.table, self.entries)

    @property
    def sound(self) -> bool:
        """Whether it still comes out the same, and what was counted is what was kept."""
        again = self.again()
        return digest_of(self.entries) == self.digest and (again.points, again.band) == (self.points, self.band)


def digest_of(entries: Sequence[ScoredEntry]) -> str:
    """The SHA-256 of entries, whatever order they come in."""
    ordered = sorted(entries, key=lambda one: one.key)
    return hashlib.sha256(msgspec.json.encode(ordered)).hexdigest()


def assess_people(
    house: House, connection: Connection, people: Iterable[int], version: ScoreVersion, period: ScorePeriod
) -> dict[int, Assessed]:
    """What each of these people has; of a table for delegations, what the delegation of each has together."""
    wanted = list(people)
    if version.table.of != "delegations":
        held = held_by_people(house, wanted, period)
        return {person: _assessed(version, period, several) for person, several in held.items()}
    # whoever belongs to no delegation has nothing together with others who belong to none
    groups = {one: group for one, group in delegations(connection, period.last).items() if group}
    everybody = held_by_people(house, groups, period)
    together: dict[str, list[HeldEntry]] = {}
    for person, several in everybody.items():
        together.setdefault(groups[person], []).extend(several)
    made = {group: _assessed(version, period, tuple(several)) for group, several in together.items()}
    return {person: made[groups[person]] for person in wanted if person in groups}


def assess_stations(
    house: House, connection: Connection, places: Iterable[int], version: ScoreVersion, period: ScorePeriod
) -> dict[int, Assessed]:
    """What each of these stations has."""
    held = held_by_stations(house, connection, places, period)
    return {place: _assessed(version, period, several) for place, several in held.items()}


def delegations(connection: Connection, on: date) -> dict[int, str | None]:
    """The delegation of everybody who is a deputy on a day."""
    query = (
        select(mandates.c.participant_id, mandates.c.delegation)
        .where(mandates.c.since <= on, mandates.c.until >= on)
        .order_by(mandates.c.since)
    )
    return {row.participant_id: row.delegation for row in connection.execute(query)}


def _assessed(version: ScoreVersion, period: ScorePeriod, held: tuple[HeldEntry, ...]) -> Assessed:
    return Assessed(version, period, held, score(version.table, [one.entry for one in held]))


def keep_result(connection: Connection, assessed: Assessed, of: Mapping[str, int | None], now: datetime) -> int:
    """Keep a result for good; its number. ``of``: ``participant_id`` or ``station_id``, and ``issue_id``."""
    entries = [one.entry for one in assessed.held]
    row = {
        **of,
        "version_id": assessed.version.id,
        "begins": assessed.period.first,
        "ends": assessed.period.last,
        "entries": msgspec.to_builtins(entries),
        "digest": digest_of(entries),
        "points": str(assessed.score.points),
        "band": assessed.score.band,
        "made_at": now,
    }
    return int(connection.execute(insert(score_results).values(**row).returning(score_results.c.id)).scalar_one())


def kept_result(house: House, number: int) -> KeptResult:
    """A result that was kept; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        row = connection.execute(select(score_results).where(score_results.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这个考核结果。", "There is no such result.")
    return KeptResult(
        id=row.id,
        version=table_version(house, row.version_id),
        participant_id=row.participant_id,
        station_id=row.station_id,
        issue_id=row.issue_id,
        period=ScorePeriod(row.begins, row.ends),
        entries=tuple(msgspec.convert(row.entries, tuple[ScoredEntry, ...])),
        digest=row.digest,
        points=Fraction(row.points),
        band=row.band,
        made_at=row.made_at,
    )
