"""Search by program: what a caller may see, marked where it stands."""

from __future__ import annotations

from huying.search.upkeep import every_portion
from tests.portal.conftest import PortalTown
from tests.portal.test_api import Program


def test_a_program_searches_what_its_caller_may_see(town: PortalTown) -> None:
    town.report(subject="路灯不亮")
    town.report(subject="电梯停运")
    for _ in every_portion(town.house):
        pass
    found = Program(town, "clerk").call("GET", "/search?q=路灯")
    assert [(one["line"]["subject"], one["by"]) for one in found["lines"]] == [("路灯不亮", "subject")]
    assert found["lines"][0]["subject"] == [{"text": "路灯", "hit": True}, {"text": "不亮", "hit": False}]
    assert Program(town, "far-clerk").call("GET", "/search?q=路灯")["lines"] == []
    Program(town).call("GET", "/search?q=路灯", status=401)


def test_what_cannot_be_a_search_is_refused(town: PortalTown) -> None:
    caller = Program(town, "clerk")
    caller.call("GET", "/search", status=422)
    caller.call("GET", "/search?q=a&limit=0", status=422)
    caller.call("GET", f"/search?q={'a' * 201}", status=422)


def test_a_deputy_searches_on_a_page_without_scripts(town: PortalTown) -> None:
    issue = town.report(subject="路灯<b>不亮")
    town.act(issue, "clerk", "accept")
    for _ in every_portion(town.house):
        pass
    deputy = town.visitor("deputy")
    page = deputy.see("/search?q=路灯")
    assert "<mark>路灯</mark>&lt;b&gt;不亮" in page
    assert "李<mark>" not in page
    assert "<mark>李明</mark>" in deputy.see("/search?q=李明")
    assert "没有查到" in deputy.see("/search?q=电梯")
    assert 'value="&#34;&gt;&lt;script&gt;"' in deputy.see('/search?q="><script>')
    assert "路灯" not in town.visitor("far-clerk").see("/search?q=不亮").partition('id="found"')[2]
    assert "登录" in town.visitor().see("/search?q=路灯")
