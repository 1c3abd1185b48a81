"""What a list of issues is narrowed to: by rights first, then by what somebody asked for, both as conditions on the issues alone.

Whoever counts and whoever lists uses the same conditions, so that a figure and the rows behind it agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, or_, select, true, union_all
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from huying.access.viewer import AnyViewer, BlankViewer, Viewer, blanks_of
from huying.database.tables import (
    areas,
    attentions,
    candidates,
    definition_versions,
    form_drafts,
    incidents,
    involvements,
    issues,
    search_parties,
    stations,
    work_items,
)
from huying.house.house import House
from huying.issues.record import has_number
from huying.issues.urgency import OPEN, Urgency, blank_moment, conditions, conditions_at, moments
from huying.issues.views.marks import SENT_BACK, URGED, news
from huying.register.regions import places

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What a list is narrowed to; ``before`` is the id from which older issues follow.

    ``region`` is the code of an area that figures are summed up for: the issues of its stations. ``station`` is a station's code, and ``under``
    takes in the stations of all areas below its own. ``kind`` is an option of what a definition sorts its issues by, ``step`` the key of a step.
    ``department`` is the reference of one for which an issue waits. ``due`` is an urgency, as the board counts it; ``overdue`` is the same as
    that urgency. ``number``: one of an issue's own, or (such as a document number) one that it was given on the way; ``words``: what all stand in
    its number or subject. ``opened_from`` and ``opened_to``: the first and the last day on which it was opened.
    ``within``: only issues of these stations, by their ids.
    ``among``: these alone, as a search found them.
    ``cared_for``: only issues of stations that the reader looks after as staff, none that they only answer for or reported. ``mine``: those in
    which they have a task, ``followed``: on which they have an eye, ``drafts``: in which they left a form half filled in, ``blocked``: in which
    something could not be carried out. ``urged``: in which somebody urged those who have the tasks; ``sent_back``: those that came back to a
    step; ``news``: in which others did something since the reader looked.
    """

    station: str | None = None
    under: bool = False
    region: str | None = None
    definition: str | None = None
    kind: str | None = None
    stage: str | None = None
    step: str | None = None
    status: str | None = None
    channel: str | None = None
    department: str | None = None
    answerable: int | None = None
    due: Urgency | None = None
    overdue: bool = False
    cared_for: bool = False
    mine: bool = False
    followed: bool = False
    drafts: bool = False
    blocked: bool = False
    urged: bool = False
    sent_back: bool = False
    news: bool = False
    number: str | None = None
    words: str | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    among: tuple[int, ...] | None = None
    before: int | None = None
    within: frozenset[int] | None = None

    @property
    def of_open(self) -> bool:
        """Whether it holds open issues alone."""
        return self.status == "open" or self.overdue or self.due is not None or self.blocked or self.urged


#: What a search found is left blank as well.
_AMONG: Any = bindparam("among", type_=issues.c.id.type, expanding=True)


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list without what changes from one reader, moment and search to the next: the same conditions, made once and filled in.

    What a page costs is its making in Python, and most of that was to put the same statements together again and again.
    """

    filter: Filter
    office: bool
    sqlite: bool
    apart: tuple[tuple[str, tuple[str, ...]], ...]
    zone: ZoneInfo | None

    def listed(self) -> list[ColumnElement[bool]]:
        """All that holds of the issues in the list."""
        return [theirs(self._whose, self.filter), *self.narrowed()]

    def counted(self) -> list[ColumnElement[bool]]:
        """The same of issues that are counted: told so that PostgreSQL goes by its indexes, where it would else read every issue."""
        if self.sqlite or self.office or self.filter.cared_for:
            return self.listed()
        other = issues.alias()
        each = [select(other.c.id).where(condition) for condition in _own(self._whose, self.filter, other.c)]
        return [issues.c.id.in_(union_all(*each)), *self.narrowed()]

    @property
    def _whose(self) -> BlankViewer:
        return BlankViewer(self.office)

    def narrowed(self) -> Iterator[ColumnElement[bool]]:
        """What holds of the issues that are asked for, whether somebody may see them or not."""
        yield from _whole(self._whose, self.filter)
        urgent = conditions_at(_urgencies(self.filter), self.apart, blank_moment)
        yield from _told(self.filter, urgent, self.zone or UTC)
        if self.filter.among is not None:
            yield issues.c.id.in_(_AMONG)


def shaped(
    house: House, connection: Connection, person: Viewer, wanted: Filter, now: datetime
) -> tuple[ListShape, dict[str, Any]]:
    """The shape of somebody's list, and what is filled in."""
    if wanted.region:
        inside = _inside(connection, wanted.region)
        wanted = replace(wanted, region=None, within=inside if wanted.within is None else inside & wanted.within)
    told = moments(house, now, _urgencies(wanted))
    values = {**blanks_of(person), "among": wanted.among or (), **told.values}
    zone = house.zone if wanted.opened_from or wanted.opened_to else None
    bare = replace(wanted, among=()) if wanted.among is not None else wanted
    return ListShape(bare, person.office, house.database.sqlite, told.apart, zone), values


def listed(
    house: House, connection: Connection, person: Viewer, wanted: Filter, now: datetime
) -> list[ColumnElement[bool]]:
    """All that holds of the issues in this person's list."""
    return [theirs(person, wanted), *narrowed(house, connection, person, wanted, now)]


def narrowed(
    house: House, connection: Connection, person: Viewer, wanted: Filter, now: datetime
) -> list[ColumnElement[bool]]:
    """What holds of the issues that somebody asks for, whether they may see them or not."""
    if wanted.region:
        wanted = replace(wanted, region=None, within=_inside(connection, wanted.region))
    urgent = conditions(house, now, _urgencies(wanted))
    zone = house.zone if wanted.opened_from or wanted.opened_to else UTC
    among = [issues.c.id.in_(wanted.among)] if wanted.among is not None else []
    return [*_whole(person, wanted), *_told(wanted, urgent, zone), *among]


def theirs(person: AnyViewer, wanted: Filter) -> ColumnElement[bool]:
    """The issues that somebody may see in lists."""
    if person.office:
        return true()
    if wanted.cared_for:
        return issues.c.station_id.in_(person.stations)
    return or_(*_own(person, wanted, issues.c))


def _own(person: AnyViewer, wanted: Filter, c: ReadOnlyColumnCollection[str, Any]) -> Iterator[ColumnElement[bool]]:
    """Why somebody may see an issue, each by itself."""
    yield c.station_id.in_(person.stations)
    yield c.answerable_id == person.participant_id
    yield c.reporter_id == person.participant_id
    yield c.id.in_(select(candidates.c.issue_id).where(candidates.c.party.in_(person.parties)))
    if wanted.among is not None:
        # a search finds also what somebody had to do with once
        had = select(search_parties.c.issue_id).where(search_parties.c.party.in_(person.parties))
        yield c.id.in_(had)


def of_definition(key: str, *, among_open: bool = False) -> ColumnElement[bool]:
    """The issues of a definition, whichever version or variant they follow.

    ``among_open`` tells them by a sum and not by the column, so that SQLite keeps to the indexes on open issues and does not read every row of
    the definition.
    """
    column = issues.c.definition_version_id
    versions = select(definition_versions.c.id).where(definition_versions.c.key == key)
    return (column + 0).in_(versions) if among_open else column.in_(versions)


def _whole(person: AnyViewer, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """What depends on who reads."""
    me = person.participant_id
    if wanted.mine:
        yield issues.c.id.in_(_with_tasks(person))
    if wanted.followed:
        seen = attentions.c.participant_id == me, attentions.c.followed_at.is_not(None)
        named = involvements.c.party.in_(person.parties)
        yield or_(
            issues.c.id.in_(select(attentions.c.issue_id).where(*seen)),
            issues.c.id.in_(select(involvements.c.issue_id).where(named)),
        )
    if wanted.news:
        yield news(person, _with_tasks(person))
    if wanted.drafts:
        yield issues.c.id.in_(select(form_drafts.c.issue_id).where(form_drafts.c.participant_id == me))


def _with_tasks(person: AnyViewer) -> Select[tuple[int]]:
    """The issues in which somebody has a task that nobody else has taken."""
    w = work_items.c
    return (
        select(candidates.c.issue_id)
        .join(work_items, (w.issue_id == candidates.c.issue_id) & (w.number == candidates.c.item))
        .where(candidates.c.party.in_(person.parties), w.status == "open")
        .where(or_(w.owner_id.is_(None), w.owner_id == person.participant_id))
    )


def _told(wanted: Filter, urgent: Mapping[Urgency, ColumnElement[bool]], zone: tzinfo) -> Iterator[ColumnElement[bool]]:
    """What depends on nobody."""
    if wanted.station:
        yield _at(wanted.station, under=wanted.under)
    if wanted.number:
        yield has_number(wanted.number.strip())
    for word in (wanted.words or "").split():
        yield or_(has_number(word), *(column.icontains(word, autoescape=True) for column in _WORDED))
    if wanted.definition:
        yield of_definition(wanted.definition, among_open=wanted.of_open)
    for name in ("kind", "stage", "step", "status", "channel"):
        if value := getattr(wanted, name):
            yield OPEN if (name, value) == ("status", "open") else issues.c[name] == value
    if wanted.department:
        yield issues.c.id.in_(select(candidates.c.issue_id).where(candidates.c.party == wanted.department))
    if wanted.answerable is not None:
        yield issues.c.answerable_id == wanted.answerable
    if wanted.blocked:
        failed = select(incidents.c.issue_id).where(incidents.c.status == "open", incidents.c.issue_id != 0)
        yield and_(OPEN, issues.c.id.in_(failed))
    if wanted.urged:
        yield URGED
    if wanted.sent_back:
        yield SENT_BACK
    yield from (OPEN & urgent[urgency] for urgency in sorted(_urgencies(wanted)))
    if wanted.opened_from:
        yield issues.c.opened_at >= datetime.combine(wanted.opened_from, time(0), zone)
    if wanted.opened_to:
        yield issues.c.opened_at < datetime.combine(wanted.opened_to + _ONE_DAY, time(0), zone)
    if wanted.within is not None:
        yield issues.c.station_id.in_(wanted.within)
    if wanted.before:
        yield issues.c.id < wanted.before


_WORDED = (issues.c.number, issues.c.subject)


def _urgencies(wanted: Filter) -> frozenset[Urgency]:
    due: list[Urgency] = [wanted.due] if wanted.due else []
    return frozenset([*due, "overdue"] if wanted.overdue else due)


def _at(station: str, *, under: bool) -> ColumnElement[bool]:
    """The issues of a station, and of those below it."""
    of_code = stations.c.code == station
    if under:
        own = select(stations.c.area_id).where(of_code).scalar_subquery()
        below = select(areas.c.id).where(areas.c.parent_id == own).cte(recursive=True)
        # distinct, so that a circle which somebody made by hand ends
        below = below.union(select(areas.c.id).where(areas.c.parent_id == below.c.id))
        of_code = or_(of_code, stations.c.area_id.in_(select(below.c.id)))
    return issues.c.station_id.in_(select(stations.c.id).where(of_code))


def _inside(connection: Connection, region: str) -> frozenset[int]:
    """The stations that are summed up for an area."""
    return frozenset(place.id for place in places(connection, "zh").values() if place.region.code == region)
