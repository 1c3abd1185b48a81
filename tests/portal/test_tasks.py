"""The page of a task: why it has come, what can be decided, by whom, until when, and who else has to do with it."""

from __future__ import annotations

import html
import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert

from huying.database.tables import codes, organisation_codes
from huying.house.by import By
from huying.issues.deeds import act
from huying.issues.views.tasks import PAGE, my_tasks
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones
from tests.portal.visitor import plain

__all__ = ["address", "browser", "phones"]

WHY = "26 号门前还是不亮。"


@pytest.fixture
def sent_back(town: PortalTown) -> str:
    """The address of the deputy's task after the resident was not satisfied with two departments' replies."""
    issue = town.report()
    town.clock.move(hours=2)
    town.to_confirmation(issue)
    town.clock.move(days=1)
    reporter = town.reporter(issue)
    item = town.item(issue, f"participant:{reporter}")
    act(town.house, issue, item, "dissatisfied", {"why": WHY}, By(reporter, town.clock.now))
    found = re.search(r'href="(/tasks/\d+/\d+)"', town.visitor("deputy").see("/tasks"))
    assert found
    return found[1]


def _notes(page: str) -> list[tuple[str, str]]:
    """The notes over a decision: their kind and what they say."""
    found = re.findall(r'<section class="note note-(\w+) mb">(.*?)</section>', page, re.DOTALL)
    return [(kind, plain(said)) for kind, said in found]


def test_what_came_back_says_why_first_and_shows_the_earlier_replies_beside(town: PortalTown, sent_back: str) -> None:
    page = town.visitor("deputy").see(sent_back)
    kinds = [kind for kind, _ in _notes(page)]
    said = [words for _, words in _notes(page)]
    assert kinds == ["alarm", "plain", "plain"]
    assert WHY in said[0]
    assert "还没有解决" in said[0]
    assert "线路已修复" in said[1], "the reply of one department does not hide that of the other"
    assert "灯已更换" in said[2]
    assert page.index(WHY) < page.index('class="choices"')
    assert "第 2 轮" in page


def test_a_reply_that_goes_on_is_no_alarm(town: PortalTown) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    number, code = town.number_and_code(issue)
    resident = town.visitor()
    page = resident.see(f"/issues/{number}?code={code}")
    found = re.search(r'action="(/tasks/\d+/\d+)/act/', page)
    assert found
    task = resident.see(f"{found[1]}?code={code}")
    assert _notes(task)[0][0] == "green"
    assert "轮</span>" not in task
    assert "checked" not in task.partition('class="choices"')[2].partition("</fieldset>")[0], (
        "nobody decides for the resident"
    )


def test_one_main_button_for_each_decision_says_what_it_does(town: PortalTown, sent_back: str) -> None:
    page = town.visitor("deputy").see(sent_back)
    mains = re.findall(r'<button class="btn btn-main">([^<]*)<', page)
    assert [words.strip() for words in mains] == ["直接答复", "交部门办理"]
    assert page.count(' checked data-does="直接答复"') == 1, "the expected one comes first and is chosen"


def test_people_are_shown_by_role_and_the_phone_only_to_whom_may_see_it(town: PortalTown, sent_back: str) -> None:
    deputy = town.visitor("deputy").see(sent_back)
    assert "王芳" in plain(deputy)
    assert "责任代表" in plain(deputy)
    issue = town.report()
    town.to_departments(issue)
    handler = town.visitor("lighting")
    found = re.search(r'href="(/tasks/\d+/\d+)"', handler.see("/tasks"))
    assert found
    assert "李明" not in handler.see(found[1]), "a department works on the matter and is not told whose it is"


def test_an_error_page_leads_back_to_where_one_was(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    page = clerk.http.get("/issues/XG-2026-99999", headers={"referer": "http://testserver/issues?due=soon"})
    assert page.status_code == 404
    assert '<a class="btn btn-main" href="/issues?due=soon">' in page.text
    foreign = clerk.http.get("/issues/XG-2026-99999", headers={"referer": "https://elsewhere.example/issues"})
    assert "elsewhere" not in foreign.text


def _opened(page: Page) -> list[str]:
    """The decisions whose fields are shown."""
    return [one.inner_text() for one in page.locator(".choice-form .btn-main").all() if one.is_visible()]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_chosen_row_opens_its_own_fields_in_place(phones: Phones, sent_back: str, scripts: bool) -> None:
    page = phones("deputy", scripts=scripts)
    page.goto(sent_back)
    assert [words.split()[0] for words in _opened(page)] == ["直接答复"]
    page.locator("label.choice", has_text="交部门办理").click()
    assert [words.split()[0] for words in _opened(page)] == ["交部门办理"]
    bar = page.locator(".act-bar:visible").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] == pytest.approx(844, abs=2), "the main button stays at hand on a phone"


def test_digits_choose_and_control_enter_sends(phones: Phones, town: PortalTown) -> None:
    town.report()
    page = phones("clerk")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/tasks")
    page.locator(".work-line a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("路灯不亮")
    page.wait_for_load_state()
    page.keyboard.press("2")
    expect(page.get_by_label("理由")).to_be_visible()
    page.get_by_label("理由").fill("12")
    assert [words.split()[0] for words in _opened(page)] == ["不予受理"], "whoever writes chooses nothing"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".state-sentence")).to_have_text("已办结：不予受理")


def test_what_is_written_without_a_connection_is_kept_and_sent_later(phones: Phones, sent_back: str) -> None:
    page = phones("deputy")
    page.goto(sent_back)
    page.get_by_label("答复内容").fill("入户看过，灯杆要移。")
    page.context.set_offline(True)
    page.get_by_role("button", name="直接答复").click()
    expect(page.locator("[role=status]", has_text="现在没有网络")).to_be_visible()
    page.context.set_offline(False)
    page.goto("/tasks")
    expect(page.get_by_text("本机有草稿")).to_be_visible()
    page.goto(sent_back)
    expect(page.get_by_label("答复内容")).to_have_value("入户看过，灯杆要移。")
    page.get_by_role("button", name="直接答复").click()
    expect(page.get_by_text("已提交，谢谢。")).to_be_visible()
    page.goto("/tasks")
    assert page.evaluate("Object.keys(localStorage)") == []


def test_departments_in_charge_of_what_it_is_about_are_offered_first_and_it_says_why(town: PortalTown) -> None:
    listed = {"list": "competences", "code": "lighting", "name_zh": "路灯照明", "name_en": "Street lighting"}
    power = int(town.departments["gd"].split(":")[1])
    with town.house.database.writing() as connection:
        connection.execute(insert(codes), {**listed, "position": 1})
        bears = {"organisation_id": power, "list": "competences", "code": "lighting"}
        connection.execute(insert(organisation_codes), bears)
    for kind, first in (("lighting", "供电公司（职责：路灯照明）"), ("roads", "城市管理局")):
        issue = town.report(kind=kind, subject=f"{kind} 2")
        town.act(issue, "clerk", "accept")
        page = town.visitor("deputy").see(f"/tasks/{issue}/{town.item(issue, town.party('deputy'))}")
        offered = re.findall(r'<option value="organisation:\d+">([^<]+)</option>', page)
        assert offered[0] == first
        ticked = re.findall(r'name="field.assist"[^>]*><span>([^<]+)</span>', page)
        assert ticked[:2] == offered[:2], "several are offered in the same order"


def test_on_paper_an_issue_has_its_head_and_its_code_and_nothing_is_folded(town: PortalTown, phones: Phones) -> None:
    number, _ = town.number_and_code(town.report())
    page = phones("clerk")
    page.goto(f"/issues/{number}")
    expect(page.locator(".print-qr")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".print-head")).to_be_visible()
    expect(page.locator(".print-qr svg")).to_be_visible()
    fold = page.locator("main details", has_text="诉求内容").first
    fold.evaluate("one => { one.open = false }")
    expect(fold.locator("dl.facts")).to_be_visible()
    mark = "one => getComputedStyle(one, '::after').display"
    assert fold.locator("summary").evaluate(mark) == "none"
    for away in (".rail", ".crumbs", ".tabs-phone"):
        expect(page.locator(away).first).to_be_hidden()
    assert page.locator("main img[loading=lazy]").count() == 0, "what is not loaded is blank on paper"


def test_many_tasks_come_page_by_page_each_once_and_the_most_urgent_first(town: PortalTown) -> None:
    for at in range(PAGE + 3):
        town.report(subject=f"第 {at + 1} 盏路灯不亮")
        town.clock.move(minutes=10)
    clerk = town.visitor("clerk")
    address, tasks, pages = "/tasks", [], 0
    while address:
        page = clerk.see(address)
        assert f'<h1>我的任务 <span class="count">{PAGE + 3}</span></h1>' in page
        tasks += re.findall(r'class="work-line"><a href="(/tasks/\d+/\d+)"', page)
        following = re.search(r'href="(/tasks[^"]*)" data-next', page)
        address, pages = (html.unescape(following[1]) if following else ""), pages + 1

    whole = my_tasks(town.house, town.people["clerk"], "zh", town.clock.now)
    assert (pages, len(whole)) == (2, PAGE + 3)
    assert tasks == [f"/tasks/{line.issue_id}/{line.item}" for line in whole]
    assert 'href="/tasks">' in page


@pytest.mark.parametrize("after", ["x", "1", "999999999.1", "1.1.1", "9" * 30 + ".1", "%00", "-1.2"])
def test_a_place_that_nobody_named_is_the_beginning_of_the_tasks(town: PortalTown, after: str) -> None:
    issue = town.report()
    assert f"/tasks/{issue}/" in town.visitor("clerk").see(f"/tasks?after={after}")
