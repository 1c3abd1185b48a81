"""Remembering who was last given which role, so that people can take turns. Written with the decision, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from engine import Outcome, Process
from engine.change import RoleGiven
from huying.database.statement import Statement
from huying.database.tables import assignments


def _upsert(make: Any) -> Statement:
    statement = make(assignments)
    again = statement.on_conflict_do_update(
        index_elements=["definition_key", "role", "party"], set_={"at": statement.excluded.at}
    )
    return Statement(again, assignments.c.keys())


_given: Mapping[str, Statement] = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}


def remember(connection: Connection, process: Process, outcome: Outcome, now: datetime) -> None:
    """Note each role that was given in a decision; one given twice in it counts as its last."""
    given = {
        (change.role, party): {"definition_key": process.definition.id, "role": change.role, "party": party, "at": now}
        for change in outcome.changes
        if isinstance(change, RoleGiven)
        for party in change.parties
    }
    _given[connection.dialect.name].put_many(connection, list(given.values()))
