"""The pictures of the guides, taken anew: ``python -m tests.docs.pictures`` plays three weeks in the sample city and looks at its pages.

Chromium takes them on a phone and at a desk, in both languages; each is kept below 60 kB. Look at them before they are committed.
"""

from __future__ import annotations

import io
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.cast import Cast, furnished
from huying.database.connections import Database
from huying.demo.sample import PASSPHRASE
from huying.house.by import By
from huying.house.house import House
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.record import follow_code
from huying.issues.reporter import NewReporter
from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.docs.page import ROOT

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 60_000
#: A Monday morning, 10:40 in Xiamen.
NOW = datetime(2026, 11, 30, 2, 40, tzinfo=UTC)
_PHONE, _DESK = (390, 720), (1280, 800)
#: What was reported: how many days ago, about what, of which kind, where, and how many actions were taken since.
_STORY = (
    (18, "学校门口放学拥堵，救护车也过不去", "roads", "仙港小学东门", 2),
    (16, "楼道灯坏了一个月，物业一直没有修", "lighting", "望海里 3 幢", 1),
    (13, "早市摊贩占道，污水直接倒进下水道", "cleaning", "仙港路 66 号", 2),
    (12, "燃气管道改造何时轮到灯塔新村", "utilities", "灯塔新村 12 幢", 3),
    (9, "人行道地砖松动，雨天溅水", "roads", "望海路 17 号", 4),
    (7, "非机动车道被外卖车长期占用", "roads", "仙港路地铁口", 2),
    (6, "独居老人送餐点取消，望海里一带没有饭吃", "welfare", "望海里", 1),
    (5, "三号电梯三天两头坏，老人上下楼困难", "housing", "灯塔新村 3 幢", 1),
    (4, "顶楼水压不足，早晚高峰没有水", "utilities", "望海里 8 幢", 2),
    (3, "公交 502 路改道以后，去医院要走二十分钟", "roads", "仙港路口", 0),
    (3, "广场舞响到晚上十点半，影响孩子休息", "other", "望海广场", 0),
    (1, "仙港路 18 号到 32 号这一段路灯都不亮", "lighting", "仙港路 20 号附近", 0),
)
_ACTIONS = ("accept", "coordinate", "reply", "reply", "satisfied")


@dataclass(frozen=True)
class Shot:
    """A picture: its name, who looks, at which address, on how large a screen, and what has to be on the page before."""

    name: str
    login: str | None
    address: str
    size: tuple[int, int]


def _played(home: Path) -> tuple[House, dict[str, str]]:
    """The sample city after three weeks; the last issue's number and code, and a deputy who has something to do."""
    house = furnished(Database(f"sqlite:///{home / 'house.sqlite3'}"), home / "files", NOW - timedelta(days=30))
    cast = Cast(house)
    known: dict[str, str] = {}
    for number, (ago, subject, category, place, deeds) in enumerate(_STORY):
        at = NOW - timedelta(days=ago, hours=1)
        values: dict[str, Any] = {"subject": subject, "category": category, "place": place, "phone": "13800000001"}
        who = NewReporter(name="李谷雨", email=f"resident{number}@resident.example")
        report = Report(definition="contact-station", station="XG", reporter=who, values=values)
        receipt = open_issue(house, report, request_id=f"r{number}", now=at)
        for step, action in enumerate(_ACTIONS[:deeds]):
            item, person = cast.task(receipt.issue_id)
            when = at + timedelta(hours=5 * (step + 1))
            act(house, receipt.issue_id, item, action, cast.answers(action), By(person, when, f"a{number}-{step}"))
        if deeds == 1:
            _, deputy = cast.task(receipt.issue_id)
            known["deputy"] = next(login for login, person in cast.people.items() if person == deputy)
        known |= {"number": receipt.number, "code": follow_code(house, receipt.issue_id)}
    return house, known


_SHOTS = (
    Shot("resident-report", None, "/report/contact-station?station=XG", _PHONE),
    Shot("resident-follow", None, "/follow", _PHONE),
    Shot("deputy-tasks", "deputy", "/tasks", _PHONE),
    Shot("deputy-task", "deputy", "task", _PHONE),
    Shot("clerk-list", "linxiaoyu", "/issues?status=open", _DESK),
    Shot("clerk-intake", "linxiaoyu", "/intake", _DESK),
    Shot("administrator-editor", "wenruyu", "draft", _DESK),
    Shot("administrator-process", "wenruyu", "/definitions/contact-station", _DESK),
)
#: What stands beside each other in the README.
_PHONES = (
    Shot("home", None, "/", _PHONE),
    Shot("task", "deputy", "task", _PHONE),
    Shot("process", None, "/definitions/contact-station", _PHONE),
)


@contextmanager
def _portal(house: House, home: Path) -> Iterator[str]:
    """The portal on a free port of this machine."""
    config = PortalConfig(portal_url="http://huying.example", prefect_api_url="http://127.0.0.1:9/api", mailbox=home)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    app = create_app(house, config, lambda: NOW)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def _taken(browser: Browser, base: str, shot: Shot, language: str, known: dict[str, str]) -> bytes:
    """The picture as PNG, at one and a half times its size."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=1.5, base_url=base, color_scheme="light"
    )
    page = context.new_page()
    page.goto(f"/?lang={language}")
    if shot.login:
        page.goto("/login")
        page.fill("#login", known.get(shot.login, shot.login))
        page.fill("#passphrase", PASSPHRASE)
        page.click("main form button")
    _go(page, shot.address, known)
    taken = page.screenshot()
    context.close()
    return taken


def _go(page: Page, address: str, known: dict[str, str]) -> None:
    if address == "task":
        page.goto("/tasks")
        page.goto(page.locator("main a[href^='/tasks/']").first.get_attribute("href") or "/tasks")
        return
    if address == "draft":
        page.goto("/definitions/contact-station")
        page.click("form[action='/editor'] button")
        page.wait_for_url("**/editor/*")
        return
    page.goto(address)
    if address == "/follow":
        page.fill("[name=number]", known["number"])
        page.fill("[name=code]", known["code"])
        page.click("main form button")
        page.wait_for_url("**/issues/**")


def _beside(pictures: list[bytes]) -> bytes:
    """Pictures of one size beside each other."""
    images = [Image.open(io.BytesIO(one)) for one in pictures]
    width, height = images[0].size
    made = Image.new("RGB", ((width + 30) * len(images) - 30, height), "#d9d3c6")
    for number, image in enumerate(images):
        made.paste(image, (number * (width + 30), 0))
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


def _packed(picture: bytes) -> bytes:
    """The picture as WebP below the largest size."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    while True:
        for quality in (82, 70, 55):
            file = io.BytesIO()
            image.save(file, "WEBP", quality=quality, method=6)
            if file.tell() <= LARGEST:
                return file.getvalue()
        image = image.resize((image.width * 5 // 6, image.height * 5 // 6), Image.Resampling.LANCZOS)


def take() -> None:
    """Take all of them."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        house, known = _played(home)
        flags = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        with _portal(house, home) as base:
            for language in ("zh", "en"):
                taken = {shot.name: _taken(browser, base, shot, language, known) for shot in _SHOTS}
                phones = [_taken(browser, base, shot, language, known) for shot in _PHONES]
                for name, picture in {**taken, "phones": _beside(phones)}.items():
                    (FOLDER / f"{name}-{language}.webp").write_bytes(_packed(picture))
        house.database.close()


if __name__ == "__main__":
    take()
