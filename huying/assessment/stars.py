"""Stars of stations: a table for stations says how many a band is worth; the ratings of a year are kept for good, and the newest one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from definitions.scores.table import ScoreTable
from definitions.text import words
from huying.assessment.assessment import Assessed, assess_stations, keep_result
from huying.assessment.period import ScorePeriod, period_of
from huying.assessment.tables import ScoreVersion, newest_table, table_in_force, table_version
from huying.assessment.words import band_words, points_words
from huying.audit.record import AuditNote, note
from huying.database.tables import score_results, score_versions, stations
from huying.house.by import By
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class StationRating:
    """What a station was rated: ``stars`` of five (0: it reached none), by which table, of which ``year``; ``result``: its number."""

    stars: int
    band: str
    points: str
    table: str
    year: int
    result: int


def rate_stations(house: House, key: str, year: int, by: By) -> int:
    """Keep how each station in service stands by a table; how many were kept. One that stands as it was kept already is not kept again."""
    period = period_of(newest_table(house, key).table.per, year)
    version = table_in_force(house, key, period.last)
    with house.database.reading() as connection:
        places = list(connection.execute(select(stations.c.id).where(stations.c.active)).scalars())
        found = assess_stations(house, connection, places, version, period)
    with house.database.writing() as connection:
        kept = _kept(connection, version, period)
        several = [(place, one) for place, one in found.items() if kept.get(place) != _known_by(one)]
        for place, one in several:
            keep_result(connection, one, {"station_id": place}, by.now)
        told = {"year": year, "rows": len(several)}
        note(connection, AuditNote(what="stations-rated", object=f"scores:{key}", by=by.person, detail=told))
    return len(several)


def rating_of(house: House, station: str, language: str) -> StationRating | None:
    """The newest rating in stars of a station (a code); ``None`` if it has none."""
    r, c = score_results.c, stations.c
    query = (
        select(score_results)
        .join(stations, c.id == r.station_id)
        .join(score_versions, score_versions.c.id == r.version_id)
        .where(c.code == station, r.issue_id.is_(None))
        .order_by(r.ends.desc(), r.id.desc())
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    for row in rows:
        table = table_version(house, row.version_id).table
        if is_starred(table):
            return StationRating(
                stars=stars_of(table, row.band),
                band=band_words(table, row.band, language),
                points=points_words(Fraction(row.points)),
                table=words(table.title, language),
                year=row.ends.year,
                result=row.id,
            )
    return None


def is_starred(table: ScoreTable) -> bool:
    """Whether a table rates in stars."""
    return any(band.stars for band in table.bands.values())


def stars_of(table: ScoreTable, band: str) -> int:
    """How many stars a band is; 0 if its table says none."""
    found = table.bands.get(band)
    return found.stars or 0 if found else 0


def _known_by(one: Assessed) -> tuple[str, str, str]:
    return one.digest, str(one.score.points), one.score.band


def _kept(connection: Connection, version: ScoreVersion, period: ScorePeriod) -> Mapping[int, tuple[str, str, str]]:
    """By what the last result of each station by this version, of these days, is known."""
    r = score_results.c
    query = (
        select(r.station_id, r.digest, r.points, r.band)
        .where(r.version_id == version.id, r.begins == period.first, r.ends == period.last)
        .where(r.station_id.is_not(None), r.issue_id.is_(None))
        .order_by(r.id)
    )
    return {row.station_id: (row.digest, row.points, row.band) for row in connection.execute(query)}
