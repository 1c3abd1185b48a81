"""Each person's whole story in a real browser, in a house of 442 stations with 5,000 open issues: by keyboard alone and by touch, on small screens
and large ones, in both languages, light, dark and in large type. With every page that somebody sees nothing may be wrong (``Somebody.look``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from definitions.model.reference import organisation
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


@dresses(0)
def test_a_liaison_officer_looks_whether_it_was_done(
    crowded: CrowdedPortal, sits: Sits, station: int, dress: Dress
) -> None:
    subject = f"仙岳路{station}号路灯不亮"
    issue = _handed(crowded, station, subject)
    crowded.act(issue, "reply", reply="灯已换好")
    crowded.act(issue, "look")
    officer = sits(f"liaison{station}", dress, subject, *_SAID)
    page, says = (
        officer.page,
        {"zh": ("没有办好", "再请代表研究"), "en": ("It is not done", "Still dark")}[dress.language],
    )
    officer.go("/tasks")
    officer.press(page.locator(".work-line a", has_text=subject))
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    officer.look()
    officer.tick(page.get_by_role("radio", name=says[0]))
    officer.write(page.locator("#not-done-seen"), says[1])
    officer.press(page.locator("form.decision", has=page.locator("#not-done-seen")).locator(".btn-main"))
    expect(page.get_by_role("status")).to_be_visible()
    officer.go("/issues")


@dresses(1)
def test_a_department_replies_and_promises(crowded: CrowdedPortal, sits: Sits, station: int, dress: Dress) -> None:
    subject = f"文曾路{station}号路灯不亮"
    _handed(crowded, station, subject)
    handler = sits(f"handler{_department(station) + 1}", dress, subject, *_SAID)
    page = handler.page
    handler.go("/tasks")
    handler.press(page.locator(".work-line a", has_text=subject))
    expect(page.get_by_role("heading", level=1)).to_have_text(subject)
    handler.tick(page.locator("#decision-reply"))
    handler.write(page.locator("#reply-reply"), {"zh": "本周换灯", "en": "This week"}[dress.language])
    handler.write(page.locator("#reply-promised"), {"zh": "换灯", "en": "New lamps"}[dress.language])
    page.locator("#reply-promised_by").fill("2026-12-18")
    handler.look()
    handler.press(page.locator("form.decision", has=page.locator("#reply-reply")).locator(".btn-main"))
    expect(page.get_by_role("status")).to_be_visible()
    for address in ("/issues", "/my/calendar"):
        handler.go(address)


@dresses(2)
def test_a_head_sees_what_is_late_and_urges(crowded: CrowdedPortal, sits: Sits, station: int, dress: Dress) -> None:
    head = sits(f"head{station}", dress, *_SAID)
    page = head.page
    head.go("/board")
    with page.expect_navigation():
        head.press(page.locator(".kpis a").last)
    head.look()
    head.go("/issues?status=open&cared_for=true&layout=split&sort=number")
    head.press(page.locator("[data-row]").first)
    pane = page.locator("#pane")
    head.press(pane.locator("summary[data-key=a]"))
    head.look()
    for address in ("/board/circular", f"/register/stations/S{station:03d}", f"/duty/S{station:03d}"):
        head.go(address)


@dresses(1)
def test_an_administrator_lets_somebody_in_and_writes_a_process(sits: Sits, station: int, dress: Dress) -> None:
    name, login = f"新来的{station}", f"newcomer{station}"
    administrator = sits("admin", dress, name, login, "发布人 建立本系统时的管理员")
    page = administrator.page
    administrator.go("/register/people")
    administrator.press(page.locator(".title-row .btn-main"))
    administrator.write(page.locator("#f-name"), name)
    administrator.write(page.locator("#f-login"), login)
    administrator.choose(page.locator("#f-kind"), {"zh": "工作人员", "en": "Staff"}[dress.language])
    administrator.look()
    with page.expect_navigation():
        administrator.press(page.locator("main .btn-main"))
    administrator.look()

    administrator.go(f"/accounts?q={login}")
    administrator.tick(page.locator("[name='field.people']"))
    with page.expect_navigation():
        administrator.press(page.locator("[name=how][value=slip]"))
    expect(page.locator(".slip")).to_contain_text(login)
    administrator.look()

    administrator.go(f"/rights?q={login}")
    with page.expect_navigation():
        administrator.press(page.get_by_role("link", name=name))
    administrator.look()

    administrator.go("/editor")
    administrator.write(page.locator("#key"), f"lamps-{station}")
    with page.expect_navigation():
        administrator.press(page.locator("main .btn-main"))
    with page.expect_navigation():
        administrator.press(page.locator("[name=do][value=check]"))
    administrator.look()
    for address in ("/welcome", "/proposals", "/register", "/register/import"):
        administrator.go(address)


#: What residents and deputies say in these stories.
_SAID = ("李明 厦禾路 8 号 已经一周了 灯已换好 请先换灯 再请代表研究 本周换灯 换灯",)


def _handed(crowded: CrowdedPortal, station: int, subject: str) -> int:
    """An issue that a deputy has handed to a department."""
    issue = crowded.report(station, subject)
    crowded.act(issue, "accept", kind="request")
    crowded.act(
        issue, "coordinate", lead=organisation(crowded.city.departments[_department(station)]), advice="请先换灯"
    )
    return issue


def _department(station: int) -> int:
    """Whom a deputy asks; of the ten, those who have nothing in hand: with Tab alone a matter is found late among four hundred."""
    return (0, 3, 5, 6, 8)[station % 5]
