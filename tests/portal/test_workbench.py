"""The staff's workbench, without a script: list, figures, an issue beside it, what is done to many, lists kept at hand, sheets and papers."""

from __future__ import annotations

import html
import re
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import insert

from engine.event import Suspend
from huying.access.viewer import viewer
from huying.database import tables as t
from huying.house.by import By
from huying.issues.deeds import happen
from huying.search.upkeep import every_portion
from portal.frame.places import rail_of
from portal.frame.tally import tally
from tests.huying.question import questions
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

NEWCOMER = "XG-2026-00001"


@pytest.fixture
def busy(town: PortalTown) -> PortalTown:
    """Six issues at several steps."""
    for at in range(6):
        town.report(subject=f"第 {at} 件", kind="lighting" if at % 2 else "roads")
    town.act(2, "clerk", "accept")
    town.to_departments(3)
    town.to_confirmation(4)
    town.act(5, "clerk", "decline", reason="不属于本站")
    happen(town.house, 6, Suspend("等照片"), By(town.people["clerk"], town.clock.now))
    town.clock.move(days=2)
    return town


def _rows(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'name="field\.issue" value="(\d+)"', page)]


def _hidden(visitor: Visitor, page: str, address: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in visitor.hidden(page, address).items()}


def test_a_whole_process_is_a_kind_to_narrow_by(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    page = clerk.see("/issues?cared_for=true")
    [offered] = re.findall(r'<option value="([^"]+)">街道诉求办理</option>', page)
    page = clerk.see(f"/issues?cared_for=true&kind={offered}")
    assert len(_rows(page)) == 6
    assert f'<option value="{offered}" selected>' in page
    assert "去掉条件：街道诉求办理" in page


def test_every_figure_of_the_rail_leads_to_exactly_those_rows(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    clerk.send("/issues", "/issues/views", {"title": "灯", "list": "kind=street-matters:lighting&status=open"})
    clerk.send("/issues?open=XG-2026-00003", "/issues/3/follow", {"follows": "yes"})
    with busy.house.database.reading() as connection:
        person = viewer(connection, busy.people["clerk"])
    counted = tally(busy.house, person, busy.clock.now)
    ways = [way for group in rail_of(busy.house, person, busy.clock()) for way in group.places if way.count] + list(
        counted.saved
    )
    assert len(ways) >= 7
    for way in ways:
        assert counted.counts[way.count or ""] == len(_rows(clerk.see(way.address))), way.address
    assert counted.counts["open"] == 5
    assert [way.words.zh for way in counted.saved] == ["灯"]
    rail = plain(clerk.see("/tasks"))
    assert "全部在办 5" in rail
    assert "灯 3" in rail


def test_the_bell_counts_what_others_did_since_one_looked(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    clerk.see("/issues/XG-2026-00001")
    clerk.see("/issues?status=open&open=XG-2026-00006")
    assert "您看过以后没有新情况" in clerk.see("/tasks")
    busy.clock.move(minutes=1)
    busy.visitor("office").send("/issues/XG-2026-00001", "/issues/1/comments", {"text": "请抓紧"})
    assert "1 件有新情况" in clerk.see("/tasks")
    assert _rows(clerk.see("/issues?news=true")) == [1]
    clerk.see("/issues/XG-2026-00001")
    assert _rows(clerk.see("/issues?news=true")) == []


def test_the_tabs_lead_to_their_rows_too(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    nav = re.search(r'<nav class="tabs".*?</nav>', clerk.see("/issues?status=open"), re.DOTALL)
    assert nav
    tabs = re.findall(r'href="([^"]+)"[^>]*>([^<]+) <span class="count">(\d+)', nav[0])
    assert [words for _, words, _ in tabs] == ["全部", "受理登记", "代表研究", "部门办理", "反映人确认"]
    for address, words, count in tabs:
        assert len(_rows(clerk.see(address.replace("&amp;", "&")))) == int(count), words


def test_who_is_not_staff_has_a_plain_list_and_no_workbench(busy: PortalTown) -> None:
    for login in ("deputy", "lighting", "stranger"):
        seen = busy.visitor(login).see("/issues")
        assert "issues/bulk" not in seen
        assert "登记台" not in seen
    assert _rows(busy.visitor("far-clerk").see("/issues")) == []


def test_an_issue_stands_beside_the_list_without_a_script_and_alone_where_one_asks(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    address = f"/issues?status=open&open={NEWCOMER}"
    page = clerk.see(address)
    assert 'id="pane"' in page
    assert "第 0 件" in page[page.index('id="pane"') :]
    alone = clerk.http.get(address, headers={"HX-Request": "true", "HX-Target": "pane"})
    assert "<html" not in alone.text
    assert "第 0 件" in alone.text
    assert "HX-Target" in alone.headers["vary"]
    # of an issue that is not theirs, nothing
    assert "第 0 件" not in busy.visitor("far-clerk").see(address)


def test_private_facts_are_masked_until_they_are_asked_for(town: PortalTown) -> None:
    town.report(address="光明路 8 号 13900001234")
    clerk = town.visitor("clerk")
    address = f"/issues?open={NEWCOMER}"
    assert "139****34" in clerk.see(address)
    assert "13900001234" not in clerk.see(address)
    assert "13900001234" in clerk.see(f"{address}&show=all")
    assert "1234" not in town.visitor("office").see(f"{address}&show=all"), "the office has no part in it"


def test_what_one_has_looked_at_is_no_longer_bold(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    assert 'class="seen"' not in clerk.see("/issues?status=open")
    clerk.see(f"/issues?open={NEWCOMER}")
    assert clerk.see("/issues?status=open&layout=table").count('class="seen"') == 1


def test_what_is_done_beside_the_list_leads_back_to_it(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    page = f"/issues?status=open&sort=-opened&open={NEWCOMER}"
    there = clerk.http.post(
        "/issues/1/comments",
        data={**_hidden(clerk, page, "/issues/1/comments"), "text": "电话：明天有人来"},
        follow_redirects=False,
    )
    assert there.headers["location"] == page
    assert "明天有人来" in clerk.see(f"/issues/{NEWCOMER}")
    form = {**_hidden(clerk, page, "/issues/1/comments"), "text": "再说", "list": "//elsewhere"}
    there = clerk.http.post("/issues/1/comments", data=form, follow_redirects=False)
    assert there.headers["location"].startswith("/issues?")


def test_what_is_refused_of_many_stays_chosen_with_its_reason(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    to = f"participant:{busy.people['clerk2']}"
    chosen = {"field.issue": ["1", "3", "5"], "kind": "reassign", "to": to, "reason-reassign": "休假"}
    form = _hidden(clerk, "/issues?status=open&sort=number", "/issues/bulk") | chosen
    seen = clerk.http.post("/issues/bulk", data=form).text
    assert "共 3 件，已处理 1 件。" in plain(seen)
    assert "XG-2026-00003 : 同时有几项任务" in plain(seen)
    assert "XG-2026-00005 : 现在没有可以改派的任务" in plain(seen)
    assert re.findall(r'value="(\d+)" checked', seen) == ["3"]
    assert 'aria-sort="ascending"' in seen
    assert "何静" in plain(clerk.see("/issues?step=register&sort=number"))


def test_staff_suspend_and_merge_many_with_a_reason_each(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    both = {"field.issue": ["1", "2"]}
    clerk.send("/issues", "/issues/bulk", {**both, "kind": "suspend", "reason-suspend": "台风"})
    assert len(_rows(clerk.see("/issues?due=paused"))) == 3
    clerk.send("/issues", "/issues/bulk", {**both, "kind": "resume", "reason-resume": "台风过了"})
    seen = clerk.send(
        "/issues", "/issues/bulk", {**both, "kind": "merge", "into": NEWCOMER, "reason-merge": "同一盏灯"}
    )
    assert "XG-2026-00001 :" in plain(seen), "the one that goes on is not merged into itself"
    assert _rows(clerk.see("/issues?status=closed&sort=number")) == [2, 5]


def test_a_list_is_kept_under_a_name_and_done_away_with(busy: PortalTown) -> None:
    clerk, colleague = busy.visitor("clerk"), busy.visitor("clerk2")
    seen = clerk.send("/issues?due=overdue", "/issues/views", {"title": "逾期的", "shared": "yes"})
    assert "<h1" in seen
    assert "逾期的" in plain(colleague.see("/tasks"))
    assert "逾期的" not in plain(busy.visitor("far-clerk").see("/tasks"))
    assert 'action="/issues/views/1/drop"' not in colleague.see("/issues?due=overdue")
    clerk.send("/issues?due=overdue", "/issues/views/1/drop")
    assert "逾期的" not in plain(colleague.see("/tasks"))


def test_columns_and_layout_are_kept(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    assert "渠道</th>" not in clerk.see("/issues")
    assert "渠道</th>" in clerk.see("/issues?column=number&column=channel")
    assert "渠道</th>" in clerk.see("/issues")
    assert 'id="pane"' in clerk.see("/issues?layout=split")
    assert 'id="pane"' in clerk.see("/issues?status=open")
    assert 'id="pane"' not in clerk.see("/issues?layout=table")


def test_a_sheet_and_a_paper_hold_what_the_list_holds(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    answer = clerk.http.get("/issues/sheet?status=open&sort=number")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    with ZipFile(BytesIO(answer.content)) as file:
        cells = re.findall(r"<t[^>]*>([^<]*)</t>", "".join(file.read(name).decode() for name in file.namelist()))
    assert [cell for cell in cells if cell.startswith("XG-")] == [f"XG-2026-0000{number}" for number in (1, 2, 3, 4, 6)]
    paper = clerk.see("/issues/print?status=open&sort=number")
    assert re.findall(r'<td class="p-number">(XG-[^<]*)</td>', paper) == [
        f"XG-2026-0000{number}" for number in (1, 2, 3, 4, 6)
    ]
    # the office does not learn who reported, here as little as in the list
    assert "李明" in paper
    assert "李明" not in busy.visitor("office").see("/issues/print?status=open")
    assert "XG-" not in plain(busy.visitor("far-clerk").see("/issues/print"))


def test_news_are_counted_without_the_page(busy: PortalTown) -> None:
    clerk = busy.visitor("clerk")
    since = busy.clock.now.isoformat().replace("+", "%2B")
    address = f"/issues/fresh?status=open&since={since}"
    assert plain(clerk.see(address)) == ""
    busy.clock.move(minutes=1)
    busy.report(subject="新的")
    assert plain(clerk.see(address)) == "1 件有新情况，刷新"
    clerk.see("/issues/fresh?since=yesterday")


@pytest.mark.parametrize(
    "strange",
    ["after=x", "open=XG-9", "sort=who", "checked=a.b.99999999999999999999", "column=secret", "layout=round", "q=%00"],
)
def test_a_strange_address_shows_a_list_all_the_same(busy: PortalTown, strange: str) -> None:
    assert "<table" in busy.visitor("clerk").see(f"/issues?status=open&{strange}") or "q=" in strange


def _asked(town: PortalTown, clerk: Visitor, address: str) -> int:
    # what is looked for once a second is none of the page's questions
    town.house.offices.forget()
    town.house.calendars.forget()
    assert town.house.zone
    with questions(town.house) as asked:
        clerk.see(address)
    return len(asked)


def test_the_page_asks_the_database_so_many_times_however_many_rows_it_has(town: PortalTown) -> None:
    town.report()
    clerk = town.visitor("clerk")
    _keep_views(town, 1)
    clerk.see("/issues?status=open")
    few = _asked(town, clerk, "/issues?status=open")
    for at in range(30):
        town.report(subject=f"第 {at} 件")
    _keep_views(town, 8)
    assert _asked(town, clerk, "/issues?status=open") == few
    assert few < 40


def _keep_views(town: PortalTown, count: int) -> None:
    with town.house.database.writing() as connection:
        view = {"owner_id": town.people["clerk"], "query": "status=open", "shared": False, "saved_at": town.clock.now}
        connection.execute(insert(t.saved_views), [view | {"title": f"{count}-{at}"} for at in range(count)])


def test_a_word_finds_all_that_there_is_page_by_page(town: PortalTown) -> None:
    for at in range(53):
        town.report(subject=f"第 {at + 1} 个井盖松动", kind="roads")
    for _ in every_portion(town.house):
        pass
    clerk = town.visitor("clerk")
    first = clerk.see("/issues?q=井盖")
    assert '<span class="count">53</span>' in first
    assert len(re.findall(r"data-row", first)) == 50
    (following,) = re.findall(r'href="(/issues[^"]*)" data-next', first)
    assert len(re.findall(r"data-row", clerk.see(html.unescape(following)))) == 3
