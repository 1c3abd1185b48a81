"""Issues of before there were data keys: what people wrote in them is sealed, and their chains are made anew over what is kept now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from definitions.model.definition import Definition
from definitions.model.reference import reference
from huying.database.data_keys import keep, open_keys
from huying.database.tables import history, issues, outbox
from huying.house.house import House
from huying.issues.skeleton import Pen
from huying.issues.store import FIRST_HASH, chain_key, entry_hash

#: So many issues are written in one transaction.
_PORTION = 100


def seal_what_is_open(house: House) -> int:
    """Give every issue that has none its data key, in portions; of how many issues it was. It can be stopped, and goes on at the next start."""
    done = 0
    while portion := _portion(house):
        done += portion
    return done


def _portion(house: House) -> int:
    with house.database.reading() as connection:
        query = select(issues.c.id).where(issues.c.data_key.is_(None)).order_by(issues.c.id).limit(_PORTION)
        ids = connection.execute(query).scalars().all()
    if not ids:
        return 0
    with house.database.writing() as connection:
        mine = issues.c.id.in_(ids), issues.c.data_key.is_(None)
        for row in connection.execute(select(issues).where(*mine).order_by(issues.c.id).with_for_update()).all():
            _convert(connection, house.processes.process(row.definition_version_id).definition, row)
    return len(ids)


def _convert(connection: Connection, definition: Definition, issue: Row[Any]) -> None:
    key = open_keys(connection).new()
    keep(connection, key, reference("issue", issue.id), issue.opened_at)
    pen = Pen(connection, definition, key)
    last = _rebased(connection, pen, issue)
    new = {"data_key": key.id, "state": pen.state(issue.state), "last_hash": last}
    connection.execute(update(issues).where(issues.c.id == issue.id).values(**new))
    for row in connection.execute(select(outbox.c.id, outbox.c.payload).where(outbox.c.issue_id == issue.id)).all():
        payload = pen.written(row.payload, "outbox.payload")[1]
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(payload=payload))


def _rebased(connection: Connection, pen: Pen, issue: Row[Any]) -> str:
    """Write the history anew, each entry chained to the one before; the last hash."""
    entries = select(history).where(history.c.issue_id == issue.id).order_by(history.c.sequence)
    previous, key = FIRST_HASH, chain_key(connection)
    for row in connection.execute(entries).all():
        event, kept_event = pen.written(row.event, "history.event")
        changes, kept_changes = pen.written(row.changes, "history.changes")
        said = {**row._asdict(), "event": event, "changes": changes, "previous_hash": previous}
        digest = entry_hash(issue.number, said, key)
        mine = history.c.issue_id == issue.id, history.c.sequence == row.sequence
        new = {"event": kept_event, "changes": kept_changes, "previous_hash": previous, "hash": digest}
        connection.execute(update(history).where(*mine).values(**new))
        previous = digest
    return previous
