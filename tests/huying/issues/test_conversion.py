"""Issues that were written before there were data keys: afterwards they say the same, sealed, with chains that hold."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, cast, select, update

from engine.codec import plain
from huying.database.tables import history, issues, outbox
from huying.house.history import history_of
from huying.issues.conversion import seal_what_is_open
from huying.issues.store import FIRST_HASH, entry_hash
from huying.issues.verification import verify
from tests.conftest import Office
from tests.huying.story import Story

SAID = "门口的路灯坏了三天，老人夜里摔倒了。"


def _as_before(connection: Connection) -> None:
    """Write everything as a program wrote it that knew no data keys."""
    for issue in connection.execute(select(issues)).all():
        previous = FIRST_HASH
        query = select(history).where(history.c.issue_id == issue.id).order_by(history.c.sequence)
        for row in connection.execute(query).all():
            said = {**row._asdict(), "event": plain(row.event), "changes": plain(row.changes)}
            digest = entry_hash(issue.number, {**said, "previous_hash": previous}, b"")
            mine = history.c.issue_id == issue.id, history.c.sequence == row.sequence
            new: dict[str, Any] = {"event": row.event, "changes": row.changes}
            connection.execute(update(history).where(*mine).values(**new, previous_hash=previous, hash=digest))
            previous = digest
        new = {"data_key": None, "state": issue.state, "last_hash": previous}
        connection.execute(update(issues).where(issues.c.id == issue.id).values(**new))
    for row in connection.execute(select(outbox.c.id, outbox.c.payload)).all():
        connection.execute(update(outbox).where(outbox.c.id == row.id).values(payload=row.payload))


def _text(connection: Connection) -> str:
    columns = (issues.c.state, history.c.event, history.c.changes, outbox.c.payload)
    return "".join(str(one) for column in columns for one in connection.execute(select(cast(column, String))).scalars())


def test_what_was_readable_is_sealed_and_says_the_same(office: Office, now: datetime) -> None:
    house, ended, going = office.house, Story(office, now), Story(office, now)
    ended.open("first")
    ended.to_the_end()
    going.open("second", subject=SAID)
    with house.database.writing() as connection:
        _as_before(connection)
    with house.database.reading() as connection:
        assert SAID in _text(connection)
        before = [(row.id, row.state, history_of(connection, row.id)) for row in connection.execute(select(issues))]
    assert seal_what_is_open(house) == len(before)
    assert seal_what_is_open(house) == 0
    assert verify(house).faults == []
    with house.database.reading() as connection:
        assert SAID not in _text(connection)
        assert [
            (row.id, row.state, history_of(connection, row.id)) for row in connection.execute(select(issues))
        ] == before
