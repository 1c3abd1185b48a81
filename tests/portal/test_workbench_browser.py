"""The clerk's story at the workbench in a real browser: by keyboard alone, at a desk and on a phone, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.huying.town import PASSPHRASE
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser

__all__ = ["address", "browser"]

LIST = "/issues?status=open&cared_for=true&sort=number"
_SMALL = """() => [...document.querySelectorAll('main button, main select, main summary, main a, main label')]
    .filter(e => e.checkVisibility() && !e.classList.contains('hidden') && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture
def busy(town: PortalTown) -> PortalTown:
    """Eight issues; the first of them is sent back by its reporter."""
    for at in range(8):
        town.report(
            subject=f"第 {at + 1} 盏灯不亮，晚上接送孩子看不清路，住户反映了好几次",
            kind="lighting" if at % 2 else "roads",
        )
    town.to_confirmation(1)
    town.people["reporter"] = town.reporter(1)
    town.act(1, "reporter", "dissatisfied", why="停车线画了，没有人管。")
    return town


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[list[BrowserContext]]:
    """The browsers of a test, closed after it."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


def _page(browser: Browser, address: str, opened: list[BrowserContext], width: int, **more: object) -> Page:
    height = 844 if width < 900 else 800
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address, **more)  # type: ignore[arg-type]
    opened.append(context)
    page = context.new_page()
    page.set_default_timeout(within(10) * 1000)
    page.goto("/login")
    page.locator("[name=login]").fill("clerk")
    page.locator("[name=passphrase]").fill(PASSPHRASE)
    page.locator("[name=passphrase]").press("Enter")
    page.wait_for_url("**/tasks*")
    return page


@pytest.mark.parametrize(("width", "language"), [(1440, "zh"), (1280, "en"), (390, "zh")])
def test_nothing_is_wrong_with_list_and_issue(
    busy: PortalTown, browser: Browser, address: str, opened: list[BrowserContext], width: int, language: str
) -> None:
    page = _page(browser, address, opened, width)
    for query in (f"{LIST}&layout=table", f"{LIST}&open=XG-2026-00001"):
        page.goto(f"{query}&lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        if width == 390:
            assert page.evaluate(_SMALL) == []


def test_a_clerk_works_through_the_list_by_keyboard_alone(
    busy: PortalTown, browser: Browser, address: str, opened: list[BrowserContext]
) -> None:
    page = _page(browser, address, opened, 1280)
    page.goto(f"{LIST}&layout=split")
    keys, pane = page.keyboard, page.locator("#pane")
    keys.press("j")
    expect(pane).to_contain_text("第 1 盏灯")
    expect(pane).to_contain_text("停车线画了，没有人管。")
    keys.press("j")
    expect(pane).to_contain_text("第 2 盏灯")
    keys.press("k")
    expect(pane).to_contain_text("第 1 盏灯")
    assert "open=XG-2026-00001" in page.url

    # a remark beside the list, and back in the same list; letters within a field are letters
    keys.press("m")
    expect(page.locator("#remark-text")).to_be_focused()
    keys.type("jjxx 已电话联系")
    keys.press("Tab")
    with page.expect_navigation():
        keys.press("Enter")
    expect(pane).to_contain_text("第 1 盏灯")
    assert "sort=number" in page.url
    assert "open=XG-2026-00001" in page.url

    # several at once: choose a range, give a reason, read the report
    keys.press("j")
    keys.press("x")
    keys.press("j")
    keys.press("j")
    keys.press("Shift+X")
    expect(page.locator("[data-chosen]")).to_have_text("已选 3 件")
    # an issue that opens beside the list meanwhile takes nothing of it away
    expect(page).to_have_url(re.compile(r"open=XG-2026-00004.*checked=2\.3\.4"))
    page.reload()
    expect(page.locator("[data-chosen]")).to_have_text("已选 3 件")
    keys.press("p")
    expect(page.locator("#why-suspend")).to_be_focused()
    keys.type("台风")
    keys.press("Tab")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="共 3 件")).to_contain_text("已处理 3 件")

    # the map of keys, and single keys turned off
    keys.press("?")
    expect(page.locator("#keys-map")).to_be_visible()
    page.get_by_label("在这个浏览器里停用单键").press("Space")
    keys.press("Escape")
    expect(page.locator("#keys-map")).not_to_be_visible()
    keys.press("g")
    keys.press("a")
    keys.press("j")
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    page.evaluate("localStorage.clear()")
    keys.press("g")
    keys.press("i")
    page.wait_for_url("**/issues?mine=true")


def test_typing_pinyin_presses_no_key(
    busy: PortalTown, browser: Browser, address: str, opened: list[BrowserContext]
) -> None:
    page = _page(browser, address, opened, 1280)
    page.goto(f"{LIST}&layout=table")
    composing = "new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true})"
    page.evaluate(f"document.body.dispatchEvent({composing})")
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    page.keyboard.press("Control+j")
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    page.keyboard.press("j")
    expect(page.locator("[data-row]:focus")).to_have_count(1)


def test_news_come_by_themselves_and_move_nothing(
    busy: PortalTown, browser: Browser, address: str, opened: list[BrowserContext]
) -> None:
    page = _page(browser, address, opened, 1280)
    page.goto(f"{LIST}&layout=table")
    page.keyboard.press("j")
    busy.clock.move(minutes=1)
    busy.report(subject="新来的")
    # as the half minute would, without waiting for it
    page.evaluate("htmx.ajax('GET', document.querySelector('.fresh').getAttribute('hx-get'), '.fresh')")
    expect(page.locator(".fresh")).to_contain_text("1 件有新情况")
    expect(page.locator("[data-row]:focus")).to_have_count(1)
    assert "新来的" not in page.locator("[data-list]").inner_text()
    page.locator(".fresh a").click()
    expect(page.locator("[data-list]")).to_contain_text("新来的")


def test_on_a_phone_an_issue_takes_the_lists_place_and_gives_it_back(
    busy: PortalTown, browser: Browser, address: str, opened: list[BrowserContext]
) -> None:
    page = _page(browser, address, opened, 390, java_script_enabled=False)
    page.goto(f"{LIST}&layout=split")
    page.locator("[data-row]").first.click()
    expect(page.locator("#pane")).to_contain_text("第 1 盏灯")
    expect(page.locator("[data-list]")).not_to_be_visible()
    page.get_by_role("link", name="回到列表").click()
    expect(page.locator("[data-list]")).to_be_visible()
