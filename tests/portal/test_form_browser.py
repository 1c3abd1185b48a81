"""A form with every type of field on a real phone: conditions, rows, the position, and the same without scripts."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import MORNING, PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, _fits, address, browser, phones  # noqa: F401 - fixtures
from tests.portal.test_fields import DEFINITION, FORM


def _picture(page: Page, name: str) -> None:
    """A picture of the whole page for whoever wants to look, if a folder is named."""
    folder = os.environ.get("HUYING_TEST_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_form_with_every_type_of_field_is_filled_in_on_a_phone(
    phones: Phones,  # noqa: F811
    town: PortalTown,
) -> None:
    publish(town.house, DEFINITION, "subsidy.yaml", Imprint("test", MORNING))
    page = phones()
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 118.0891, "latitude": 24.4798})
    page.goto(FORM)
    _fits(page, "活动经费申请")
    expect(page.get_by_label("主持人")).to_be_hidden()
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_label("联络站", exact=True).select_option("XG")
    page.get_by_label("事由").fill("走访困难群众")
    page.get_by_text("会议", exact=True).click()
    expect(page.get_by_label("主持人")).to_be_visible()
    page.get_by_label("主持人").fill("王芳")
    page.locator("details.fold > summary").filter(has_text="再多说几句").click()
    page.get_by_label("开始时间").fill("2026-12-01T09:30")
    page.get_by_label("地点").fill("望海路 8 号")
    page.get_by_text("地图坐标").click()
    page.get_by_role("button", name="使用我的位置").click()
    expect(page.get_by_label("经度")).to_have_value("118.089100")
    page.get_by_label("现场照片").set_input_files({"name": "现场.png", "mimeType": "image/png", "buffer": PIXEL})
    page.get_by_label("用途").fill("水果")
    page.get_by_label("单价").fill("很贵")
    page.get_by_role("button", name="添加一行").click()
    page.get_by_role("button", name="添加一行").click()
    expect(page.locator("legend", has_text="第 3 行")).to_be_visible()
    page.get_by_role("button", name="删除本行").nth(1).click()
    expect(page.locator("[data-row]")).to_have_count(2)
    page.get_by_label("用途").nth(1).fill("大巴")
    page.get_by_label("单价").nth(1).fill("1500")
    page.get_by_label("您的姓名").fill("李明")
    _fits(page, "活动经费申请")
    _picture(page, "form-filled")
    page.get_by_role("button", name="提交").click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("第1行“单价”")
    expect(summary).to_contain_text("请填写“联系电话”")
    expect(page.locator("[data-row]")).to_have_count(2)
    expect(page.get_by_label("现场.png")).to_be_checked()
    _fits(page, "活动经费申请")
    _picture(page, "form-errors")
    page.get_by_label("单价").first.fill("20.5")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_role("button", name="提交").click()
    _fits(page, "回执")
    page.get_by_role("link", name="查看事项").click()
    expect(page.locator(".value-table")).to_contain_text("¥1,500.00")
    expect(page.get_by_role("link", name="现场.png")).to_be_visible()
    _fits(page, "走访困难群众")
    _picture(page, "form-shown")


def test_the_form_works_without_scripts(phones: Phones, town: PortalTown) -> None:  # noqa: F811
    publish(town.house, DEFINITION, "subsidy.yaml", Imprint("test", MORNING))
    page = phones(scripts=False)
    page.goto(FORM)
    _fits(page, "活动经费申请")
    expect(page.get_by_label("主持人")).to_be_visible()
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.get_by_role("button", name="添加一行")).to_be_hidden()
    _picture(page, "form-plain")
    page.get_by_label("联络站", exact=True).select_option("XG")
    page.get_by_label("事由").fill("走访困难群众")
    page.get_by_text("走访", exact=True).click()
    page.get_by_label("用途").nth(2).fill("水果")
    page.get_by_label("单价").nth(2).fill("20.5")
    page.locator("details.fold > summary").filter(has_text="再多说几句").click()
    page.get_by_label("您的姓名").fill("李明")
    page.get_by_role("button", name="提交").click()
    _fits(page, "回执")
