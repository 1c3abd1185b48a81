"""The work items of an issue and those who may do them, as rows that lists read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, bindparam, case, delete, insert, update

from definitions.model.reference import Reference
from engine import Outcome, State
from engine.change import ItemDone
from engine.state import Visit, WorkItem
from huying.database.statement import Statement
from huying.database.tables import candidates, work_items

_insert_item = Statement(
    insert(work_items),
    (
        "issue_id",
        "number",
        "visit",
        "step",
        "role",
        "kind",
        "status",
        "opened_at",
        "due_at",
        "provisional",
        "paused_at",
        "due_version",
        "owner_id",
    ),
)
_insert_candidate = Statement(insert(candidates), candidates.c.keys())
_end_item = Statement(
    update(work_items)
    .where(work_items.c.issue_id == bindparam("of_issue"), work_items.c.number == bindparam("of_number"))
    .values(status=bindparam("new_status"), ended_at=bindparam("moment"), action=bindparam("done_by"))
)
_change_item = Statement(
    update(work_items)
    .where(work_items.c.issue_id == bindparam("of_issue"), work_items.c.number == bindparam("of_number"))
    .values(
        owner_id=bindparam("new_owner", type_=work_items.c.owner_id.type),
        due_at=bindparam("new_due", type_=work_items.c.due_at.type),
        provisional=bindparam("unsure"),
        paused_at=bindparam("stands", type_=work_items.c.paused_at.type),
        due_version=case((bindparam("moved", type_=Boolean), bindparam("by_event")), else_=work_items.c.due_version),
    )
)
_free_candidate = Statement(
    delete(candidates).where(
        candidates.c.issue_id == bindparam("of_issue"),
        candidates.c.item == bindparam("of_number"),
        candidates.c.party == bindparam("of_party"),
    )
)
_free_candidates = Statement(
    delete(candidates).where(
        candidates.c.issue_id == bindparam("of_issue"), candidates.c.item == bindparam("of_number")
    )
)


def write_items(connection: Connection, issue_id: int, before: State, outcome: Outcome, now: datetime) -> None:
    """Bring the work items of an issue, and those who may do them, from the state before to the state after."""
    old = {item.number: item for item in before.items if not item.done}
    new = {item.number: item for item in outcome.state.items if not item.done}
    done = {change.item: change.action for change in outcome.changes if isinstance(change, ItemDone)}
    opened = [item for number, item in new.items() if number not in old]
    ended = [number for number in old if number not in new]
    due_before, due_after = _due(before), _due(outcome.state)
    if opened:
        _insert_item.put_many(
            connection,
            [
                {"issue_id": issue_id, "number": item.number, "visit": item.visit, "step": item.step, "role": item.role,
                 "kind": item.kind, "status": "open", "opened_at": now, "due_version": outcome.state.version,
                 "owner_id": _number(item.owner), **due_after[item.number]}
                for item in opened
            ],
        )  # fmt: skip
    if ended:
        _end_item.put_many(
            connection,
            [
                {"of_issue": issue_id, "of_number": number, "new_status": "done" if number in done else "ended",
                 "moment": now, "done_by": done.get(number)}
                for number in ended
            ],
        )  # fmt: skip
        _free_candidates.put_many(connection, [{"of_issue": issue_id, "of_number": number} for number in ended])
    moved = {number for number in new if number in old and due_before[number] != due_after[number]}
    given = {number for number, item in new.items() if number in old and item.owner != old[number].owner}
    keys = {"of_issue": issue_id, "by_event": outcome.state.version}
    changed = [
        {**keys, "new_owner": _number(new[number].owner), "moved": number in moved}
        | _clock_row(number, due_after[number])
        for number in sorted(moved | given)
    ]
    _change_item.put_many(connection, changed)
    _write_candidates(connection, issue_id, old, new)


def _number(owner: str | None) -> int | None:
    return Reference.parse(owner).number if owner else None


def _due(state: State) -> dict[int, dict[str, Any]]:
    """When each item is due: by its own deadline, else by its visit's; and whether its clock stands."""
    visits = {visit.number: visit for visit in state.visits}
    return {item.number: _clock(item, visits.get(item.visit)) for item in state.items}


def _clock(item: WorkItem, visit: Visit | None) -> dict[str, Any]:
    due = item.deadline or (visit.deadline if visit else None)
    return {
        "due_at": due.due_at if due else None,
        "provisional": due.provisional if due else False,
        "paused_at": visit.paused_at if visit and not item.runs_alone else None,
    }


def _clock_row(number: int, clock: Mapping[str, Any]) -> dict[str, Any]:
    clock_now = {"new_due": clock["due_at"], "unsure": clock["provisional"], "stands": clock["paused_at"]}
    return {"of_number": number, **clock_now}


def _asked(item: WorkItem) -> tuple[str, ...]:
    """The parties among whose tasks an item is: nobody's, before its turn has come."""
    if item.waiting:
        return ()
    return tuple(dict.fromkeys(party for party in (*item.candidates, item.delegate, item.offered) if party))


def _write_candidates(
    connection: Connection, issue_id: int, old: Mapping[int, WorkItem], new: Mapping[int, WorkItem]
) -> None:
    added: list[dict[str, Any]] = []
    gone: list[dict[str, Any]] = []
    for number, item in new.items():
        earlier = old.get(number)
        if item is earlier:
            continue
        now_asked, asked_before = _asked(item), _asked(earlier) if earlier else ()
        added += [{"issue_id": issue_id, "item": number, "party": p} for p in now_asked if p not in asked_before]
        gone += [{"of_issue": issue_id, "of_number": number, "of_party": p} for p in asked_before if p not in now_asked]
    _free_candidate.put_many(connection, gone)
    _insert_candidate.put_many(connection, added)
