"""Leaving, a new term and closing a station by page: the plan is shown first, and only then is it done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from huying.database.tables import memberships, stations, successors, work_items
from huying.issues.departures import count_departed, see_off
from huying.issues.verification import verify
from huying.register.changes import Change, Stamp, apply
from tests.huying.town import administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

_REPORT = {"station": "XG", "field.subject": "路灯不亮", "field.kind": "lighting", "name": "李明"}


@pytest.fixture
def keeper(town: PortalTown) -> Visitor:
    """Who keeps the register of the whole house."""
    administrator(town.house)
    return town.visitor("admin")


def test_somebody_leaves_after_the_plan_was_shown(town: PortalTown, keeper: Visitor) -> None:
    number = town.people["clerk2"]
    address = f"/register/people/{number}/leave"
    with town.house.database.reading() as connection:
        member = (
            connection.execute(select(memberships.c.id).where(memberships.c.participant_id == number)).scalars().one()
        )
    assert "先看谁接手" in plain(keeper.see(address))
    assert "请至少选一处任职" in plain(keeper.see(f"{address}?do=plan&last=2026-12-31", 422))
    assert "请填日期" in plain(keeper.see(f"{address}?do=plan&leave.{member}=yes", 422))
    planned = f"{address}?do=plan&last=2026-12-31&leave.{member}=yes"
    assert "名册改动 1 条" in plain(keeper.see(planned))
    values = {"last": "2026-12-31", f"leave.{member}": "yes", "why": "退休"}
    page = plain(keeper.send(planned, address, values))
    assert "… — 2026-12-31" in page
    assert "退休" in page


def test_a_successor_is_chosen_for_a_task_before_it_is_done(town: PortalTown, keeper: Visitor) -> None:
    number, issue = town.people["clerk"], town.report()
    with town.house.database.reading() as connection:
        mine = select(memberships.c.id).where(memberships.c.participant_id == number)
        ends = "&".join(f"leave.{one}=yes" for one in connection.execute(mine).scalars())
        item = connection.execute(select(work_items.c.number).where(work_items.c.issue_id == issue)).scalars().first()
    planned = f"/register/people/{number}/leave?do=plan&last=2026-12-31&{ends}"
    assert f'name="to.{issue}.{item}"' in keeper.see(planned)
    values = {"last": "2026-12-31", f"to.{issue}.{item}": str(town.people["clerk2"])}
    values |= {part.split("=")[0]: "yes" for part in ends.split("&")}
    address = f"/register/people/{number}/leave"
    looked = keeper.send(planned, address, {**values, "do": "look"})
    assert f'<option value="{town.people["clerk2"]}" selected>' in looked
    with town.house.database.reading() as connection:
        assert connection.execute(select(successors)).all() == [], "only looked at"
    keeper.send(planned, address, values)
    with town.house.database.reading() as connection:
        (row,) = connection.execute(select(successors))
    assert (row.issue_id, row.item, row.leaver_id, row.participant_id) == (issue, item, number, town.people["clerk2"])


def test_a_new_term_lists_the_deputies_and_says_what_is_missing(keeper: Visitor) -> None:
    assert "新一届从哪天起" in plain(keeper.see("/register/term"))
    assert "没有这个层级的代表" in plain(keeper.see("/register/term?level=city&first=2027-01-01"))
    wrong = keeper.see("/register/term?do=plan&level=city&first=2027-01-01&last=2026-01-01", 422)
    assert "届满日期要晚于起始日期" in plain(wrong)


def test_a_station_closes_by_page(town: PortalTown, keeper: Visitor) -> None:
    address = "/register/stations/YF/close"
    assert "从今天起不再受理新事项" in plain(keeper.see(address))
    page = plain(keeper.send(address, address, {"why": "撤并"}))
    assert "已停用" in page
    with town.house.database.reading() as connection:
        assert not connection.execute(select(stations.c.active).where(stations.c.code == "YF")).scalar_one()


def test_a_station_with_open_issues_closes_once_another_carries_them_on(town: PortalTown, keeper: Visitor) -> None:
    issue, address = town.report(), "/register/stations/XG/close"
    page = plain(keeper.see(address))
    assert "这里有 1 件在办事项，由另一站点接着办" in page
    assert "停用这个站点" not in page, "first it is said where they go"
    planned = f"{address}?station=YF"
    page = plain(keeper.see(planned))
    assert "1 件事项转到接办站点" in page
    assert "整件转站 星光站 → 远方站" in page
    assert "郑远" in page, "who has the task then"
    assert "填“并入站点”" in plain(keeper.send(planned, address, {"station": "", "why": "撤并"}, status=422))
    assert "要是另一个在用的站点" in plain(keeper.send(planned, address, {"station": "XG"}, status=422))
    page = plain(keeper.send(planned, address, {"station": "YF", "why": "撤并"}))
    assert "已停用" in page
    assert "并入 远方站" in page
    while count_departed(town.house):
        see_off(town.house, town.clock.now)
    number, _ = town.number_and_code(issue)
    assert number in keeper.see("/register/log") or number in town.visitor("far-clerk").see("/issues")
    assert "从星光站转到远方站" in plain(town.visitor("far-clerk").see(f"/issues/{number}"))
    assert verify(town.house).faults == []


def test_only_who_keeps_the_register_may(town: PortalTown) -> None:
    clerk = town.visitor("clerk")
    for page in ("/register/term", "/register/stations/XG/close", f"/register/people/{town.people['clerk']}/leave"):
        clerk.see(page, 403)


def test_the_public_pages_of_a_closed_station_lead_to_who_carries_on(town: PortalTown) -> None:
    resident, english = town.visitor(), town.visitor(language="en")
    form = {**resident.hidden("/report/street-matters", "/report/street-matters"), **_REPORT}
    with town.house.database.writing() as connection:
        change = Change("station", ("XG",), {"active": False, "closed": date(2026, 11, 23), "successor": "YF"})
        apply(connection, [change], Stamp("page", town.clock.now))
    page = plain(resident.see("/duty/XG"))
    assert "星光站已于2026年11月23日（周一）停用" in page
    assert "由远方站接着办" in page
    assert "正在值班" not in page
    assert 'href="/report/street-matters?station=YF"' in resident.see("/duty/XG")
    assert 'href="/duty/YF"' in resident.see("/?station=XG")
    assert "street-matters?station=YF" in resident.see("/?station=XG"), "the code on its wall still leads somewhere"
    assert "carries on: new reports go there" in plain(english.see("/stations?q=星光"))
    chosen = resident.see("/report/street-matters?station=XG")
    assert '<option value="YF" selected>' in chosen
    assert "星光站已于" in plain(chosen)
    receipt = resident.http.post("/report/street-matters", data=form)
    assert "星光站已停用，您的反映由远方站受理。" in plain(receipt.text), "the page was open before"
    assert "YF-2026-00001" in receipt.text
