"""The editor of definitions in a real browser: lines, places of faults, the keyboard; on a phone's width and without scripts too."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.huying.town import DEFINITION, administrator
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, _fits, address, browser, phones  # noqa: F401 - fixtures
from tests.portal.test_editor import EDIT, LONGER, SCENARIO


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
    page.get_by_label("修改说明").fill("延长研究期限")
    page.get_by_role("button", name="发布").click()
    page.wait_for_url("**/versions/2")


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


def test_it_works_without_scripts(phones: Phones, town: PortalTown) -> None:  # noqa: F811
    page = _begun(phones, town, scripts=False)
    page.get_by_label("流程定义").fill(LONGER)
    page.get_by_role("button", name="检查并演练").click()
    expect(page.get_by_role("status")).to_contain_text("检查通过")
    page.get_by_role("button", name="丢弃草稿").click()
    expect(page.get_by_text("目前没有草稿")).to_be_visible()
