"""Whether the rows beside a state say what the state says: lists, "my tasks" and the sweep read those rows, the kernel reads the state.

Reckoned here anew, and not by the code that wrote them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.model.reference import Reference
from engine import Process
from engine.books.change import NumberGiven
from engine.due import earliest, standing_since
from engine.event import Migrate
from engine.rules.uniqueness import standing
from engine.state import State, WorkItem
from huying.database.tables import bookings, candidates, given_numbers, timers, unique_values, work_items
from huying.register.books import key_of

_ITEM = ("number", "visit", "step", "role", "kind", "owner_id", "due_at", "provisional", "paused_at")


def disagreements(connection: Connection, issue: Row[Any], state: State) -> Iterator[str]:
    """What of an issue's own columns, open work items, candidates and timers is not as the state has it, in words."""
    wrong = [name for name, value in _columns(state).items() if getattr(issue, name) != value]
    if wrong:
        yield f"{issue.number}: 列表栏目与状态不符（{'、'.join(wrong)}）。 The columns {', '.join(wrong)} are not what the state says."
    columns = [work_items.c[name] for name in _ITEM]
    query = select(*columns).where(work_items.c.issue_id == issue.id, work_items.c.status == "open")
    rows = {tuple(row) for row in connection.execute(query)}
    if rows != {_item(state, item) for item in state.items if not item.done}:
        yield f"{issue.number}: 待办任务与状态不符。 The open work items are not those of the state."
    asked = select(candidates.c.item, candidates.c.party).where(candidates.c.issue_id == issue.id)
    if {tuple(row) for row in connection.execute(asked)} != set(_asked(state)):
        yield f"{issue.number}: 任务的人选与状态不符。 Who is asked is not what the state says."
    waiting = select(timers.c.number, timers.c.due_at).where(timers.c.issue_id == issue.id)
    if {tuple(row) for row in connection.execute(waiting)} != {(one.number, one.due_at) for one in state.timers}:
        yield f"{issue.number}: 定时事项与状态不符。 The timers are not those of the state."


def withheld(
    connection: Connection, process: Process, issue: Row[Any], state: State, entries: Sequence[Row[Any]]
) -> Iterator[str]:
    """What of the rows by which issues keep things from each other (numbers, bookings, values that stand once) is not as the issue has it."""
    given = given_numbers.c
    numbers = select(given.field, given.number, given.series, given.sequence, given.station, given.year)
    rows = connection.execute(numbers.where(given.issue_id == issue.id))
    if sorted(map(tuple, rows)) != sorted(_numbers(entries)):
        yield f"{issue.number}: 已给的编号与历史不符。 The numbers given to it are not those of its history."
    t = bookings.c
    rows = connection.execute(select(t.resource, t.unit, t.begins_at, t.ends_at).where(t.issue_id == issue.id))
    if {tuple(row) for row in rows} != {(one.resource, one.unit, one.begins, one.ends) for one in state.bookings}:
        yield f"{issue.number}: 预订与状态不符。 What is booked for it is not what the state says."
    if not _stands_once(connection, process, issue, state, entries):
        yield f"{issue.number}: 不可重复的值与状态不符。 The values that it alone may have are not those of the state."


def _numbers(entries: Sequence[Row[Any]]) -> Iterator[tuple[Any, ...]]:
    for entry in entries:
        for one in entry.changes:
            if isinstance(one, NumberGiven):
                yield one.field, one.number, one.series, one.sequence, one.station, one.year


def _stands_once(
    connection: Connection, process: Process, issue: Row[Any], state: State, entries: Sequence[Row[Any]]
) -> bool:
    """Whether it holds what it has; after a migration it may be without what another issue had."""
    t = unique_values.c
    query = select(t.definition_key, t.field, t.scope, t.digest).where(t.issue_id == issue.id)
    rows = {tuple(row) for row in connection.execute(query)}
    meant = {tuple(key_of(connection, value).values()) for value in standing(process, state)}
    # of what was erased nothing stands in anybody's way any more
    moved = issue.erased is not None or any(isinstance(entry.event, Migrate) for entry in entries)
    return rows <= meant if moved else rows == meant


def _columns(state: State) -> dict[str, Any]:
    """What the issue's own row says for lists and filters."""
    due, facts = earliest(state), state.facts
    return {
        "number": facts.number if facts else None,
        "station_id": facts.station if facts else None,
        "status": state.status,
        "resolution": state.resolution,
        "version": state.version,
        "due_at": due.due_at if due else None,
        "provisional": due.provisional if due else False,
        "paused_at": standing_since(state),
        "answerable_id": _participant(state.answerable),
    }


def _item(state: State, item: WorkItem) -> tuple[Any, ...]:
    visit = state.visit(item.visit)
    due = item.deadline or (visit.deadline if visit else None)
    return (
        item.number,
        item.visit,
        item.step,
        item.role,
        item.kind,
        Reference.parse(item.owner).number if item.owner else None,
        due.due_at if due else None,
        due.provisional if due else False,
        visit.paused_at if visit and not item.runs_alone else None,
    )


def _asked(state: State) -> Iterator[tuple[int, str]]:
    for item in state.items:
        if not item.done and not item.waiting:
            for party in (*item.candidates, item.delegate, item.offered):
                if party:
                    yield item.number, party


def _participant(party: str | None) -> int | None:
    named = Reference.parse(party) if party else None
    return named.number if named and named.kind == "participant" else None
