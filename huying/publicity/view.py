"""What is public, as everybody reads it: found by words, area, kind and year; what was withdrawn is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from definitions.model.reference import Reference
from definitions.text import words
from engine.refusal import Refusal
from huying.database.tables import areas, participants, publications, stations
from huying.errors import NotFound
from huying.house.house import House
from huying.house.kept import Kept, read_kept
from huying.publicity.credit import AS
from huying.words.names import named

_c = publications.c
#: Deeper than any tree of areas.
_DEEPEST = 30


class Withdrawn(Refusal):
    """It was public, and is not any more: whoever kept the address is told so, and search engines forget it."""

    code = "withdrawn"


@dataclass(frozen=True, slots=True)
class Credited:
    """Somebody who is credited: as what, and under which name; ``person`` has a page of their own."""

    role: str
    name: str
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A public text in one language; ``days``: how long the issue took that it is about, if that is closed. ``photos``: how many it has."""

    id: int
    kind: str
    title: str
    text: str
    published_at: datetime
    days: int | None = None
    place: str = ""
    matter: str = ""
    photos: int = 0
    credit: tuple[Credited, ...] = ()
    about_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What is sought: words, an area by its code, a kind of matter in words, a year, a deputy; empty ones exclude nothing."""

    q: str = ""
    area: str = ""
    matter: str = ""
    year: int | None = None
    deputy: int | None = None


@dataclass(frozen=True, slots=True)
class CaseChoices:
    """By what public texts can be sorted: areas by code, kinds of matters, years; only those of which there are some."""

    areas: Mapping[str, str]
    matters: tuple[str, ...]
    years: tuple[int, ...]


EVERYTHING = CaseFilter()


def published(
    house: House, language: str, wanted: CaseFilter = EVERYTHING, *, before: int | None = None, limit: int = 20
) -> tuple[Published, ...]:
    """The public texts, the newest first; ``before`` an id, for the next page."""
    with house.database.reading() as connection:
        conditions = _conditions(house, connection, wanted)
        if before is not None:
            conditions = (*conditions, _c.id < before)
        query = _query(language).where(*conditions).order_by(_c.id.desc()).limit(limit)
        return tuple(_in(row, language) for row in connection.execute(query))


def publication(house: House, number: int, language: str) -> Published:
    """One public text; ``NotFound`` if there is none, ``Withdrawn`` if it was taken back."""
    with house.database.reading() as connection:
        row = _row(connection, number, language)
        found = _in(row, language)
        shown = _of_today(connection, found.credit)
    return replace(found, credit=shown)


def photograph(house: House, number: int, place: int) -> tuple[Kept, bytes]:
    """The photograph of a public text that stands at a place (from 1), and its bytes. Errors as of ``publication``."""
    with house.database.reading() as connection:
        row = _row(connection, number, "zh")
    if not 1 <= place <= len(row.photos):
        raise NotFound("没有这张照片。", "There is no such photograph.")
    return read_kept(house.store, Reference.parse(row.photos[place - 1]).key)


def case_choices(house: House, language: str) -> CaseChoices:
    """By what the public texts can be sorted."""
    public = _c.withdrawn_at.is_(None)
    with house.database.reading() as connection:
        regions = _regions(connection, language)
        used = set(connection.execute(select(_c.station_id).where(public).distinct()).scalars())
        matters = connection.execute(select(_c.matter).where(public, _c.matter.is_not(None)))
        kinds = dict.fromkeys(words(one, language) for one in matters.scalars() if one)
        first, last = connection.execute(
            select(func.min(_c.published_at), func.max(_c.published_at)).where(public)
        ).one()
    named_areas = {code: name for code, name, within in regions if used & within}
    years = range(_year(house, last), _year(house, first) - 1, -1) if first and last else ()
    return CaseChoices(named_areas, tuple(sorted(kinds)), tuple(years))


def public_of(house: House, issue_id: int) -> tuple[int, ...]:
    """The public texts that tell of an issue, by id."""
    query = select(_c.id).where(_c.about_id == issue_id, _c.withdrawn_at.is_(None)).order_by(_c.id)
    with house.database.reading() as connection:
        return tuple(connection.execute(query).scalars())


def newest_change(house: House) -> datetime | None:
    """When something was published or withdrawn last; ``None`` before the first time."""
    query = select(func.max(_c.published_at), func.max(_c.withdrawn_at))
    with house.database.reading() as connection:
        moments = [one for one in connection.execute(query).one() if one is not None]
    return max((_aware(one) for one in moments), default=None)


def _year(house: House, moment: Any) -> int:
    return house.day_of(_aware(moment)).year


def _aware(moment: Any) -> datetime:
    """An aggregate of SQLite comes without its type."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _query(language: str) -> Select[Any]:
    return select(publications, named(stations.c, language).label("station")).join(
        stations, stations.c.id == _c.station_id, isouter=True
    )


def _row(connection: Connection, number: int, language: str) -> Row[Any]:
    row = connection.execute(_query(language).where(_c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这篇公开内容。", "There is no such public text.")
    if row.withdrawn_at is not None:
        raise Withdrawn("这篇内容已经撤下，不再公开。", "This was withdrawn; it is not public any more.")
    return row


def _conditions(house: House, connection: Connection, wanted: CaseFilter) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = [_c.withdrawn_at.is_(None)]
    found += [_c.words.contains(word, autoescape=True) for word in wanted.q.lower().split()[:8]]
    if wanted.area:
        within = next((ids for code, _, ids in _regions(connection, "zh") if code == wanted.area), frozenset())
        found.append(_c.station_id.in_(within))
    if wanted.year is not None:
        begin = datetime(wanted.year, 1, 1, tzinfo=house.zone)
        found += [_c.published_at >= begin, _c.published_at < begin.replace(year=wanted.year + 1)]
    if wanted.matter:
        kinds = connection.execute(select(_c.id, _c.matter).where(_c.matter.is_not(None))).all()
        found.append(_c.id.in_([row.id for row in kinds if wanted.matter in (row.matter or {}).values()]))
    if wanted.deputy is not None:
        rows = connection.execute(select(_c.id, _c.credit)).all()
        found.append(_c.id.in_([row.id for row in rows if any(one["person"] == wanted.deputy for one in row.credit)]))
    return tuple(found)


def _regions(connection: Connection, language: str) -> Sequence[tuple[str, str, frozenset[int]]]:
    """The areas in the order of their codes: code, name, and all stations in them and in their parts."""
    rows = connection.execute(
        select(areas.c.id, areas.c.parent_id, areas.c.code, named(areas.c, language)).order_by(areas.c.code)
    ).all()
    above = {row[0]: row[1] for row in rows}
    within: dict[int, set[int]] = {row[0]: set() for row in rows}
    for station, area in connection.execute(select(stations.c.id, stations.c.area_id)):
        at: int | None = area
        for _ in range(_DEEPEST):
            if at is None or at not in within:
                break
            within[at].add(station)
            at = above[at]
    return [(row[2], row[3], frozenset(within[row[0]])) for row in rows]


def _of_today(connection: Connection, credit: Sequence[Credited]) -> tuple[Credited, ...]:
    """Without those who were erased since."""
    named_ones = [one.person for one in credit if one.person is not None]
    gone = select(participants.c.id).where(participants.c.id.in_(named_ones), participants.c.erased_at.is_not(None))
    erased = set(connection.execute(gone).scalars())
    return tuple(one for one in credit if one.person not in erased)


def _in(row: Row[Any], language: str) -> Published:
    return Published(
        id=row.id,
        kind=row.kind,
        title=words(row.title, language),
        text=words(row.text, language),
        published_at=row.published_at,
        days=row.days,
        place=row.station or "",
        matter=words(row.matter, language) if row.matter else "",
        photos=len(row.photos),
        credit=tuple(
            Credited(AS[one["as"]].of(language), words({"zh": one["zh"], "en": one["en"]}, language), one["person"])
            for one in row.credit
        ),
        about_id=row.about_id,
    )
