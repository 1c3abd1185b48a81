"""What a workbook does not speak of stays, unless somebody says that it ends; and what may not end at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection, func, select

from definitions.text import Said
from huying.database.tables import issues, stations
from huying.register.nouns import Lines, Person, RegisterNoun, Station
from huying.register.workbook.comparison import LineChange
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.layout import BY_KEY

#: The kinds of which what is missing can be ended, and how: by a last day, or by being out of use.
_LAST_DAY = {"areas": "until", "mandates": "until", "haves": "until", "memberships": "until", "rota": "last_day"}
_IN_USE = ("codes", "organisations", "people", "stations")
ENDABLE = (*_IN_USE, *_LAST_DAY)
#: Whoever ends more than this part of a kind has to type how many: a wrong file would empty the register.
PART = 0.2


def in_force(line: RegisterNoun, kind: str, today: date) -> bool:
    """Whether a line has not ended yet."""
    if kind in _IN_USE:
        return bool(getattr(line, "active", True))
    until = getattr(line, _LAST_DAY[kind], None) if kind in _LAST_DAY else None
    return until is None or until >= today


def endings(kind: str, lines: Iterable[RegisterNoun], today: date) -> Iterator[LineChange]:
    """The lines as they are when they end: yesterday was their last day."""
    return (
        LineChange(kind, line, _ended(line, kind, today), kind, None) for line in lines if in_force(line, kind, today)
    )


def _ended(line: RegisterNoun, kind: str, today: date) -> RegisterNoun:
    if kind in _IN_USE:
        closed = {"closed": today} if isinstance(line, Station) else {}
        return msgspec.structs.replace(line, active=False, **closed)
    field = _LAST_DAY[kind]
    since = getattr(line, "since", None) or getattr(line, "first_day", None)
    last = today - timedelta(days=1)
    return msgspec.structs.replace(line, **{field: last if since is None else max(last, since)})


def too_many(kind: str, count: int, current: Lines, today: date) -> bool:
    """Whether so many of a kind would end that somebody has to type the number."""
    there = sum(in_force(line, kind, today) for line in current.get(kind, ()))
    return count > there * PART


def hindrances(
    connection: Connection, changes: Sequence[LineChange], current: Lines
) -> list[tuple[LineChange, SheetFinding]]:
    """Changes that cannot be made: stations that close over open issues, the last administrator gone."""
    return [*_busy_stations(connection, changes), *_own_seat(changes, current)]


def _busy_stations(connection: Connection, changes: Sequence[LineChange]) -> list[tuple[LineChange, SheetFinding]]:
    closing = {
        one.after.code: one
        for one in changes
        if isinstance(one.after, Station)
        and isinstance(one.before, Station)
        and one.before.active
        and not one.after.active
        and one.after.successor is None
    }
    if not closing:
        return []
    open_issues = (
        select(stations.c.code, func.count())
        .join(issues, issues.c.station_id == stations.c.id)
        .where(issues.c.closed_at.is_(None))
        .group_by(stations.c.code)
    )
    found = []
    for code, count in connection.execute(open_issues):
        if code in closing:
            wrong = Said(
                f"站点 {code} 还有 {count} 件在办事项，不能撤销",
                f"{code} still has {count} open issues and cannot be closed",
            )
            remedy = Said("填写“并入站点”，由它接着办", "name the station that carries on what is open there")
            found.append((closing[code], _about(closing[code], "active", code, wrong, remedy)))
    return found


def _own_seat(changes: Sequence[LineChange], current: Lines) -> list[tuple[LineChange, SheetFinding]]:
    """At least one administrator who was there before stays one."""

    def rules(line: RegisterNoun | None) -> bool:
        return isinstance(line, Person) and line.active and line.kind == "administrator"

    there = {line.login for line in current.get("people", ()) if isinstance(line, Person) and rules(line)}
    losing = [one for one in changes if rules(one.before) and not rules(one.after)]
    if not losing or len(losing) < len(there):
        return []
    wrong = Said("这样就没有管理员了", "no administrator would be left")
    remedy = Said("至少留一位管理员在职", "keep at least one administrator in service")
    return [(one, _about(one, "kind", getattr(one.after, "name", ""), wrong, remedy)) for one in losing]


def _about(change: LineChange, key: str, found: str, wrong: Said, remedy: Said) -> SheetFinding:
    known = any(column.key == key for column in BY_KEY[change.sheet].columns)
    return SheetFinding(change.sheet, change.row, None, key if known else None, found, wrong, remedy)
