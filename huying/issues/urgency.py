"""The urgency of open issues as SQL: one set of conditions for the board that counts and for the lists that it leads to, so that both agree.

An issue whose clock stands has no deadline meanwhile: it is counted as paused, and as nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import ColumnElement, and_, case, literal, literal_column, true

from huying.database.tables import issues
from huying.house.house import House
from huying.locale import translations
from huying.words.horizon import horizon

Urgency = Literal["open", "today", "soon", "overdue", "long-overdue", "paused", "provisional"]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)

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


def conditions(house: House, now: datetime, of: Iterable[Urgency] = URGENCIES) -> Mapping[Urgency, ColumnElement[bool]]:
    """What makes an open issue belong to each of these urgencies at this moment, by the marks of its own calendar.

    They say nothing of ``OPEN`` themselves, so that the index of the open ones holds all that is counted; whoever uses one asks for it besides.
    """
    wanted = frozenset(of)
    dated = not wanted.isdisjoint(("today", "soon", "long-overdue"))
    marks = {key: horizon(house.calendars.in_force(key), now) for key in house.calendars.known()} if dated else {}

    def mark(name: str) -> ColumnElement[datetime]:
        return _by_calendar({key: getattr(one, name) for key, one in marks.items()})

    due, moment = issues.c.due_at, _moment(now)
    # made only where wanted: the rail of every page counts some of them
    made: Mapping[Urgency, Callable[[], ColumnElement[bool]]] = {
        "open": true,
        "today": lambda: and_(due > moment, due <= mark("today")),
        "soon": lambda: and_(due > moment, due <= mark("soon")),
        "overdue": lambda: due <= moment,
        "long-overdue": lambda: due <= mark("long_overdue"),
        "paused": lambda: issues.c.paused_at.is_not(None),
        "provisional": lambda: issues.c.provisional,
    }
    return {one: make() for one, make in made.items() if one in wanted}


def _by_calendar(moments: Mapping[str, datetime]) -> ColumnElement[datetime]:
    """A moment that depends on the issue's calendar: one value where all calendars agree."""
    values = list(dict.fromkeys(moments.values()))
    if len(values) == 1:
        return _moment(values[0])
    most = max(values, key=list(moments.values()).count)
    others = [(issues.c.calendar.like(f"{key} v%"), _moment(at)) for key, at in moments.items() if at != most]
    return case(*others, else_=_moment(most))


def _moment(at: datetime) -> ColumnElement[datetime]:
    return literal(at, issues.c.due_at.type)
