"""Who sees an issue, who may act in it, and why; and which right each address asks for: for those who may ask, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from huying.access.viewer import viewer
from huying.database import tables as t
from huying.errors import NotFound
from huying.issues.sight import may_see, sight_of
from huying.issues.views.rights import IssueRights, SeerLine, issue_rights
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE, at_station
from tests.huying.town import MORNING, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain


@pytest.fixture
def issue(town: PortalTown) -> int:
    """An issue at two departments."""
    made = town.report()
    town.to_departments(made)
    return made


def _rights(town: PortalTown, issue: int, login: str = "clerk") -> IssueRights:
    with town.house.database.reading() as connection:
        person = viewer(connection, town.people[login])
    return issue_rights(town.house, issue, person, "zh", town.clock.now)


def _line(found: IssueRights, name: str) -> SeerLine:
    return next(line for line in found.lines if line.name == name)


def _number(town: PortalTown, issue: int) -> str:
    return town.number_and_code(issue)[0]


def test_everybody_who_sees_it_is_named_with_the_reason_and_nobody_else(town: PortalTown, issue: int) -> None:
    found = _rights(town, issue)
    with town.house.database.reading() as connection:
        everybody = connection.execute(select(t.participants.c.id, t.participants.c.name)).all()
    sees = {name for number, name in everybody if may_see(town.house, issue, number)}
    assert {line.name for line in found.lines if not line.unnamed} == sees - {"李明"}
    assert "郑远" not in sees
    assert _line(found, "陈晓").because == ("任职：星光站工作人员",)
    assert _line(found, "王芳").because == ("流程里的角色：责任代表",)
    assert _line(found, "赵亮").acts == ("部门办理",)
    assert _line(found, "陈晓").outside
    assert not _line(found, "赵亮").outside
    assert "任职：人大常委会办公室经办人" in _line(found, "周主任").because


def test_private_fields_are_told_as_the_issue_itself_shows_them(town: PortalTown, issue: int) -> None:
    found = _rights(town, issue)
    assert "详细地址" in found.fields
    address = town.house.processes.process(1).definition.data["address"]
    for line in found.lines:
        if line.unnamed:
            continue
        seen = sight_of(town.house, issue, line.id)
        assert seen is not None
        assert ("详细地址" in line.fields) == seen.shows(address), line.name


def test_the_reporter_stays_unnamed_for_whoever_may_not_know(town: PortalTown, issue: int) -> None:
    with town.house.database.writing() as connection:
        give(
            connection,
            NewGrant(town.people["stranger"], "privacy", HOUSE, MORNING.date(), None, "信息保护"),
            MORNING,
            None,
        )
    found = _rights(town, issue, "stranger")
    assert all("李明" not in line.name for line in found.lines)
    (reporter,) = [line for line in found.lines if line.unnamed]
    assert (reporter.name, reporter.id) == ("反映人", 0)
    page = town.visitor("stranger").see(f"/rights/issues/{_number(town, issue)}")
    assert "李明" not in page
    assert "路灯不亮" not in page


@pytest.mark.parametrize("login", ["far-clerk", "deputy", "lighting", "stranger"])
def test_whoever_does_not_look_after_it_may_not_ask(town: PortalTown, issue: int, login: str) -> None:
    with pytest.raises(NotFound):
        _rights(town, issue, login)
    status = 404 if login == "far-clerk" else 403
    town.visitor(login).see(f"/rights/issues/{_number(town, issue)}", status)


def test_a_system_administrator_sees_no_issue_and_does_not_ask_either(town: PortalTown, issue: int) -> None:
    administrator(town.house)
    town.visitor("admin").see(f"/rights/issues/{_number(town, issue)}", 403)


def test_a_supervisor_asks_in_the_scope_of_the_grant(town: PortalTown, issue: int) -> None:
    with town.house.database.writing() as connection:
        ids = dict(connection.execute(select(t.stations.c.code, t.stations.c.id)).all())
        wish = NewGrant(town.people["stranger"], "supervisor", at_station(ids["YF"]), MORNING.date(), None, "督办")
        give(connection, wish, MORNING, None)
    with pytest.raises(NotFound):
        _rights(town, issue, "stranger")
    with town.house.database.writing() as connection:
        wish = NewGrant(town.people["stranger"], "supervisor", at_station(ids["XG"]), MORNING.date(), None, "督办")
        give(connection, wish, MORNING, None)
    found = _rights(town, issue, "stranger")
    assert _line(found, "吴人").because == ("授权：督办人",)


def test_the_page_is_reached_from_the_issue_by_those_who_may(town: PortalTown, issue: int) -> None:
    address = f"/rights/issues/{_number(town, issue)}"
    clerk, deputy = town.visitor("clerk"), town.visitor("deputy")
    assert address in clerk.see(f"/issues/{_number(town, issue)}")
    assert address not in deputy.see(f"/issues/{_number(town, issue)}")
    page = plain(clerk.see(address))
    for said in ("为什么能看到", "部门办理", "规则之外的处理", "王芳"):
        assert said in page


def test_each_address_says_its_right_and_who_has_it(town: PortalTown) -> None:
    administrator(town.house)
    page = plain(town.visitor("admin").see("/rights/addresses?q=/connections"))
    assert "GET /connections" in page
    assert "管理外部系统" in page
    assert "系统管理员" in page
    assert "GET /proposals" not in page
    town.visitor("clerk").see("/rights/addresses", 403)
