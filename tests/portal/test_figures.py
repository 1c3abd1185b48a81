"""The page of figures and the pages of reports: who sees what, each number with its issues, a report from its plan to its correction."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from definitions.loader import LIBRARY
from huying.duties.plans.publication import publish_plan
from huying.duties.round import plan_due
from portal.pages import reports as report_pages
from tests.huying.figures.streets import forget_figures
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

PLAN = (LIBRARY / "plans" / "month-report.yaml").read_text("utf-8")
NUMBER = "month-report-2026-11"


@pytest.fixture
def november(town: PortalTown) -> PortalTown:
    """A town with twelve issues of November, of which one is declined."""
    numbers = [town.report(subject=f"第 {at} 件", kind="lighting" if at % 3 else "roads") for at in range(12)]
    town.clock.move(hours=2)
    town.act(numbers[0], "clerk", "decline", reason="不属于本站")
    return town


@pytest.fixture
def reported(november: PortalTown) -> PortalTown:
    """The same in December, with a report that waits to be issued."""
    publish_plan(november.house, PLAN, "month-report.yaml", by="test", now=november.clock.now)
    november.clock.now = datetime(2026, 12, 7, 1, 30, tzinfo=UTC)
    assert plan_due(november.house, november.clock.now).failures == ()
    return november


def _large(page: str) -> dict[str, tuple[str, str | None]]:
    """The large figures, each with where it leads."""
    (tiles,) = re.findall(r'<dl class="kpis.*?</dl>', page, re.DOTALL)
    found = re.findall(r'<dt>([^<]+)</dt><dd class="big">(?:<a class="bare" href="([^"]+)">)?([^<]+)<', tiles)
    return {words: (figure, html.unescape(way) or None) for words, way, figure in found}


def _subjects(visitor: Visitor, address: str) -> int:
    return len(re.findall(r'href="/issues/XG-', visitor.see(address)))


@pytest.mark.parametrize(
    ("login", "status"), [("stranger", 403), ("deputy", 403), ("lighting", 403), ("clerk", 200), ("office", 200)]
)
def test_figures_are_for_those_who_look_after_issues(november: PortalTown, login: str, status: int) -> None:
    visitor = november.visitor(login)
    for address in ("/figures", "/figures/sheet", "/figures/issues?measure=received", "/reports"):
        visitor.see(address, status)


def test_that_counting_goes_on_after_an_upgrade_is_said(november: PortalTown) -> None:
    office, said = november.visitor("office"), "升级后还有事项没有补计入数据"
    assert said not in office.see("/figures") + office.see("/reports")
    forget_figures(november.house)
    for address in ("/figures", "/reports"):
        assert said in plain(office.see(address))


def test_each_number_leads_to_as_many_issues(november: PortalTown) -> None:
    clerk = november.visitor("clerk")
    page = clerk.see("/figures?period=2026-11")
    large = _large(page)
    assert (large["收集"][0], large["办结"][0]) == ("12", "1")
    for words in ("收集", "办结"):
        figure, address = large[words]
        assert address is not None
        assert _subjects(clerk, address) == int(figure)
    ways = re.findall(r'<td class="n"><a href="(/figures/issues[^"]+)"[^>]*>(\d+)</a>', page)
    assert len(ways) > 4
    for address, figure in ways:
        assert _subjects(clerk, html.unescape(address)) == int(figure), address


def test_staff_of_a_station_count_their_station_alone(november: PortalTown) -> None:
    assert _large(november.visitor("far-clerk").see("/figures?period=2026-11"))["收集"][0] == "0"
    assert _large(november.visitor("office").see("/figures?period=2026-11"))["收集"][0] == "12"
    far = november.visitor("far-clerk")
    assert _subjects(far, "/figures/issues?measure=received&period=2026-11&station=XG") == 0
    assert _large(far.see("/figures?period=2026-11&station=XG"))["收集"][0] == "0"


def test_figures_tell_nobodys_name_but_a_deputys(november: PortalTown) -> None:
    clerk, people = november.visitor("clerk"), november.people
    assert "王芳" in clerk.see(f"/figures?deputy={people['deputy']}")
    rows = "/figures/issues?measure=received&by=deputy&key="
    for number in (people["stranger"], people["office"], 987654):
        for address in (f"/figures?deputy={number}", f"/figures/sheet?deputy={number}", f"{rows}{number}"):
            clerk.see(address, 404)
    for key in ("²", "9" * 40, "x"):
        clerk.see(f"{rows}{key}", 404)


def test_a_rate_over_few_is_no_percentage_and_one_over_nothing_is_a_dash(november: PortalTown) -> None:
    page = november.visitor("clerk").see("/figures?period=2026-11&by=station")
    assert _large(page)["解决率"] == ("0/1", None)
    assert _large(page)["满意率"] == ("—", None)
    assert "分母不足 10 件的不算百分比" in plain(page)


def test_a_table_is_compared_by_any_axis_sorted_by_any_column_and_taken_out(november: PortalTown) -> None:
    office = november.visitor("office")
    for axis in ("districts", "station", "channel", "kind", "process", "deputy", "department", "step"):
        assert 'aria-current="true"' in office.see(f"/figures?period=2026-11&by={axis}&sort=received")
    page = office.see("/figures?period=2026-11&by=kind&sort=received").split('id="compared"')[1]
    rows = re.findall(r'<th scope="row">[^<]*</th><td class="n"><a[^>]*>(\d+)', page)
    assert [int(one) for one in rows[:2]] == [8, 4]
    office.see("/figures?by=moon", 404)
    office.see("/figures?figures=moon", 404)
    assert "2026年11月" in plain(office.see("/figures?period=nonsense"))
    book = load_workbook(BytesIO(office.http.get("/figures/sheet?period=2026-11&by=kind").content))
    cells = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert cells[2][:2] == ["类别", "收集"]
    assert cells[-1][0] is None or any(row[1] == 12 for row in cells)


def test_months_quarters_and_years_are_chosen(november: PortalTown) -> None:
    office = november.visitor("office")
    assert _large(office.see("/figures?period=2026-q4"))["收集"][0] == "12"
    assert _large(office.see("/figures?period=2026"))["收集"][0] == "12"
    assert _large(office.see("/figures?period=2026-10"))["收集"][0] == "0"
    assert "第四季度" in plain(office.see("/figures?unit=quarter"))
    english = november.visitor("office")
    english.http.headers["Accept-Language"] = "en"
    assert "November 2026" in plain(english.see("/figures?lang=en&period=2026-11"))


def test_a_report_goes_from_its_plan_to_its_correction(reported: PortalTown) -> None:
    office, clerk = reported.visitor("office"), reported.visitor("clerk")
    assert NUMBER in office.see("/reports")
    assert NUMBER not in clerk.see("/reports")
    clerk.see(f"/reports/{NUMBER}", 404)
    assert "已拟好，未印发" in plain(office.see(f"/reports/{NUMBER}"))
    office.send(f"/reports/{NUMBER}", f"/reports/{NUMBER}/issue", {"note": "请对照办理。"})
    page = plain(clerk.see(f"/reports/{NUMBER}"))
    assert "请对照办理。" in page
    assert "周主任印发" in page
    for kind, beginning in (("word", b"PK"), ("sheet", b"PK"), ("json", b"{")):
        answer = clerk.http.get(f"/reports/{NUMBER}/{kind}")
        assert answer.status_code == 200
        assert answer.content.startswith(beginning)
    assert "完全一致" in plain(clerk.see(f"/reports/{NUMBER}/check"))
    clerk.see(f"/reports/{NUMBER}/changes", 403)
    assert "和报告（含更正）一致" in plain(office.see(f"/reports/{NUMBER}/changes"))
    reported.visitor("office").see(f"/reports/{NUMBER}/nothing", 404)


def test_one_report_is_recomputed_at_a_time(reported: PortalTown, monkeypatch: pytest.MonkeyPatch) -> None:
    office = reported.visitor("office")
    monkeypatch.setattr(report_pages, "_PATIENCE", 0.01)
    with report_pages._checking:
        answer = office.http.get(f"/reports/{NUMBER}/check")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert "有人正在核算报告" in plain(answer.text)
        office.see(f"/reports/{NUMBER}")
    assert "完全一致" in plain(office.see(f"/reports/{NUMBER}/check"))


def test_a_correction_is_written_with_its_reason(reported: PortalTown) -> None:
    office = reported.visitor("office")
    office.send(f"/reports/{NUMBER}", f"/reports/{NUMBER}/issue", {"note": ""})
    page = f"/reports/{NUMBER}/changes"
    reported.clock.now = datetime(2026, 11, 30, 2, tzinfo=UTC)
    reported.report(subject="补登的一件")
    reported.clock.now = datetime(2026, 12, 8, 2, tzinfo=UTC)
    office = reported.visitor("office")
    assert "请写明更正的原因" in plain(office.send(page, page, {"why": ""}, status=422))
    office.send(page, page, {"why": "一件补登。"})
    said = plain(office.see(f"/reports/{NUMBER}"))
    assert "第 1 次更正" in said
    assert "一件补登。" in said
    assert "更正 1 次" in plain(reported.visitor("clerk").see("/reports"))


def test_those_without_the_right_cannot_issue_or_prepare(reported: PortalTown) -> None:
    for address in ("/reports", f"/reports/{NUMBER}/issue", f"/reports/{NUMBER}/again", f"/reports/{NUMBER}/changes"):
        assert reported.visitor("clerk").http.post(address, data={}).status_code == 403


def test_where_no_plan_is_there_the_page_leads_to_the_shipped_one(november: PortalTown) -> None:
    assert "/plans/new?example=month-report" in november.visitor("office").see("/reports")
    assert "/plans/new" not in november.visitor("clerk").see("/reports")
