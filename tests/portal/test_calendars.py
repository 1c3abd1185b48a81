"""The office pastes next year's notice; everybody sees the year, and running deadlines follow it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from engine.state import State, Visit
from huying.database.tables import history, issues
from huying.timers.recalculation import count_behind, reckon_again
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

NOTICE_2027 = """国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至13日（周六）放假调休，共9天。1月31日（周日）、2月14日（周日）上班。
"""


def test_everybody_sees_a_year_with_its_holidays_and_make_up_days(town: PortalTown) -> None:
    page = plain(town.visitor().see("/calendars/china?year=2026"))
    assert "248 个工作日" in page
    assert "春节 2月15日–2月23日 调休上班：2月14日、2月28日" in page
    assert "2027年的放假安排尚未公布" in plain(town.visitor().see("/calendars/china?year=2027"))
    assert "Spring Festival" in plain(town.visitor(language="en").see("/calendars/china?year=2026"))
    town.visitor().see("/calendars/nowhere", status=404)


def test_only_the_office_brings_a_calendar_up_to_date(town: PortalTown) -> None:
    assert "通知全文" not in town.visitor("clerk").see("/calendars/china")
    clerk = town.visitor("clerk")
    token = clerk.hidden("/", "/logout")["form_token"]
    for address in ("/calendars/china/preview", "/calendars/china/publish"):
        answer = clerk.http.post(address, data={"form_token": token, "text": NOTICE_2027})
        assert answer.status_code == 403


def test_the_office_sees_what_would_change_and_publishes_it(town: PortalTown) -> None:
    office = town.visitor("office")
    seen = plain(office.send("/calendars/china", "/calendars/china/preview", {"text": NOTICE_2027}))
    assert "2027-02-14 上班 · 春节" in seen
    assert "2027-01-01 放假 · 元旦" in seen
    assert town.house.calendars.in_force("china").published_until.year == 2026, "nothing has been published yet"
    text = {"text": NOTICE_2027, "note": "国办发明电〔2026〕x号"}
    token = office.hidden("/calendars/china", "/calendars/china/preview")
    office.http.post("/calendars/china/publish", data={**token, **text})
    calendar = town.house.calendars.in_force("china")
    assert (calendar.version, calendar.published_until.year) == (1, 2027)
    page = plain(office.see("/calendars/china?year=2027"))
    assert "第 1 版" in page
    assert "国办发明电〔2026〕x号" in page
    assert "周主任" in page


def test_a_slip_is_said_with_its_line_and_what_was_pasted_is_kept(town: PortalTown) -> None:
    wrong = NOTICE_2027.replace("共9天", "共8天")
    page = town.visitor("office").send("/calendars/china", "/calendars/china/preview", {"text": wrong})
    assert "第 3 行：写的是共8天" in plain(page)
    assert "2月5日（周五）至13日（周六）放假调休，共8天" in page
    assert town.house.calendars.versions("china") == ()


def test_running_deadlines_follow_the_new_calendar_with_an_entry_in_the_history(town: PortalTown) -> None:
    town.clock.now = datetime(2026, 12, 31, 2, tzinfo=UTC)
    issue = town.report()
    before = _visit(town, issue)
    assert before.provisional
    office = town.visitor("office")
    token = office.hidden("/calendars/china", "/calendars/china/preview")
    office.http.post(
        "/calendars/china/publish",
        data={
            **token,
            "text": NOTICE_2027.replace(
                "1月1日（周五）至3日（周日）放假，共3天", "1月1日（周五）至8日（周五）放假，共8天"
            ),
        },
    )
    town.house.calendars.forget()
    assert count_behind(town.house) == 1
    assert reckon_again(town.house, town.clock()).moved == 1
    assert reckon_again(town.house, town.clock()).looked_at == 0, "and there is nothing more to do"
    after = _visit(town, issue)
    assert not after.provisional
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at > before.due_at
    with town.house.database.reading() as connection:
        kinds = connection.execute(select(history.c.kind).where(history.c.issue_id == issue)).scalars().all()
        row = connection.execute(select(issues).where(issues.c.id == issue)).one()
    assert kinds[-1] == "reckon-again"
    assert (row.provisional, row.calendar) == (False, "china v1")
    assert "期限重新计算" in plain(town.visitor("clerk").see(f"/issues/{row.number}"))


def _visit(town: PortalTown, issue: int) -> Visit:
    with town.house.database.reading() as connection:
        state: State = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one()
        return state.visits[0]
