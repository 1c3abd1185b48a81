"""Passkeys in a real browser with an authenticator of its own: added, shown, demanded, refused; on phone and desk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, CDPSession, Page, expect

from huying.access.rules import AccountRules
from tests.huying.town import PASSPHRASE
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import browser, served

__all__ = ["browser"]

#: Where pictures of the pages go, for whoever wants to look at them.
_PICTURES = os.environ.get("HUYING_TEST_PICTURES")
_PAGE = "/account/passkeys"
WORDS = {
    "zh": {
        "add": "添加通行密钥",
        "alone": "用通行密钥登录",
        "use": "使用通行密钥",
        "kept": "已经保存好，继续",
        "added": "通行密钥已添加",
    },
    "en": {
        "add": "Add a passkey",
        "alone": "Log in with a passkey",
        "use": "Use your passkey",
        "kept": "I have kept them; go on",
        "added": "The passkey was added",
    },
}


@pytest.fixture
def office(town: PortalTown) -> Iterator[str]:
    """The address of the town by name: browsers offer no passkeys at a number."""
    with served(town.app) as found:
        named = found.replace("127.0.0.1", "localhost")
        object.__setattr__(town.app.state.portal.config, "portal_url", named)
        yield named


def _opened(browser: Browser, address: str, width: int, language: str = "zh") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 900 else 900},
        base_url=address,
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
    )
    page = context.new_page()
    page.set_default_timeout(within(10) * 1000)
    return page


def _device(page: Page, *, verifies: bool = True) -> tuple[CDPSession, str]:
    """An authenticator in the browser, whose owner is there and says yes; ``verifies``: as phones do, by face or finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def _moved(old: tuple[CDPSession, str], page: Page) -> tuple[CDPSession, str]:
    """The same passkeys on a new page: as a phone has them in every window."""
    session, key = _device(page)
    for one in old[0].send("WebAuthn.getCredentials", {"authenticatorId": old[1]})["credentials"]:
        session.send("WebAuthn.addCredential", {"authenticatorId": key, "credential": one})
    return session, key


def _sound(page: Page, name: str = "") -> None:
    """Nothing that axe finds, no sideways scroll, nothing too small for a finger."""
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    if _PICTURES and name:
        page.screenshot(path=str(Path(_PICTURES) / f"{name}.png"), full_page=True)


def _log_in(page: Page, login: str = "deputy", passphrase: str = PASSPHRASE) -> None:
    page.goto("/login")
    page.locator("#login").fill(login)
    page.locator("main #passphrase").fill(passphrase)
    page.locator("main #passphrase").press("Enter")
    page.wait_for_url(lambda address: urlsplit(address).path != "/login")


def _add(page: Page, words: dict[str, str], shown: str = PASSPHRASE) -> None:
    page.goto(_PAGE)
    page.locator("#name").fill("我的手机")
    page.locator("#present").fill(shown)
    page.get_by_role("button", name=words["add"]).click()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_added_shown_alone_and_shown_after_the_passphrase(
    town: PortalTown, browser: Browser, office: str, width: int, language: str
) -> None:
    words, mark = WORDS[language], f"{width}-{language}"
    page = _opened(browser, office, width, language)
    device = _device(page)
    _log_in(page)
    page.goto(f"{_PAGE}?lang={language}")
    _sound(page, f"empty-{mark}")
    _add(page, words)
    expect(page.locator(".recovery li")).to_have_count(10)
    _sound(page, f"recovery-{mark}")
    page.get_by_role("link", name=words["kept"]).click()
    expect(page.locator("[data-result]")).to_contain_text(words["added"])
    expect(page.locator(".devices li")).to_have_count(1)
    _sound(page, f"list-{mark}")
    page.goto("/account")
    _sound(page, f"account-{mark}")

    alone = _opened(browser, office, width, language)
    known = _moved(device, alone)
    alone.goto(f"/login?next=/account&lang={language}")
    alone.get_by_role("button", name=words["alone"]).wait_for()
    _sound(alone, f"login-{mark}")
    alone.get_by_role("button", name=words["alone"]).click()
    alone.wait_for_url("**/account")
    expect(alone.locator(".devices li").first).to_contain_text({"zh": "通行密钥", "en": "passkey"}[language])
    _sound(alone, f"opened-{mark}")

    second = _opened(browser, office, width, language)
    _moved(known, second)
    second.goto(f"/login?lang={language}")
    _log_in(second)
    second.get_by_role("button", name=words["use"]).wait_for()
    _sound(second, f"code-{mark}")
    second.get_by_role("button", name=words["use"]).click()
    second.wait_for_url("**/tasks*")


@pytest.mark.parametrize("width", [390, 1280])
def test_an_office_that_asks_for_a_second_factor(town: PortalTown, browser: Browser, office: str, width: int) -> None:
    object.__setattr__(town.app.state.portal.config, "accounts", AccountRules(second_factor_for=frozenset({"staff"})))
    page = _opened(browser, office, width)
    _device(page)
    _log_in(page, "clerk")
    page.get_by_role("button", name="添加通行密钥").wait_for()
    _sound(page, f"enrolment-{width}-zh")
    page.get_by_role("button", name="添加通行密钥").click()
    expect(page.locator(".recovery li")).to_have_count(10)
    page.get_by_role("link", name="已经保存好，继续").click()
    page.goto(_PAGE)
    page.get_by_text("删除", exact=False).first.click()
    page.locator("input[id^=present-]").fill(PASSPHRASE)
    page.get_by_role("button", name="删除这个通行密钥").click()
    expect(page.get_by_role("alert").first).to_contain_text("这是最后一个")
    _sound(page, f"last-{width}-zh")


def test_what_goes_wrong_is_said_on_the_spot(town: PortalTown, browser: Browser, office: str) -> None:
    page = _opened(browser, office, 390)
    device = _device(page)
    _log_in(page)
    said = page.locator("[data-passkey-said]")
    _add(page, WORDS["zh"], "something else")
    expect(said).to_contain_text("口令或验证码不对")
    expect(said).to_be_focused()
    _sound(page, "wrong-390-zh")
    page.locator("#present").fill(PASSPHRASE)
    page.get_by_role("button", name="添加通行密钥").click()
    page.get_by_role("link", name="已经保存好，继续").click()
    _add(page, WORDS["zh"])
    expect(said).to_contain_text("已经有这个账号的通行密钥")
    # its owner turns away, or the device does not know them
    device[0].send("WebAuthn.setUserVerified", {"authenticatorId": device[1], "isUserVerified": False})
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(said).to_contain_text("没有完成")
    _sound(page, "stopped-390-zh")
    device[0].send("WebAuthn.setUserVerified", {"authenticatorId": device[1], "isUserVerified": True})
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/tasks*")
    page.goto(_PAGE)
    page.locator("details summary").first.click()
    page.locator("input[id^=present-]").fill(PASSPHRASE)
    page.get_by_role("button", name="删除这个通行密钥").click()
    expect(page.locator("[data-result]")).to_contain_text("已删除")
    page.context.clear_cookies()
    page.goto("/login")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator(".error-summary")).to_contain_text("已经删除")
    _sound(page, "gone-390-zh")


def test_at_another_name_of_the_house_the_page_leads_to_the_right_one(
    town: PortalTown, browser: Browser, office: str
) -> None:
    page = _opened(browser, office.replace("localhost", "127.0.0.1"), 390)
    _log_in(page)
    page.goto(_PAGE)
    expect(page.get_by_role("link", name=office)).to_be_visible()
    expect(page.locator("#name")).to_be_hidden()
    _sound(page, "elsewhere-390-zh")


def test_a_browser_without_passkeys_is_offered_an_authenticator(
    town: PortalTown, browser: Browser, office: str
) -> None:
    page = _opened(browser, office, 390)
    page.add_init_script("delete window.PublicKeyCredential")
    _log_in(page)
    page.goto(_PAGE)
    expect(page.get_by_role("link", name="设置验证器")).to_be_visible()
    expect(page.locator("#name")).to_be_hidden()
    _sound(page, "none-390-zh")
    page.context.clear_cookies()
    page.goto("/login")
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
