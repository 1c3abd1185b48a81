"""The editor of definitions in a real browser: lines, places of faults, the keyboard; on a phone's width and without scripts too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from definitions.source.tree import read
from huying.processes import drafts
from huying.processes.drafts import Manuscript, all_drafts
from huying.processes.versions import report_of
from tests.huying.town import DEFINITION, MORNING, administrator
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, _fits, address, browser, phones  # noqa: F401 - fixtures
from tests.portal.test_editor import EDIT, LONGER, SCENARIO
from tests.portal.test_editor_publication import COURSE


def _begun(phones: Phones, town: PortalTown, *, scripts: bool = True) -> Page:  # noqa: F811
    administrator(town.house, "冯硕", "admin")
    page = phones("admin", scripts=scripts)
    page.goto(EDIT)
    page.get_by_role("button", name="修改").click()
    page.wait_for_url("**/editor/*")
    return page


def test_a_fault_leads_to_its_place_and_what_is_sound_is_published(phones: Phones, town: PortalTown) -> None:  # noqa: F811
    page = _begun(phones, town)
    _fits(page, "街道诉求办理")
    expect(page.locator(".gutter").first).to_contain_text(str(DEFINITION.count("\n") + 1))
    source = page.get_by_label("流程定义")
    source.fill(LONGER.replace("to: study", "to: studdy", 1))
    page.get_by_role("button", name="检查并演练").click()
    place = page.locator("[data-goto]").first
    expect(place).to_be_visible()
    _fits(page, "街道诉求办理")
    place.click()
    chosen = source.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen == "studdy"
    page.keyboard.type("study")
    page.get_by_label("场景").fill(SCENARIO)
    page.get_by_role("button", name="与现行版比较推演").click()
    expect(page.get_by_role("status")).to_contain_text("1 个场景都与预期相符")
    expect(page.get_by_text("3 个工作日 → 5 个工作日")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    _fits(page, "街道诉求办理")
    page.get_by_role("button", name="去发布").click()
    page.get_by_label("修改说明").fill("延长研究期限")
    expect(page.get_by_text("办结天数（中位）")).to_be_visible()
    _fits(page, "街道诉求办理")
    page.get_by_role("button", name="发布", exact=True).click()
    page.wait_for_url("**/versions/2?published=yes")
    expect(page.get_by_role("heading", name="已发布")).to_be_visible()


def test_the_keyboard_saves_and_a_new_line_is_indented_as_the_one_above(phones: Phones, town: PortalTown) -> None:  # noqa: F811
    page = _begun(phones, town)
    source = page.get_by_label("流程定义")
    source.fill("id: own\nroles:\n  clerk:")
    source.press("Control+End")
    source.press("Enter")
    page.keyboard.type("staff of: station")
    source.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("已保存，尚未发布")
    expect(source).to_have_value("id: own\nroles:\n  clerk:\n    staff of: station")


def test_what_is_wrong_is_said_as_somebody_types_and_leads_to_its_place(phones: Phones, town: PortalTown) -> None:  # noqa: F811
    page = _begun(phones, town)
    source = page.get_by_label("流程定义")
    source.fill(DEFINITION.replace("to: study", "to: studdy", 1))
    live = page.locator("[data-live]")
    expect(live).to_contain_text("是不是“study”")
    live.locator("[data-goto]").first.click()
    page.keyboard.type("study")
    expect(live).to_contain_text("文本没有毛病")
    assert all_drafts(town.house)[0].source == DEFINITION, "nothing is saved as one types"


def test_it_works_without_scripts(phones: Phones, town: PortalTown) -> None:  # noqa: F811
    page = _begun(phones, town, scripts=False)
    page.get_by_label("流程定义").fill(LONGER)
    page.get_by_role("button", name="检查并演练").click()
    expect(page.get_by_role("status")).to_contain_text("检查通过")
    page.get_by_role("button", name="丢弃草稿").click()
    expect(page.get_by_text("目前没有草稿")).to_be_visible()


#: By language: what whoever changes a deadline reads and presses.
_WORDS = {
    "zh": ("代表研究", "5个工作日", "保存", "接受新的走法", "同意，这样保存", "去发布", "发布", "已发布", "2026年3月9日"),
    "en": ("Study by the deputy", "5 working days", "Save", "Accept the new course", "Yes, save it so",
           "On to publishing", "Publish", "Published", "9 March 2026"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_deadline_is_changed_accepted_and_published_without_yaml(
    phones: Phones,  # noqa: F811
    town: PortalTown,
    language: str,
) -> None:
    study, time, save, accept, yes, on, publish_, published, day = _WORDS[language]
    clicks = _Clicks(_begun(phones, town))
    page = clicks.page
    number = all_drafts(town.house)[0].id
    drafts.save(town.house, number, 1, Manuscript(DEFINITION, COURSE), by="冯硕", now=MORNING)
    page.goto(f"/editor/{number}/form?lang={language}")
    clicks.on(page.locator(".formed-outline").get_by_role("link", name=study))
    page.locator("#v-within").fill(time)
    clicks.on(page.locator(".formed-sheet .btn-main", has_text=save))
    expect(page.locator(".courses")).to_contain_text(day)
    clicks.on(page.get_by_role("button", name=accept))
    clicks.on(page.get_by_role("button", name=yes))
    clicks.on(page.get_by_role("main").get_by_role("link", name=on))
    clicks.on(page.get_by_role("button", name=publish_, exact=True))
    expect(page.get_by_role("heading", name=published)).to_be_visible()
    assert clicks.number <= 8
    newest = town.house.processes.newest("street-matters")
    assert newest.source == DEFINITION.replace("within: 3 working days", "within: 5 working days", 1)
    assert report_of(town.house, "street-matters", 2)["scenarios_source"] == COURSE.replace(  # type: ignore[index]
        "2026-03-05", "2026-03-09"
    ).replace("[overdue]", "[]")


_ADDED = {
    "zh": ("添加", "保存", "文本和检查", "检查并演练", "检查通过"),
    "en": ("Add", "Save", "Text and check", "Check and rehearse", "This is sound"),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_step_and_a_category_are_added_without_yaml(
    phones: Phones,  # noqa: F811
    town: PortalTown,
    language: str,
) -> None:
    add, save, text, check, sound = _ADDED[language]
    page = _begun(phones, town)
    form = f"{page.url}/form"
    page.goto(f"{form}?lang={language}&at=assignment")
    page.locator("#key").fill("site-visit")
    page.locator("#title-zh").fill("现场查看")
    page.locator("#title-en").fill("Site visit")
    page.get_by_role("button", name=add, exact=True).click()
    expect(page.get_by_role("heading", level=2).first).to_be_visible()
    page.goto(f"{form}?at=assignment/site-visit")
    page.locator("#v-within").fill({"zh": "2个工作日", "en": "2 working days"}[language])
    page.locator("input[name='v.task.clerk']").uncheck()
    page.locator("input[name='v.task.deputy']").check()
    page.locator(".formed-sheet .btn-main", has_text=save).click()
    page.wait_for_url("**saved=yes")
    page.goto(f"{form}?at=assignment/site-visit/actions/done")
    page.locator("#v-title-zh").fill("看过了")
    page.locator("#v-title-en").fill("Seen")
    page.locator("#v-to").select_option("study")
    page.locator(".formed-sheet .btn-main", has_text=save).click()
    page.wait_for_url("**saved=yes")
    page.goto(f"{form}?at=assignment/choose-deputy")
    page.locator("#v-to").select_option("site-visit")
    page.locator(".formed-sheet .btn-main", has_text=save).click()
    page.wait_for_url("**saved=yes")
    page.goto(f"{form}?at=fields/kind/options")
    page.locator("#key").fill("water")
    page.locator("#title-zh").fill("供水")
    page.locator("#title-en").fill("Water supply")
    page.get_by_role("button", name=add, exact=True).click()
    page.wait_for_url("**saved=yes")
    page.get_by_role("link", name=text).first.click()
    page.get_by_role("button", name=check).click()
    expect(page.get_by_role("status").filter(has_text=sound)).to_be_visible()
    made = read(all_drafts(town.house)[0].source, "").plain()
    assert made["assignment"]["site-visit"]["task"] in ("deputy", ["deputy"])
    assert made["assignment"]["site-visit"]["within"] == "2 working days"
    assert made["assignment"]["site-visit"]["actions"]["done"]["to"] == "study"
    assert made["fields"]["kind"]["options"]["water"] == {"zh": "供水", "en": "Water supply"}


class _Clicks:
    """A person at a page, and how often they pressed something."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.number = 0

    def on(self, what: Locator) -> None:
        what.click()
        self.number += 1
