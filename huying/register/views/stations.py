"""The register of stations by area: the tree with its counts, and the stations below one area, each with what it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select

from huying.database.tables import area_names, areas, codes, issues, participants, station_haves, stations
from huying.database.tenure import serving_on
from huying.house.house import House
from huying.register.haves import LIST, HaveState, have_state
from huying.register.standard import listed_haves
from huying.words.names import named

#: So many stations stand on a page.
MOST = 100
#: Deeper than any tree of areas; a circle that somebody made by hand ends here.
_DEEPEST = 30
Which = Literal["all", "industry", "closed"]


@dataclass(frozen=True, slots=True)
class AreaNode:
    """An area in the tree: how many stations in service lie in it, whether it is the chosen one, and its parts where it is open."""

    code: str
    name: str
    count: int
    current: bool
    parts: tuple[AreaNode, ...] = ()
    closed_parts: bool = False


@dataclass(frozen=True, slots=True)
class StationEntryLine:
    """A station in the register: ``haves`` say per entry of the list how it stands."""

    id: int
    code: str
    name: str
    area: str
    head: str
    deputies: int
    haves: tuple[HaveState, ...]
    open: int
    this_year: int
    active: bool


@dataclass(frozen=True, slots=True)
class StationRegister:
    """A page of the register: the tree, the way down to the area, the list of what stations should have, the stations, and figures of all."""

    tree: tuple[AreaNode, ...]
    way: tuple[tuple[str, str], ...]
    industry: int
    closed: int
    haves: tuple[tuple[str, str], ...]
    lines: tuple[StationEntryLine, ...]
    total: int
    complete: int
    lacking: str
    lacking_count: int
    sums: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StationsSought:
    """Which stations are wanted: below an area, by words, of a kind; ``only``: no others than these may be seen; ``page`` from 1."""

    area: str = ""
    words: str = ""
    which: Which = "all"
    only: Collection[int] | None = None
    page: int = 1


def station_register(
    house: House, language: str, now: datetime, today: date, sought: StationsSought
) -> StationRegister:
    """The stations that are wanted, and all that stands around them."""
    with house.database.reading() as connection:
        forest = _Forest(connection, language)
        chosen = forest.chosen(sought.area)
        wanted = [*_conditions(sought), *([stations.c.area_id.in_(forest.below(chosen))] if chosen else [])]
        found = connection.execute(_query(language).where(*wanted)).all()
        listed = _listed(connection, language, today)
        haves = _haves(connection, [code for code, _ in listed], today)
        start = (max(sought.page, 1) - 1) * MOST
        shown = found[start : start + MOST]
        lines = tuple(_lines(connection, shown, listed, haves, (today, now)))
        return StationRegister(
            tree=forest.tree(chosen) if sought.only is None else (),
            way=forest.way(chosen),
            industry=forest.industry,
            closed=forest.closed,
            haves=listed,
            lines=lines,
            total=len(found),
            complete=sum(_complete(haves.get(row.id, {}), listed) for row in found) if listed else 0,
            **_lacking(found, listed, haves),
            sums=tuple(sum(line.haves[place] == "yes" for line in lines) for place in range(len(listed))),
        )


def _conditions(sought: StationsSought) -> Iterator[ColumnElement[bool]]:
    yield stations.c.active.is_(sought.which != "closed")
    if sought.which == "industry":
        yield stations.c.kind == "industry"
    if sought.only is not None:
        yield stations.c.id.in_(list(sought.only))
    for word in sought.words.split()[:5]:
        said = (stations.c.name_zh, stations.c.name_en, stations.c.code, areas.c.name_zh, areas.c.name_en)
        known = (column.icontains(word, autoescape=True) for column in said)
        once = select(area_names.c.area_id).where(
            or_(area_names.c.name_zh.icontains(word, autoescape=True), area_names.c.code == word)
        )
        yield or_(*known, stations.c.area_id.in_(once))


def _query(language: str) -> Any:
    return (
        select(stations, named(stations.c, language).label("name"), named(areas.c, language).label("area"))
        .join(areas, areas.c.id == stations.c.area_id)
        .order_by(areas.c.code, stations.c.code)
    )


def _listed(connection: Connection, language: str, today: date) -> tuple[tuple[str, str], ...]:
    wanted = listed_haves(connection, today)
    query = select(codes.c.code, named(codes.c, language)).where(codes.c.list == LIST, codes.c.code.in_(wanted))
    return tuple((row[0], row[1]) for row in connection.execute(query.order_by(codes.c.position, codes.c.code)))


def _haves(connection: Connection, listed: Collection[str], today: date) -> Mapping[int, Mapping[str, HaveState]]:
    """By station and entry how it stands."""
    found: dict[int, dict[str, HaveState]] = {}
    for row in connection.execute(select(station_haves).where(station_haves.c.have.in_(listed))):
        found.setdefault(row.station_id, {})[row.have] = have_state(row, today)
    return found


def _complete(haves: Mapping[str, HaveState], listed: Sequence[tuple[str, str]]) -> bool:
    return all(haves.get(code) == "yes" for code, _ in listed)


def _lacking(
    found: Sequence[Row[Any]], listed: Sequence[tuple[str, str]], haves: Mapping[int, Mapping[str, HaveState]]
) -> dict[str, Any]:
    """What most stations lack, and how many."""
    missing = Counter(code for row in found for code, _ in listed if haves.get(row.id, {}).get(code) != "yes")
    if not missing:
        return {"lacking": "", "lacking_count": 0}
    code, count = missing.most_common(1)[0]
    return {"lacking": dict(listed)[code], "lacking_count": count}


def _lines(
    connection: Connection,
    rows: Sequence[Row[Any]],
    listed: Sequence[tuple[str, str]],
    haves: Mapping[int, Mapping[str, HaveState]],
    when: tuple[date, datetime],
) -> Iterator[StationEntryLine]:
    today, now = when
    ids = [row.id for row in rows]
    there = serving_on(today)
    serving = (
        select(there.c.station_id, there.c.function, participants.c.name)
        .join(participants, participants.c.id == there.c.participant_id)
        .where(there.c.station_id.in_(ids), participants.c.active, there.c.function.in_(("head", "deputy")))
        .order_by(there.c.id)
    )
    heads, deputies = dict[int, str](), Counter[int]()
    for person in connection.execute(serving):
        if person.function == "head":
            heads.setdefault(person.station_id, person.name)
        else:
            deputies[person.station_id] += 1
    new_year = datetime(today.year, 1, 1, tzinfo=now.tzinfo or UTC)
    opened = _counts(connection, issues.c.station_id.in_(ids), issues.c.status == "open")
    this_year = _counts(connection, issues.c.station_id.in_(ids), issues.c.opened_at >= new_year)
    for row in rows:
        own = haves.get(row.id, {})
        yield StationEntryLine(
            id=row.id,
            code=row.code,
            name=row.name,
            area=row.area,
            head=heads.get(row.id, ""),
            deputies=deputies[row.id],
            haves=tuple(own.get(code, "") for code, _ in listed),
            open=opened.get(row.id, 0),
            this_year=this_year.get(row.id, 0),
            active=row.active,
        )


def _counts(connection: Connection, *which: ColumnElement[bool]) -> dict[int, int]:
    query = select(issues.c.station_id, func.count()).where(*which).group_by(issues.c.station_id)
    return {row[0]: row[1] for row in connection.execute(query)}


class _Forest:
    """All areas with their stations counted, read once."""

    def __init__(self, connection: Connection, language: str) -> None:
        query = select(areas.c.id, areas.c.code, areas.c.parent_id, named(areas.c, language).label("name"))
        self._areas: dict[int, Any] = {row.id: row for row in connection.execute(query.order_by(areas.c.code))}
        self._parts: dict[int | None, list[int]] = {}
        for row in self._areas.values():
            self._parts.setdefault(row.parent_id, []).append(row.id)
        self._counts: Counter[int] = Counter()
        self.industry = self.closed = 0
        for area, kind, active in connection.execute(select(stations.c.area_id, stations.c.kind, stations.c.active)):
            self.industry += active and kind == "industry"
            self.closed += not active
            for above in self._upward(area) if active else ():
                self._counts[above] += 1

    def chosen(self, code: str) -> int | None:
        """The area of a code."""
        return next((row.id for row in self._areas.values() if row.code == code), None)

    def below(self, area: int) -> list[int]:
        """An area and all its parts."""
        found = [area]
        for one in found:
            found += [part for part in self._parts.get(one, ()) if part not in found]
        return found

    def way(self, area: int | None) -> tuple[tuple[str, str], ...]:
        """From the top down to an area: code and name."""
        up = list(self._upward(area)) if area is not None else []
        return tuple((self._areas[one].code, self._areas[one].name) for one in reversed(up))

    def tree(self, chosen: int | None) -> tuple[AreaNode, ...]:
        """The tree, open where it leads to the chosen area; without one, one step deep."""
        roots = self._parts.get(None, [])
        opened = set(self._upward(chosen)) if chosen is not None else set(roots)
        return tuple(self._node(one, chosen, opened) for one in roots)

    def _node(self, area: int, chosen: int | None, opened: set[int]) -> AreaNode:
        row: Any = self._areas[area]
        parts = self._parts.get(area, [])
        inner = tuple(self._node(one, chosen, opened) for one in parts) if area in opened else ()
        return AreaNode(row.code, row.name, self._counts[area], area == chosen, inner, bool(parts) and not inner)

    def _upward(self, area: int | None) -> Iterator[int]:
        for _ in range(_DEEPEST):
            if area is None or area not in self._areas:
                return
            yield area
            area = self._areas[area].parent_id
