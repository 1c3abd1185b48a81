"""The intake desk by keyboard alone: in half a minute, with Chromium counting the keys."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from huying.house.imprint import Imprint
from huying.processes.publication import publish
from tests.huying.town import MORNING
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import Phones, address, browser, phones

__all__ = ["address", "browser", "phones"]

SHIPPED = Path(__file__).resolve().parents[2] / "definitions" / "library" / "contact-station" / "definition.yaml"
#: A practised clerk presses so many keys a second, and a character of Chinese takes so many.
A_SECOND, A_CHARACTER = 4, 3.5
SECONDS = 30


class Keyboard:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.keys = 0.0

    def press(self, *keys: str) -> None:
        """Single keys, such as Tab."""
        for key in keys:
            self._page.keyboard.press(key)
            self.keys += 1

    def write(self, text: str) -> None:
        """A text; Chinese as it is typed by its sounds."""
        self._page.keyboard.insert_text(text) if not text.isascii() else self._page.keyboard.type(text)
        self.keys += sum(1 if character.isascii() else A_CHARACTER for character in text)


def _desk(phones: Phones, town: PortalTown, **how: bool) -> Page:
    publish(town.house, SHIPPED.read_text("utf-8"), "contact-station.yaml", Imprint("test", MORNING))
    page = phones("clerk", **how)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/intake?process=contact-station")
    return page


def _picture(page: Page, name: str) -> None:
    if folder := os.environ.get("HUYING_TEST_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def test_a_call_is_taken_in_within_half_a_minute_by_keyboard_alone(phones: Phones, town: PortalTown) -> None:
    page = _desk(phones, town)
    _picture(page, "intake-empty")
    clerk = Keyboard(page)
    clerk.write("0592-5147085")
    clerk.press("Tab")
    clerk.write("林阿婆")
    clerk.press("Tab")
    clerk.write("路灯不亮")
    clerk.press("Tab", "1", "Tab")
    clerk.write("望海路8号")
    clerk.press("Tab", "Tab", "1", "Tab", "2")
    expect(page.get_by_label("诉求，请代表办理")).to_be_checked()
    _picture(page, "intake-filled")
    clerk.press("F9")
    expect(page.locator(".slip")).to_contain_text("XG-2026-00001")
    assert clerk.keys <= SECONDS * A_SECOND, clerk.keys
    _picture(page, "intake-receipt")
    page.goto("/intake?process=contact-station")
    page.keyboard.type("05925147085")
    expect(page.locator("#known")).to_contain_text("林阿婆")
    expect(page.locator("#name")).to_have_value("林阿婆")
    _picture(page, "intake-known")


def test_the_second_bindings_do_what_the_function_keys_do(phones: Phones, town: PortalTown) -> None:
    page = _desk(phones, town)
    page.keyboard.press("Alt+v")
    expect(page.locator("#channel-counter")).to_be_checked()
    page.keyboard.press("F3")
    expect(page.locator("#channel-visit")).to_be_checked()
    page.keyboard.press("Alt+g")
    expect(page.get_by_label("什么事")).to_be_focused()
    page.keyboard.press("Alt+s")
    expect(page.locator(".error-summary")).to_contain_text("请填写“什么事”")


def test_the_desk_works_without_scripts_by_tab_and_enter(phones: Phones, town: PortalTown) -> None:
    page = _desk(phones, town, scripts=False)
    page.locator("#phone").fill("0592-5147085")
    page.locator("#name").fill("林阿婆")
    page.get_by_label("什么事").fill("井盖松动")
    page.get_by_label("道路交通").check()
    page.get_by_label("在哪里").fill("望海路")
    page.get_by_label("在哪里").press("Enter")
    expect(page.locator(".slip")).to_contain_text("XG-2026-00001")


@pytest.mark.parametrize("dress", ["theme=light", "theme=dark", "density=elder"])
def test_nothing_is_wrong_with_the_desk(phones: Phones, town: PortalTown, dress: str) -> None:
    page = _desk(phones, town)
    page.goto(f"/display?{dress}&back=/intake")
    for width in (390, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        _picture(page, f"intake-{dress.replace('=', '-')}-{width}")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_call_is_timed_from_the_first_entry_and_goes_on_when_something_was_missing(
    phones: Phones, town: PortalTown
) -> None:
    page = _desk(phones, town)
    clock = page.locator("[data-call]")
    expect(clock).to_be_hidden()
    page.keyboard.type("05925147085")
    expect(clock).to_be_visible()
    begun = page.evaluate("sessionStorage.getItem('huying-call')")
    page.keyboard.press("F9")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(clock).to_be_visible()
    assert page.evaluate("sessionStorage.getItem('huying-call')") == begun
    page.keyboard.press("F2")
    expect(clock).to_be_hidden()
    page.goto("/intake?process=contact-station")
    expect(clock).to_be_hidden()
