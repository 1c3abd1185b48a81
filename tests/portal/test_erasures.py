"""The pages of erasing: what is proposed is shown first, approved by whoever may, and what is gone says so wherever it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.house.by import By
from huying.privacy.erased_list import ErasedList
from huying.privacy.erasures import carry_on
from huying.rights.four_eyes import keep_rule
from tests.portal.conftest import PortalTown
from tests.portal.test_privacy import grant_privacy
from tests.portal.visitor import Visitor, plain


@pytest.fixture
def officer(town: PortalTown) -> Visitor:
    """Who looks after personal data in this town."""
    grant_privacy(town, "office")
    return town.visitor("office")


def _over(town: PortalTown, officer: Visitor) -> int:
    issue = town.report()
    town.act(issue, "clerk", "decline", reason="不属于本站。")
    town.clock.move(days=800)
    officer.log_in("office")
    return issue


def test_the_whole_way_from_the_list_to_a_page_that_says_it_is_erased(
    town: PortalTown, officer: Visitor, tmp_path: Path
) -> None:
    issue = _over(town, officer)
    number, code = town.number_and_code(issue)
    page = plain(officer.send("/privacy/due", "/privacy/erasures"))
    assert number in page
    assert "删除后不能恢复" in page
    assert carry_on(town.house, ErasedList(tmp_path / "erased"), town.clock.now).taken == 0
    officer.send("/privacy/erasures/1", "/privacy/erasures/1", {"do": "approve"})
    carry_on(town.house, ErasedList(tmp_path / "erased"), town.clock.now)
    assert "已删除 1 条" in plain(officer.see("/privacy/erasures/1"))
    # whoever follows it by number and code, and whoever works on it
    followed = plain(town.visitor().see(f"/issues/{number}?code={code}"))
    assert "已删除" in followed
    assert "路灯不亮" not in followed
    inside = plain(town.visitor("clerk").see(f"/issues/{number}"))
    assert "光明路" not in inside
    assert "李明" not in inside
    assert "照明" in inside, "what statistics need stays"


def test_what_is_let_be_is_not_erased(town: PortalTown, officer: Visitor, tmp_path: Path) -> None:
    _over(town, officer)
    officer.send("/privacy/due", "/privacy/erasures")
    page = plain(officer.send("/privacy/erasures/1", "/privacy/erasures/1", {"do": "drop"}))
    assert "未批准" in page
    assert carry_on(town.house, ErasedList(tmp_path / "erased"), town.clock.now).taken == 0


def test_where_two_are_wanted_the_proposal_waits_for_another_one(town: PortalTown, officer: Visitor) -> None:
    _over(town, officer)
    with town.house.database.writing() as connection:
        keep_rule(connection, "on", By(town.people["office"], town.clock.now))
    officer.send("/privacy/due", "/privacy/erasures")
    answer = officer.http.post(
        "/privacy/erasures/1",
        data={**officer.hidden("/privacy/erasures/1", "/privacy/erasures/1"), "do": "approve"},
        follow_redirects=False,
    )
    assert answer.headers["location"].startswith("/proposals/")
    assert "待批准" in plain(officer.see("/privacy/erasures/1"))


def test_a_request_leads_to_a_proposal_to_erase_all_that_is_theirs(town: PortalTown, officer: Visitor) -> None:
    issue = town.report()
    town.act(issue, "clerk", "decline", reason="不属于本站。")
    number, _ = town.number_and_code(issue)
    officer.send("/privacy/requests", "/privacy/requests", {"number": number, "kind": "erasure", "said": "不再需要"})
    page = plain(officer.send("/privacy/requests/1", "/privacy/erasures"))
    assert number in page
    assert "反映人本人" in page


def test_nobody_else_comes_in(town: PortalTown) -> None:
    assert town.visitor("clerk").http.get("/privacy/erasures").status_code == 403
