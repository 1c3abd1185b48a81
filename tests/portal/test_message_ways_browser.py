"""How one is told, on a phone: a new address, its code, the order, quiet hours; what was chosen is there when one comes back."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from sqlalchemy import select

from huying.database import tables as t
from tests.huying.delivery.desk import address as own_address
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones

__all__ = ["address", "browser", "phones"]


def test_a_deputy_adds_an_address_and_chooses_when(town: PortalTown, phones: Phones) -> None:
    own_address(town, "deputy", "old@example.org")
    page = phones("deputy")
    page.goto("/account")
    page.get_by_role("link", name="我怎样收到消息").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("我怎样收到消息")
    page.get_by_label("地址或号码").fill("new@example.org")
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_role("status")).to_contain_text("验证码已发出")
    with town.house.database.reading() as connection:
        text = connection.execute(
            select(t.deliveries.c.text).where(t.deliveries.c.occasion == "address-code")
        ).scalar_one()
    code = next(iter(re.findall(r"\d{6}", text)))
    page.get_by_label("new@example.org 的验证码").fill(code)
    page.get_by_role("button", name="确认").click()
    expect(page.get_by_role("status")).to_contain_text("地址已确认")
    page.get_by_role("button", name="放到最前").click()
    expect(page.locator(".record-title").first).to_have_text("new@example.org")
    page.locator("#digest-tasks").select_option("daily")
    page.get_by_label("每天汇总的时间").fill("18:00")
    page.get_by_label("免打扰从").fill("22:00")
    page.locator("#quiet-to").fill("07:00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已按您的选择保存")
    page.goto("/account/messages")
    expect(page.locator("#digest-tasks")).to_have_value("daily")
    expect(page.locator("#quiet-from")).to_have_value("22:00")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
