"""Coverage: where a station is missing, whose team is incomplete, who is in no team, which stations are dormant; summed up at every level.

Counted from the register as it is, over the whole tree of areas in memory: some hundreds of areas and stations take a few questions, however deep.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from sqlalchemy import Connection, Date, func, literal, select

from definitions.text import words
from huying.database.tables import areas, codes, dated_duties, issues, mandates, participants, station_haves, stations
from huying.database.tenure import lasting, serving_on
from huying.errors import NotFound
from huying.house.house import House
from huying.register.levels import AREA_LEVELS, DEPUTY_LEVELS
from huying.register.standard import Standard, listed, standard_on
from huying.words.names import named

#: Deeper than any tree of areas; a circle that somebody made by hand ends here.
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Lack:
    """An area without a station of its own: its code, its name, its level in words, and the names of the areas above it."""

    code: str
    name: str
    level: str
    above: str


@dataclass(frozen=True, slots=True)
class StationLack:
    """A station that lacks something: ``levels`` are those of deputies that its team has not (key and words), ``last`` when anything was done."""

    code: str
    name: str
    area: str
    levels: tuple[tuple[str, str], ...] = ()
    last: date | None = None


@dataclass(frozen=True, slots=True)
class LoneDeputy:
    """A deputy in office who is in no team."""

    id: int
    login: str
    name: str
    level: str
    level_words: str
    delegation: str


@dataclass(frozen=True, slots=True)
class CoverageSum:
    """The sums of an area with all below it; ``needed`` areas of which so many are ``covered``, ``teams`` of which so many are ``mixed``."""

    code: str
    name: str
    parts: bool = False
    needed: int = 0
    covered: int = 0
    stations: int = 0
    complete: int = 0
    dormant: int = 0
    teams: int = 0
    mixed: int = 0


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """An area (or all) as it is covered: the way down to it, its parts with their sums, the sum of all, and each lack by itself.

    ``deputies`` are counted for the whole house alone: a deputy in no team belongs to no area.
    """

    standard: Standard
    way: tuple[tuple[str, str], ...]
    parts: tuple[CoverageSum, ...]
    whole: CoverageSum
    areas: tuple[Lack, ...]
    teams: tuple[StationLack, ...]
    dormant: tuple[StationLack, ...]
    deputies: tuple[LoneDeputy, ...]


def coverage(
    house: House, language: str, now: datetime, area: str = "", only: Collection[int] | None = None
) -> AreaCoverage:
    """The coverage of an area, or of everything; of the stations ``only`` those, and then no areas and no deputies in no team."""
    today = house.day_of(now)
    with house.database.reading() as connection:
        seen = _Seen(house, connection, language, today, only)
        chosen = seen.chosen(area)
        roots = seen.children.get(None, [])
        # where all lies in one area, its parts are what one wants to compare
        above = roots[0] if chosen is None and len(roots) == 1 else chosen
        return AreaCoverage(
            standard=seen.standard,
            way=tuple((seen.areas[one].code, seen.areas[one].name) for one in reversed(list(seen.upward(chosen)))),
            parts=tuple(seen.sum(one) for one in seen.children.get(above, ()) if seen.shown(one)),
            whole=seen.sum(chosen),
            areas=tuple(seen.uncovered(chosen)),
            teams=tuple(seen.incomplete(chosen)),
            dormant=tuple(seen.asleep(chosen)),
            deputies=tuple(_lone(connection, language, today)) if only is None and chosen is None else (),
        )


@dataclass(slots=True)
class _Area:
    code: str
    name: str
    level: str
    parent: int | None


@dataclass(slots=True)
class _Station:
    id: int
    code: str
    name: str
    kind: str
    area: int
    parent: int | None
    opened: date | None
    levels: set[str] = field(default_factory=set)


class _Seen:
    """Areas in force and stations in service on a day, read once, with all that is asked of them."""

    def __init__(
        self, house: House, connection: Connection, language: str, today: date, only: Collection[int] | None
    ) -> None:
        self._connection, self._language, self._today, self._only = connection, language, today, only
        self._midnight = datetime.combine(today, time(), house.zone)
        self._zone = house.zone
        self.standard = standard_on(connection, today)
        self.areas: dict[int, _Area] = {}
        self.children: dict[int | None, list[int]] = {}
        self._read_areas()
        self.stations = {one.id: one for one in self._read_stations()}
        self._read_teams()
        self._in_area: dict[int, list[_Station]] = {}
        for one in self.stations.values():
            self._in_area.setdefault(one.area, []).append(one)

    def chosen(self, code: str) -> int | None:
        """The area of a code; ``NotFound`` if there is none."""
        if not code:
            return None
        for number, area in self.areas.items():
            if area.code == code:
                return number
        raise NotFound(f"没有代码为“{code}”的区域。", f"There is no area with the code “{code}”.")

    def upward(self, area: int | None) -> Iterator[int]:
        """An area and those above it."""
        for _ in range(_DEEPEST):
            if area is None or area not in self.areas:
                return
            yield area
            area = self.areas[area].parent

    def shown(self, area: int) -> bool:
        """Whether an area is told of: where stations are bounded, only what holds some of them."""
        return self._only is None or bool(self._stations(area))

    def sum(self, chosen: int | None) -> CoverageSum:
        """The sums of an area, or of all."""
        within, there = self._areas(chosen), self._stations(chosen)
        needed = [one for one in within if self._needs(one)]
        teams = [one for one in there if self._has_team(one)]
        said = self.areas.get(chosen) if chosen is not None else None
        return CoverageSum(
            code=said.code if said else "",
            name=said.name if said else "",
            parts=bool(self.children.get(chosen)),
            needed=len(needed),
            covered=sum(one in self._in_area for one in needed),
            stations=len(there),
            complete=sum(one.id in self._complete for one in there),
            dormant=sum(one.id in self._dormant for one in there),
            teams=len(teams),
            mixed=sum(not self._missing(one) for one in teams),
        )

    def uncovered(self, chosen: int | None) -> Iterator[Lack]:
        """Areas that need a station and have none in service; a station further down is not theirs."""
        for one in self._areas(chosen):
            if self._needs(one) and one not in self._in_area:
                area = self.areas[one]
                above = [self.areas[up].name for up in self.upward(area.parent)]
                yield Lack(area.code, area.name, self._level(area.level), " · ".join(reversed(above)))

    def incomplete(self, chosen: int | None) -> Iterator[StationLack]:
        """Teams that lack a level."""
        for one in self._stations(chosen):
            missing = self._missing(one) if self._has_team(one) else ()
            if missing:
                told = tuple((key, words(DEPUTY_LEVELS.get(key), self._language, key)) for key in missing)
                yield StationLack(one.code, one.name, self.areas[one.area].name, told)

    def asleep(self, chosen: int | None) -> Iterator[StationLack]:
        """Dormant stations, those first that were never awake."""
        found = [one for one in self._stations(chosen) if one.id in self._dormant]
        last = self._last([one.id for one in found])
        for one in sorted(found, key=lambda one: (last.get(one.id) or date.min, one.code)):
            yield StationLack(one.code, one.name, self.areas[one.area].name, last=last.get(one.id))

    def _areas(self, chosen: int | None) -> list[int]:
        found = [chosen] if chosen is not None else list(self.children.get(None, ()))
        seen = set(found)
        for one in found:
            more = [part for part in self.children.get(one, ()) if part not in seen]
            seen.update(more)
            found += more
        return found

    def _stations(self, chosen: int | None) -> list[_Station]:
        return [one for area in self._areas(chosen) for one in self._in_area.get(area, ())]

    def _needs(self, area: int) -> bool:
        return self._only is None and self.areas[area].level in self.standard.area_levels

    def _has_team(self, one: _Station) -> bool:
        """A station of an area that needs a mixed team; points belong to their station, and an industry has its own deputies."""
        return (
            one.parent is None
            and one.kind not in ("industry", "point")
            and self.areas[one.area].level in self.standard.team_levels
        )

    def _missing(self, one: _Station) -> tuple[str, ...]:
        return tuple(level for level in self.standard.deputy_levels if level not in one.levels)

    def _level(self, level: str) -> str:
        return words(AREA_LEVELS.get(level), self._language, level)

    def _read_areas(self) -> None:
        a = areas.c
        day = literal(self._today, Date())
        query = select(a.id, a.code, a.parent_id, a.level, named(a, self._language).label("name"))
        for row in self._connection.execute(query.where(lasting(a.since, a.until, day)).order_by(a.code)):
            self.areas[row.id] = _Area(row.code, row.name, row.level, row.parent_id)
        for number, area in self.areas.items():
            # what lay in an area that is no more stands at the top until somebody moves it
            above = area.parent if area.parent in self.areas else None
            self.children.setdefault(above, []).append(number)

    def _read_stations(self) -> Iterator[_Station]:
        s = stations.c
        query = select(s.id, s.code, named(s, self._language), s.kind, s.area_id, s.parent_id, s.opened)
        for row in self._connection.execute(query.where(s.active).order_by(s.code)):
            if row.area_id in self.areas and (self._only is None or row.id in self._only):
                yield _Station(*row)

    def _read_teams(self) -> None:
        """The levels of deputies at each station; whoever serves at a point is in the team of its station too."""
        there = serving_on(self._today)
        query = (
            select(there.c.station_id, there.c.level)
            .join(participants, participants.c.id == there.c.participant_id)
            .where(there.c.function == "deputy", there.c.station_id.is_not(None), participants.c.active)
        )
        for station, level in self._connection.execute(query):
            one = self.stations.get(station)
            for _ in range(_DEEPEST):
                if one is None:
                    break
                one.levels.add(level)
                one = self.stations.get(one.parent) if one.parent is not None else None

    @cached_property
    def _complete(self) -> set[int]:
        """Stations that have all that the standard asks for, today."""
        h = station_haves.c
        wanted = listed(self._connection, self.standard.haves)
        if not wanted:
            return set()
        holds = lasting(h.since, h.until, literal(self._today, Date()))
        query = select(h.station_id, func.count()).where(h.has, h.have.in_(wanted), holds).group_by(h.station_id)
        return {station for station, count in self._connection.execute(query) if count == len(wanted)}

    @cached_property
    def _dormant(self) -> set[int]:
        """Stations where for so many days no issue moved and no duty was held, unless they opened since."""
        since = self._today - timedelta(days=self.standard.dormant_days)
        moved = self._midnight - timedelta(days=self.standard.dormant_days)
        d = dated_duties.c
        held = select(d.station_id).where(d.day >= since, d.day <= self._today, d.status == "planned")
        awake = set(self._connection.execute(held.distinct()).scalars())
        changed = select(issues.c.station_id).where(issues.c.changed_at >= moved).distinct()
        awake |= set(self._connection.execute(changed).scalars())
        fresh = {one.id for one in self.stations.values() if one.opened is not None and one.opened > since}
        return set(self.stations) - awake - fresh

    def _last(self, which: Collection[int]) -> Mapping[int, date]:
        """The day on which anything was last done at stations."""
        d = dated_duties.c
        held = select(d.station_id, func.max(d.day)).where(
            d.station_id.in_(which), d.day <= self._today, d.status == "planned"
        )
        found: dict[int, date] = {row[0]: row[1] for row in self._connection.execute(held.group_by(d.station_id))}
        moved = select(issues.c.station_id, func.max(issues.c.changed_at)).where(issues.c.station_id.in_(which))
        for station, at in self._connection.execute(moved.group_by(issues.c.station_id)):
            day = at.astimezone(self._zone).date()
            found[station] = max(day, found.get(station, day))
        return found


def _lone(connection: Connection, language: str, today: date) -> Iterator[LoneDeputy]:
    """Deputies in office who serve at no station in service."""
    day = literal(today, Date())
    there = serving_on(today)
    teamed = (
        select(there.c.participant_id)
        .join(stations, stations.c.id == there.c.station_id)
        .where(there.c.function == "deputy", stations.c.active)
    )
    m, p = mandates.c, participants.c
    query = (
        select(p.id, p.login, p.name, m.level, named(codes.c, language).label("delegation"))
        .join(mandates, m.participant_id == p.id)
        .outerjoin(codes, (codes.c.list == "delegations") & (codes.c.code == m.delegation))
        .where(p.active, p.kind == "deputy", lasting(m.since, m.until, day), p.id.not_in(teamed))
        .order_by(p.name, p.id)
    )
    order, seen = list(DEPUTY_LEVELS), Counter[int]()
    rows = sorted(connection.execute(query).all(), key=lambda row: (order.index(row.level), row.name, row.id))
    for row in rows:
        seen[row.id] += 1
        if seen[row.id] == 1:
            told = words(DEPUTY_LEVELS.get(row.level), language, row.level)
            yield LoneDeputy(row.id, row.login or "", row.name, row.level, told, row.delegation or "")
