"""Values that may stand in one issue only: held in a table of their own, in the transaction that writes the issue.

The kernel refuses what another issue has already (``engine/rules/uniqueness.py``). The key of the table lets nobody pass who came at the same
time: whoever is second finds the row, at once or when the database refuses theirs and the decision is made again.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, tuple_

from engine import Process, State
from engine.books.books import UniqueValue
from engine.event import Happened, Migrate
from engine.rules.uniqueness import refuse_taken, standing
from huying.database.tables import unique_values
from huying.register.books import HouseBooks, key_of


def hold(connection: Connection, process: Process, issue_id: int, states: tuple[State, State], event: Happened) -> None:
    """Hold what the state after has and the state before had not; ``Invalid`` if another issue has the same."""
    before, after = states
    migrated = isinstance(event, Migrate)
    if not (process.definition.unique or migrated):
        return
    # before a migration it was held, if at all, by the words of another version
    old = frozenset() if migrated else standing(process, before)
    if migrated:
        connection.execute(delete(unique_values).where(unique_values.c.issue_id == issue_id))
    new = standing(process, after)
    _free(connection, issue_id, old - new)
    books = HouseBooks(connection, issue_id)
    added = sorted(new - old)
    taken = [value for value in added if books.stands(value)]
    if not migrated:
        refuse_taken(process, taken)
    # a version that asks for more than the one before takes what is left
    rows = [{**key_of(connection, value), "issue_id": issue_id} for value in added if value not in taken]
    if rows:
        connection.execute(insert(unique_values), rows)


def _free(connection: Connection, issue_id: int, values: Collection[UniqueValue]) -> None:
    t = unique_values.c
    keys = [tuple(key_of(connection, value).values()) for value in values]
    if keys:
        held = tuple_(t.definition_key, t.field, t.scope, t.digest).in_(keys)
        connection.execute(delete(unique_values).where(t.issue_id == issue_id, held))
