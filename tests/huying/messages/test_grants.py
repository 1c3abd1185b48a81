"""Who holds a grant that ends within two weeks, and who gave it, are told once; nobody else is, and nothing else ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from huying.database import tables as t
from huying.messages.grants import ending_untold, tell_of_ends
from huying.rights.grants import NewGrant, end, give
from huying.rights.scope import HOUSE
from tests.huying.town import MORNING, Town, administrator, sqlite_town

TODAY = MORNING.date()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town whose people have mail addresses."""
    made = sqlite_town(tmp_path)
    made.people["admin"] = administrator(made.house)
    with made.house.database.writing() as connection:
        for login in ("admin", "clerk"):
            row = {"participant_id": made.people[login], "channel": "mail", "target": f"{login}@office.example"}
            connection.execute(insert(t.addresses), row)
    yield made
    made.house.database.close()


def _grant(town: Town, days: int | None, role: str = "supervisor", login: str = "clerk") -> int:
    until = None if days is None else TODAY + timedelta(days=days)
    with town.house.database.writing() as connection:
        wish = NewGrant(town.people[login], role, HOUSE, TODAY, until, "试")
        return give(connection, wish, MORNING, town.people["admin"])


def _told(town: Town) -> list[tuple[int, str]]:
    c = t.deliveries.c
    with town.house.database.reading() as connection:
        query = select(c.participant_id, c.text).where(c.occasion == "grant-ends").order_by(c.id)
        return [(row[0], row[1]) for row in connection.execute(query)]


def test_holder_and_giver_are_told_once_two_weeks_before(town: Town) -> None:
    _grant(town, 15)
    _grant(town, None, role="editor")
    assert tell_of_ends(town.house, MORNING) == 0
    assert tell_of_ends(town.house, MORNING + timedelta(days=1)) == 2
    assert tell_of_ends(town.house, MORNING + timedelta(days=2)) == 0
    assert {person for person, _ in _told(town)} == {town.people["clerk"], town.people["admin"]}
    for _, text in _told(town):
        assert "陈晓的权限" in text
        assert "督办人" in text
        assert "12月8日" in text


def test_a_grant_that_was_ended_before_or_is_over_is_told_to_nobody(town: Town) -> None:
    number = _grant(town, 10)
    with town.house.database.writing() as connection:
        end(connection, number, "调离", MORNING, town.people["admin"])
    assert ending_untold(town.house, MORNING + timedelta(hours=1)) == ()
    _grant(town, 3, role="editor")
    assert ending_untold(town.house, MORNING + timedelta(days=4)) == ()


def test_whoever_cannot_be_reached_does_not_keep_it_waiting(town: Town) -> None:
    _grant(town, 5, login="clerk2")
    assert tell_of_ends(town.house, MORNING) == 1
    assert ending_untold(town.house, MORNING) == ()
