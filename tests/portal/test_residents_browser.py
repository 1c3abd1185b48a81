"""A resident's whole story in a real browser: on three sizes of screen, in both languages, by touch, by keyboard alone and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from definitions.loader import LIBRARY
from definitions.source.tree import read
from huying.database import tables as t
from huying.database.connections import Database
from huying.house.by import By
from huying.house.house import House
from huying.house.imprint import Imprint
from huying.issues.deeds import act
from huying.processes.publication import publish
from huying.register.imports import import_register
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.planned_city import CITY
from tests.huying.town import MORNING, Clock
from tests.patience import within
from tests.portal.test_browser import address, browser
from tests.template import Template, filled

__all__ = ["address", "browser"]

#: 442 stations, as in the city that this is for; those of the sample city among them.
_MORE = 428
SIZES = {"small": (360, 780), "phone": (390, 844), "desk": (1280, 800)}
WORDS = {
    "zh": {
        "report": "我要反映", "what": "什么事", "where": "在哪里", "submit": "提交", "see": "查看事项", "follow": "就是这件，跟上",
        "near": "离我最近的站", "kind": "路灯照明", "lamp": "仙港路 18 号到 32 号路灯都不亮", "place": "仙港路 18 号", "receipt": "回执",
        "number": "编号", "code": "查询码", "show": "查看", "phone": "联系电话", "urge": "催办", "back": "您已经催过", "zhe": "zh-CN",
    },
    "en": {
        "report": "Report an issue", "what": "What is it about", "where": "Where", "submit": "Submit", "see": "See your issue",
        "follow": "That is it, follow it", "near": "The station nearest to me", "kind": "Street lighting",
        "lamp": "The street lamps are dark", "place": "18 Xiangang Road", "receipt": "Receipt", "number": "Number", "code": "Code",
        "show": "Show the issue", "phone": "Phone", "urge": "Urge", "back": "You have urged", "zhe": "en-GB",
    },
}  # fmt: skip


@dataclass
class City:
    """The sample city with 442 stations, and its portal."""

    house: House
    clock: Clock
    app: FastAPI

    def person(self, login: str) -> int:
        """Somebody's id."""
        with self.house.database.reading() as connection:
            return int(
                connection.execute(select(t.participants.c.id).where(t.participants.c.login == login)).scalar_one()
            )

    def act(self, number: str, action: str, **values: Any) -> None:
        """Whoever has the open task of an issue takes an action."""
        query = (
            select(t.candidates.c.issue_id, t.candidates.c.item, t.candidates.c.party)
            .join(t.issues, t.issues.c.id == t.candidates.c.issue_id)
            .where(t.issues.c.number == number)
        )
        with self.house.database.reading() as connection:
            row = connection.execute(query.limit(1)).one()
        person = int(row.party.partition(":")[2])
        act(self.house, row.issue_id, row.item, action, values, By(person, self.clock.now))


def _found(database: Database, folder: Path) -> None:
    data = read(CITY.read_text(encoding="utf-8"), "city.yaml").plain()
    for number in range(_MORE):
        area = f"99029{number:04}"
        data["areas"].append(
            {
                "code": area,
                "name": {"zh": f"第{number}社区", "en": f"Block {number}"},
                "level": "neighbourhood",
                "parent": "990201",
            }
        )
        data["stations"].append(
            {
                "code": f"Q{number:03}",
                "name": {"zh": f"第{number}联系点", "en": f"Room {number}"},
                "kind": "area",
                "area": area,
                "latitude": 25 + number / 500,
                "longitude": 118.5,
            }
        )
    import_register(database, data, MORNING, "passphrase")
    house = House(database, folder)
    for key in ("contact-station", "talk-to-deputy"):
        source = (LIBRARY / key / "definition.yaml").read_bytes()
        publish(house, source, f"{key}/definition.yaml", Imprint("test", MORNING))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[City]:
    """The city, on SQLite; called so because the portal's address asks for it."""
    database, _ = filled(Template("residents", _found), tmp_path / "city.db")
    clock, house = Clock(), House(database, tmp_path / "files")
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=None)
    yield City(house, clock, create_app(house, config, clock))
    database.close()


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """New browsers, each with cookies of its own, standing in Xiangang; what goes wrong in a script is an error of the test."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def new(size: str = "phone", language: str = "zh", *, scripts: bool = True, elder: bool = False) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=WORDS[language]["zhe"],
            base_url=address,
            java_script_enabled=scripts,
            has_touch=size != "desk",
            geolocation={"latitude": 24.4476, "longitude": 118.0753},
            permissions=["geolocation"],
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(within(10) * 1000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if elder:
            page.goto("/display?density=elder")
        return page

    yield new
    for context in contexts:
        context.close()
    assert troubles == []


def _sound(page: Page, *, axe: bool = True) -> None:
    """Nothing sticks out, targets are large enough for a finger, and axe-core finds nothing."""
    page.wait_for_load_state()
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    if width < 500:
        small = page.evaluate(
            """() => [...document.querySelectorAll('main button, main select, main .btn, main summary, main label.option, .tabs-phone a')]
            .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert small == [], page.url
    if axe:
        found = Axe().run(page)
        said = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found.response["violations"]]
        assert said == [], page.url


def _numbered(page: Page) -> tuple[str, str]:
    """Number and code of the receipt."""
    words = page.locator(".slip-codes dd").all_inner_texts()
    return words[0], words[1]


@pytest.mark.parametrize(
    ("size", "language"),
    [("small", "zh"), ("phone", "zh"), ("desk", "zh"), ("phone", "en"), ("desk", "en"), ("small", "en")],
)
def test_a_report_a_receipt_and_what_becomes_of_it(opened: Opened, town: City, size: str, language: str) -> None:
    says = WORDS[language]
    page = opened(size, language)
    page.goto("/")
    expect(page.get_by_role("link", name=re.compile("110"))).to_be_visible()
    _sound(page)
    page.locator("a.go").click()
    page.get_by_label(says["what"]).fill(says["lamp"])
    page.get_by_label(says["where"]).fill(says["place"])
    expect(page.get_by_role("radio", name=says["kind"])).to_be_checked()
    page.get_by_role("button", name=says["near"]).click()
    expect(page.get_by_role("radio", name=re.compile("仙港街道代表活动站|Xiangang Deputies"))).to_be_checked()
    _sound(page)
    page.get_by_role("button", name=says["submit"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(says["receipt"])
    number, code = _numbered(page)
    assert re.fullmatch(r"XG-2026-\d{5}", number)
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    expect(page.locator(".qr svg")).to_be_visible()
    _sound(page)
    page.get_by_role("link", name=says["see"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(says["lamp"])
    _sound(page)

    town.act(number, "accept", kind="request")
    town.act(number, "answer", reply="已经换了新灯。")
    other = opened(size, language)
    other.goto("/follow")
    _sound(other)
    other.get_by_label(says["number"], exact=True).fill(number)
    other.get_by_label(says["code"], exact=True).fill(code)
    other.get_by_role("button", name=says["show"]).click()
    expect(other.locator("aside")).to_contain_text(re.compile("从受理到办结|from beginning to end"))
    expect(other.locator(".course")).to_contain_text("已经换了新灯。")
    _sound(other)


def test_what_is_written_before_the_script_has_come_counts_as_written(opened: Opened) -> None:
    page = opened()
    held: list[Any] = []
    page.route("**/report.js*", lambda route: held.append(route))
    page.goto("/")
    page.locator("a.go").click()
    page.get_by_label("什么事").fill("小区门口路灯不亮")
    expect(page.get_by_role("radio", name="路灯照明")).not_to_be_checked()
    held[0].continue_()
    expect(page.get_by_role("radio", name="路灯照明")).to_be_checked()
    expect(page.locator("[data-draft-said]")).to_be_visible()
    expect(page.get_by_label("什么事")).to_have_value("小区门口路灯不亮")


def test_a_report_takes_nine_taps_at_most(opened: Opened) -> None:
    page = opened()
    page.goto("/")
    taps = 0

    def tap(target: Any) -> None:
        nonlocal taps
        target.tap()
        taps += 1

    tap(page.locator("a.go"))
    tap(page.get_by_label("什么事"))
    page.keyboard.type("小区门口路灯不亮")
    tap(page.get_by_label("在哪里"))
    page.keyboard.type("仙港路 18 号")
    tap(page.get_by_role("button", name="离我最近的站"))
    expect(page.get_by_role("radio", name="仙港街道代表活动站")).to_be_checked()
    tap(page.get_by_label("联系电话"))
    page.keyboard.type("13800000001")
    page.wait_for_timeout(600)
    tap(page.get_by_role("button", name="提交", exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    assert taps <= 9


def test_by_keyboard_alone(opened: Opened) -> None:
    page = opened("desk")
    page.goto("/")

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            held = page.evaluate(
                "document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent || ''"
            )
            if name in held:
                return
        raise AssertionError(f"nothing called {name} can be reached")

    tab_to("我要反映")
    tab_to("约一分钟")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/report/contact-station"))
    tab_to("什么事")
    page.keyboard.type("垃圾没人清运，环境卫生差")
    tab_to("在哪里")
    page.keyboard.type("灯塔社区")
    expect(page.get_by_role("radio", name="环境卫生")).to_be_checked()
    tab_to("离我最近的站")
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio", name="仙港街道代表活动站")).to_be_checked()
    tab_to("提交")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")


def test_without_scripts_it_takes_a_step_more(opened: Opened) -> None:
    page = opened(scripts=False)
    page.goto("/")
    page.locator("a.go").click()
    page.get_by_label("什么事").fill("路灯不亮")
    page.get_by_text("路灯照明", exact=True).click()
    page.get_by_label("在哪里").fill("仙港路 18 号")
    page.get_by_label("街道、社区或联络站的名字").fill("仙港街道")
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_label("什么事")).to_have_value("路灯不亮")
    page.get_by_text("仙港街道代表活动站").click()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    page.get_by_role("link", name="查看事项").click()
    page.locator("label.choice", has_text="催办").click()
    page.get_by_role("button", name="催办", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("您已经催过")
    expect(page.locator("label.choice", has_text="催办")).to_have_count(0)


def test_a_draft_survives_a_lost_connection_and_is_gone_once_it_was_sent(opened: Opened) -> None:
    page = opened()
    page.goto("/report/contact-station")
    page.get_by_label("什么事").fill("路灯不亮")
    page.get_by_label("在哪里").fill("仙港路 18 号")
    expect(page.locator("[data-draft-said]")).to_contain_text("已存在这台手机上")
    page.context.set_offline(True)
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("[data-draft-said]")).to_contain_text("现在没有网络")
    page.context.set_offline(False)
    request = page.locator("input[name=request_id]").input_value()
    page.goto("/report/contact-station")
    expect(page.get_by_label("什么事")).to_have_value("路灯不亮")
    assert page.locator("input[name=request_id]").input_value() == request
    page.get_by_role("button", name="离我最近的站").click()
    expect(page.get_by_role("radio", name="仙港街道代表活动站")).to_be_checked()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    page.goto("/report/contact-station")
    expect(page.get_by_label("什么事")).to_have_value("")


def test_the_same_matter_is_shown_while_one_types_and_followed_with_one_tap(opened: Opened, town: City) -> None:
    first = opened()
    first.goto("/report/contact-station?station=XG")
    first.get_by_label("什么事").fill("仙港路小学门口两盏路灯不亮")
    first.get_by_label("在哪里").fill("仙港路小学")
    first.get_by_text("路灯照明", exact=True).click()
    first.get_by_role("button", name="提交", exact=True).click()
    number, code = _numbered(first)
    town.clock.now += timedelta(days=3)
    page = opened("small")
    page.goto("/report/contact-station?station=XG")
    page.get_by_label("什么事").fill("小学门口路灯不亮，孩子看不见")
    page.get_by_label("在哪里").fill("仙港路")
    expect(page.locator(".twin")).to_contain_text("3 天前")
    _sound(page)
    page.get_by_role("button", name="就是这件，跟上").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    same, mine = _numbered(page)
    assert same == number
    assert mine != code
    page.get_by_role("link", name="查看事项").click()
    expect(page.get_by_role("main")).to_contain_text("另有 1 位居民跟上了这件事")


def test_large_type_shows_less_and_nothing_sticks_out(opened: Opened) -> None:
    page = opened("small", elder=True)
    for where in ("/", "/report/contact-station", "/follow", "/stations?q=仙港"):
        page.goto(where)
        _sound(page)


def test_the_station_is_found_by_words_among_many(opened: Opened) -> None:
    page = opened()
    page.goto("/stations")
    expect(page.get_by_role("main")).to_contain_text("442")
    page.get_by_label("街道、社区或联络站的名字").fill("第37")
    page.get_by_role("main").get_by_role("button", name="查找").click()
    expect(page.locator(".station-line").first).to_contain_text("第37")
    _sound(page)
    page.get_by_role("button", name="离我最近的").click()
    expect(page.locator(".station-line").first).to_contain_text("仙港街道代表活动站")
