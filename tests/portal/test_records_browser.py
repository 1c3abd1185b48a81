"""An office's own sheet of matters is taken over and taken back: in a real browser, at a desk and on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from huying.database.tables import audit, issues, legacy_matters
from tests.huying.legacy.test_imports import HEAD, ROWS, sheet
from tests.huying.town import administrator
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser
from tests.portal.test_register_import_browser import _sound

__all__ = ["address", "browser"]


@pytest.fixture
def page(browser: Browser, address: str, town: PortalTown, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The administrator's browser, as wide as the test says."""
    width = getattr(request, "param", 1280)
    town.people["admin"] = administrator(town.house)
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 900 else 900}, locale="zh-CN", base_url=address
    )
    for name, value in town.visitor("admin").http.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": address}])
    opened = context.new_page()
    opened.set_default_timeout(within(10) * 1000)
    yield opened
    context.close()


def _hand_in(page: Page, content: bytes, name: str = "2025年信访台账.xlsx") -> None:
    page.goto("/records/import")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("#definition").select_option("street-matters")
    page.locator("#sheet").set_input_files({"name": name, "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="上传并核对").click()


@pytest.mark.parametrize("page", [1280, 390], indirect=True)
def test_a_sheet_is_taken_over_and_back(page: Page, town: PortalTown) -> None:
    page.goto("/records/import")
    _sound(page, "records-hand-in")
    _hand_in(page, b"\xd0\xcf\x11\xe0 old", "旧台账.xls")
    expect(page.locator("main")).to_contain_text("另存为 .xlsx")

    wrong = ["2025-04", "3月1日", "星光站", "", "", "树枝", "道路", "代表研究", "", ""]
    _hand_in(page, sheet(["信访台账"], HEAD, *ROWS, wrong, merged=("A1:J1",)))
    expect(page.locator("h1")).to_contain_text("2025年信访台账")
    expect(page.locator("main")).to_contain_text("还没有选")
    expect(page.locator(".findings")).to_contain_text("3月1日")
    _sound(page, "records-look-over")

    page.get_by_label("等代表回话").select_option(label="代表研究")
    page.get_by_role("button", name="按这样再看一遍").click()
    expect(page.locator("main")).not_to_contain_text("还没有选")
    page.get_by_role("button", name="承接 3 件，跳过有错的 1 行").click()
    expect(page.locator("[role=status]")).to_contain_text("已承接 3 件")
    _sound(page, "records-written")
    with town.house.database.reading() as connection:
        query = select(issues.c.number).join(legacy_matters, legacy_matters.c.issue_id == issues.c.id)
        number = connection.execute(query.where(legacy_matters.c.ours == "2025-02")).scalar_one()
    page.goto(f"/issues/{number}")
    expect(page.locator("main")).to_contain_text("从旧台账承接")
    expect(page.locator("main")).to_contain_text("代表研究")

    page.goto("/records/import")
    page.get_by_role("link", name="2025年信访台账.xlsx").first.click()
    page.get_by_role("link", name="撤回这次导入").click()
    _sound(page, "records-undo")
    page.get_by_role("button", name="撤回 3 件").click()
    expect(page.locator("[role=status]")).to_contain_text("已撤回")
    with town.house.database.reading() as connection:
        assert connection.execute(select(legacy_matters)).all() == []
        told = set(connection.execute(select(audit.c.what)).scalars())
    assert {"records-imported", "records-undone"} <= told


def test_who_does_not_keep_the_register_stands_before_a_closed_door(town: PortalTown) -> None:
    for login in ("clerk", "deputy", "stranger"):
        assert town.visitor(login).http.get("/records/import").status_code == 403
