"""Somebody at a page in a real browser, by keyboard alone or by touch, in one dress; and what has to be right with every page that they see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.patience import within

Language = Literal["zh", "en"]

#: What a finger needs: 44 px; a link within a line of text is excused, and a box to tick by its label.
_SMALL = """() => [...document.querySelectorAll('main button, main select, main summary, main .btn, main label.option, main label.choice, '
  + 'main textarea, main input:not([type=hidden]):not([type=checkbox]):not([type=radio]), .tabs-phone a, .rail-list a')]
  .filter(e => e.checkVisibility() && !e.classList.contains('hidden') && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 120))"""
#: What can be read on a page: the texts that are shown, and what is said of its pictures and fields; not what somebody writes, quotes or programs.
_READ = """() => { const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [document.title];
  while (walk.nextNode()) { const at = walk.currentNode.parentElement;
    if (at.closest('script, style, svg, kbd, code, pre, textarea, option, [lang], .code') || !at.checkVisibility()) continue;
    found.push(walk.currentNode.data); }
  for (const e of document.querySelectorAll('body [aria-label], body [placeholder], main [title]'))
    if (!e.closest('[lang]')) found.push(e.getAttribute('aria-label') || e.getAttribute('placeholder') || e.getAttribute('title'));
  return found; }"""
_LATIN, _HAN = re.compile(r"[A-Za-z]{2,}"), re.compile(r"[\u4e00-\u9fff]+")
#: Latin words that a page in Chinese may say: names, and what has no other.
_NAMES = frozenset({
    "huying", "prefect", "apprise", "sms", "yaml", "json", "bpmn", "mermaid", "svg", "xlsx", "csv", "pdf", "ics", "http", "https", "url", "api",
    "id", "qr", "english", "shift", "enter", "esc", "ctrl", "alt", "tab", "totp", "oidc",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dress:
    """How somebody sees the pages, and by what they use them."""

    width: int
    language: Language
    look: Literal["light", "dark", "elder"]
    by: Literal["keys", "touch"]

    def __str__(self) -> str:
        return f"{self.width}-{self.language}-{self.look}-{self.by}"


@dataclass
class Somebody:
    """Somebody at a page; ``names`` are the words of the house's register and of what residents wrote: on a page in English they may be Chinese."""

    page: Page
    dress: Dress
    names: str
    faults: list[str] = field(default_factory=list)

    def go(self, address: str) -> None:
        """Open an address, and look at the page."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{address}: {answer.status}"
        self.look()

    def look(self) -> None:
        """Nothing may be wrong with the page: not wider than the screen, large enough to touch, in one language, and axe finds nothing."""
        page, width = self.page, self.dress.width
        page.wait_for_load_state()
        if (needs := page.evaluate("document.documentElement.scrollWidth")) > width:
            self._fault(f"needs {needs} of {width} px")
        if width < 500 and (small := page.evaluate(_SMALL)):
            self._fault(f"is too small to touch: {small}")
        if foreign := self._foreign(page.evaluate(_READ)):
            self._fault(f"is not in the reader's language: {foreign}")
        found = Axe().run(page).response["violations"]
        if found:
            self._fault(f"axe: {[(one['id'], [node['html'][:120] for node in one['nodes'][:4]]) for one in found]}")

    def press(self, target: Locator) -> None:
        """A button or a link."""
        if self.dress.by == "touch":
            target.tap()
        else:
            self._reach(target)
            self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Into a field."""
        if self.dress.by == "touch":
            target.tap()
        else:
            self._reach(target)
        self.page.keyboard.insert_text(text)
        expect(target).to_have_value(text)

    def tick(self, target: Locator) -> None:
        """A box, or one of several."""
        if self.dress.by == "touch":
            named = self.page.locator(f"label[for='{target.get_attribute('id')}']")
            (named if named.count() else target.locator("xpath=ancestor::label[1]")).first.tap()
        elif target.get_attribute("type") == "radio":
            self._reach(target, of_its_group=True)
            for _ in range(20):
                if target.is_checked():
                    break
                held = "document.activeElement"
                self.page.keyboard.press("Space" if not self.page.evaluate(f"{held}.checked") else "ArrowDown")
        else:
            self._reach(target)
            self.page.keyboard.press("Space")
        expect(target).to_be_checked()

    def choose(self, target: Locator, words: str) -> None:
        """One of a list that drops down."""
        if self.dress.by == "touch":
            target.tap()
            target.select_option(label=words)
            return
        self._reach(target)
        for _ in range(target.locator("option").count()):
            if target.evaluate("e => e.selectedOptions[0].label.trim()") == words:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{words} cannot be chosen")

    def choose_first(self, target: Locator) -> None:
        """The first of a list that drops down and sends what is chosen at once."""
        if self.dress.by == "touch":
            target.tap()
            target.select_option(index=1)
        else:
            self._reach(target)
            self.page.keyboard.press("ArrowDown")

    def _reach(self, target: Locator, *, of_its_group: bool = False) -> None:
        """Go on with Tab until it is reached, as somebody does who has no mouse; what they hold is seen."""
        target.wait_for()
        same = (
            "e === held"
            if not of_its_group
            else "held.type === 'radio' && held.name === e.name && held.form === e.form"
        )
        for _ in range(400):
            if target.evaluate(f"e => {{ const held = document.activeElement; return {same}; }}"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {target}")

    def _foreign(self, texts: Sequence[str]) -> list[str]:
        if self.dress.language == "en":
            return sorted({text.strip() for text in texts for word in _HAN.findall(text) if word not in self.names})
        return sorted(
            {text.strip() for text in texts for word in _LATIN.findall(text) if word.lower() not in _NAMES | self._own}
        )

    @property
    def _own(self) -> set[str]:
        return {word.lower() for word in _LATIN.findall(self.names)}

    def _fault(self, said: str) -> None:
        self.faults.append(f"{self.page.url} {said}")


def dressed(browser: Browser, address: str, dress: Dress, session: str | None, names: str) -> Somebody:
    """Somebody new, who sits down at a browser of their own."""
    context = browser.new_context(
        viewport={"width": dress.width, "height": 844 if dress.width < 900 else 800},
        base_url=address,
        has_touch=dress.by == "touch",
        color_scheme="dark" if dress.look == "dark" else "light",
        locale="zh-CN" if dress.language == "zh" else "en-GB",
    )
    cookies = {"huying_language": dress.language, "huying_density": "elder" if dress.look == "elder" else "standard"}
    if session:
        cookies["huying_session"] = session
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(within(10) * 1000)
    person = Somebody(page, dress, names)
    page.on("pageerror", lambda error: person.faults.append(str(error)))
    page.on("console", lambda message: person.faults.append(message.text) if _bad(message) else None)
    return person


def _bad(message: ConsoleMessage) -> bool:
    """An error that is ours; Chromium also reports each answer that says what was filled in wrongly."""
    return message.type == "error" and "status of 422" not in message.text
