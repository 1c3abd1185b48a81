"""Telling the second of two people who was first, as far as they may know it."""

from __future__ import annotations

from sqlalchemy import Connection, Row, select

from engine import Process
from engine.event import Event
from engine.refusal import Gone, Refusal, Taken
from huying.access import parties
from huying.database.tables import history, participants, work_items
from huying.errors import AlreadyDone
from huying.house.house import House
from huying.issues.sight import sight_of


def who_was_first(
    house: House, process: Process, issue_id: int, event: Event, refusal: Gone | Taken, actor_id: int | None
) -> Refusal:
    """The refusal with the name of the person who was first, if it was a person whom this one may know of."""
    with house.database.reading() as connection:
        if isinstance(refusal, Taken):
            name = parties.names(connection, {refusal.owner}).get(refusal.owner, "")
            return AlreadyDone(f"这项任务已由{name}领取。", f"{name} has claimed this task.")
        first = _done_by(connection, issue_id, getattr(event, "item", None))
    if first is None or actor_id is None:
        return refusal
    when = first.at.astimezone(process.calendar.zone).strftime("%Y-%m-%d %H:%M")
    if first.id == actor_id:
        return AlreadyDone(f"您已于 {when} 办理了这项任务。", f"You did this task at {when}.")
    seen = sight_of(house, issue_id, actor_id)
    if seen is None or not seen.inside or (first.reporter and not seen.reporter):
        return refusal
    return AlreadyDone(f"{first.name}已于 {when} 办理了这项任务。", f"{first.name} did this task at {when}.")


def _done_by(
    connection: Connection, issue_id: int, number: int | None
) -> Row[tuple[int, str, object, object, bool]] | None:
    """Who finished the task of this number (id, name, at, event, and whether as the reporter)."""
    query = (
        select(participants.c.id, participants.c.name, history.c.at, history.c.event)
        .add_columns((work_items.c.role == "reporter").label("reporter"))
        .join(history, history.c.actor_id == participants.c.id)
        .join(work_items, (work_items.c.issue_id == history.c.issue_id) & (work_items.c.ended_at == history.c.at))
        .where(work_items.c.issue_id == issue_id, work_items.c.number == number, work_items.c.action.is_not(None))
        .where(history.c.kind == "act")
    )
    # one moment can have seen several tasks done
    return next((row for row in connection.execute(query) if row.event.item == number), None)
