"""The board of deadlines as a page, as JSON and on paper."""

from __future__ import annotations

import html
import re

import pytest

from portal.pages import board as pages
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

#: The figures in the order in which they stand on the page.
_URGENCIES = ("open", "today", "soon", "overdue", "long-overdue", "paused", "provisional")


@pytest.fixture
def late(town: PortalTown) -> PortalTown:
    """A town with two issues that are long overdue, one that is overdue, one due today, one that has time."""
    begin = town.clock.now
    for days, subject in ((20, "一"), (14, "二"), (4, "三"), (3, "四")):
        town.clock.move(days=-days)
        town.report(subject=subject)
        town.clock.now = begin
    town.to_departments(town.report(subject="五"))
    return town


def _figures(page: str) -> dict[str, tuple[int, str]]:
    """The figures in all, each with the address that it leads to."""
    (tiles,) = re.findall(r'<dl class="kpis kpis-7">.*?</dl>', page, re.DOTALL)
    found = re.findall(r'<dd class="big[^"]*">(?:<a class="bare" href="([^"]+)">)?(\d+)', tiles)
    return {
        urgency: (int(count), html.unescape(address))
        for urgency, (address, count) in zip(_URGENCIES, found, strict=True)
    }


def _listed(visitor: Visitor, address: str) -> int:
    return len(re.findall(r'name="field.issue"', visitor.see(address)))


def test_each_figure_leads_to_a_list_of_that_length(late: PortalTown) -> None:
    clerk = late.visitor("clerk")
    page = clerk.see("/board")
    figures = _figures(page)
    assert {urgency: count for urgency, (count, _) in figures.items()} == {
        "open": 5, "today": 1, "soon": 1, "overdue": 3, "long-overdue": 2, "paused": 0, "provisional": 0,
    }  # fmt: skip
    for count, address in figures.values():
        assert count == 0 or _listed(clerk, address) == count
    links = re.findall(r'<td class="figure[^>]*><a href="([^"]+)" aria-label="[^"]*: (\d+)"', page)
    assert len(links) == 10
    for address, number in links:
        assert _listed(clerk, html.unescape(address)) == int(number)


def test_the_oldest_stand_first_with_whom_and_how_late(late: PortalTown) -> None:
    page = plain(late.visitor("office").see("/board").split("逾期最久的事项")[1])
    assert re.findall(r"XG-2026-0000\d", page) == ["XG-2026-00001", "XG-2026-00002", "XG-2026-00003"]
    assert "站点工作人员：受理登记" in page
    assert "已逾期 19 天" in page
    assert "逾期 13 个工作日" in page


def test_the_board_can_be_narrowed_to_a_process(late: PortalTown) -> None:
    office = late.visitor("office")
    assert _figures(office.see("/board?definition=street-matters"))["open"][0] == 5
    assert "没有在办事项" in office.see("/board?definition=nothing")


def test_the_circular_names_what_is_long_overdue_without_subjects(late: PortalTown) -> None:
    page = late.visitor("office").see("/board/circular")
    text = plain(page)
    assert "在办事项共 5 件，其中已逾期 3 件，逾期超过 5 个工作日 2 件" in text
    assert page.count('class="number"') == 2
    assert "XG-2026-00001" in text
    assert not any(private in text for private in ("路灯", "光明路", "李明", "陈晓"))


def test_who_looks_after_nothing_has_no_board(late: PortalTown) -> None:
    for login in ("deputy", "lighting", "stranger"):
        visitor = late.visitor(login)
        visitor.see("/board", status=403)
        visitor.see("/board/circular", status=403)
        assert 'href="/board"' not in visitor.see("/")
    assert 'href="/board"' in late.visitor("clerk").see("/")


def test_programs_read_the_same_figures(late: PortalTown) -> None:
    visitor = late.visitor()
    token = visitor.http.post("/api/v1/sessions", json={"login": "clerk", "passphrase": "correct horse"}).json()[
        "token"
    ]
    headers = {"authorization": f"Bearer {token}", "accept-language": "en"}
    seen = visitor.http.get("/api/v1/board", headers=headers).json()
    assert seen["total"] == {
        "open": 5, "today": 1, "soon": 1, "overdue": 3, "long_overdue": 2, "paused": 0, "provisional": 0,
    }  # fmt: skip
    assert seen["regions"][0]["stations"][0]["name"] == "Starlight"
    assert seen["oldest"][0]["whom"] == ["Station clerk"]
    wanted = {"due": "overdue", "cared_for": "true", "region": seen["regions"][0]["code"]}
    listed = visitor.http.get("/api/v1/issues", params=wanted, headers=headers).json()
    assert len(listed["lines"]) == 3
    assert listed["lines"][0]["due"]["tone"] == "overdue"
    assert visitor.http.get("/api/v1/issues", params={"due": "never"}, headers=headers).status_code == 422


def test_lists_keep_their_filter_and_forgive_unknown_words(late: PortalTown) -> None:
    clerk = late.visitor("clerk")
    page = clerk.see("/issues?due=overdue&region=350203&cared_for=true")
    assert re.search(r'<option value="overdue" selected>已逾期</option>', page)
    assert '<input type="hidden" name="region" value="350203">' in page
    assert 'aria-label="去掉条件：思明区"' in page
    assert _listed(clerk, "/issues?overdue=true") == 3
    assert _listed(clerk, "/issues?due=never&region=&station=") == 5
    assert _listed(clerk, "/issues?region=nowhere") == 0


def test_a_deadline_says_how_it_comes_about(late: PortalTown) -> None:
    number = late.number_and_code(5)[0]
    page = plain(late.visitor("clerk").see(f"/issues/{number}"))
    assert "为什么是这一天 15 个工作日，自2026年11月23日起，当日不计" in page
    task = plain(late.visitor("lighting").see(f"/tasks/5/{late.item(5, late.departments['cg'])}"))
    assert "为什么是这一天 15 个工作日" in task


def test_whoever_works_here_begins_with_their_work_and_the_most_urgent_of_it(late: PortalTown) -> None:
    clerk = late.visitor("clerk")
    home = clerk.see("/")
    assert clerk.path == "/tasks"
    work = home[home.index("<main") :]
    assert work.index(">一<") < work.index(">二<") < work.index(">三<")
    guest = late.visitor()
    guest.see("/")
    assert guest.path == "/"


def test_many_stations_are_folded_by_district_until_one_is_opened(
    late: PortalTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = late.visitor("clerk")
    assert "星光站" in clerk.see("/board").split("<table")[1]
    monkeypatch.setattr(pages, "UNFOLDED", 0)
    folded = clerk.see("/board?definition=street-matters").split("<table")[1]
    assert "星光站</th>" not in folded
    (address,) = re.findall(r'href="(/board\?[^"]*region=350203[^"]*)"', folded)
    opened = clerk.see(html.unescape(address))
    assert "星光站</th>" in opened
    assert '<option value="street-matters" selected>' in opened, "the filter stays"
