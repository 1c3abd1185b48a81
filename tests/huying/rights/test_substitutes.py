"""Whoever stands in for somebody who is away does their tasks, and inherits nothing else: no grant, no station, no other issue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from huying.access.viewer import Viewer, viewer
from huying.database import tables as t
from huying.house.by import By
from huying.issues.sight import may_see
from huying.rights.account_bounds import cared_for
from huying.rights.action import ACTIONS
from huying.rights.grants import NewGrant, give_grant
from huying.rights.refusal import Unentitled
from huying.rights.scope import HOUSE
from tests.huying.town import MORNING, Town, administrator, sqlite_town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town where a stranger stands in for all who have rights, and for the deputy."""
    made = sqlite_town(tmp_path)
    made.people["admin"] = administrator(made.house)
    yield made
    made.house.database.close()


def _away(town: Town, *logins: str) -> None:
    with town.house.database.writing() as connection:
        for login in logins:
            row = {"participant_id": town.people[login], "substitute_id": town.people["stranger"]}
            connection.execute(insert(t.absences), row | {"first_day": MORNING.date()})


def _stranger(town: Town) -> Viewer:
    with town.house.database.reading() as connection:
        return viewer(connection, town.people["stranger"])


def test_no_right_comes_with_standing_in(town: Town) -> None:
    _away(town, "admin", "office", "clerk", "deputy")
    one = _stranger(town)
    assert [action for action in ACTIONS if one.may(action, MORNING)] == []
    assert (one.office, one.stations, one.entitlement.grants) == (False, frozenset(), ())


def test_whoever_stands_in_for_an_administrator_neither_grants_nor_cares_for_accounts(town: Town) -> None:
    _away(town, "admin")
    by = By(town.people["stranger"], MORNING)
    wish = NewGrant(town.people["stranger"], "supervisor", HOUSE, MORNING.date(), None, "代行")
    with pytest.raises(Unentitled):
        give_grant(town.house, wish, by)
    with town.house.database.reading() as connection:
        assert cared_for(connection, by) == frozenset()


def test_of_issues_only_those_are_seen_whose_task_came_to_the_substitute(town: Town) -> None:
    before = town.report(subject="之前的")
    town.act(before, "clerk", "accept")
    _away(town, "deputy", "office")
    after = town.report(subject="之后的")
    town.act(after, "clerk", "accept")
    stranger = town.people["stranger"]
    assert may_see(town.house, after, stranger)
    assert not may_see(town.house, before, stranger)
