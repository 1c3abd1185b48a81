"""The messages of the shipped process in the sample city, day by day: who is written to, when, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select, update

from huying.access.viewer import Look
from huying.database import tables as t
from huying.database.connections import Database
from huying.effects.carriers import carry
from huying.house.by import By
from huying.house.house import House
from huying.issues.attachments import attach
from huying.issues.deeds import act, comment
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.issues.verification import verify
from huying.issues.views.issue import issue_view
from huying.issues.views.tasks import my_tasks
from huying.keys import place
from huying.outbox.claims import claim_effects
from huying.services.first_start import prepare
from huying.settings import read
from huying.timers.sweep import fire_due
from notifications import LINK
from tests.huying.town import PIXEL

#: A Monday, 9:00 in China.
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)
PHONE, MAIL, NAME = "13812345678", "sam.li@example.org", "欧阳无名"


@dataclass
class Days:
    """The sample city, one issue in it, and a clock that is moved hour by hour."""

    house: House
    language: str
    now: datetime = MONDAY
    issue: int = 0
    people: dict[str, int] = field(default_factory=dict)
    departments: dict[str, str] = field(default_factory=dict)

    def report(self) -> None:
        """A guest reports a dark lamp."""
        reporter = NewReporter(name=NAME, email=MAIL, language=self.language)
        values = {"subject": "路灯不亮", "category": "lighting", "place": "仙港路", "phone": PHONE}
        self.issue = open_issue(
            self.house,
            Report(definition="contact-station", station="XG", reporter=reporter, values=values),
            request_id="report",
            now=self.now,
        ).issue_id
        with self.house.database.writing() as connection:
            # somebody there has acted by a link before: what an address is told until then is asked in tests/attacks/test_mail
            connection.execute(update(t.addresses).values(state="usable"))
        self.carry_out()

    def until(self, month: int, day: int, hour: int = 1) -> None:
        """Let time pass, hour by hour, as the sweep does."""
        end = datetime(2026, month, day, hour, tzinfo=UTC)
        while self.now < end:
            self.now += timedelta(hours=1)
            if fire_due(self.house, self.now):
                self.carry_out()

    def carry_out(self) -> None:
        """Render all messages that are to be sent."""
        for errand in claim_effects(self.house, self.now):
            carry(self.house, errand, self.now)

    def do(self, login: str, action: str, **values: Any) -> None:
        """Somebody acts on their task."""
        tasks = my_tasks(self.house, self.people[login], self.language, self.now)
        item = next(task.item for task in tasks if task.issue_id == self.issue)
        act(self.house, self.issue, item, action, values, By(self.people[login], self.now))
        self.carry_out()

    def remark(self, login: str, text: str, *, public: bool) -> None:
        """Somebody adds a remark."""
        comment(self.house, self.issue, text, By(self.people[login], self.now), public=public)
        self.carry_out()

    @property
    def messages(self) -> list[Row[Any]]:
        """All messages so far, in the order in which they were written."""
        query = select(t.deliveries, t.participants.c.login).join(
            t.participants, t.participants.c.id == t.deliveries.c.participant_id
        )
        with self.house.database.reading() as connection:
            return list(connection.execute(query.order_by(t.deliveries.c.id)))

    def said(self, occasion: str, day: str) -> dict[str, tuple[str, str]]:
        """Subject and first line by login (the reporter is ``guest``) of the messages of a day in UTC."""
        return {
            row.login or "guest": (row.subject, row.text.splitlines()[0])
            for row in self.messages
            if row.occasion == occasion and f"{row.created_at:%m-%d}" == day
        }

    def to_departments(self) -> None:
        """Taken up on time, and handed to two departments."""
        self.report()
        self.do("linxiaoyu", "accept", kind="request")
        deputy = next(row.login for row in self.messages if row.occasion == "task" and row.login != "linxiaoyu")
        assert deputy
        lead, assist = self.departments["市城市管理局"], [self.departments["鹭江供电公司"]]
        self.do(deputy, "coordinate", lead=lead, assist=assist, advice="请两天内到现场。")

    def to_verdict(self) -> None:
        """Both have replied; the resident is asked."""
        self.to_departments()
        self.do("dingkai", "reply", reply="灯泡已换。")
        self.do("leiming", "reply", reply="线路已查。")


@pytest.fixture(params=["zh", "en"])
def days(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Days]:
    """The sample city, in which everybody reads this language."""
    settings = read({"HUYING_HOME": str(tmp_path)})
    prepare(settings, lambda words: None, sample="city")
    database = Database(settings.database_url, ring=place.found(settings))
    made = Days(House(database, settings.files), request.param)
    with database.writing() as connection:
        connection.execute(update(t.participants).values(language=made.language))
        made.people = {row.login: row.id for row in connection.execute(select(t.participants)) if row.login}
        rows = connection.execute(select(t.organisations))
        made.departments = {row.name_zh: f"organisation:{row.id}" for row in rows}
    yield made
    assert verify(made.house).faults == []
    database.close()


def test_a_task_is_reminded_of_then_overdue_then_escalated(days: Days) -> None:
    days.report()
    days.until(3, 5)
    zh = days.language == "zh"
    assert days.said("task", "03-02")["linxiaoyu"] == (
        ("【待办】登记受理 · 3月3日（周二）前 · 路灯不亮", "林小雨，请于3月3日（周二）前办理“登记受理”。")
        if zh
        else ("To do: Register by Tue 3 March · 路灯不亮", "林小雨, please do this by Tue 3 March: Register.")
    )
    assert days.said("reminded", "03-03") == {
        "linxiaoyu": (
            "【提醒】登记受理 · 3月3日（周二）前 · 路灯不亮",
            "林小雨，提醒您于3月3日（周二）前办理“登记受理”，目前尚未办理。",
        )
        if zh
        else (
            "Reminder: Register by Tue 3 March · 路灯不亮",
            "林小雨, this still waits for you and is due by Tue 3 March: Register.",
        )
    }
    # midnight in China: 16:00 UTC
    assert days.said("overdue", "03-03") == {
        "linxiaoyu": (
            "【逾期】登记受理 · 路灯不亮",
            "林小雨，“登记受理”应于3月3日（周二）前办理，现已逾期，请立即办理。",
        )
        if zh
        else (
            "Overdue: Register · 路灯不亮",
            "林小雨, this is overdue, please do it now: Register. It should have been done by Tue 3 March.",
        )
    }
    assert days.said("escalated", "03-03") == {
        "zhaoping": ("【逾期升级】登记受理 · 路灯不亮", "赵平，“登记受理”逾期未办，现升级由您接办，请尽快办理。")
        if zh
        else (
            "Escalated to you: Register · 路灯不亮",
            "赵平, this was not done in time and is now handed up to you, please take it on: Register.",
        )
    }
    days.do("zhaoping", "accept", kind="request")
    assert len(days.said("task", "03-05")) == 1, "whoever it was escalated to can do it, and then it goes on"


def test_deadlines_count_working_days_and_leave_out_holidays(days: Days) -> None:
    days.now = datetime(2026, 4, 1, 1, tzinfo=UTC)
    days.to_verdict()
    days.until(4, 20)
    # Wednesday 1 April; the Tomb-sweeping holiday is the 4th to the 6th
    said = days.said("task", "04-01")["guest"]
    assert ("4月9日（周四）前" if days.language == "zh" else "by Thu 9 April") in said[0]
    reminded = days.said("reminded", "04-07")
    assert set(reminded) == {"guest"}
    assert set(days.said("closed", "04-09")) >= {"guest", "dingkai", "leiming"}
    assert ("居民逾期未评价" if days.language == "zh" else "No answer from the reporter") in days.said(
        "closed", "04-09"
    )["guest"][1]


def test_who_only_has_to_know_of_a_delay_is_not_told_to_act(days: Days) -> None:
    days.to_departments()
    days.until(3, 27)
    overdue = days.said("overdue", "03-23")
    assert {"dingkai", "leiming", "xuting"} <= set(overdue)
    assert ("供您知悉" if days.language == "zh" else "for your information") in overdue["xuting"][1]
    assert ("请立即办理" if days.language == "zh" else "please do it now") in overdue["dingkai"][1]
    assert set(days.said("escalated", "03-23")) == {"zhaoping"}, "the head first"
    assert set(days.said("escalated", "03-26")) == {"duhai"}, "then the next level"


def test_no_message_holds_personal_data_or_a_link_that_could_be_used(days: Days) -> None:
    days.to_verdict()
    days.until(3, 20)
    assert len(days.messages) > 15
    for message in days.messages:
        said = f"{message.subject}\n{message.text}\n{message.html}"
        assert PHONE not in said
        assert MAIL not in said
        assert (NAME in said) == (message.login is None), "only the reporter reads their own name"
        assert LINK in message.text
        assert "/t/" not in said.replace("text/", "")


def test_the_reporter_reads_of_roles_and_departments_never_of_persons(days: Days) -> None:
    days.to_verdict()
    days.remark("linxiaoyu", "已电话联系。", public=True)
    names = {row.name for row in _everybody(days) if row.login}
    for message in days.messages:
        if message.login is None:
            assert not [name for name in names if name in message.text], message.text
    remark = days.messages[-1]
    assert remark.login is None
    assert ("工作人员在您反映的事项中留言" if days.language == "zh" else "Staff commented on your issue") in remark.text
    assert "已电话联系。" in remark.text


def test_an_internal_remark_never_reaches_the_reporter(days: Days) -> None:
    days.to_verdict()
    before = len(days.messages)
    days.remark("linxiaoyu", "此人以前也投诉过。", public=False)
    assert [message.login for message in days.messages[before:]] == [], "only the reporter is at work now"
    assert not any("投诉过" in message.text for message in days.messages if message.login is None)


def test_who_has_done_their_part_can_still_add_to_the_issue(days: Days) -> None:
    days.to_departments()
    clerk = days.people["linxiaoyu"]
    days.remark("linxiaoyu", "现场照片随后补上。", public=False)
    content = PIXEL
    attach(days.house, days.issue, "a.png", content, By(clerk, days.now), public=False)
    seen = issue_view(days.house, days.issue, Look(clerk, days.language, days.now))
    assert [happening.kind for happening in seen.timeline[-2:]] == ["comment", "attach"]


def test_departments_work_on_the_matter_and_are_not_told_whose_it_is(days: Days) -> None:
    days.to_departments()
    handler = issue_view(days.house, days.issue, Look(days.people["dingkai"], days.language, days.now))
    assert handler.reporter is None
    assert NAME not in str(handler)
    deputy = next(row.login for row in days.messages if row.occasion == "task" and row.login != "linxiaoyu")
    # who has done their task still sees that somebody has raised it, and asks for the name if they need it
    assert issue_view(days.house, days.issue, Look(days.people[deputy], days.language, days.now)).reporter == "欧**"


def _everybody(days: Days) -> list[Row[Any]]:
    with days.house.database.reading() as connection:
        return list(connection.execute(select(t.participants.c.name, t.participants.c.login)))
