"""Who may do what: from where people serve and from what they were granted, by the dates at reading, within the scope, and because of what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from engine.refusal import Invalid
from huying.access.viewer import Viewer, viewer
from huying.database import tables as t
from huying.database.day import HOUSE_ZONE
from huying.errors import NotFound
from huying.issues.sight import may_see, sight_of
from huying.rights.entitlement import Entitlement, Grant, Serving
from huying.rights.grants import NewGrant, end, found_house, give, holders
from huying.rights.right import may, may_everywhere, rights, rights_to, rights_today
from huying.rights.role import ROLES
from huying.rights.scope import HOUSE, Scope, at_station, read_scope
from tests.huying.town import MORNING, Town, administrator, sqlite_town

DAY = timedelta(days=1)
TODAY = MORNING.astimezone(HOUSE_ZONE).date()
AREA = Scope("area", 1, frozenset({1, 2}), frozenset({10, 11}))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = sqlite_town(tmp_path)
    yield made
    made.house.database.close()


def _granted(role: str, scope: Scope = HOUSE, until: date | None = None, ended: datetime | None = None) -> Entitlement:
    return Entitlement(1, grants=(Grant(7, role, scope, TODAY, until, ended),))


def _person(town: Town, login: str) -> Viewer:
    with town.house.database.reading() as connection:
        return viewer(connection, town.people[login])


def _station(town: Town, code: str) -> int:
    with town.house.database.reading() as connection:
        return int(connection.execute(select(t.stations.c.id).where(t.stations.c.code == code)).scalar_one())


def _wish(town: Town, login: str = "clerk", role: str = "supervisor", scope: Scope = HOUSE) -> NewGrant:
    return NewGrant(town.people[login], role, scope, TODAY, None, "督办片区")


def test_a_grant_holds_from_its_first_day_to_its_last_and_no_job_ends_it() -> None:
    person = _granted("system", until=TODAY + DAY)
    midnight = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert not may("keep connections", person, midnight - timedelta(seconds=1))
    assert may("keep connections", person, midnight)
    assert may("keep connections", person, midnight + 2 * DAY - timedelta(seconds=1))
    assert not may("keep connections", person, midnight + 2 * DAY)


def test_a_grant_that_is_ended_is_over_at_once() -> None:
    person = _granted("supervisor", ended=MORNING + timedelta(hours=1))
    assert may("look after issues", person, MORNING)
    assert not may("look after issues", person, MORNING + timedelta(hours=1))
    assert rights_today("look after issues", person, TODAY) == ()


def test_a_right_says_because_of_what() -> None:
    serving = Serving(10, None, "clerk")
    person = Entitlement(1, servings=(serving,), grants=(Grant(7, "supervisor", AREA, TODAY),))
    found = {right.because: right.scope for right in rights_to("look after issues", person, MORNING)}
    assert found == {serving: at_station(10), person.grants[0]: AREA}


def test_a_grant_holds_in_its_scope_alone() -> None:
    for scope, inside, outside in ((AREA, 11, 12), (at_station(10), 10, 11)):
        person = _granted("supervisor", scope)
        assert may("look after issues", person, MORNING)
        assert may("look after issues", person, MORNING, inside)
        assert not may("look after issues", person, MORNING, outside)
        assert not may_everywhere("look after issues", person, MORNING)
    assert may_everywhere("look after issues", _granted("supervisor"), MORNING)


def test_somebody_who_is_not_active_has_no_rights() -> None:
    person = Entitlement(1, active=False, grants=_granted("system").grants)
    assert rights(person, MORNING) == frozenset()
    assert not may("keep connections", person, MORNING)


def test_the_system_administrator_looks_after_no_issues_and_the_auditor_changes_nothing() -> None:
    assert not may("look after issues", _granted("system"), MORNING)
    assert {right.action for right in rights(_granted("auditor"), MORNING)} == {
        "see rights",
        "see proposals",
        "read audit",
    }


@pytest.mark.parametrize(
    ("outer", "inner", "holds"),
    [
        (HOUSE, AREA, True),
        (AREA, HOUSE, False),
        (AREA, at_station(11), True),
        (AREA, at_station(12), False),
        (AREA, Scope("area", 2), True),
        (AREA, Scope("area", 3), False),
        (at_station(10), at_station(10), True),
        (at_station(10), AREA, False),
    ],
)
def test_a_scope_holds_what_lies_in_it(outer: Scope, inner: Scope, holds: bool) -> None:
    assert outer.holds(inner) == holds


@pytest.mark.parametrize("scope", [HOUSE, Scope("area", 3), at_station(4)])
def test_a_scope_is_read_as_it_was_written(scope: Scope) -> None:
    assert read_scope(str(scope)) == scope


@pytest.mark.parametrize("text", ["area", "area:", "area:x", "person:3", "station:99999999999999999999", "区"])
def test_what_is_no_scope_is_none(text: str) -> None:
    assert read_scope(text) is None


def test_an_area_takes_in_all_that_lies_below_even_if_the_tree_is_a_circle(town: Town) -> None:
    names = {"name_zh": "街", "name_en": "Street"}
    with town.house.database.writing() as connection:
        top = connection.execute(select(t.areas.c.id)).scalar_one()
        made = insert(t.areas).returning(t.areas.c.id)
        below = connection.execute(made, {"code": "S", "level": "street", "parent_id": top, **names}).scalar_one()
        connection.execute(update(t.areas).where(t.areas.c.id == top).values(parent_id=below))
        connection.execute(update(t.stations).where(t.stations.c.code == "YF").values(area_id=below))
        give(connection, _wish(town, scope=Scope("area", below)), MORNING, None)
        give(connection, _wish(town, "deputy", scope=Scope("area", top)), MORNING, None)
    seen = _person(town, "deputy").entitlement.grants[0].scope
    assert seen.areas == frozenset({top, below})
    assert seen.stations == frozenset({_station(town, "XG"), _station(town, "YF")})


def test_in_a_house_of_one_station_a_grant_for_it_is_still_bounded(town: Town) -> None:
    with town.house.database.writing() as connection:
        connection.execute(
            t.stations.delete().where(
                t.stations.c.code == "YF", ~t.stations.c.id.in_(select(t.memberships.c.station_id))
            )
        )
        give(connection, _wish(town, "deputy", "registrar", at_station(_station(town, "XG"))), MORNING, None)
    person = _person(town, "deputy")
    assert person.may("keep register", MORNING)
    assert not may_everywhere("keep register", person.entitlement, MORNING)


def test_a_page_asks_no_more_of_the_database_than_before(town: Town) -> None:
    from sqlalchemy import event

    administrator(town.house)
    sent: list[str] = []
    with town.house.database.reading() as connection:
        event.listen(connection.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        viewer(connection, town.people["clerk"])
    assert len(sent) <= 1


@pytest.mark.parametrize(
    ("change", "entry", "words"),
    [
        ({"until": TODAY - DAY}, "until", "早于"),
        ({"since": TODAY - 3 * DAY, "until": TODAY - DAY}, "until", "已经过去"),
        ({"reason": "  "}, "reason", "理由"),
        ({"role": "emperor"}, "role", "选择"),
        ({"person": 999}, "person", "没有这个人"),
        ({"role": "publisher", "scope": Scope("area", 1)}, "scope", "全机构"),
        ({"scope": Scope("station", 999)}, "scope", "没有这个站点"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_entry(
    town: Town, change: dict[str, object], entry: str, words: str
) -> None:
    wish = NewGrant(
        **{  # type: ignore[arg-type]
            "person": town.people["clerk"],
            "role": "supervisor",
            "scope": HOUSE,
            "since": TODAY,
            "until": None,
            "reason": "督办",
            **change,
        }
    )
    with town.house.database.writing() as connection, pytest.raises(Invalid) as refused:
        give(connection, wish, MORNING, None)
    assert words in refused.value.errors[entry]["zh"]


def test_nothing_is_granted_to_somebody_who_is_disabled(town: Town) -> None:
    with town.house.database.writing() as connection:
        connection.execute(update(t.participants).where(t.participants.c.login == "clerk").values(active=False))
    with town.house.database.writing() as connection, pytest.raises(Invalid) as refused:
        give(connection, _wish(town), MORNING, None)
    assert "停用" in refused.value.errors["person"]["zh"]


def test_the_same_is_not_granted_twice_but_again_after_its_end(town: Town) -> None:
    with town.house.database.writing() as connection:
        first = give(connection, _wish(town), MORNING, None)
        with pytest.raises(Invalid):
            give(connection, _wish(town, scope=at_station(_station(town, "XG"))), MORNING, None)
        end(connection, first, "调离", MORNING + DAY, None)
        again = NewGrant(town.people["clerk"], "supervisor", HOUSE, TODAY + DAY, None, "回来了")
        give(connection, again, MORNING + DAY, None)


def test_an_auditor_holds_nothing_else(town: Town) -> None:
    with town.house.database.writing() as connection:
        give(connection, _wish(town, role="auditor"), MORNING, None)
        give(connection, _wish(town, "deputy", "system"), MORNING, None)
        for login, role in (("clerk", "system"), ("deputy", "auditor")):
            with pytest.raises(Invalid) as refused:
                give(connection, _wish(town, login, role), MORNING, None)
            assert "不能兼" in refused.value.errors["role"]["zh"]


@pytest.mark.parametrize("role", [role.key for role in ROLES.values() if role.kept])
def test_the_last_who_holds_a_role_that_must_be_held_cannot_end_it_without_a_successor(town: Town, role: str) -> None:
    admin = administrator(town.house)
    with town.house.database.writing() as connection:
        of = select(t.grants.c.id).where(t.grants.c.participant_id == admin, t.grants.c.role == role)
        mine = connection.execute(of).scalar_one()
        with pytest.raises(Invalid) as refused:
            end(connection, mine, "退休", MORNING, admin)
        assert "最后一位" in refused.value.errors["reason"]["zh"]
        # one who holds it for a time, or is disabled, is no successor
        for_a_time = NewGrant(town.people["office"], role, HOUSE, TODAY, TODAY + DAY, "代理")
        give(connection, for_a_time, MORNING, admin)
        with pytest.raises(Invalid):
            end(connection, mine, "退休", MORNING, admin)
        give(connection, _wish(town, "clerk", role), MORNING, admin)
        end(connection, mine, "退休", MORNING, admin)
    with town.house.database.reading() as connection, pytest.raises(NotFound):
        end(connection, mine, "又一次", MORNING, admin)


def test_whoever_holds_something_in_the_house_can_be_asked(town: Town) -> None:
    admin = administrator(town.house)
    with town.house.database.writing() as connection:
        give(connection, _wish(town, "clerk", "registrar", at_station(_station(town, "XG"))), MORNING, None)
        found_house(connection, admin, MORNING)
        assert holders(connection, "keep register", MORNING) == (admin,)
        assert holders(connection, "keep register", MORNING, but=(admin,)) == ()
        assert len(connection.execute(select(t.grants.c.id).where(t.grants.c.participant_id == admin)).all()) == 4


def test_a_supervisor_sees_the_issues_of_the_scope_and_nothing_else_until_the_grant_is_ended(town: Town) -> None:
    issue = town.report()
    far = town.people["far-clerk"]
    assert not may_see(town.house, issue, far)
    with town.house.database.writing() as connection:
        given = give(connection, _wish(town, "far-clerk", scope=at_station(_station(town, "XG"))), MORNING, None)
    seen = sight_of(town.house, issue, far)
    assert seen is not None
    assert (seen.manages, seen.private) == (True, False)
    with town.house.database.writing() as connection:
        end(connection, given, "调离", MORNING, None)
    assert not may_see(town.house, issue, far)
