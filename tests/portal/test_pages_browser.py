"""Every page of the rail and the menus, as those see it who work there: sound for axe, never wider than the screen, in each dress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page

from portal.app import create_app
from portal.frame.config import PortalConfig
from tests.huying.town import PASSPHRASE, sqlite_town
from tests.patience import within
from tests.portal.conftest import PortalTown
from tests.portal.furnished_portal import furnish
from tests.portal.test_browser import browser, served

__all__ = ["browser"]

WIDTHS = (360, 390, 1280, 1440)
#: One dress after the other, so that each is worn by many pages and none costs a run of its own.
DRESSES = (("zh", "light"), ("en", "dark"), ("zh", "elder"), ("en", "light"), ("zh", "dark"))
_ISSUE = "/issues/XG-2026-00003"
#: Who works where, beside the places of rail and menu.
PAGES: dict[str | None, tuple[str, ...]] = {
    None: (
        "/stations", "/duty", "/duty/XG", "/definitions", "/definitions/street-matters",
        "/definitions/street-matters/chart", "/calendars", "/calendars/china", "/cases/1", "/report/street-matters",
        "/login", "/help", "/nowhere",
    ),
    "deputy": ("/issues?q=路灯", _ISSUE),
    "lighting": ("/tasks", _ISSUE),
    "clerk": (
        _ISSUE, "/issues?q=路灯", "/incidents/1", "/duty/XG", "/definitions/street-matters/versions",
        "/papers/new/minutes", "/papers/new/acceptance?issue=3",
    ),
    "office": ("/plans/reception-rota", "/plans/new?example=reception-rota", "/board/circular", "/stations"),
    "admin": (
        "/editor/1", "/subscriptions/1", "/definitions/street-matters/versions/2",
        "/migrations/new?key=street-matters&leaving=1&entering=2", "/backups",
        "/papers/templates/reply/zh",
    ),
    "auditor": ("/audit", "/audit?what=settings-changed", "/audit/lookers"),
    "privacy": ("/privacy", "/privacy/due", "/privacy/requests", "/privacy/erasures"),
}  # fmt: skip
_ALL = [
    (login, page, *dress)
    for (login, page), dress in zip(
        [(login, page) for login, pages in PAGES.items() for page in pages], cycle(DRESSES), strict=False
    )
]
#: The ways of the rail, of the band, or of a phone's tabs.
_WAYS = (
    "() => [...document.querySelectorAll('.rail-list a, .band-nav a, .tabs-phone a')].map(a => a.getAttribute('href'))"
)


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str | None], Page]]:
    """A page in the browser of somebody in the furnished town; each logs in once."""
    folder = tmp_path_factory.mktemp("furnished")
    made = sqlite_town(folder)
    mailbox = folder / "mailbox"
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=mailbox)
    town = PortalTown(made.house, made.clock, made.people, made.departments, mailbox=mailbox)
    town.app = create_app(made.house, config, made.clock)
    furnish(town)
    contexts: dict[str | None, BrowserContext] = {}
    with served(town.app) as address:

        def page(login: str | None) -> Page:
            if login not in contexts:
                contexts[login] = browser.new_context(base_url=address)
                entered = contexts[login].new_page()
                entered.set_default_timeout(within(10) * 1000)
                if login:
                    entered.goto("/login")
                    entered.locator("[name=login]").fill(login)
                    entered.locator("[name=passphrase]").fill(PASSPHRASE)
                    entered.locator("[name=passphrase]").press("Enter")
                    entered.wait_for_url("**/tasks*")
            return contexts[login].pages[0]

        yield page
        for context in contexts.values():
            context.close()
    made.house.database.close()


def _faults(page: Page, path: str, language: str, dress: str) -> list[str]:
    """What is wrong with a page in a dress: it is refused, wider than the screen, or axe finds something."""
    page.emulate_media(color_scheme="dark" if dress == "dark" else "light")
    page.goto(f"/display?density={'elder' if dress == 'elder' else 'standard'}")
    answer = page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
    faults = []
    if answer is None or answer.status != (404 if path == "/nowhere" else 200):
        faults.append(f"{path} is not shown: {answer and answer.status}")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if (needs := page.evaluate("document.documentElement.scrollWidth")) > width:
            faults.append(f"{path} needs {needs} of {width} px")
    found = Axe().run(page)
    return [*faults, f"{path}: {found.generate_report()}"] if found.violations_count else faults


@pytest.mark.parametrize(("login", "path", "language", "dress"), _ALL)
def test_a_page_is_sound_and_never_wider_than_the_screen(
    opened: Callable[[str | None], Page], login: str | None, path: str, language: str, dress: str
) -> None:
    faults = _faults(opened(login), path, language, dress)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("login", list(PAGES))
def test_so_is_every_place_to_which_rail_menu_and_tabs_lead(
    opened: Callable[[str | None], Page], login: str | None
) -> None:
    page = opened(login)
    page.goto("/tasks" if login else "/")
    # no process of this town says that the office takes in for residents, and no Prefect stands behind its door
    ways = [way for way in dict.fromkeys(page.evaluate(_WAYS)) if not way.startswith("/prefect")]
    ways = [way for way in ways if (login, way) != ("office", "/intake")]
    assert len(ways) >= 4
    faults = [fault for way, dress in zip(ways, cycle(DRESSES), strict=False) for fault in _faults(page, way, *dress)]
    assert not faults, "\n".join(faults)
