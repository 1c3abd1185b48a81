"""Each person's whole story in a real browser, in a house of 442 stations with 5,000 open issues: by keyboard alone and by touch, on small screens
and large ones, in both languages, light, dark and in large type. With every page that somebody sees nothing may be wrong (``Somebody.look``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from huying.database import tables as t
from tests.patience import within
from tests.portal.crowded_portal import CrowdedPortal, crowded
from tests.portal.person import Dress, Somebody, dressed
from tests.portal.test_browser import browser, served

__all__ = ["browser", "crowded"]

#: Any two of: how wide, which language, which look, and by what, are worn together by somebody.
_DRESSES = (
    Dress(360, "zh", "light", "touch"),
    Dress(390, "en", "dark", "keys"),
    Dress(1280, "zh", "dark", "keys"),
    Dress(1440, "en", "elder", "touch"),
    Dress(360, "en", "elder", "keys"),
    Dress(390, "zh", "elder", "touch"),
    Dress(1280, "en", "light", "touch"),
    Dress(1440, "zh", "light", "keys"),
    Dress(360, "zh", "dark", "touch"),
    Dress(390, "en", "light", "touch"),
    Dress(1280, "zh", "elder", "keys"),
    Dress(1440, "en", "dark", "touch"),
)
#: How many dresses a story is played in; the stories begin at different ones, so that all are worn.
_EACH = 4


def dresses(first: int) -> pytest.MarkDecorator:
    """Four of the dresses, one of each width; the number is the station at which the story is played, so that none disturbs another."""
    worn = [(first * _EACH + at) % len(_DRESSES) for at in range(_EACH)]
    shown = [pytest.param(number, _DRESSES[at], id=str(_DRESSES[at])) for number, at in enumerate(worn, first + 1)]
    return pytest.mark.parametrize(("station", "dress"), shown)


Sits = Callable[..., Somebody]


@pytest.fixture(scope="module")
def house(crowded: CrowdedPortal) -> Iterator[str]:
    """The address of the house."""
    with served(crowded.app) as address:
        yield address


@pytest.fixture(scope="module")
def names(crowded: CrowdedPortal) -> str:
    """All that the register and the residents of the house say in their own words."""
    said = [column for table in (t.areas, t.stations, t.organisations) for column in (table.c.name_zh, table.c.name_en)]
    said += [t.participants.c.name, t.issues.c.subject]
    with crowded.city.house.database.reading() as connection:
        found = [connection.execute(select(column)).scalars() for column in said]
        return "\n".join(str(one) for column in found for one in column)


@pytest.fixture
def sits(crowded: CrowdedPortal, browser: Browser, house: str, names: str) -> Iterator[Sits]:
    """Somebody sits down, signed in; what is wrong with a page that they see is an error of the test."""
    people: list[Somebody] = []

    def sit(login: str | None, dress: Dress, *said: str) -> Somebody:
        expect.set_options(timeout=within(5) * 1000)
        session = crowded.session(login) if login else None
        people.append(dressed(browser, house, dress, session, "\n".join((names, *said))))
        return people[-1]

    yield sit
    for one in people:
        one.page.context.close()
    faults = [fault for one in people for fault in one.faults]
    assert not faults, "\n".join(faults)


@dresses(0)
def test_a_deputy_hands_a_matter_to_a_department(
    crowded: CrowdedPortal, sits: Sits, station: int, dress: Dress
) -> None:
    subject = f"厦禾路路灯不亮，老人出门看不清路，住户反映了好几次{station}"
    crowded.act(crowded.report(station, subject), "accept", kind="request")
    deputy = sits(f"deputy{station}", dress, subject, "李明 厦禾路 8 号 已经一周了 先换灯")
    page, says = (
        deputy.page,
        {"zh": ("交部门办理", "请先换灯", "已提交"), "en": ("Hand to departments", "Lamps first", "Done")},
    )
    way, advice, done = says[dress.language]
    deputy.go("/tasks")
    deputy.press(page.locator(".work-line a", has_text=subject))
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    deputy.tick(page.get_by_role("radio", name=way))
    deputy.look()
    opened = page.locator("form.decision", has=page.locator("#coordinate-lead"))
    deputy.choose(page.locator("#coordinate-lead"), "市城市管理局" if dress.language == "zh" else "Department 1")
    deputy.write(page.locator("#coordinate-advice"), advice)
    deputy.press(opened.locator(".btn-main"))
    expect(page.get_by_role("status")).to_contain_text(done)
    deputy.look()
    for address in ("/my/duties", "/files", "/search?q=路灯"):
        deputy.go(address)


@dresses(1)
def test_a_clerk_works_through_the_list(crowded: CrowdedPortal, sits: Sits, station: int, dress: Dress) -> None:
    subjects = [f"路灯不亮{station}之{number}" for number in range(3)]
    for subject in subjects:
        crowded.report(station, subject)
    clerk = sits(f"clerk{station}", dress, "李明 厦禾路 8 号 已经一周了 待核实 停电检修")
    page = clerk.page
    clerk.go("/issues?status=open&cared_for=true&layout=table&sort=number")
    with page.expect_navigation():
        clerk.choose_first(page.locator("#by-kind"))
    assert "kind=" in page.url
    with page.expect_navigation():
        clerk.press(page.locator(".chip").first)
    for subject in subjects[:2]:
        clerk.tick(page.locator("tbody tr", has_text=subject).get_by_role("checkbox"))
    clerk.press(page.locator(".bulk summary[data-key=p]"))
    clerk.write(page.locator("#why-suspend"), "停电检修")
    clerk.look()
    with page.expect_navigation():
        clerk.press(page.locator("[name=kind][value=suspend]"))
    expect(page.locator("[data-result]")).to_contain_text("2")
    expect(page.locator("[data-result] .code")).to_have_count(2)
    clerk.look()

    clerk.go("/issues?status=open&cared_for=true&layout=split&sort=number")
    clerk.press(page.locator("[data-row]", has_text=subjects[2]))
    pane = page.locator("#pane")
    expect(pane).to_contain_text(subjects[2])
    clerk.look()
    clerk.press(pane.locator("summary[data-key=m]"))
    clerk.write(page.locator("#remark-text"), "待核实")
    with page.expect_navigation():
        clerk.press(pane.locator("form", has=page.locator("#remark-text")).locator("button"))
    expect(pane).to_contain_text(subjects[2])


@dresses(2)
def test_a_clerk_takes_a_caller_in(sits: Sits, station: int, dress: Dress) -> None:
    clerk = sits(f"clerk{station}", dress, "林阿婆 楼道灯坏了 莲花三村 12 栋 已告知物业电话")
    page = clerk.page
    clerk.go("/intake?process=contact-station")
    clerk.write(page.locator("#phone"), "13812342210")
    clerk.write(page.locator("#name"), "林阿婆")
    clerk.write(page.locator("#subject"), "楼道灯坏了")
    clerk.tick(page.get_by_role("radio", name={"zh": "路灯照明", "en": "Street lighting"}[dress.language]))
    clerk.write(page.locator("#place"), "莲花三村 12 栋")
    expect(page.locator("#known")).to_contain_text("滨水小区24号楼道灯坏了")
    clerk.tick(page.locator("#action-answer"))
    clerk.write(page.locator("#on-answer-reply"), "已告知物业电话")
    clerk.look()
    clerk.press(page.locator(".intake-foot .btn-main"))
    expect(page.locator(".slip")).to_contain_text(re.compile(rf"S{station:03d}-2026-\d+"))
    clerk.look()
    for address in ("/phone-list", "/duty", "/my/calendar"):
        clerk.go(address)
