"""The way of a deputy into the house in a real browser: a slip, a passphrase, a second factor on a phone; and the pages of accounts."""

from __future__ import annotations

import re

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from huying.access import accounts
from huying.database.tables import participants
from tests.huying.town import MORNING
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser

__all__ = ["address", "browser"]

GOOD, OWN = "three hens refuse to lay", "le coq est mort, le coq est mort"


def _sound(page: Page) -> None:
    """Nothing that axe finds, no sideways scroll."""
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def _opened(browser: Browser, address: str, width: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 900 else 900}, base_url=address, locale="zh-CN"
    )
    page = context.new_page()
    page.set_default_timeout(within(10) * 1000)
    return page


def _set(page: Page, words: str) -> None:
    page.locator("#passphrase").fill(words)
    page.locator("#again").fill(words)
    page.locator("main .btn-main").click()


def test_a_deputy_comes_in_by_a_slip_and_a_phone(town: PortalTown, browser: Browser, address: str) -> None:
    object.__setattr__(town.app.state.portal.config, "portal_url", address)
    with town.house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "deputy").values(passphrase_hash=None))
    desk = _opened(browser, address, 1440)
    made = accounts.first_administrator(town.house, MORNING)
    desk.goto(f"/account/set/{made.token}")
    _sound(desk)
    desk.locator("#name").fill("温如玉")
    _set(desk, GOOD)
    desk.wait_for_url("**/welcome*")
    for look in ("lang=zh&theme=light", "lang=en&theme=dark"):
        desk.goto(f"/accounts?{look}")
        _sound(desk)
    desk.goto("/accounts?lang=zh&theme=light")
    desk.get_by_label("王芳").check()
    desk.get_by_role("button", name="打印单子").click()
    expect(desk.locator(".slip")).to_have_count(1)
    _sound(desk)
    link = re.search(r"/account/set/[\w-]+", desk.content())
    assert link

    phone = _opened(browser, address, 390)
    phone.goto(link[0])
    _sound(phone)
    _set(phone, "short")
    expect(phone.locator("#passphrase-error")).to_contain_text("至少要 15 个")
    _sound(phone)
    _set(phone, OWN)
    phone.wait_for_url("**/tasks*")
    phone.goto("/account")
    phone.get_by_role("link", name="设置验证器").click()
    _sound(phone)
    secret = phone.locator("[name=secret]").input_value()
    phone.locator("#code").fill(pyotp.TOTP(secret).at(town.clock.now))
    phone.locator("#present").fill(OWN)
    phone.locator("main .btn-main").click()
    expect(phone.locator(".recovery li")).to_have_count(10)
    _sound(phone)
    town.clock.move(minutes=1)
    _logs_in_with_a_code(_opened(browser, address, 390), secret, town)
    phone.goto("/account")
    expect(phone.locator(".devices li")).to_have_count(2)
    phone.get_by_role("button", name="退出其他设备").click()
    expect(phone.locator(".devices li")).to_have_count(1)


def _logs_in_with_a_code(page: Page, secret: str, town: PortalTown) -> None:
    page.goto("/login")
    page.locator("#login").fill("deputy")
    page.locator("main #passphrase").fill(OWN)
    page.locator("main #passphrase").press("Enter")
    page.wait_for_url("**/login/code*")
    _sound(page)
    page.locator("#code").fill(pyotp.TOTP(secret).at(town.clock.now))
    page.locator("#code").press("Enter")
    page.wait_for_url("**/tasks*")


@pytest.mark.parametrize("look", ["lang=zh&theme=light", "lang=en&theme=dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_ones_own_account_is_sound(town: PortalTown, browser: Browser, address: str, width: int, look: str) -> None:
    page = _opened(browser, address, width)
    page.goto("/login")
    page.locator("#login").fill("deputy")
    page.locator("main #passphrase").fill("correct horse")
    page.locator("main #passphrase").press("Enter")
    page.wait_for_url("**/tasks*")
    page.goto(f"/account?{look}")
    _sound(page)
