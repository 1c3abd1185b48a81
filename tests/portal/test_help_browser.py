"""Help in a real browser: without a mouse, on a phone and at a desk, and on paper."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, expect

from tests.portal.test_browser import address, browser

__all__ = ["address", "browser"]

_ADDRESSES = ("/help", "/help?q=催办", "/help/resident", "/help/how-to", "/help/operations", "/help/commands")


@pytest.mark.parametrize(("width", "theme", "language"), [(390, "light", "zh"), (1280, "dark", "en")])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, address: str, width: int, theme: str, language: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, base_url=address, bypass_csp=True)
    page = context.new_page()
    for where in _ADDRESSES:
        page.goto(f"{where}{'&' if '?' in where else '?'}theme={theme}&lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == [], where
    context.close()


def test_the_way_from_a_page_to_its_section_by_keys_and_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/follow")
    page.get_by_role("link", name="使用说明").first.press("Enter")
    expect(page.get_by_role("heading", name="看进度")).to_be_in_viewport()
    page.get_by_role("link", name="使用说明").first.press("Enter")
    page.get_by_role("searchbox").last.fill("查询码")
    page.get_by_role("searchbox").last.press("Enter")
    page.get_by_role("link", name="回执").press("Enter")
    expect(page.get_by_role("heading", name="回执")).to_be_in_viewport()
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("guide", ["resident", "deputy", "clerk", "administrator"])
def test_a_roles_guide_is_two_pages_on_paper(browser: Browser, address: str, guide: str, language: str) -> None:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto(f"/help/{guide}?lang={language}")
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) <= 2
    context.close()
