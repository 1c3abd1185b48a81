"""A deputy who cannot come, one who can, and the office, with real browsers on their phones."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.huying.planned_city import at, shipped
from tests.patience import within
from tests.portal.planned_portal import PlannedPortal

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
_SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, .btn, .menu a, summary')]
    .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
_UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(e => !e.labels.length && !e.getAttribute('aria-label')).map(e => e.outerHTML.slice(0, 90))"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PlannedPortal]:
    made = PlannedPortal(tmp_path)
    yield made
    made.close()


@pytest.fixture
def phone(portal: PlannedPortal) -> Iterator[Callable[[str | None], Page]]:
    """New phones, signed in."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("chromium must be installed on CI")
        pytest.skip("chromium is not installed on this machine (Debian: apt install chromium)")
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # whoever comes before the server's thread is as far waits
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(portal.app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)

        def new(login: str | None) -> Page:
            context: BrowserContext = browser.new_context(
                viewport={"width": 390, "height": 844}, locale="zh-CN", base_url=base
            )
            if login:
                context.add_cookies([{"name": "huying_session", "value": portal.token(login), "url": base}])
            page = context.new_page()
            page.set_default_timeout(within(10) * 1000)
            page.on("pageerror", lambda error: troubles.append(str(error)))
            return page

        expect.set_options(timeout=within(5) * 1000)
        yield new
        browser.close()
    server.should_exit = True
    thread.join(10)
    assert troubles == []


def _fits(page: Page) -> None:
    assert page.evaluate(_SMALL_TARGETS) == []
    assert page.evaluate(_UNLABELLED) == []
    assert page.evaluate(_TOO_WIDE) <= 0


def test_two_deputies_swap_and_the_public_page_follows(
    portal: PlannedPortal, phone: Callable[[str | None], Page]
) -> None:
    asker = phone("zhengsiqi")
    asker.goto("/my/duties")
    asker.get_by_text("不能到站，请人调班").click()
    asker.get_by_label("对方").select_option(label="吴致远：与 2026年4月27日（周一） 09:00–11:30 的值班对换")
    asker.get_by_label("附言").fill("那天出差")
    _fits(asker)
    asker.get_by_role("button", name="发出请求").click()
    expect(asker.get_by_role("status")).to_contain_text("已办理")
    asked = phone("wuzhiyuan")
    asked.goto("/my/duties")
    expect(asked.get_by_role("heading", name="请您答复")).to_contain_text("1")
    _fits(asked)
    asked.get_by_role("button", name="同意").click()
    expect(asked.get_by_role("heading", name="请您答复")).to_have_count(0)
    portal.city.run(at("2026-03-22"))
    passer_by = phone(None)
    passer_by.goto("/duty/XG")
    _fits(passer_by)
    expect(passer_by.locator(".duty-day").filter(has_not_text="每周轮值").first).to_contain_text("吴致远")


def test_staff_move_a_duty_and_the_office_publishes_a_plan(
    portal: PlannedPortal, phone: Callable[[str | None], Page]
) -> None:
    staff = phone("zhaoping")
    staff.goto("/duty/XG")
    duty = staff.locator("details", has_text="3月25日")
    duty.locator("summary").click()
    duty.get_by_label("日期").fill("2026-03-26")
    duty.get_by_label("理由").first.fill("会场停电")
    _fits(staff)
    duty.get_by_role("button", name="改时间").click()
    expect(staff.get_by_role("status")).to_contain_text("已通知有关人员")
    expect(staff.locator(".duty-day").filter(has_not_text="每周轮值").first).to_contain_text("2026年3月26日")
    office = phone("wenruyu")
    office.goto("/plans/new")
    office.get_by_label("计划内容").fill(shipped("monthly-reception", for_="XG", every="month on the 35th"))
    office.get_by_role("button", name="检查").click()
    expect(office.get_by_role("alert")).to_contain_text("不是一个月里的日子")
    _fits(office)
    office.get_by_label("计划内容").fill(shipped("monthly-reception", for_="XG"))
    office.get_by_role("button", name="发布").click()
    expect(office.get_by_role("heading", level=1)).to_have_text("每月代表接待日")
    _fits(office)
