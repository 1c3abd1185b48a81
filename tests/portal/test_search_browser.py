"""Search with a real browser: found as one types, by keys alone, at every width."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import expect

from huying.search.upkeep import every_portion
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones

__all__ = ["address", "browser", "phones"]


@pytest.fixture
def street(town: PortalTown) -> None:
    """Issues to be found."""
    for subject in ("莲花三村12栋路灯不亮", "厦港避风坞污水横流", "厦岗老街积水", "电梯停运"):
        town.report(subject=subject, details="楼道口的灯坏了一周，晚上老人出门看不清路。")
    for _ in every_portion(town.house):
        pass


def test_issues_are_found_as_one_types(town: PortalTown, street: None, phones: Phones) -> None:
    for issue in range(1, 5):
        town.act(issue, "clerk", "accept")
    for _ in every_portion(town.house):
        pass
    page = phones("deputy")
    page.goto("/issues")
    page.locator("#sought-here").focus()
    page.keyboard.type("厦港")
    expect(page.locator("#found li")).to_have_count(2)
    expect(page.locator("#found mark").first).to_have_text("厦港")
    assert page.evaluate("document.activeElement.id") == "sought-here"
    expect(page).to_have_url("/issues?q=%E5%8E%A6%E6%B8%AF")
    page.keyboard.press("Control+A")
    page.keyboard.type("路灯")
    expect(page.locator("#found li")).to_have_count(1)
    expect(page).to_have_url("/issues?q=%E8%B7%AF%E7%81%AF")
    for width in (320, 390, 768, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        if folder := os.environ.get("HUYING_SHOTS"):
            page.screenshot(path=f"{folder}/search-{width}.png")
    page.locator("#found a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("莲花三村12栋路灯不亮")


def test_the_list_of_staff_is_searched_as_one_types_and_worked_on_by_keys(
    town: PortalTown, street: None, phones: Phones
) -> None:
    page = phones("clerk")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/issues?status=open&sort=number&layout=table")
    rows = page.locator("[data-list] tbody tr")
    expect(rows).to_have_count(4)
    page.keyboard.press("/")
    expect(page.locator("#sought")).to_be_focused()
    page.keyboard.type("厦港")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-list] mark").first).to_have_text("厦港")
    expect(page.locator("#sought")).to_be_focused()
    expect(page).to_have_url("/issues?q=%E5%8E%A6%E6%B8%AF")
    # the keys of the list go on in what was found, and what is chosen is counted
    page.keyboard.press("Tab")
    page.locator("#list-title").click()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("已选 1 件")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()
    # a choice over the list narrows the search
    page.locator("#by-kind").select_option("street-matters:lighting")
    expect(page).to_have_url(re.compile(r"q=%E5%8E%A6%E6%B8%AF.*kind="))
    page.go_back()
    page.go_back()
    expect(rows).to_have_count(4)
    expect(page).to_have_url(re.compile("status=open"))


def test_an_issue_is_found_by_two_keys_and_the_word_from_wherever_one_is(
    town: PortalTown, street: None, phones: Phones
) -> None:
    page = phones("clerk")
    page.set_viewport_size({"width": 1280, "height": 800})
    keys = 0

    def press(key: str) -> None:
        nonlocal keys
        page.keyboard.press(key)
        keys += 1

    for start in ("/duty", "/my/calendar", "/issues"):
        page.goto(start)
        keys = 0
        press("/")
        page.keyboard.type("电梯")
        press("Enter")
        expect(page.locator("[data-list] tbody tr")).to_have_count(1)
        expect(page.locator("[data-list] mark").first).to_have_text("电梯")
        assert keys <= 2, start
