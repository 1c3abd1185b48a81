"""One's own points on a phone: every point explained, nothing too wide, large enough to touch, in both languages, light and dark."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect, sync_playwright

from definitions.loader import LIBRARY
from huying.assessment.tables import publish_table
from huying.house.imprint import Imprint
from tests.huying.planned_city import at
from tests.portal.planned_portal import PlannedPortal

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-sync"]
_SMALL_TARGETS = """() => [...document.querySelectorAll('main button, main .btn, main summary')]
    .filter(e => e.offsetParent !== null && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
_TOO_WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PlannedPortal]:
    made = PlannedPortal(tmp_path)
    made.city.now = at("2026-12-01")
    text = (LIBRARY / "scores" / "deputy-year.yaml").read_text("utf-8")
    publish_table(made.city.house, text, "table.yaml", Imprint("test", made.city.now))
    made.city.received("guoyi", 6)
    long = "关于在海湾区老旧小区加装电梯时统筹管线改造、同步完善无障碍设施和消防通道的建议"
    made.city.received("guoyi", 2, kind="suggestion", title=long)
    made.city.received("guoyi", 1, kind="deed", title="帮助独居老人")
    yield made
    made.close()


@contextmanager
def served(portal: PlannedPortal) -> Iterator[str]:
    """The portal at an address of its own."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    server = uvicorn.Server(uvicorn.Config(portal.app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed on this machine")
def test_a_deputy_reads_the_points_on_a_phone(portal: PlannedPortal) -> None:
    with served(portal) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for language, scheme, said in (
            ("zh", "light", "按上限计 10 分（原为 12）"),
            ("en", "dark", "capped at 10 (of 12)"),
        ):
            context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=base, color_scheme=scheme)  # type: ignore[arg-type]
            context.add_cookies([{"name": "huying_session", "value": portal.token("guoyi"), "url": base}])
            page = context.new_page()
            page.goto(f"/my/assessment?lang={language}")
            page.goto(f"{page.url.split('?')[0]}?lang={language}")
            expect(page.get_by_text(said)).to_be_visible()
            assert page.evaluate(_TOO_WIDE) <= 0
            assert page.evaluate(_SMALL_TARGETS) == []
            found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]})
            assert [one["id"] for one in found.response["violations"]] == []
            context.close()
        browser.close()
