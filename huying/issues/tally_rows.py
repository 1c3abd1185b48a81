"""What is counted of issues, in rows: written with the decision, and made again from the history where it is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, false, func, insert, select, true, update

from engine import Process, State
from engine.evolve import fold
from huying.database.statement import Statement
from huying.database.tables import history, issues, tallies
from huying.house.house import House
from huying.issues.tally import FOLLOWING, LASTING, ForFigures, day_of, reckoned

#: So many issues are made again at once.
PORTION = 200

_before = select(func.count()).where(
    tallies.c.issue_id == bindparam("issue_id"),
    tallies.c.what == bindparam("what"),
    tallies.c.sequence < bindparam("sequence"),
)
_row = {column: bindparam(column.name, type_=column.type) for column in tallies.c}
_insert = Statement(insert(tallies).values(_row | {tallies.c.nth: bindparam("nth") + _before.scalar_subquery()}))


def _new(name: str) -> Any:
    return bindparam(f"new_{name}", type_=issues.c[name].type)


def _finished_late() -> Any:
    finish = func.coalesce(_new("finish_at"), issues.c.finish_at)
    closes = bindparam("closes_at", type_=issues.c.closed_at.type)
    return case((and_(closes.is_not(None), closes >= finish), true()), else_=false())


#: What figures need of an event, in the columns of its issue: how each is written.
COUNTED = (
    {issues.c[name]: _new(name) for name in FOLLOWING}
    | {issues.c[name]: func.coalesce(_new(name), issues.c[name]) for name in LASTING}
    | {issues.c.finished_late: _finished_late()}
)


def counted_values(counted: ForFigures) -> dict[str, Any]:
    """The values that go into ``COUNTED``."""
    return {f"new_{name}": counted.columns[name] for name in (*FOLLOWING, *LASTING)} | {"closes_at": counted.closed_at}


def write_tallies(connection: Connection, issue_id: int, sequence: int, counted: ForFigures) -> None:
    """Write what is counted of one event."""
    same = Counter[str]()
    for position, one in enumerate(counted.tallies):
        same[one.what] += 1
        row = {
            "issue_id": issue_id,
            "sequence": sequence,
            "position": position,
            "what": one.what,
            "value": one.value,
            "nth": same[one.what],
            "on_day": counted.day,
        }
        _insert.put(connection, row)


def uncounted(house: House, limit: int = PORTION) -> int:
    """How many issues the figures do not know yet, up to a limit: those from before there were any."""
    query = select(issues.c.id).where(issues.c.opened_on.is_(None)).limit(limit)
    with house.database.reading() as connection:
        return len(connection.execute(query).all())


def count_again(house: House, limit: int = PORTION) -> int:
    """Make the columns and rows of a portion of issues from their histories; how many. Who acts on one meanwhile waits, or is waited for."""
    with house.database.writing() as connection:
        query = (
            select(*(issues.c[name] for name in ("id", "definition_version_id", "opened_at")))
            .where(issues.c.opened_on.is_(None))
            .order_by(issues.c.id)
            .limit(limit)
            .with_for_update()
        )
        found: Sequence[Row[Any]] = connection.execute(query).all()
        for row in found:
            _count_again(house, connection, row)
    return len(found)


def _count_again(house: House, connection: Connection, issue: Row[Any]) -> None:
    entries = connection.execute(
        select(history.c.sequence, history.c.at, history.c.event, history.c.changes)
        .where(history.c.issue_id == issue.id)
        .order_by(history.c.sequence)
    ).all()
    versions = versions_of([row.event for row in entries], issue.definition_version_id)
    connection.execute(delete(tallies).where(tallies.c.issue_id == issue.id))
    state, columns = State(), dict[str, Any]()
    for row, version in zip(entries, versions, strict=True):
        process = house.processes.process(version)
        after = fold([row.changes], state)
        counted = reckoned(process, state, after, row.changes, row.at)
        columns |= {key: value for key, value in counted.columns.items() if key not in LASTING or value is not None}
        write_tallies(connection, issue.id, row.sequence, counted)
        state = after
    process = house.processes.process(issue.definition_version_id)
    columns["opened_on"] = _opened(process, state, issue.opened_at)
    columns["finished_late"] = finished_late(state, entries[-1].at if entries else None, columns)
    connection.execute(update(issues).where(issues.c.id == issue.id).values(**columns))


def _opened(process: Process, state: State, otherwise: datetime) -> Any:
    return day_of(process, state.facts.opened_at if state.facts else otherwise)


def finished_late(state: State, last: datetime | None, columns: Mapping[str, Any]) -> bool:
    """Whether a closed issue was closed after its time; ``last`` is the moment of its last event."""
    closed, finish = (state.closed_at or last) if state.status == "closed" else None, columns.get("finish_at")
    return closed is not None and finish is not None and closed >= finish


def versions_of(events: list[Any], newest: int) -> list[int]:
    """By which version of its definition each event of an issue was decided; ``newest`` is the one that it follows now."""
    found, version = list[int](), newest
    for event in reversed(events):
        found.append(version)
        if event.kind == "migrate":
            version = event.leaving
    return found[::-1]
