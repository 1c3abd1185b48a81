"""Short addresses as their makers see them: what each opens, where it stands, and how often it was followed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true

from definitions.text import words
from huying.access.viewer import Viewer
from huying.database.tables import participants, short_link_days, short_links, stations
from huying.house.house import House
from huying.posters.short_link import MAKE
from huying.posters.target import PAGES
from huying.processes.view import definitions_in_force
from huying.register.view import StationLine, station_list
from huying.rights.right import rights_to
from huying.words.moments import date_words
from huying.words.names import named

#: So many stand on a page of the list.
PORTION = 50
#: Scans of so many days are told apart from those of all time.
LATELY = 30


@dataclass(frozen=True, slots=True)
class PosterLine:
    """One short address; ``over``: it leads nowhere any more."""

    id: int
    code: str
    title: str
    opens: str
    kinds: tuple[str, ...]
    station: str
    made_by: str
    made_on: str
    valid_until: str
    over: bool
    scans: int
    lately: int
    reports: int


@dataclass(frozen=True, slots=True)
class PosterList:
    """A page of them; ``total``: how many there are."""

    lines: tuple[PosterLine, ...]
    total: int


def reach(person: Viewer, now: datetime) -> Collection[int] | None:
    """The stations for which somebody may make them; ``None``: all, and the whole house."""
    scopes = [right.scope for right in rights_to(MAKE, person.entitlement, now)]
    if any(scope.whole for scope in scopes):
        return None
    return frozenset().union(*(scope.stations for scope in scopes))


def link_list(
    house: House, person: Viewer, look: tuple[str, datetime], *, ids: Sequence[int] = (), page: int = 1
) -> PosterList:
    """The newest first, of one's own stations; of these ``ids`` alone, if any are named. ``look``: language and moment."""
    language, now = look
    c = short_links.c
    mine = _mine(person, now, ids)
    today = house.day_of(now)
    query = (
        select(*c, named(stations.c, language).label("station"), participants.c.name.label("maker"))
        .outerjoin(stations, stations.c.id == c.station_id)
        .join(participants, participants.c.id == c.made_by_id)
        .add_columns(stations.c.active.label("open"), *_sums(today))
        .where(mine)
        .order_by(c.id.desc())
    )
    with house.database.reading() as connection:
        total = int(connection.execute(select(func.count()).select_from(short_links).where(mine)).scalar_one())
        rows = connection.execute(query.limit(PORTION if not ids else len(ids)).offset((page - 1) * PORTION)).all()
    titles = {line.key: line.title for line in definitions_in_force(house, language, now)}
    return PosterList(tuple(_line(house, row, titles, language, now) for row in rows), total)


def stations_to_choose(
    house: House, person: Viewer, language: str, now: datetime
) -> tuple[tuple[StationLine, ...], bool]:
    """The stations for which somebody may make them, and whether they may for the whole house too."""
    allowed = reach(person, now)
    every = station_list(house, language)
    if allowed is None:
        return every, True
    with house.database.reading() as connection:
        query = select(stations.c.code).where(stations.c.id.in_(sorted(allowed)))
        codes = set(connection.execute(query).scalars())
    return tuple(one for one in every if one.code in codes), False


def _mine(person: Viewer, now: datetime, ids: Sequence[int]) -> ColumnElement[bool]:
    c, allowed = short_links.c, reach(person, now)
    within = true() if allowed is None else c.station_id.in_(sorted(allowed))
    return and_(within, c.id.in_(list(ids))) if ids else within


def _sums(today: date) -> tuple[Any, ...]:
    """Of all time and lately, as columns."""
    d = short_link_days.c

    def total(column: Any, since: date | None = None) -> Any:
        query = select(func.coalesce(func.sum(column), 0)).where(d.link_id == short_links.c.id)
        return (query.where(d.day > since) if since else query).scalar_subquery()

    lately = today - timedelta(days=LATELY)
    return (
        total(d.scans).label("scans"),
        total(d.scans, lately).label("lately"),
        total(d.reports).label("reports"),
    )


def _line(house: House, row: Any, titles: dict[str, str], language: str, now: datetime) -> PosterLine:
    today = house.day_of(now)
    past = row.valid_until is not None and today > row.valid_until
    gone = row.definition is not None and row.definition not in titles
    return PosterLine(
        id=row.id,
        code=row.code,
        title=row.title,
        opens=titles.get(row.definition or "", "") or PAGES[row.page].of(language),
        kinds=kinds_of(house, row.definition, row.answers, language, now) if not gone else (),
        station=row.station or "",
        made_by=row.maker,
        made_on=date_words(house.day_of(row.made_at), language, today),
        valid_until=date_words(row.valid_until, language, today) if row.valid_until else "",
        over=row.ended_at is not None or past or gone or row.open is False,
        scans=int(row.scans),
        lately=int(row.lately),
        reports=int(row.reports),
    )


def kinds_of(
    house: House, definition: str | None, answers: dict[str, Any], language: str, now: datetime
) -> tuple[str, ...]:
    """The options that are chosen beforehand, in words."""
    if definition is None:
        return ()
    version = house.processes.in_force(definition, now)
    fields = house.processes.process(version.id).definition.entered
    chosen = ((fields[name], value) for name, value in answers.items() if name in fields)
    return tuple(words(one.options[value], language, value) for one, value in chosen if value in one.options)
