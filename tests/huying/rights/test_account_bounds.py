"""Whose accounts a registrar cares for: the people of their scope, and never anybody with more rights than they could give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select

from huying.access import accounts
from huying.database import tables as t
from huying.house.by import By
from huying.messages.invitations import send_link
from huying.rights.account_bounds import OutOfCare, assure_cares_for, cared_for
from huying.rights.grants import NewGrant, give
from huying.rights.refusal import Unentitled
from huying.rights.scope import HOUSE, Scope, at_station
from tests.huying.town import MORNING, Town, administrator, sqlite_town

TODAY = MORNING.date()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A town whose clerk keeps the register of their own station alone."""
    made = sqlite_town(tmp_path)
    made.people["admin"] = administrator(made.house)
    _grant(made, "clerk", "registrar", _station(made, "XG"))
    yield made
    made.house.database.close()


def _station(town: Town, code: str) -> Scope:
    with town.house.database.reading() as connection:
        query = select(t.stations.c.id).where(t.stations.c.code == code)
        return at_station(connection.execute(query).scalar_one())


def _grant(town: Town, login: str, role: str, scope: Scope = HOUSE, days: int = 0) -> None:
    since = TODAY + timedelta(days=days)
    with town.house.database.writing() as connection:
        give(connection, NewGrant(town.people[login], role, scope, since, None, "试"), MORNING, None)


def _serve(town: Town, login: str, code: str, days: int = 0) -> None:
    row = {
        "participant_id": town.people[login],
        "station_id": _station(town, code).number,
        "function": "clerk",
        "since": TODAY + timedelta(days=days),
    }
    with town.house.database.writing() as connection:
        connection.execute(insert(t.memberships), row)


def _reset(town: Town, login: str, by: str = "clerk") -> None:
    with town.house.database.writing() as connection:
        accounts.link_for(connection, town.people[login], "slip", By(town.people[by], MORNING))


def test_those_of_the_station_are_invited_and_reset(town: Town) -> None:
    for login in ("clerk2", "deputy", "clerk"):
        _reset(town, login)


@pytest.mark.parametrize("login", ["far-clerk", "lighting", "office", "stranger", "admin"])
def test_nobody_of_another_station_of_a_department_or_of_nowhere(town: Town, login: str) -> None:
    with pytest.raises(OutOfCare, match="not of the area"):
        _reset(town, login)


def test_whoever_serves_elsewhere_as_well_is_not_theirs_alone_even_from_a_later_day(town: Town) -> None:
    _serve(town, "clerk2", "YF", days=30)
    with pytest.raises(OutOfCare, match="not of the area"):
        _reset(town, "clerk2")


def test_to_take_somebody_into_the_own_station_does_not_make_them_theirs(town: Town) -> None:
    _serve(town, "far-clerk", "XG")
    _serve(town, "admin", "XG")
    for login in ("far-clerk", "admin"):
        with pytest.raises(OutOfCare):
            _reset(town, login)


@pytest.mark.parametrize(("role", "days"), [("supervisor", 0), ("registrar", 0), ("publisher", 30), ("auditor", 0)])
def test_nobody_with_more_than_they_could_give_even_if_it_begins_later(town: Town, role: str, days: int) -> None:
    _grant(town, "clerk2", role, HOUSE, days)
    with pytest.raises(OutOfCare, match="holds"):
        _reset(town, "clerk2")


def test_whoever_supervises_the_own_station_is_theirs(town: Town) -> None:
    _grant(town, "clerk2", "supervisor", _station(town, "XG"))
    _reset(town, "clerk2")


def test_a_registrar_of_the_whole_house_does_not_become_a_system_administrator_by_resetting_one(town: Town) -> None:
    _grant(town, "office", "registrar")
    _reset(town, "far-clerk", by="office")
    with pytest.raises(OutOfCare, match="holds"):
        _reset(town, "admin", by="office")
    _reset(town, "office", by="admin")


_DEEDS: dict[str, Callable[[Town, Connection, int, By], object]] = {
    "message": lambda town, connection, person, by: send_link(connection, person, by),
    "slip": lambda town, connection, person, by: accounts.link_for(connection, person, "slip", by),
    "asked": lambda town, connection, person, by: assure_cares_for(connection, person, by),
}


@pytest.mark.parametrize("deed", _DEEDS)
def test_no_way_goes_round_it(town: Town, deed: str) -> None:
    with town.house.database.writing() as connection:
        row = {"participant_id": town.people["far-clerk"], "channel": "mail", "target": "far@office.example"}
        connection.execute(insert(t.addresses), row)
        with pytest.raises(OutOfCare):
            _DEEDS[deed](town, connection, town.people["far-clerk"], By(town.people["clerk"], MORNING))


def test_nobody_is_shut_out_or_let_in_from_elsewhere(town: Town) -> None:
    by = By(town.people["clerk"], MORNING)
    for change in (accounts.disable, accounts.enable):
        with pytest.raises(OutOfCare):
            change(town.house, town.people["far-clerk"], by)
    accounts.disable(town.house, town.people["clerk2"], by)
    accounts.enable(town.house, town.people["clerk2"], by)


def test_whoever_was_granted_nothing_cares_for_nobody(town: Town) -> None:
    with pytest.raises(Unentitled):
        _reset(town, "clerk", by="far-clerk")


def test_lists_show_those_that_are_theirs(town: Town) -> None:
    with town.house.database.reading() as connection:
        theirs = cared_for(connection, By(town.people["clerk"], MORNING))
        assert cared_for(connection, By(town.people["admin"], MORNING)) is None
    assert theirs is not None
    assert theirs == {town.people[login] for login in ("clerk", "clerk2", "deputy")}
