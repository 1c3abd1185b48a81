"""The staff's console in a real browser, on the whole product, through the portal's door: resume with a form, suspend, cancel, retry, and a refusal.

Each is done by the kernel in the name of whoever is signed in, and shown. Nothing here waits for a time: only for what is to be seen.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright
from sqlalchemy import select, update

from huying.console.marks import one_again
from huying.database.connections import Database
from huying.database.tables import history, issues, outbox, participants
from huying.effects.failure import failed
from huying.house.house import House
from huying.issues.verification import verify
from tests.acceptance.running import Running, running
from tests.conftest import missing
from tests.patience import within

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
#: How long something may take on a machine that has much else to do, in seconds; what is there earlier is not waited for.
_LONGEST = within(30)
_PATIENCE = _LONGEST * 1000
#: After so long a page is opened anew: what it asked for may have been lost.
_ANEW = within(3) * 1000
_WHO, _PASSPHRASE = "wenruyu", "huying"


@pytest.fixture
def page() -> Iterator[Page]:
    """A page wide enough for the buttons to stand beside the name."""
    if not _CHROMIUM.exists():
        missing("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=_FLAGS)
        made = browser.new_page(viewport={"width": 1400, "height": 1000}, locale="zh-CN")
        made.set_default_timeout(_PATIENCE)
        yield made
        browser.close()


def test_staff_do_their_work_on_prefects_pages_through_the_portal(tmp_path: Path, page: Page) -> None:
    with running(tmp_path / "home") as product:
        product.wait_until_healthy()
        _sign_in(product, page)
        first, second = (_report(product, number) for number in (1, 2))
        _look_around(product, page)
        _resume(product, page, first)
        _cancel(product, page, second)
        _be_refused(product, page, second)
        _retry(product, page, first)
        assert _done(product) == {first: [("act", "温如玉"), ("retry", "温如玉")], second: [("cancel", "温如玉")]}
        database = Database(product.database_url)
        assert verify(House(database, tmp_path)).faults == []
        database.close()
        _sign_out(product, page)


def _sign_in(product: Running, page: Page) -> None:
    page.goto(f"{product.portal}/prefect/dashboard")
    # the address was kept on the way through the log-in
    page.get_by_label("用户名").fill(_WHO)
    page.get_by_label("口令").fill(_PASSPHRASE)
    page.locator("main").get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("Flow Runs").first).to_be_visible(timeout=_PATIENCE)
    assert page.url == f"{product.portal}/prefect/dashboard"


def _look_around(product: Running, page: Page) -> None:
    """What the pages ask for comes from the portal alone, and they reach nothing of it but Prefect."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("runs", "flows", "deployments", "artifacts", "dashboard"):
        page.goto(f"{product.portal}/prefect/{path}")
        expect(page.locator(".context-sidebar")).to_be_visible(timeout=_PATIENCE)
    assert asked
    own = (f"{product.portal}/", "data:", "blob:")
    assert [address for address in asked if not address.startswith(own)] == []
    assert page.evaluate("fetch('/tasks').then(() => 'read', () => 'refused')") == "refused"
    assert page.evaluate("window.open('/tasks') === null")


def _sign_out(product: Running, page: Page) -> None:
    page.goto(f"{product.portal}/tasks")
    page.get_by_role("button", name="退出").first.click()
    page.goto(f"{product.portal}/prefect/dashboard")
    expect(page.get_by_label("用户名")).to_be_visible(timeout=_PATIENCE)


def _resume(product: Running, page: Page, number: str) -> None:
    _open(product, page, number, "待工作人员")
    _press(page, "Resume")
    form = page.locator(".p-modal")
    form.get_by_text("受理 Accept", exact=True).click()
    form.locator(".p-select-button__control").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator("[class*=pop-over-content]").get_by_text("诉求，请代表办理").last.click()
    form.locator("textarea").last.fill("已电话核实")
    form.get_by_role("button", name="Submit").click()
    _shows(product, number, "RUNNING", "等待.+责任代表")
    # the page itself says so, to whoever looks at it next
    _open(product, page, number, "分派")
    _comes(page, page.get_by_text("温如玉（通过控制台）").first)


def _cancel(product: Running, page: Page, number: str) -> None:
    _open(product, page, number, "待工作人员")
    _press(page, "Cancel")
    page.locator(".p-modal").get_by_role("button", name="Confirm").click()
    _shows(product, number, "CANCELLED", "已办结 · 终止办理")


def _be_refused(product: Running, page: Page, number: str) -> None:
    """What cannot be done is said in red, in words."""
    _open(product, page, number, "已办结")
    _press(page, "Retry")
    page.locator(".p-modal").get_by_role("button", name="Retry").click()
    expect(page.get_by_text("未予办理：事项已办结，没有可以重试的").first).to_be_visible(timeout=_PATIENCE)


def _retry(product: Running, page: Page, number: str) -> None:
    database = Database(product.database_url)
    with database.writing() as connection:
        issue = connection.execute(select(issues.c.id).where(issues.c.number == number)).scalar_one()
        last = connection.execute(
            select(outbox.c.id).where(outbox.c.issue_id == issue).order_by(outbox.c.id.desc()).limit(1)
        ).scalar_one()
        now = datetime.now(UTC)
        waits = {"status": "pending", "attempts": 10, "available_at": now + timedelta(days=1)}
        connection.execute(update(outbox).where(outbox.c.id == last).values(waits))
    house = House(database, product.home / "files")
    assert failed(house, last, 100, "对方系统没有应答", now), "it is given up"
    one_again(house, issue)
    database.close()
    _shows(product, number, "FAILED", "受阻 · 代表研究")
    _open(product, page, number, "受阻")
    _press(page, "Retry")
    page.locator(".p-modal").get_by_role("button", name="Retry").click()
    _shows(product, number, "RUNNING", "等待.+责任代表")


def _press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name).first
    _comes(page, button)
    button.click()


def _comes(page: Page, wanted: Locator) -> None:
    """Wait until it is to be seen, and open the page anew now and then."""
    end = time.monotonic() + _LONGEST
    while True:
        try:
            return expect(wanted).to_be_visible(timeout=_ANEW)
        except AssertionError:
            if time.monotonic() > end:
                raise
            page.reload()


def _report(product: Running, number: int) -> str:
    fields = {"subject": f"路灯不亮 {number}", "category": "lighting", "place": "仙港路"}
    who = {"name": "访客", "email": "guest@example.com"}
    body = {"definition": "contact-station", "station": "XG", "fields": fields, **who}
    headers = {"Idempotency-Key": f"report-{number}-0123456789abcdef"}
    answer = httpx.post(f"{product.portal}/api/v1/issues", json=body, headers=headers, timeout=within(20))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def _run(product: Running, number: str) -> dict[str, Any]:
    wanted = {"flow_runs": {"tags": {"all_": ["诉求"]}, "name": {"like_": number}}}
    address = f"{product.prefect}/api/flow_runs/filter"
    try:
        found = httpx.post(address, json=wanted, timeout=within(10), auth=product.prefect_auth).json()
    except httpx.HTTPError:
        # it has much to do
        found = []
    return found[0] if found else {"id": "", "state": {"type": "", "name": ""}, "tags": []}


def _shows(product: Running, number: str, kind: str, words: str) -> None:
    """Wait until the issue's run says so."""
    end = time.monotonic() + _LONGEST
    while True:
        run = _run(product, number)
        state = run["state"]
        if state["type"] == kind and re.search(words, state["name"]):
            return
        assert time.monotonic() < end, (state["type"], state["name"], run["tags"])
        time.sleep(0.3)


def _open(product: Running, page: Page, number: str, tag: str) -> None:
    """The page of the issue's run, once it bears the tag."""
    end = time.monotonic() + _LONGEST
    while tag not in (run := _run(product, number))["tags"]:
        assert time.monotonic() < end, run["tags"]
        time.sleep(0.3)
    page.goto(f"{product.portal}/prefect/runs/flow-run/{run['id']}")
    _comes(page, page.get_by_text(number).first)


def _done(product: Running) -> dict[str, list[tuple[str, str]]]:
    """What was done through the console, and by whom, by issue; remarks apart."""
    database = Database(product.database_url)
    query = (
        select(issues.c.number, history.c.kind, participants.c.name)
        .join(history, history.c.issue_id == issues.c.id)
        .join(participants, participants.c.id == history.c.actor_id)
        .where(history.c.via == "console", history.c.kind != "comment")
        .order_by(history.c.at)
    )
    found: dict[str, list[tuple[str, str]]] = {}
    with database.reading() as connection:
        for number, kind, who in connection.execute(query):
            found.setdefault(number, []).append((kind, who))
    database.close()
    return found
