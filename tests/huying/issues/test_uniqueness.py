"""A value that may stand in one issue only stands in one, on each kind of database, however many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Executable, func, select

from engine.event import Cancel, Reopen
from engine.refusal import Invalid, Refusal
from huying.database.tables import issues, outbox, unique_values
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.decision import Capacity, change
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.record import number_of
from huying.issues.verification import verify
from huying.migrations.batches import begin, carry_on
from huying.migrations.plans import prepare
from huying.processes.publication import publish
from tests.conftest import Office

DEFINITION = """
id: permit
title: {zh: 通行证, en: Permit}
number: "{{ station.code }}-TX{{ year }}-{{ sequence | pad(5) }}"
fields:
  card: {title: {zh: 身份证号, en: Identity card}, type: text, unique: UNIQUE}
  plate: {title: {zh: 车牌, en: Plate}, type: text}
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions: {granted: {zh: 已发, en: Granted}}
reopen: {within: 1 month, to: look}
intake:
  look:
    title: {zh: 查看, en: Look}
    task: clerk
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      grant: {title: {zh: 发证, en: Grant}, to: end}
      correct: {title: {zh: 更正, en: Correct}, to: look, at most: 5, then: end, edit: [card]}
closure:
  end: {title: {zh: 已发, en: Granted}, close: granted}
"""


@dataclass
class Desk:
    """An office in which permits are given out."""

    office: Office
    now: datetime
    keys: count[int] = field(default_factory=count)

    def publish(self, unique: str) -> None:
        publish(self.office.house, DEFINITION.replace("UNIQUE", unique), "permit.yaml", Imprint("test", self.now))

    def open(self, card: str, **more: Any) -> int:
        who = self.office.city[more.pop("who", "resident")]
        report = Report(definition="permit", station="XG", reporter=who, values={"card": card, **more})
        return open_issue(self.office.house, report, request_id=f"permit-{next(self.keys)}", now=self.now).issue_id

    def refused(self, card: str, **more: Any) -> str:
        """What somebody is told who cannot have this value."""
        with pytest.raises(Invalid) as found:
            self.open(card, **more)
        assert set(found.value.errors) == {"card"}
        assert found.value.errors["card"]["en"]
        return found.value.errors["card"]["zh"]

    def act(self, issue: int, action: str, **values: Any) -> None:
        self.now += timedelta(minutes=1)
        with self.office.house.database.reading() as connection:
            state = connection.execute(select(issues.c.state).where(issues.c.id == issue)).scalar_one()
        item = next(one.number for one in state.items if not one.done)
        act(self.office.house, issue, item, action, values, By(self.office.city["clerk"], self.now))

    def staff(self, issue: int, event: Any) -> None:
        self.now += timedelta(minutes=1)
        by = By(self.office.city["clerk"], self.now)
        change(self.office.house, issue, event, by, capacity=Capacity(manages=True))

    def suspected(self, written: Executable) -> set[str]:
        """The numbers of the issues that verifying finds once this is written past the kernel; afterwards it is taken back."""
        database = self.office.house.database
        with database.reading() as connection:
            kept = [dict(row) for row in connection.execute(select(unique_values)).mappings()]
        with database.writing() as connection:
            connection.execute(written)
        faults = verify(self.office.house).faults
        with database.writing() as connection:
            connection.execute(unique_values.delete())
            connection.execute(unique_values.insert(), kept)
        return {fault.partition(":")[0] for fault in faults}

    @property
    def held(self) -> int:
        with self.office.house.database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(unique_values)).scalar_one())


@pytest.fixture
def desk(office: Office, now: datetime) -> Desk:
    return Desk(office, now)


def test_no_two_issues_have_the_same_and_the_second_is_told_at_its_field(desk: Desk) -> None:
    desk.publish("true")
    first = desk.open("35020019900101123X")
    assert desk.refused(" 35020019900101123x ") == "“身份证号”与另一件事项相同，在同类事项里不能重复。"
    desk.act(first, "grant")
    desk.refused("35020019900101123X")
    desk.open("")
    desk.open("")
    desk.open("another")
    assert desk.held == 2
    assert verify(desk.office.house).faults == []


def test_what_was_cancelled_holds_nothing_any_more(desk: Desk) -> None:
    desk.publish("true")
    first = desk.open("A1")
    desk.staff(first, Cancel("填错了"))
    second = desk.open("A1")
    with pytest.raises(Invalid):
        desk.staff(first, Reopen("重新办理", to="look"))
    desk.staff(second, Cancel("不办了"))
    desk.staff(first, Reopen("重新办理", to="look"))
    desk.refused("A1")


def test_among_open_issues_what_is_closed_does_not_count_until_it_is_reopened(desk: Desk) -> None:
    desk.publish("open")
    first = desk.open("A1")
    assert "未办结的事项" in desk.refused("A1")
    desk.act(first, "grant")
    desk.open("A1")
    with pytest.raises(Invalid) as found:
        desk.staff(first, Reopen("重办", to="look"))
    assert "card" in found.value.errors


def test_a_year_and_a_reporter_narrow_it(desk: Desk) -> None:
    desk.publish("[year, reporter]")
    desk.open("2026")
    assert "同一年的事项、同一人提出的事项" in desk.refused("2026")
    desk.open("2026", who="deputy")
    desk.now += timedelta(days=366)
    desk.open("2026")


def test_a_value_may_be_changed_to_a_free_one_and_frees_what_it_was(desk: Desk) -> None:
    desk.publish("true")
    first, second = desk.open("A1"), desk.open("A2")
    with pytest.raises(Invalid):
        desk.act(second, "correct", card="A1")
    desk.act(second, "correct", card="A2")
    desk.act(second, "correct", card="A3")
    desk.act(first, "correct", card="A2")
    desk.refused("A3")
    desk.open("A1")
    assert desk.held == 3


def test_of_many_who_come_at_once_one_gets_through(desk: Desk) -> None:
    desk.publish("true")

    def come(number: int) -> str:
        try:
            desk.open(f"C{number % 3}")
        except Refusal as refusal:
            return refusal.code
        return "taken"

    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(come, range(24)))
    assert sorted(set(came)) == ["invalid", "taken"]
    assert came.count("taken") == 3 == desk.held


def test_verifying_finds_a_value_that_is_held_otherwise_than_its_issue_says(desk: Desk) -> None:
    desk.publish("[year]")
    first, second = desk.open("A1"), desk.open("A2")
    cancelled = desk.open("A3")
    desk.staff(cancelled, Cancel("填错了"))
    assert verify(desk.office.house).faults == []
    held = unique_values.c
    for written, suspects in (
        (unique_values.delete().where(held.issue_id == first), {first}),
        (unique_values.update().where(held.issue_id == first).values(digest="0" * 64), {first}),
        (unique_values.update().where(held.issue_id == first).values(scope="2025"), {first}),
        (unique_values.update().where(held.issue_id == first).values(definition_key="leave"), {first}),
        (unique_values.update().where(held.issue_id == first).values(issue_id=cancelled), {first, cancelled}),
        (unique_values.update().where(held.issue_id == first).values(issue_id=second), {first, second}),
    ):
        assert desk.suspected(written) == {number_of(desk.office.house, one) for one in suspects}
    assert verify(desk.office.house).faults == []


def test_verifying_lets_a_moved_issue_be_without_a_value_that_another_had(desk: Desk) -> None:
    desk.publish("false")
    desk.open("A1")
    desk.open("A1")
    desk.publish("true")
    house = desk.office.house
    begin(house, prepare(house, "permit", 1, 2), reason="新办法", by="test", now=desk.now)
    with house.database.writing() as connection:
        connection.execute(outbox.update().values(status="done", done_at=desk.now))
    carry_on(house, desk.now)
    assert desk.held == 1
    assert verify(house).faults == []
