"""The yearly file in a real browser: in each dress, on a phone and at a desk; and a deputy who enters something and objects to a line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect

from huying.files.deeds import OfLine, enter, object_to
from huying.files.entry import EntryMatter
from huying.house.by import By
from tests.huying.town import PASSPHRASE
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import browser, served

__all__ = ["browser"]


@pytest.fixture
def full(town: PortalTown) -> PortalTown:
    """A file in which there is something of everything."""
    issue = town.report()
    town.to_departments(issue)
    office, deputy = (By(town.people[one], town.clock.now) for one in ("office", "deputy"))
    person = town.people["deputy"]
    leave = EntryMatter(kind="leave", day="2026-10-29", title="半天请假", half_days=1.0, result="因公出差")
    key = enter(town.house, person, leave, (), office)
    object_to(town.house, OfLine(person, 2026, key), "当天是代表工委组织的外地考察。", deputy)
    visit = EntryMatter(kind="inspection", day="2026-11-18", title="视察燃气管道改造工地", place="灯塔新村")
    enter(town.house, person, visit, (), deputy)
    return town


@pytest.fixture
def base(full: PortalTown) -> Iterator[str]:
    """Where its portal answers."""
    with served(full.app) as address:
        yield address


def opened(browser: Browser, base: str, login: str, width: int = 1280) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": width, "height": 844}, base_url=base, bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(within(15) * 1000)
    page.goto("/login")
    page.locator("input[name=login]").fill(login)
    page.locator("input[type=password]").fill(PASSPHRASE)
    page.locator("main .btn-main").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
    return context, page


@pytest.mark.parametrize(("login", "width"), [("deputy", 390), ("office", 1280)])
def test_in_each_dress_nothing_is_wrong_with_it(
    full: PortalTown, browser: Browser, base: str, login: str, width: int
) -> None:
    context, page = opened(browser, base, login, width)
    here = f"/files/{full.people['deputy']}"
    pages = (
        f"{here}/2026",
        f"{here}/2026?add=true",
        f"{here}/term",
        *(["/files/all/2026"] if login == "office" else []),
    )
    for language, theme in (("zh", "light"), ("en", "dark")):
        for address in pages:
            page.goto(f"/language?to={language}&back=/files")
            page.goto(f"/display?theme={theme}&back=/files")
            page.goto(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            found = Axe().run(page).response["violations"]
            assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], address
    context.close()


def test_a_deputy_enters_something_and_objects_to_a_line_on_a_phone(
    full: PortalTown, browser: Browser, base: str
) -> None:
    context, page = opened(browser, base, "deputy", 390)
    page.goto("/files")
    page.get_by_role("link", name="补记一件").click()
    page.get_by_label("哪一种").first.select_option("deed")
    page.get_by_label("日期").first.fill("2026-11-20")
    page.get_by_label("什么事").first.fill("为灯塔新村争取加装扶手")
    page.get_by_role("button", name="记入档案").click()
    expect(page.get_by_role("status")).to_contain_text("已记下")
    expect(page.get_by_text("为灯塔新村争取加装扶手")).to_be_visible()
    line = page.locator(".deed", has_text="受理：路灯不亮")
    line.get_by_text("有异议").click()
    line.get_by_label("哪里不对").fill("这件不是我受理的")
    line.get_by_role("button", name="提出异议").click()
    expect(page.locator(".deed", has_text="受理：路灯不亮")).to_contain_text("这件不是我受理的")
    context.close()
