"""An administrator moves an office in by workbook: seen in a real browser, at a desk and on a phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Connection

from huying.access import accounts
from huying.database.tables import participants
from tests.huying.register.workbook.sheets import PEOPLE, SMALL, book_of
from tests.huying.town import MORNING
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser

__all__ = ["address", "browser"]

GOOD = "three hens refuse to lay"
#: Where pictures are kept for somebody to look at; nowhere unless it is said.
_PICTURES = os.environ.get("HUYING_TEST_PICTURES")
_SMALL_TARGETS = """() => [...document.querySelectorAll('main button, main summary, main a.btn, main input:not([type=hidden]):not([type=checkbox])')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""
OFFICE = {
    **SMALL,
    "区域": [*SMALL["区域"], ["9901002", "榕荫街道", "街道", "9902"]],
    "人员": [
        PEOPLE[0],
        PEOPLE[1],
        PEOPLE[2],
        PEOPLE[3],
        ["", "黄小明", "工作人员", "１３８１２３４2210", "", "", ""],
        ["", "黄小明", "联络员", "\u202d15912340871\u202c", "", "", ""],
        ["sujia", "苏禾", "代表", "1391234567", "区", "2022.1.10", "2027年1月9日"],
    ],
    "单位": [["代码", "名称", "类别"], ["CGJ", "城市管理局", "承办单位"]],
    "任职": [*SMALL["任职"][:3], ["dingkai", "CGJ", "承办人", ""], ["黄小明", "XG", "联络员", ""]],
}


@pytest.fixture
def link(town: PortalTown) -> str:
    """The printed address by which the first administrator comes in."""
    return f"/account/set/{accounts.first_administrator(town.house, MORNING).token}"


@pytest.fixture
def page(browser: Browser, address: str, link: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The administrator's browser, as wide as the test says."""
    width = getattr(request, "param", 1280)
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 900 else 900}, locale="zh-CN", base_url=address
    )
    opened = context.new_page()
    opened.set_default_timeout(within(10) * 1000)
    opened.goto(link)
    for name, value in (("passphrase", GOOD), ("again", GOOD), ("name", "温如玉"), ("login", "wen")):
        opened.locator(f"[name={name}]").fill(value)
    opened.locator("main button.btn-main, main form button").last.click()
    opened.wait_for_load_state()
    yield opened
    context.close()


def _sound(page: Page, name: str) -> None:
    """Nothing lies beside the page, nothing hinders anybody; on a phone everything can be touched."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    if _PICTURES:
        page.screenshot(path=f"{_PICTURES}/{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if width < 400:
        assert page.evaluate(_SMALL_TARGETS) == []


def _hand_in(page: Page, content: bytes, name: str = "翔湾区名册（2026年11月）.xlsx") -> None:
    page.goto("/register/import")
    page.locator("#workbook").set_input_files(
        {
            "name": name,
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": content,
        }
    )
    page.get_by_role("button", name="上传并核对").click()


@pytest.mark.parametrize("page", [1280, 390], indirect=True)
def test_an_office_moves_in(page: Page, town: PortalTown) -> None:
    page.goto("/register/import")
    _sound(page, "hand-in")

    # the wrong file first: told beside the field, nothing else happens
    _hand_in(page, b"\xd0\xcf\x11\xe0 old", "旧名册.xls")
    expect(page.locator("main")).to_contain_text("另存为 .xlsx")
    _sound(page, "refused")

    _hand_in(page, book_of(OFFICE))
    expect(page.locator("h1")).to_contain_text("翔湾区名册")
    expect(page.locator(".findings")).to_contain_text("没有区划“9902”")
    expect(page.locator(".findings")).to_contain_text("手机号少了 1 位")
    expect(page.locator(".findings")).to_contain_text("有 2 个“黄小明”")
    _sound(page, "look-over")

    # one by a tap, one by the second of two, one by hand
    page.locator("tr", has_text="没有区划").get_by_role("button", name="用 9901 海湾区", exact=True).click()
    expect(page.locator(".findings")).not_to_contain_text("没有区划")
    page.locator("tr", has_text="有 2 个“黄小明”").get_by_role("button", name="159****0871").click()
    row = page.locator("tr", has_text="手机号少了")
    row.get_by_placeholder("在这里改").fill("13912345678")
    row.get_by_role("button", name="改好").click()
    expect(page.locator(".findings")).not_to_contain_text("手机号少了")
    page.get_by_role("link", name="新增").last.click()
    expect(page.locator(".findings")).to_contain_text("huangxiaoming2")
    _sound(page, "new")

    page.get_by_role("button", name="写入").click()
    expect(page.locator("[role=status]")).to_contain_text("已写入")
    _sound(page, "written")
    with town.house.database.reading() as connection:
        assert {"chenhai", "huangxiaoming", "huangxiaoming2", "sujia"} <= _logins(connection)

    page.get_by_role("link", name="撤回这次导入").click()
    _sound(page, "undo")
    page.get_by_role("button", name="撤回").click()
    expect(page.locator("[role=status]")).to_contain_text("已撤回")
    with town.house.database.reading() as connection:
        assert not _logins(connection) & {"chenhai", "sujia"}


def _logins(connection: Connection) -> set[str]:
    rows = connection.execute(participants.select()).mappings()
    return {row["login"] for row in rows if row["login"]}


def test_template_export_and_remarks_are_downloaded(page: Page, tmp_path: Path) -> None:
    page.goto("/register/import")
    for name, beginning in (("下载模板", "名册模板-"), ("导出现有名册", "名册-")):
        with page.expect_download() as coming:
            page.get_by_role("link", name=name).click()
        assert coming.value.suggested_filename.startswith(beginning)
    _hand_in(page, book_of(OFFICE))
    with page.expect_download() as coming:
        page.get_by_role("link", name="下载带说明的表格").click()
    kept = tmp_path / "remarks.xlsx"
    coming.value.save_as(kept)
    # what was handed back is handed in again, put right
    _hand_in(page, kept.read_bytes(), "待改的行.xlsx")
    expect(page.locator("main")).to_contain_text("没有读：工作表“问题 findings”")
    expect(page.locator(".findings")).to_contain_text("没有区划“9902”")
