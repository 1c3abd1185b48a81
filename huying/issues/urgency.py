"""The urgency of open issues as SQL: one set of conditions for the board that counts and for the lists that it leads to, so that both agree.

An issue whose clock stands has no deadline meanwhile: it is counted as paused, and as nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, bindparam, case, literal, literal_column, true

from huying.database.tables import issues
from huying.house.house import House
from huying.locale import translations
from huying.words.horizon import horizon

Urgency = Literal["open", "today", "soon", "overdue", "long-overdue", "paused", "provisional"]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
#: The mark of a calendar by which an urgency is told, where it needs one beside the moment.
_MARKS: Mapping[Urgency, str] = {"today": "today", "soon": "soon", "long-overdue": "long_overdue"}
_NOW = "now"

#: Written out, not bound: only so do the databases know that the indexes on open issues answer.
OPEN: ColumnElement[bool] = issues.c.status == literal_column("'open'")


def urgency_titles(language: str) -> Mapping[Urgency, str]:
    """What the urgencies are called."""
    _ = translations(language).gettext
    return {
        "open": _("In hand"),
        "today": _("Due today"),
        "soon": _("Due within 3 working days"),
        "overdue": _("Overdue"),
        "long-overdue": _("Overdue by more than 5 working days"),
        "paused": _("Clock stands"),
        "provisional": _("Provisional deadline"),
    }


@dataclass(frozen=True, slots=True)
class Moments:
    """By which moments urgencies are told now, by name. ``apart``: of each mark the calendars that have another moment for it than most."""

    values: Mapping[str, datetime]
    apart: tuple[tuple[str, tuple[str, ...]], ...]


def moments(house: House, now: datetime, of: Iterable[Urgency] = URGENCIES) -> Moments:
    """The moments that some urgencies need, by the marks of each issue's own calendar."""
    wanted = [mark for urgency in of if (mark := _MARKS.get(urgency))]
    marks = {key: horizon(house.calendars.in_force(key), now) for key in house.calendars.known()} if wanted else {}
    values, apart = {_NOW: now}, []
    for mark in wanted:
        by_calendar = {key: getattr(one, mark) for key, one in marks.items()}
        found = list(by_calendar.values())
        values[mark] = max(dict.fromkeys(found), key=found.count)
        others = {key: at for key, at in by_calendar.items() if at != values[mark]}
        values |= {_other(mark, number): at for number, at in enumerate(others.values())}
        apart.append((mark, tuple(others)))
    return Moments(values, tuple(apart))


def conditions(house: House, now: datetime, of: Iterable[Urgency] = URGENCIES) -> Mapping[Urgency, ColumnElement[bool]]:
    """What makes an open issue belong to each of these urgencies at this moment.

    They say nothing of ``OPEN`` themselves, so that the index of the open ones holds all that is counted; whoever uses one asks for it besides.
    """
    wanted = frozenset(of)
    found = moments(house, now, wanted)
    return conditions_at(wanted, found.apart, lambda name: _moment(found.values[name]))


def conditions_at(
    wanted: Collection[Urgency], apart: Iterable[tuple[str, tuple[str, ...]]], at: Callable[[str], ColumnElement[Any]]
) -> Mapping[Urgency, ColumnElement[bool]]:
    """The same conditions, with each moment as ``at`` says it by its name: as a value, or as a blank that is filled in later."""
    others = dict(apart)

    def mark(name: str) -> ColumnElement[datetime]:
        cases = [(issues.c.calendar.like(f"{key} v%"), at(_other(name, nr))) for nr, key in enumerate(others[name])]
        return case(*cases, else_=at(name)) if cases else at(name)

    due = issues.c.due_at
    # made only where wanted: the rail of every page counts some of them
    made: Mapping[Urgency, Callable[[], ColumnElement[bool]]] = {
        "open": true,
        "today": lambda: and_(due > at(_NOW), due <= mark("today")),
        "soon": lambda: and_(due > at(_NOW), due <= mark("soon")),
        "overdue": lambda: due <= at(_NOW),
        "long-overdue": lambda: due <= mark("long_overdue"),
        "paused": lambda: issues.c.paused_at.is_not(None),
        "provisional": lambda: issues.c.provisional,
    }
    return {one: make() for one, make in made.items() if one in wanted}


def blank_moment(name: str) -> ColumnElement[datetime]:
    """A moment that is filled in by its name when a statement is carried out."""
    return bindparam(name, type_=issues.c.due_at.type)


def _other(mark: str, number: int) -> str:
    return f"{mark}_{number}"


def _moment(at: datetime) -> ColumnElement[datetime]:
    return literal(at, issues.c.due_at.type)
