"""Personal data on pages: in full for whoever has an open task, masked for all others until they say why, and noted."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from huying.database.tables import audit, codes
from huying.issues.disclosure import LASTS, MOST
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

ADDRESS = "光明路 8 号 3 单元"


@pytest.fixture
def issue(town: PortalTown) -> int:
    """An issue that the clerk has passed on: the deputy has the task now, the clerk has had it."""
    number = town.report(address=ADDRESS)
    town.act(number, "clerk", "accept")
    return number


def _page(town: PortalTown, issue: int) -> str:
    return f"/issues/{town.number_and_code(issue)[0]}"


def _show(visitor: Visitor, page: str, issue: int, status: int = 200, **said: str) -> str:
    return visitor.send(page, f"/issues/{issue}/shown", {"reason": "call back", **said}, status=status)


def _looks(town: PortalTown) -> list[tuple[int, str, str, list[str]]]:
    with town.house.database.reading() as connection:
        rows = connection.execute(select(audit).where(audit.c.what == "private-shown").order_by(audit.c.seq))
        return [(row.by_id, row.object, row.reason, row.detail["fields"]) for row in rows]


def test_whoever_has_the_task_sees_all_of_it_and_is_asked_for_no_reason(town: PortalTown, issue: int) -> None:
    page = town.visitor("deputy").see(_page(town, issue))
    assert ADDRESS in page
    assert "李明" in page
    assert "/shown" not in page
    assert _looks(town) == []


def test_once_the_task_is_done_it_is_masked_until_they_say_why(town: PortalTown, issue: int) -> None:
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    visitor, page = town.visitor("deputy"), _page(town, issue)
    masked = visitor.see(page)
    assert ADDRESS not in masked
    assert "李明" not in masked
    assert "李**" in masked
    shown = _show(visitor, page, issue)
    assert ADDRESS in shown
    assert "李明" in shown
    number = town.number_and_code(issue)[0]
    assert _looks(town) == [(town.people["deputy"], f"issue:{number}", "回电", ["address"])]
    town.clock.now += LASTS
    assert ADDRESS not in visitor.see(page)


def test_a_reason_is_asked_for_and_other_wants_words(town: PortalTown, issue: int) -> None:
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    visitor, page = town.visitor("deputy"), _page(town, issue)
    assert "请选一个事由" in plain(_show(visitor, page, issue, status=422, reason="curious"))
    assert "请写明事由" in plain(_show(visitor, page, issue, status=422, reason="other", why="  "))
    assert _looks(town) == []
    assert ADDRESS in _show(visitor, page, issue, reason="other", why="上级来电核实 13812345678")
    assert _looks(town)[0][2] == "其他：上级来电核实 138****78"


def test_the_office_says_for_what_one_may_look(town: PortalTown, issue: int) -> None:
    named = {"list": "reasons", "code": "mediation", "name_zh": "调解需要", "name_en": "mediation", "position": 0}
    with town.house.database.writing() as connection:
        connection.execute(insert(codes), {**named, "active": True})
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    visitor, page = town.visitor("deputy"), _page(town, issue)
    seen = plain(visitor.see(page))
    assert "调解需要" in seen
    assert "回电" not in seen
    assert "请选一个事由" in plain(_show(visitor, page, issue, status=422))
    assert ADDRESS in _show(visitor, page, issue, reason="mediation")
    assert _looks(town)[0][2] == "调解需要"


def test_whoever_may_not_read_it_gets_no_button_and_no_way(town: PortalTown, issue: int) -> None:
    office = town.visitor("office")
    page = office.see(_page(town, issue))
    assert ADDRESS not in page
    assert f"/issues/{issue}/shown" not in page
    stranger = town.visitor("far-clerk")
    assert stranger.http.get(_page(town, issue)).status_code == 404
    assert _looks(town) == []


def test_beyond_thirty_looks_one_logs_in_anew(town: PortalTown, issue: int) -> None:
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    visitor, page = town.visitor("deputy"), _page(town, issue)
    town.clock.move(minutes=1)
    for _ in range(MOST):
        _show(visitor, page, issue)
        town.clock.now += LASTS
    answer = _show(visitor, page, issue, status=401)
    assert visitor.path == "/login"
    assert "重新登录" in answer
    town.clock.move(minutes=1)
    visitor.log_in("deputy")
    assert ADDRESS in _show(visitor, page, issue)
    assert len(_looks(town)) == MOST + 1


def test_beside_the_list_it_is_masked_too(town: PortalTown, issue: int) -> None:
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    number = town.number_and_code(issue)[0]
    visitor = town.visitor("deputy")
    assert ADDRESS not in visitor.see(f"/issues?open={number}&show=all")


def test_a_private_number_in_a_text_is_marked_where_many_read_it(town: PortalTown) -> None:
    number = town.report(details="请打 13812345678<br>，谢谢")
    page = town.visitor("clerk").see(_page(town, number))
    assert '请打 <mark class="private">13812345678</mark>&lt;br&gt;，谢谢' in page
