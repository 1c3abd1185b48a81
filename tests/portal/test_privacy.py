"""The pages of whoever looks after personal data: rules, holds, and whose time is over."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from huying.database import tables as t
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain


@pytest.fixture
def officer(town: PortalTown) -> Visitor:
    """Who looks after personal data in this town."""
    grant_privacy(town, "office")
    return town.visitor("office")


def grant_privacy(town: PortalTown, login: str) -> None:
    """Have somebody look after personal data."""
    wish = NewGrant(town.people[login], "privacy", HOUSE, town.house.day_of(MORNING), None, "指定")
    with town.house.database.writing() as connection:
        give(connection, wish, MORNING, None)


def _closed(town: PortalTown) -> str:
    issue = town.report()
    town.act(issue, "clerk", "decline", reason="不属于本站。")
    return town.number_and_code(issue)[0]


def test_nobody_else_comes_in(town: PortalTown) -> None:
    for login in ("clerk", "deputy", "office"):
        visitor = town.visitor(login)
        assert visitor.http.get("/privacy").status_code == 403
        assert visitor.http.get("/privacy/due").status_code == 403
    answer = town.visitor().http.get("/privacy", follow_redirects=False)
    assert answer.headers.get("location", "").startswith("/login")


def test_a_hold_is_placed_shown_and_lifted_with_a_reason(town: PortalTown, officer: Visitor) -> None:
    number = _closed(town)
    assert "没有保全" in plain(officer.see("/privacy"))
    wrong = officer.send("/privacy", "/privacy/holds", {"number": "?", "cause": "suit", "reason": "x"}, status=422)
    assert "没有这个编号的事项" in plain(wrong)
    page = plain(
        officer.send("/privacy", "/privacy/holds", {"number": number, "cause": "suit", "reason": "（2026）闽01号"})
    )
    assert "不会删除" in page
    assert number in page
    assert "诉讼" in page
    assert "（2026）闽01号" in page
    town.clock.move(days=800)
    officer.log_in("office")
    due = plain(officer.see("/privacy/due"))
    assert number in due
    assert "1 件保全中" in due
    assert "请写明为什么解除" in plain(officer.send("/privacy", "/privacy/holds/1", {"reason": " "}, status=422))
    assert "已解除" in plain(officer.send("/privacy", "/privacy/holds/1", {"reason": "判决生效"}))
    with town.house.database.reading() as connection:
        hold = connection.execute(select(t.holds)).one()
    assert hold.lifted_by_id == town.people["office"]
    assert hold.lifted_reason == "判决生效"


def test_a_rule_is_changed_with_its_ground_and_what_is_wrong_is_said_at_its_place(
    town: PortalTown, officer: Visitor
) -> None:
    page = officer.send("/privacy", "/privacy/rules", {"what": "personal", "span": "3 days", "reason": "x"}, status=422)
    assert "不少于 30 天" in plain(page)
    page = officer.send("/privacy", "/privacy/rules", {"what": "personal", "span": "3 years", "reason": "档案办 3 号"})
    assert "先提出来看" in plain(page)
    assert "3 年" in plain(page)


def test_whose_time_is_over_is_shown_before_anything_is_erased(town: PortalTown, officer: Visitor) -> None:
    number = _closed(town)
    assert "没有到期的" in plain(officer.see("/privacy/due"))
    town.clock.move(days=800)
    officer.log_in("office")
    page = plain(officer.see("/privacy/due"))
    assert number in page
    assert "个人信息" in page
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.issues.c.erased)).scalar_one() is None
