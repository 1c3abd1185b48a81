"""What one change writes goes to the database together, in few round trips, once, and all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import delete, func, insert, select

from huying.database import tables as t
from huying.database.bundle import Bundle, bundled
from huying.database.connections import Database
from huying.database.statement import Statement
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.deeds import act
from models import metadata
from tests.huying.town import Town, sqlite_town

_number = Statement(insert(t.issue_numbers), ("definition_key", "station_id", "year", "last"))
_gone = Statement(delete(t.issue_numbers))


def _row(last: int) -> dict[str, Any]:
    return {"definition_key": "x", "station_id": last, "year": 2026, "last": last}


def _numbers(database: Database) -> list[int]:
    with database.reading() as connection:
        return list(connection.execute(select(t.issue_numbers.c.last).order_by(t.issue_numbers.c.last)).scalars())


def _history(town: Town, issue: int) -> int:
    with town.house.database.reading() as connection:
        query = select(func.count()).where(t.history.c.issue_id == issue)
        return int(connection.execute(query).scalar_one())


@contextmanager
def _trips() -> Iterator[list[int]]:
    """How often psycopg waited for its server."""
    waited, waiting = [0], psycopg.Connection.wait

    def wait(self: Any, *arguments: Any, **more: Any) -> Any:
        waited[0] += 1
        return waiting(self, *arguments, **more)

    psycopg.Connection.wait = wait  # type: ignore[method-assign]
    try:
        yield waited
    finally:
        psycopg.Connection.wait = waiting  # type: ignore[method-assign]


def _end_all(database: Database) -> None:
    """The server ends every connection of ours but the one that says so."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as other:
        ours = "datname = current_database() AND pid <> pg_backend_pid()"
        other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}".encode())


def _postgresql(town: Town) -> Database:
    database = town.house.database
    if database.sqlite:
        pytest.skip("a file has no connections that could be lost")
    return database


def test_what_is_put_becomes_true_together(database: Database) -> None:
    with database.reading() as connection, bundled(database, connection):
        _number.put_many(connection, [_row(1), _row(2)])
        assert _numbers(database) == []
    assert _numbers(database) == [1, 2]


def test_a_query_in_between_sees_what_was_put_and_nobody_else_does(database: Database) -> None:
    with database.reading() as connection, bundled(database, connection):
        _number.put(connection, _row(1))
        assert connection.execute(select(func.count()).select_from(t.issue_numbers)).scalar_one() == 1
        assert _numbers(database) == []
        assert _gone.run(connection, {}) == 1
        _number.put(connection, _row(2))
    assert _numbers(database) == [2]


def _fail(database: Database, reads: bool) -> None:
    with database.reading() as connection, bundled(database, connection):
        _number.put(connection, _row(1))
        if reads:
            connection.execute(select(1))
        raise NotFound("停。", "Stop.")


@pytest.mark.parametrize("reads", [False, True])
def test_of_a_change_that_fails_nothing_stays(database: Database, reads: bool) -> None:
    with pytest.raises(NotFound):
        _fail(database, reads)
    assert _numbers(database) == []
    # and the connection is as good as any
    with database.reading() as connection, bundled(database, connection):
        _number.put(connection, _row(3))
    assert _numbers(database) == [3]


def test_an_action_is_a_query_a_decision_and_a_statement(town: Town) -> None:
    _postgresql(town)
    first, issue = town.report(), town.report(subject="井盖丢失")
    # what is read once is read
    town.to_departments(first)
    items = town.item(issue, town.party("clerk"))
    with _trips() as waited:
        act(town.house, issue, items, "accept", {}, By(town.people["clerk"], town.clock.now, "k"))
    assert waited[0] <= 6, "the issue, two searches of the deputy with duty and load, and all that is written"


def test_connections_that_the_server_ended_are_no_concern_of_whoever_acts(town: Town) -> None:
    database, issue = _postgresql(town), town.report()
    item = town.item(issue, town.party("clerk"))
    _end_all(database)
    act(town.house, issue, item, "accept", {}, By(town.people["clerk"], town.clock.now))
    assert _history(town, issue) == 2


@pytest.mark.parametrize("key", ["once", None])
@pytest.mark.parametrize("written", [True, False])
def test_a_connection_lost_while_it_is_written_writes_it_once(
    town: Town, key: str | None, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, issue = _postgresql(town), town.report()
    item, sent, lost = town.item(issue, town.party("clerk")), Bundle.commit, list[bool]()

    def commit(bundle: Bundle) -> None:
        if lost:
            return sent(bundle)
        lost.append(True)
        if written:
            sent(bundle)
        _end_all(database)
        bundle._send("SELECT 1", ())
        return None

    monkeypatch.setattr(Bundle, "commit", commit)
    receipt = act(town.house, issue, item, "accept", {}, By(town.people["clerk"], town.clock.now, key))
    assert lost
    assert receipt.version == 2
    assert _history(town, issue) == 2


#: What is the same wherever it is lived; keys, digests and sealed words are each house's own.
_SAME = {
    "issue": (
        "id number station_id reporter_id answerable_id subject status stage step kind resolution version due_at provisional paused_at"
        " calendar closed_at outcome verdict finish_at finished_late"
    ),
    "history": "issue_id sequence actor_id kind",
    "work_item": (
        "issue_id number visit step role kind status opened_at ended_at owner_id due_at provisional paused_at due_version action"
    ),
    "candidate": "issue_id item party",
    "timer": "issue_id number due_at attempts",
    "outbox": "issue_id sequence position kind status late",
    "assignment": "definition_key role party at",
    "issue_number": "definition_key station_id year last",
    "data_key": "of made_at",
}


def _live(town: Town) -> None:
    """All kinds of rows are begun, changed, ended and freed, twice over."""
    for turn in range(2):
        solved, declined = town.report(subject=f"路灯不亮 {turn}"), town.report(subject=f"垃圾成堆 {turn}")
        town.act(declined, "clerk2", "decline", reason="不属于本站")
        town.to_confirmation(solved)
        reporter = f"participant:{town.reporter(solved)}"
        town.people["reporter"] = town.reporter(solved)
        town.clock.move(hours=3)
        town.act(solved, "reporter", "dissatisfied", reporter, why="还是不亮")
        town.act(solved, "deputy", "answer", reply="明天再修一次。")
        town.act(solved, "reporter", "satisfied", reporter, stars="5")
        town.to_departments(town.report(subject=f"积水 {turn}"))


def _rows(database: Database) -> dict[str, list[Any]]:
    with database.reading() as connection:
        tables = {name: metadata.tables[name] for name in _SAME}
        return {
            name: sorted(map(repr, connection.execute(select(*(tables[name].c[column] for column in columns.split())))))
            for name, columns in _SAME.items()
        }


def test_a_life_leaves_the_same_rows_whether_its_writes_go_one_by_one_or_together(town: Town, tmp_path: Path) -> None:
    _postgresql(town)
    apart = sqlite_town(tmp_path)
    _live(town)
    _live(apart)
    together, one_by_one = _rows(town.house.database), _rows(apart.house.database)
    for name in _SAME:
        assert together[name] == one_by_one[name], name
