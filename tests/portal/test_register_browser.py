"""The register's pages in a real browser, at a desk and on a phone, in both languages: nothing hinders anybody, nothing lies beside the page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page
from sqlalchemy import select, update

from huying.database.tables import memberships, participants
from huying.house.by import By
from huying.register.changes import Change, Stamp, apply
from huying.register.haves import nine
from huying.register.shapes import Values
from huying.register.workbook.imports import offer, write
from tests.huying.register.workbook.sheets import book_of
from tests.huying.town import PASSPHRASE, administrator
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.test_browser import address, browser

__all__ = ["address", "browser"]

#: Where pictures are kept for somebody to look at; nowhere unless it is said.
_PICTURES = os.environ.get("HUYING_TEST_PICTURES")
_SMALL_TARGETS = """() => [...document.querySelectorAll('main button, main summary, main a.btn, main select, main input, main label')]
    .filter(e => !e.matches('[type=hidden], [type=checkbox], [type=radio], label:not(.check, .tap)'))
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
    .map(e => e.outerHTML.slice(0, 90))"""
#: Long names, as offices have them, and a deputy whose term is nearly over.
_LONG = "海湾区仙港街道东渡片区第三联络点（港航物流企业人大代表工作室）"


@pytest.fixture
def pages(town: PortalTown) -> dict[str, str]:
    """Every page of the register by a short name, furnished with what makes pages wide."""
    keeper = administrator(town.house)
    stamp = Stamp("page", town.clock(), keeper)
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    terms: Values = {"until": last, "constituency": "第十二选区（港航、物流、渔业联合）"}
    with town.house.database.writing() as connection:
        apply(connection, nine(), stamp)
        apply(
            connection,
            [
                Change("station", ("P1",), {"name_zh": _LONG, "kind": "point", "parent": "XG", "area": "350203"}),
                Change("participant", ("qinwenhan",), {"name": "欧阳秦文翰", "kind": "deputy", "phone": "13800000001"}),
                Change("mandate", ("qinwenhan", "city", first), terms),
                Change("membership", ("qinwenhan", "P1", None, "deputy", first), {"until": last}),
            ],
            stamp,
        )
        person = connection.execute(select(memberships.c.participant_id).order_by(memberships.c.id.desc())).scalar()
        member = connection.execute(select(memberships.c.id).order_by(memberships.c.id.desc())).scalar()
    by = By(keeper, town.clock())
    head = ["登录名", "姓名*", "身份*", "手机", "邮箱"]
    rows = [["suhe", "苏禾", "工作人员", "", "suhe@office.example"], ["yejing", "叶静", "联络员", "", ""]]
    wrong = offer(
        town.house, "翔湾区名册（2026年11月，第二稿）.xlsx", book_of({"人员": [head, *rows, ["", "", "x"]]}), by
    )
    written = offer(town.house, "名册.xlsx", book_of({"人员": [head, *rows]}), by)
    write(town.house, written, by)
    return {
        "tree": "/register",
        "people": "/register/people",
        "person": f"/register/people/{person}",
        "entry": "/register/row/participant",
        "station": "/register/stations/P1",
        "leaving": f"/register/people/{person}/leave?do=plan&last=2026-12-31&leave.{member}=yes",
        "moving": f"/register/people/{person}/leave?do=plan&last=2026-11-30&leave.{member}=yes&station=XG",
        "term": f"/register/term?do=plan&level=city&first=2027-01-01&last=2031-12-31&stay.{person}=yes",
        "closing": "/register/stations/P1/close",
        "coverage": "/register/coverage",
        "standard": "/register/standard",
        "what they have": "/register/haves",
        "one have": "/register/stations/P1/haves/sign",
        "departments": "/register/departments",
        "codes": "/register/codes",
        "log": "/register/log",
        "deed": "/register/log/1",
        "hand-in": "/register/import",
        "look-over": f"/register/import/{wrong}",
        "written": f"/register/import/{written}",
        "invite": f"/register/import/{written}/invite",
        "undo": f"/register/import/{written}/undo",
    }


@pytest.fixture(params=[(390, "zh"), (1280, "zh"), (390, "en"), (1280, "en")], ids=lambda one: f"{one[0]}-{one[1]}")
def page(
    browser: Browser, address: str, town: PortalTown, pages: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The registrar's browser: so wide, in this language."""
    assert pages
    width, language = request.param
    with town.house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "admin").values(language=language))
    context = browser.new_context(
        viewport={"width": width, "height": 844 if width < 900 else 900},
        locale={"zh": "zh-CN", "en": "en-GB"}[language],
        color_scheme="dark" if (width, language) == (1280, "en") else "light",
        base_url=address,
    )
    opened = context.new_page()
    opened.set_default_timeout(within(20) * 1000)
    opened.goto("/login")
    opened.fill("input[name=login]", "admin")
    opened.fill("input[name=passphrase]", PASSPHRASE)
    opened.locator("main button").first.click()
    opened.wait_for_url(lambda url: "/login" not in url)
    yield opened
    context.close()


def test_no_page_of_the_register_hinders_anybody(
    page: Page, pages: dict[str, str], request: pytest.FixtureRequest
) -> None:
    width = page.viewport_size["width"] if page.viewport_size else 0
    faults: list[str] = []
    for name, path in pages.items():
        answer = page.goto(path)
        if _PICTURES:
            page.screenshot(path=f"{_PICTURES}/{name}-{request.node.callspec.id}.png", full_page=True)
        if answer is None or not answer.ok:
            faults.append(f"{name}: {answer.status if answer else 'none'}")
            continue
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{name}: lies beside the page")
        found = Axe().run(page)
        if found.violations_count:
            faults.append(f"{name}: {found.generate_report()[:1500]}")
        if width < 400:
            faults += [f"{name}: too small {one}" for one in page.evaluate(_SMALL_TARGETS)]
    assert not faults, "\n".join(faults)
