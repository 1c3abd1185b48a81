"""The names of conditions as columns: what each asks of a row, so that every database and a recount answer alike."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, literal, not_, or_, select, true

from definitions.figures.condition import Among, Compared, Condition, Either, Every, HasValue, Holds, Unless
from definitions.figures.names import HAPPENINGS
from huying.database.tables import issues, promises, tallies

_i = issues.c
#: By name: the column that it reads.
_TEXTS: Mapping[str, ColumnElement[Any]] = {
    "status": _i.status,
    "outcome": _i.outcome,
    "verdict": _i.verdict,
    "grade": _i.grade,
    "channel": _i.channel,
    "kind": _i.kind,
    "value": tallies.c.value,
    "promise": promises.c.status,
    "time": tallies.c.nth,
}
_HOW: Mapping[str, Callable[[Any, int], ColumnElement[bool]]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}


class SqlConditions:
    """Conditions as of a moment; ``versions`` says of each version of a definition which process it is, and what that is counted as."""

    def __init__(self, as_of: datetime, versions: Mapping[int, tuple[str, str]]) -> None:
        self._as_of = as_of
        self._versions = versions

    def sql(self, asked: Condition) -> ColumnElement[bool]:
        """The condition on a row; it is true or false, never unknown."""
        match asked:
            case Every():
                return and_(true(), *(self.sql(part) for part in asked.parts))
            case Either():
                return or_(false(), *(self.sql(part) for part in asked.parts))
            case Unless():
                return not_(self.sql(asked.part))
            case Holds():
                return self._flag(asked.name)
            case HasValue():
                if asked.name in ("matter", "process"):
                    return true()
                column = _TEXTS[asked.name]
                return and_(column.is_not(None), column != "") if asked.name != "time" else column.is_not(None)
            case Among():
                return self._among(asked)
            case Compared():
                return _HOW[asked.how](_TEXTS[asked.name], asked.number)

    def _among(self, asked: Among) -> ColumnElement[bool]:
        if asked.name in ("matter", "process"):
            at = 0 if asked.name == "process" else 1
            these = [number for number, known in self._versions.items() if known[at] in asked.values]
            return _i.definition_version_id.in_(these)
        column = _TEXTS[asked.name]
        fits = column == asked.values[0] if len(asked.values) == 1 else column.in_(asked.values)
        return and_(column.is_not(None), fits) if getattr(column, "nullable", True) else fits

    def _flag(self, name: str) -> ColumnElement[bool]:
        match name:
            case "late":
                return self.late()
            case "merged":
                return func.coalesce(_i.outcome, literal("")) == "merged"
            case "void":
                return func.coalesce(_i.outcome, literal("")) == "cancelled"
            case "called":
                return _i.channel == "process"
        these = tallies.alias("happening")
        query = select(these.c.issue_id).where(these.c.issue_id == _i.id, these.c.what == HAPPENINGS[name])
        return query.correlate(issues).exists()

    def late(self) -> ColumnElement[bool]:
        """Closed after its time, or open and past it; not one whose clocks stand."""
        finished_late = and_(_i.closed_on.is_not(None), _i.finished_late)
        open_and_past = and_(_i.closed_on.is_(None), _i.paused_at.is_(None), _i.finish_at <= self._as_of)
        return and_(_i.finish_at.is_not(None), or_(finished_late, open_and_past))
