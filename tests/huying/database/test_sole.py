"""What only one of several processes is to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from huying.database.connections import Database
from huying.database.sole import Sole


@pytest.fixture
def others(database: Database) -> Iterator[Database]:
    """The same database, as another process opens it."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    yield other
    other.close()


def _asks(one: Sole) -> bool:
    one._asked_at = float("-inf")
    return one.is_ours()


def test_one_of_two_has_it_and_keeps_it(database: Database, others: Database) -> None:
    first, second = Sole(database, "view"), Sole(others, "view")
    assert first.is_ours()
    assert not _asks(second)
    assert first.is_ours()
    another = Sole(others, "other")
    assert another.is_ours(), "another task is another's"
    another.give_up()
    first.give_up()
    assert _asks(second)
    assert not _asks(first)
    second.give_up()


def test_with_the_connection_the_task_is_lost_and_can_be_had_again(database: Database, others: Database) -> None:
    if database.sqlite:
        pytest.skip("a file has no connection")
    first, second = Sole(database, "view"), Sole(others, "view")
    assert first.is_ours()
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND pid = :pid")
    assert first._connection is not None
    pid = first._connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    with others.reading() as connection:
        connection.execute(kill, {"pid": pid})
    assert _asks(second)
    assert not first.is_ours()
    second.give_up()
    assert _asks(first)
    first.give_up()
