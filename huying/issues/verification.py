"""Verifying: every chain of hashes is whole, every state is what its history says, and the rows that lists read are what the state says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, exists, not_, select, type_coerce

from definitions.model.reference import Reference
from engine import State, fold
from huying.database.tables import candidates, history, issues, work_items
from huying.house.house import House
from huying.issues.agreement import disagreements, withheld
from huying.issues.store import FIRST_HASH, chain_key, entry_hash
from huying.register.vacancies import vacant
from models.base import Json


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and every fault in words."""

    issues: int
    entries: int
    faults: list[str]


def verify(house: House, after: int = 0) -> Verified:
    """Look at all issues, or at those with a higher id than ``after``.

    Each is read as of one moment. While others write, on PostgreSQL too, what is read of an issue belongs together.
    """
    count = entries = 0
    faults: list[str] = []
    with house.database.reading() as connection:
        ids = list(connection.execute(select(issues.c.id).where(issues.c.id > after).order_by(issues.c.id)).scalars())
    for issue_id in ids:
        with house.database.at_one_moment() as connection:
            issue = connection.execute(select(issues).where(issues.c.id == issue_id)).one()
            rows = connection.execute(_entries(issue_id)).all()
            count, entries = count + 1, entries + len(rows)
            state = fold([row.changes for row in rows])
            faults += _faults(issue, rows, state, chain_key(connection))
            faults += disagreements(connection, issue, state)
            process = house.processes.process(issue.definition_version_id)
            faults += withheld(connection, process, issue, state, rows)
            faults += _merged_into_nothing(connection, issue, state)
            faults += _nobody_can(connection, issue)
    return Verified(count, entries, faults)


def _nobody_can(connection: Connection, issue: Row[Any]) -> Iterator[str]:
    """The open tasks of an issue that nobody can do: all who may have gone, or serve in departments that are empty."""
    gone = vacant()
    there = exists().where(
        candidates.c.issue_id == work_items.c.issue_id,
        candidates.c.item == work_items.c.number,
        candidates.c.party.not_in(select(gone.c.party)),
    )
    asked = exists().where(candidates.c.issue_id == work_items.c.issue_id, candidates.c.item == work_items.c.number)
    query = select(work_items.c.step).where(
        work_items.c.issue_id == issue.id, work_items.c.status == "open", asked, not_(there)
    )
    for step in connection.execute(query).scalars():
        yield (
            f"{issue.number}: 任务“{step}”没有人能办：人已离岗，或单位没有在岗人员。 "
            f"Nobody can do the task “{step}”: who could has gone, or nobody serves in the department."
        )


def _merged_into_nothing(connection: Connection, issue: Row[Any], state: State) -> Iterator[str]:
    """Of an issue that was merged: that no other goes on in its place, because there is none, or because they were merged in a circle."""
    if state.survivor is None:
        if state.resolution == "merged":
            yield f"{issue.number}: 已并案，却没有并入哪一件。 It was merged, and no issue goes on in its place."
        return
    seen, other = {issue.id}, state.survivor
    while other is not None:
        number = Reference.parse(other).number
        row = connection.execute(select(issues.c.state).where(issues.c.id == number)).one_or_none()
        if row is None:
            yield f"{issue.number}: 并入的事项不存在。 The issue that it was merged into does not exist."
            return
        if number in seen:
            yield f"{issue.number}: 并来并去，没有一件在办。 It was merged in a circle, and nobody works on any of them."
            return
        seen.add(number)
        other = row.state.survivor


def _entries(issue_id: int) -> Select[Any]:
    raw = (
        type_coerce(history.c.event, Json).label("raw_event"),
        type_coerce(history.c.changes, Json).label("raw_changes"),
    )
    return select(history, *raw).where(history.c.issue_id == issue_id).order_by(history.c.sequence)


def _raw(row: Row[Any]) -> dict[str, Any]:
    """An entry with its event and changes as they stand in the database: what was added to them would not survive decoding."""
    return {**row._asdict(), "event": row.raw_event, "changes": row.raw_changes}


def _faults(issue: Row[Any], rows: Sequence[Row[Any]], folded: State, key: bytes) -> Iterator[str]:
    previous = FIRST_HASH
    for position, row in enumerate(rows, 1):
        if row.sequence != position:
            yield f"{issue.number}: 第 {position} 条历史缺失。 Entry {position} is missing."
        if row.previous_hash != previous or row.hash != entry_hash(issue.number, _raw(row), key):
            yield f"{issue.number}: 第 {row.sequence} 条历史被改动过。 Entry {row.sequence} was changed."
        previous = row.hash
    if folded != issue.state or issue.last_hash != previous or issue.version != len(rows):
        yield f"{issue.number}: 状态与历史不符。 The state is not what the history says."
