"""The staff's console in a real browser, on the whole product: resume with a form, cancel, retry; each is done by the kernel and shown."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from sqlalchemy import select, update

from huying.console.marks import one_again
from huying.database.connections import Database
from huying.database.tables import history, issues, outbox
from huying.effects.failure import failed
from huying.house.house import House
from huying.issues.verification import verify
from tests.acceptance.running import Running, running
from tests.conftest import missing
from tests.patience import within

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_PATIENCE = within(30) * 1000


@pytest.fixture
def page() -> Iterator[Page]:
    """A page wide enough for the buttons to stand beside the name."""
    if not _CHROMIUM.exists():
        missing("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=_FLAGS)
        made = browser.new_page(viewport={"width": 1400, "height": 1000})
        made.set_default_timeout(_PATIENCE)
        yield made
        browser.close()


def test_staff_resume_with_a_form_cancel_and_retry_on_the_page_of_an_issue(tmp_path: Path, page: Page) -> None:
    with running(tmp_path / "home") as product:
        product.wait_until_healthy()
        first, second = (_report(product, number) for number in (1, 2))
        _resume(product, page, first)
        _cancel(product, page, second)
        _retry(product, page, first)
        assert _done(product) == {first: ["act", "retry"], second: ["cancel"]}
        database = Database(product.database_url)
        assert verify(House(database, tmp_path)).faults == []
        database.close()


def _resume(product: Running, page: Page, number: str) -> None:
    _open(product, page, number, "待工作人员")
    page.get_by_role("button", name="Resume").first.click()
    form = page.locator(".p-modal")
    form.get_by_text("受理 Accept", exact=True).click()
    form.locator(".p-select-button__control").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator("[class*=pop-over-content]").get_by_text("request", exact=True).last.click()
    form.locator("textarea").last.fill("已电话核实")
    form.get_by_role("button", name="Submit").click()
    _shows(product, number, "RUNNING", "等待.+责任代表")
    # the page itself says so, to whoever looks at it next
    _open(product, page, number, "分派")
    expect(page.get_by_text("控制台：已办理：登记受理 · 受理")).to_be_visible(timeout=_PATIENCE)
    expect(page.get_by_text("通过控制台").first).to_be_visible(timeout=_PATIENCE)


def _cancel(product: Running, page: Page, number: str) -> None:
    _open(product, page, number, "待工作人员")
    page.get_by_role("button", name="Cancel").first.click()
    page.locator(".p-modal").get_by_role("button", name="Confirm").click()
    _shows(product, number, "CANCELLED", "已办结 · 终止办理")


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
    page.get_by_role("button", name="Retry").first.click()
    page.locator(".p-modal").get_by_role("button", name="Retry").click()
    _shows(product, number, "RUNNING", "等待.+责任代表")
    _open(product, page, number, "分派")
    expect(page.get_by_text("控制台：已重试")).to_be_visible(timeout=_PATIENCE)


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
    found = httpx.post(f"{product.prefect}/api/flow_runs/filter", json=wanted, timeout=within(10)).json()
    return found[0] if found else {"id": "", "state": {"type": "", "name": ""}, "tags": []}


def _shows(product: Running, number: str, kind: str, words: str, tag: str = "") -> str:
    """Wait until the issue's run says so; its id."""
    end = time.monotonic() + within(30)
    while True:
        run = _run(product, number)
        state = run["state"]
        if state["type"] == kind and re.search(words, state["name"]) and (not tag or tag in run["tags"]):
            return str(run["id"])
        assert time.monotonic() < end, (state["type"], state["name"], run["tags"])
        time.sleep(0.3)


def _open(product: Running, page: Page, number: str, tag: str) -> None:
    """The page of the issue's run, once it bears the tag."""
    end = time.monotonic() + within(30)
    while tag not in (run := _run(product, number))["tags"]:
        assert time.monotonic() < end, run["tags"]
        time.sleep(0.3)
    page.goto(f"{product.prefect}/runs/flow-run/{run['id']}")
    expect(page.get_by_text(number).first).to_be_visible(timeout=_PATIENCE)


def _done(product: Running) -> dict[str, list[str]]:
    """What was done through the console, by issue; remarks apart."""
    database = Database(product.database_url)
    query = (
        select(issues.c.number, history.c.kind)
        .join(history, history.c.issue_id == issues.c.id)
        .where(history.c.via == "console", history.c.kind != "comment")
        .order_by(history.c.at)
    )
    found: dict[str, list[str]] = {}
    with database.reading() as connection:
        for number, kind in connection.execute(query):
            found.setdefault(number, []).append(kind)
    database.close()
    return found
