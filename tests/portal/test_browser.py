"""A resident, a clerk, a deputy and two departments with real browsers on their phones."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.huying.town import PASSPHRASE, PIXEL
from tests.patience import within
from tests.portal.conftest import PortalTown

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
#: What a finger needs; a link within a line of text is excused.
_SMALL_TARGETS = """() => [...document.querySelectorAll('button, select, .btn, .menu a, .languages a, summary, label.option, .star')]
    .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
_UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(e => !e.labels.length && !e.getAttribute('aria-label')).map(e => e.outerHTML.slice(0, 90))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("chromium must be installed on CI")
        pytest.skip("chromium is not installed on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        expect.set_options(timeout=within(5) * 1000)
        yield running
        running.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """A portal on a free port of this machine; its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    # whoever comes before the server's thread is as far waits
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def address(town: PortalTown) -> Iterator[str]:
    """The portal of the town, served."""
    with served(town.app) as found:
        yield found


Phones = Callable[..., Page]


@pytest.fixture
def phones(browser: Browser, address: str) -> Iterator[Phones]:
    """New phones, each with a browser of its own; what goes wrong in one is an error of the test."""
    troubles: list[str] = []
    contexts: list[BrowserContext] = []

    def phone(login: str | None = None, *, scripts: bool = True) -> Page:
        context = browser.new_context(viewport=PHONE, locale="zh-CN", base_url=address, java_script_enabled=scripts)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(within(10) * 1000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if _bad(message) else None)
        if login:
            page.goto("/login")
            page.get_by_label("用户名").fill(login)
            page.get_by_label("口令").fill(PASSPHRASE)
            page.locator("main").get_by_role("button", name="登录", exact=True).click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("我的任务")
        return page

    yield phone
    for context in contexts:
        context.close()
    assert troubles == []


def _bad(message: ConsoleMessage) -> bool:
    """An error that is ours; Chromium also reports each answer that says what was filled in wrongly."""
    return message.type == "error" and "status of 422" not in message.text


def _fits(page: Page, heading: str) -> None:
    """The page is there; nothing sticks out, targets are large enough for a finger, and everything to fill in has a label."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    assert page.evaluate(_SMALL_TARGETS) == [], page.url
    assert page.evaluate(_UNLABELLED) == [], page.url


def _first_task(page: Page) -> None:
    page.goto("/tasks")
    _fits(page, "我的任务")
    page.locator(".work-line a").first.click()
    _fits(page, "光明路路灯不亮")


def test_from_report_to_closure_on_phones(phones: Phones, town: PortalTown) -> None:
    resident = phones()
    resident.goto("/")
    _fits(resident, "有事找代表")
    resident.locator("main").get_by_role("link", name="我要反映").click()
    _fits(resident, "街道诉求办理")
    resident.get_by_label("联络站").select_option("XG")
    resident.get_by_label("主题").fill("光明路路灯不亮")
    resident.get_by_text("照明", exact=True).click()
    resident.locator("summary", has_text="再多说几句").click()
    resident.get_by_label("详细地址").fill("光明路 8 号")
    resident.get_by_label("照片或文件").set_input_files({"name": "灯.png", "mimeType": "image/png", "buffer": PIXEL})
    resident.get_by_label("您的姓名").fill("李明")
    resident.get_by_role("button", name="提交").click()
    _fits(resident, "回执")
    resident.get_by_role("link", name="查看事项").click()
    expect(resident.locator(".state-sentence")).to_have_text("等待站点工作人员：受理登记")
    _fits(resident, "光明路路灯不亮")

    clerk = phones("clerk")
    _first_task(clerk)
    expect(clerk.locator(".facts")).to_contain_text("光明路 8 号")
    clerk.get_by_role("button", name="受理", exact=True).click()
    expect(clerk.get_by_role("status")).to_have_text("已提交，谢谢。")

    deputy = phones("deputy")
    _first_task(deputy)
    deputy.get_by_text("交部门办理", exact=True).first.click()
    deputy.get_by_label("主办部门").select_option(label="城市管理局")
    deputy.get_by_label("供电公司").check()
    deputy.get_by_role("button", name="交部门办理").click()
    expect(deputy.get_by_role("status")).to_have_text("已提交，谢谢。")

    for login in ("lighting", "power"):
        handler = phones(login)
        _first_task(handler)
        handler.get_by_label("办理结果").fill("已更换灯具，恢复照明。")
        handler.get_by_role("button", name="提交办理结果").click()
        expect(handler.get_by_role("status")).to_have_text("已提交，谢谢。")

    resident.reload()
    _fits(resident, "光明路路灯不亮")
    resident.get_by_text("问题已解决", exact=True).first.click()
    resident.locator(".star").nth(4).click()
    resident.get_by_role("button", name="问题已解决").click()
    expect(resident.locator(".state-sentence")).to_have_text("已办结：已解决")
    deputy.goto("/files")
    _fits(deputy, "2026")
    expect(deputy.get_by_role("main")).to_contain_text("协调解决：光明路路灯不亮")


def test_it_works_without_scripts(phones: Phones, town: PortalTown) -> None:
    town.report()
    clerk = phones("clerk", scripts=False)
    clerk.goto("/tasks")
    clerk.locator(".work-line a").first.click()
    clerk.locator("label.choice", has_text="不予受理").click()
    clerk.get_by_label("理由").fill("不属于本站受理范围。")
    clerk.get_by_role("button", name="不予受理").click()
    expect(clerk.locator(".state-sentence")).to_have_text("已办结：不予受理")


def test_mistakes_are_shown_first_and_lead_to_their_fields(phones: Phones) -> None:
    resident = phones()
    resident.goto("/report/street-matters")
    resident.get_by_role("button", name="提交").click()
    summary = resident.locator(".error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="请填写“主题”。").click()
    expect(resident.get_by_label("主题")).to_be_focused()
