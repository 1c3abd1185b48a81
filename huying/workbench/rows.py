"""The rows of a list: whose they are, what they are narrowed to, in which order, and from where on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, or_, select

from huying.access.viewer import BlankViewer, Look, Viewer, viewer
from huying.database.tables import attentions, issues, stations
from huying.house.house import House
from huying.issues.views.filter import Filter, ListShape, shaped
from huying.issues.views.marks import SENT_BACK, URGED
from huying.search.view import Asker, FoundInList, found_in_list
from huying.words.names import named
from huying.workbench.line import Line, lines
from huying.workbench.query import RowOrder

PAGE = 50
#: What an issue may lack. Of all else the databases are not told where nothing stands, since then no index answers from its end.
_LACKED = frozenset({"due", "step"})
#: A sheet or a paper holds so many rows at most.
MOST = 10_000
_PORTION = 500
_COLUMNS = (
    *("id", "number", "subject", "station_id", "definition_version_id", "reporter_id", "answerable_id", "channel"),
    *("status", "step", "stage", "kind", "resolution", "version", "state", "opened_at", "changed_at"),
    *("due_at", "provisional", "paused_at"),
)


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows of a list, in which order, and after which place (as an earlier answer named it)."""

    filter: Filter = field(default_factory=Filter)
    order: RowOrder = field(default_factory=RowOrder)
    after: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in their order; ``after`` names the place from which more follow, if there are any."""

    lines: tuple[Line, ...]
    after: str | None


def searched(house: House, wanted: Filter, look: Look) -> FoundInList | None:
    """What a search finds by the words of a list among what it is narrowed to otherwise; nothing was searched for without words."""
    if not wanted.words:
        return None
    return found_in_list(house, Asker(look.person, look.language, look.now), wanted.words, replace(wanted, words=None))


def among(wanted: Filter, found: FoundInList | None) -> Filter:
    """A list narrowed to what was found by its words."""
    return replace(wanted, words=None, among=found.ids) if found else wanted


def rows(house: House, wanted: RowsWanted, look: Look, most: int = PAGE) -> Rows:
    """The rows of somebody's list."""
    with house.database.reading() as connection:
        person = viewer(connection, look.person)
        query, values = _query(house, connection, person, (wanted, most + 1), look)
        found = connection.execute(query, values).all()
        shown = lines(house, connection, person, found[:most], look)
    return Rows(shown, _place(found[most - 1], wanted.order) if len(found) > most else None)


def all_rows(house: House, wanted: RowsWanted, look: Look) -> Iterator[Line]:
    """The same for a sheet or a paper: all of them, as far as one goes."""
    place, left = wanted.after, MOST
    while left > 0:
        found = rows(house, replace(wanted, after=place), look, min(_PORTION, left))
        yield from found.lines
        left -= len(found.lines)
        if found.after is None:
            return
        place = found.after


def _query(
    house: House, connection: Connection, person: Viewer, asked: tuple[RowsWanted, int], look: Look
) -> tuple[Select[*tuple[Any, ...]], dict[str, Any]]:
    """``asked``: which rows, and how many of them at most. What is filled in comes with the statement."""
    wanted, most = asked
    shape, values = shaped(house, connection, person, wanted.filter, look.now)
    # from where a page goes on, and in which order a search found its rows, changes every time
    put = _put if wanted.after or _surest_first(wanted) else _kept
    return put(shape, wanted, most, look.language), values


def _put(shape: ListShape, wanted: RowsWanted, most: int, language: str) -> Select[*tuple[Any, ...]]:
    # which rows, by what is sorted alone: an issue's state is long, and only what is shown is read
    column = _sorted(wanted, language)
    chosen = select(issues.c.id, column.label("place")).where(*shape.listed())
    if wanted.order.by == "station":
        chosen = chosen.join(stations, stations.c.id == issues.c.station_id)
    if (after := _after(column, wanted)) is not None:
        chosen = chosen.where(after)
    found = chosen.order_by(*_ordered(column, issues.c.id, wanted)).limit(most).subquery()
    mine = (attentions.c.issue_id == issues.c.id) & (attentions.c.participant_id == BlankViewer(False).participant_id)
    shown = (
        *(issues.c[one] for one in _COLUMNS),
        named(stations.c, language).label("station"),
        attentions.c.followed_at,
        attentions.c.version.label("seen"),
        found.c.place,
        URGED.label("urged"),
        SENT_BACK.label("sent_back"),
    )
    return (
        select(*shown)
        .select_from(found)
        .join(issues, issues.c.id == found.c.id)
        .join(stations, stations.c.id == issues.c.station_id)
        .join(attentions, mine, isouter=True)
        .order_by(*_ordered(found.c.place, found.c.id, wanted))
    )


@lru_cache(256)
def _kept(shape: ListShape, wanted: RowsWanted, most: int, language: str) -> Select[*tuple[Any, ...]]:
    return _put(shape, wanted, most, language)


def _ordered(column: ColumnElement[Any], number: ColumnElement[Any], wanted: RowsWanted) -> tuple[Any, ...]:
    """By the column, what has no value last, and equal ones by their ids."""
    ordered = column.desc() if wanted.order.descending else column.asc()
    if wanted.order.by == "opened":
        return (ordered,)
    return ordered.nulls_last() if _lacked(wanted) else ordered, number


def _lacked(wanted: RowsWanted) -> bool:
    return wanted.order.by in _LACKED and not _surest_first(wanted)


def _surest_first(wanted: RowsWanted) -> bool:
    """Whether the rows stand as a search found them."""
    return bool(wanted.filter.among) and wanted.order == RowOrder()


def _sorted(wanted: RowsWanted, language: str) -> ColumnElement[Any]:
    column: ColumnElement[Any]
    if _surest_first(wanted) and wanted.filter.among:
        return case({number: at for at, number in enumerate(wanted.filter.among)}, value=issues.c.id)
    match wanted.order.by:
        case "station":
            column = named(stations.c, language)
        case "due":
            column = issues.c.due_at
        case "opened":
            column = issues.c.id
        case "changed":
            column = issues.c.changed_at
        case by:
            column = issues.c[by]
    return column


def _place(row: Row[*tuple[Any, ...]], order: RowOrder) -> str:
    value = row.place
    said = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
    return f"{row.id}.{said}" if value is not None else str(row.id)


def _after(column: ColumnElement[Any], wanted: RowsWanted) -> ColumnElement[bool] | None:
    """What comes after the place that an earlier answer named; a place that nobody named is the beginning."""
    number, named_value, said = wanted.after.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    later = issues.c.id > int(number)
    if not named_value:
        return and_(column.is_(None), later)
    try:
        value = int(said[:18]) if _surest_first(wanted) else _read(said, wanted.order)
    except ValueError:
        return None
    descending = wanted.order.descending
    beyond = column < value if descending else column > value
    if wanted.order.by == "opened":
        return beyond
    after = or_(beyond, and_(column == value, later))
    if _lacked(wanted):
        return or_(after, column.is_(None))
    # said once more as a bound, from which an index can begin
    return and_(column <= value if descending else column >= value, after)


def _read(said: str, order: RowOrder) -> Any:
    if order.by in ("due", "changed"):
        moment = datetime.fromisoformat(said)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(said[:18]) if order.by == "opened" else said
