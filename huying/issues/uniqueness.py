"""Values that may stand in one issue only: held in a table of their own, in the transaction that writes the issue.

The key of the table lets nobody pass who came at the same time: whoever is second finds the row, at once or when the database refuses theirs and the
decision is made again. An issue that was withdrawn, cancelled or merged into another holds nothing any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, tuple_

from definitions.forms.rules import alike, among
from definitions.forms.types import is_empty
from definitions.model.definition import COMMON_RESOLUTIONS
from definitions.model.reference import reference
from definitions.text import words
from engine import Process, State
from engine.event import Happened, Migrate
from engine.refusal import Invalid
from huying.database.tables import unique_values


class HeldValue(NamedTuple):
    """One value that an issue holds, without saying it: it may be personal."""

    field: str
    scope: str
    digest: str


def hold(connection: Connection, process: Process, issue_id: int, states: tuple[State, State], event: Happened) -> None:
    """Hold what the state after has and the state before had not; ``Invalid`` if another issue has the same."""
    before, after = states
    migrated = isinstance(event, Migrate)
    if not (process.definition.unique or migrated):
        return
    # before a migration it was held, if at all, by the words of another version
    old = set() if migrated else values_of(process, before)
    if migrated:
        connection.execute(delete(unique_values).where(unique_values.c.issue_id == issue_id))
    new = values_of(process, after)
    _free(connection, process, issue_id, old - new)
    added = new - old
    taken = _taken(connection, process, issue_id, added)
    if taken and not migrated:
        raise Invalid({value.field: _message(process, value.field) for value in taken})
    # a version that asks for more than the one before takes what is left
    rows = [{**_key(process), **value._asdict(), "issue_id": issue_id} for value in sorted(added - taken)]
    if rows:
        connection.execute(insert(unique_values), rows)


def _key(process: Process) -> dict[str, str]:
    return {"definition_key": process.definition.id}


def values_of(process: Process, state: State) -> set[HeldValue]:
    """What an issue in this state holds, if nobody else does."""
    if state.facts is None or (state.status == "closed" and state.resolution in COMMON_RESOLUTIONS):
        return set()
    return {
        HeldValue(
            name, _scope(process, state, field.unique), hashlib.sha256(alike(state.data[name]).encode()).hexdigest()
        )
        for name, field in process.definition.unique.items()
        if field.unique is not None
        and not is_empty(state.data.get(name))
        and not (state.status == "closed" and "open" in field.unique)
    }


def _scope(process: Process, state: State, scopes: Iterable[str]) -> str:
    """Among which issues, as a key."""
    facts = state.facts
    assert facts is not None
    of = {
        "open": "open",
        "station": reference("station", facts.station),
        "year": process.today(facts.opened_at)[:4],
        "reporter": facts.reporter,
    }
    return " ".join(of[one] for one in scopes)


def _free(connection: Connection, process: Process, issue_id: int, values: set[HeldValue]) -> None:
    t = unique_values.c
    if values:
        mine = (t.definition_key == process.definition.id, t.issue_id == issue_id)
        connection.execute(delete(unique_values).where(*mine, tuple_(t.field, t.scope, t.digest).in_(sorted(values))))


def _taken(connection: Connection, process: Process, issue_id: int, values: set[HeldValue]) -> set[HeldValue]:
    """Those of the values that another issue holds."""
    t = unique_values.c
    if not values:
        return set()
    others = (t.definition_key == process.definition.id, t.issue_id != issue_id)
    query = select(t.field, t.scope, t.digest).where(*others, tuple_(t.field, t.scope, t.digest).in_(sorted(values)))
    return {HeldValue(*row) for row in connection.execute(query)}


def _message(process: Process, name: str) -> dict[str, str]:
    field = process.definition.unique[name]
    zh, en = (words(field.title, language, name) for language in ("zh", "en"))
    return {
        "zh": f"“{zh}”与另一件事项相同，在{among(field, 'zh')}里不能重复。",
        "en": f"Another issue has the same “{en}”; no two of the {among(field, 'en')} may.",
    }
