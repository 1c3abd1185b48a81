"""Merging at the same moment: two issues into each other, or one into another that is just being closed."""

from __future__ import annotations

from sqlalchemy import Connection, select

from definitions.model.reference import Reference
from engine import Outcome
from engine.change import Linked
from huying.database.tables import issues


def survivors_are_open(connection: Connection, issue_id: int, outcome: Outcome) -> bool:
    """Whether the issues into which this one is merged are open still, in the transaction that writes it; they stay so until it ends.

    Locked in the order of their ids, so that two that are merged into each other do not wait for each other.
    """
    merged = {
        Reference.parse(change.link.issue).number
        for change in outcome.changes
        if isinstance(change, Linked) and change.link.kind == "merged"
    }
    if not merged:
        return True
    query = select(issues.c.id, issues.c.status).where(issues.c.id.in_({issue_id, *merged})).order_by(issues.c.id)
    rows = connection.execute(query.with_for_update()).all()
    return merged <= {row.id for row in rows if row.status == "open"}
