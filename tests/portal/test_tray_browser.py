"""A clerk goes through what came in, in a real browser: at a desk by keys, on a phone by hand, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from huying.database import tables as t
from tests.huying.mail.post import Post, letter
from tests.huying.town import PASSPHRASE, PIXEL
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser
from tests.portal.test_tray import _with_files

__all__ = ["address", "browser"]

_LONG = "关于" + "非常长的标题" * 20
_SMALL_TARGETS = """() => [...document.querySelectorAll('main button, main summary, main a.btn, main select, main label.option')]
    .filter(e => e.checkVisibility() && !e.closest('[aria-hidden=true]') && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture
def post(town: PortalTown, tmp_path: Path) -> Post:
    """What came in: a letter with files from whom nobody verified, one that nothing fits into, one of a machine."""
    room = Post(town, tmp_path / "sent")
    files = ("灯.png", PIXEL), ("winmail.dat", b'x\x9f>"' * 400)
    room.comes(_with_files(letter("wu@example.cn", subject="路灯 \u202egpj.exe", proved=False), *files))
    room.comes(letter("long@example.cn", subject=_LONG, text="https://example.cn/" + "a" * 300), "luming")
    room.comes(letter("auto@example.cn", subject="我在休假", Auto_Submitted="auto-replied"))
    room.place()
    return room


@pytest.fixture
def page(browser: Browser, address: str, post: Post, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The clerk's browser, as wide as the test says."""
    width = getattr(request, "param", 1440)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", base_url=address)
    opened = context.new_page()
    opened.set_default_timeout(within(10) * 1000)
    opened.goto("/login")
    opened.get_by_label("用户名").fill("clerk")
    opened.get_by_label("口令").fill(PASSPHRASE)
    opened.locator("main").get_by_role("button", name="登录", exact=True).click()
    expect(opened.get_by_role("heading", level=1)).to_contain_text("我的任务")
    yield opened
    context.close()


def _sound(page: Page) -> None:
    """Nothing lies beside the page, nothing hinders anybody; on a phone everything can be touched."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    if width < 400:
        assert page.evaluate(_SMALL_TARGETS) == [], page.url


@pytest.mark.parametrize("page", [1440, 390], indirect=True)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_the_tray_can_be_read(page: Page, language: str) -> None:
    for place in ("/tray", "/tray?which=settled", "/tray?which=machines", "/tray/1", "/tray/2", "/intake/letters/1"):
        page.goto(f"{place}{'&' if '?' in place else '?'}lang={language}")
        _sound(page)
    page.goto("/tray/1")
    # what turns letters round in a subject is gone: it reads as what it is
    expect(page.get_by_role("heading", level=1)).to_have_text("路灯 gpj.exe")
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text({"zh": "发件人", "en": "Sender"}[language])
    expect(page.locator("main")).to_contain_text({"zh": "可能被冒用", "en": "may be forged"}[language])
    for fold in page.locator("main details > summary").all():
        fold.click()
    _sound(page)


def test_a_letter_is_taken_in_by_keys_alone(page: Page, town: PortalTown) -> None:
    page.goto("/tray")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("路灯 gpj.exe")
    # the key of the letter goes before the key in the head, which would open an empty desk
    page.keyboard.press("n")
    page.wait_for_url("**/intake/letters/1*")
    expect(page.locator("main")).to_contain_text("三号楼前的路灯灭了。")
    page.goto("/tray/2")
    page.keyboard.press("i")
    page.wait_for_url("**/tray")
    expect(page.locator("main")).not_to_contain_text(_LONG)
    with town.house.database.reading() as connection:
        states = connection.execute(select(t.inbound_messages.c.state).order_by(t.inbound_messages.c.id)).scalars()
        assert list(states)[:2] == ["tray", "ignored"]
