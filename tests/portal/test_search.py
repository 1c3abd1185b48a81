"""Search by program: what a caller may see, marked where it stands."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from huying.database.tables import private_searches
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
    page = deputy.see("/issues?q=路灯")
    assert "<mark>路灯</mark>&lt;b&gt;不亮" in page
    assert "李<mark>" not in page
    assert "<mark>李明</mark>" in deputy.see("/issues?q=李明")
    assert "没有查到" in deputy.see("/issues?q=电梯")
    assert 'value="&#34;&gt;&lt;script&gt;"' in deputy.see('/issues?q="><script>')
    assert "路灯" not in town.visitor("far-clerk").see("/issues?q=不亮").partition("<tbody>")[2]
    assert "登录" in town.visitor().see("/issues?q=路灯")


def test_the_older_address_of_a_search_leads_to_the_list(town: PortalTown) -> None:
    for login in ("clerk", "deputy"):
        answer = town.visitor(login).http.get("/search?q=路灯&status=open", follow_redirects=False)
        assert answer.headers["location"] == "/issues?q=%E8%B7%AF%E7%81%AF&status=open"
        assert town.visitor(login).http.get("/search", follow_redirects=False).headers["location"] == "/issues"


def test_a_search_of_staff_is_a_list_that_says_why_each_row_is_there(town: PortalTown) -> None:
    town.report(subject="路灯不亮", details="楼道口的灯坏了一周")
    town.report(subject="楼道杂物", kind="other")
    for _ in every_portion(town.house):
        pass
    clerk = town.visitor("clerk")
    page = clerk.see("/issues?q=楼道")
    assert "<mark>楼道</mark>杂物" in page
    assert re.search(r'<p class="why soft"><span>[^<]*<span><mark>楼道</mark>口的灯坏了一周', page)
    assert '查找 <span class="count">2</span>' in page
    narrowed = clerk.see("/issues?q=楼道&kind=street-matters:other")
    assert "路灯不亮" not in narrowed.partition("<tbody>")[2]
    # the box keeps what the search is narrowed to, the choices keep what is sought
    assert re.search(r'role="search".*?name="q"[^>]*value="楼道".*?name="kind" value="other"', narrowed, re.DOTALL)
    assert re.search(r'aria-label="筛选">.*?name="q" value="楼道"', narrowed, re.DOTALL)
    by_name = clerk.see("/issues?q=李明")
    assert "<mark>李明</mark>" in by_name
    assert "<mark>李明</mark>" not in town.visitor("office").see("/issues?q=李明")


def test_a_search_kept_as_a_saved_list_is_not_made_anew_on_every_page(town: PortalTown) -> None:
    town.report(subject="路灯不亮")
    for _ in every_portion(town.house):
        pass
    clerk = town.visitor("clerk")
    clerk.send("/issues?q=李明", "/issues/views", {"title": "李明的"})
    with town.house.database.reading() as connection:
        before = connection.execute(select(func.count()).select_from(private_searches)).scalar_one()
        clerk.see("/tasks")
        assert connection.execute(select(func.count()).select_from(private_searches)).scalar_one() == before
    assert "李明的" in clerk.see("/tasks")
    assert "路灯不亮" in clerk.see("/issues?q=李明").replace("<mark>", "").replace("</mark>", "")


def test_letters_typed_one_after_the_other_are_one_step_of_the_way_back(town: PortalTown) -> None:
    http = town.visitor("clerk").http
    asked = {"HX-Request": "true", "HX-Target": "list"}
    first = http.get("/issues?q=路", headers=asked | {"HX-Current-URL": "http://x/issues?status=open"})
    assert first.headers["hx-push-url"] == "/issues?q=%E8%B7%AF"
    second = http.get("/issues?q=路灯", headers=asked | {"HX-Current-URL": "http://x/issues?q=%E8%B7%AF"})
    assert second.headers["hx-replace-url"] == "/issues?q=%E8%B7%AF%E7%81%AF"
    assert "hx-push-url" not in second.headers
