"""Parents and children: whoever is called by an issue that no longer waits is ended or goes on, and never opened for nobody."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from engine.event import Cancel, Resume, Suspend
from engine.state import State
from huying.database.tables import issues
from huying.effects.carriers import carry
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.deeds import act, happen
from huying.issues.opening import Report, open_issue
from huying.issues.verification import verify
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from tests.conftest import Office

PARENT = """
id: parent
title: {zh: 主件, en: Parent}
number: "P-{{ station.code }}-{{ year }}-{{ sequence | pad(5) }}"
fields:
  subject: {type: text, title: {zh: 主题, en: Subject}, required: true}
roles:
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions: {done: {zh: 办结, en: Done}}
intake:
  other: {title: {zh: 另办, en: Another}, call: office, with: {subject: subject}, %s within: 1 month, overdue: {tell: clerk}, to: look}
closure:
  look:
    title: {zh: 查看, en: Look}
    task: clerk
    within: 3 working days
    overdue: {tell: clerk}
    actions:
      done: {title: {zh: 办结, en: Close}, to: end}
  end: {title: {zh: 办结, en: End}, close: done}
"""


def opened(office: Office, now: datetime, more: str = "") -> int:
    """A parent, just reported; its child is not open yet."""
    publish(office.house, PARENT % more, "parent.yaml", Imprint("test", now))
    report = Report(definition="parent", station="XG", reporter=office.city["resident"], values={"subject": "路灯不亮"})
    return open_issue(office.house, report, request_id="parent", now=now).issue_id


def carried_out(office: Office, now: datetime) -> None:
    while errands := claim_effects(office.house, now):
        for errand in errands:
            carry(office.house, errand, now)


def states(office: Office, but: int) -> list[State]:
    """The issues beside the parent."""
    with office.house.database.reading() as connection:
        return list(connection.execute(select(issues.c.state).where(issues.c.id != but)).scalars())


def staff(office: Office, now: datetime) -> By:
    return By(office.city["clerk"], now)


@pytest.mark.parametrize(("more", "status"), [("", "closed"), ("when left: leave,", "open")])
def test_a_child_ends_with_its_parent_or_goes_on(office: Office, now: datetime, more: str, status: str) -> None:
    parent = opened(office, now, more)
    carried_out(office, now)
    assert [child.status for child in states(office, parent)] == ["open"]
    happen(office.house, parent, Cancel("重复"), staff(office, now))
    carried_out(office, now)
    assert [child.status for child in states(office, parent)] == [status]
    assert verify(office.house).faults == []


def test_a_parent_that_has_gone_before_its_child_was_opened_opens_none(office: Office, now: datetime) -> None:
    parent = opened(office, now)
    happen(office.house, parent, Cancel("重复"), staff(office, now))
    carried_out(office, now)
    assert states(office, parent) == []


def test_a_child_that_ends_while_its_parent_is_suspended_waits_for_it(office: Office, now: datetime) -> None:
    parent = opened(office, now)
    carried_out(office, now)
    happen(office.house, parent, Suspend("等批复"), staff(office, now))
    (child,) = states(office, parent)
    number = 2 if parent == 1 else 1
    act(office.house, number, child.items[0].number, "refuse", {}, staff(office, now))
    carried_out(office, now)
    with office.house.database.reading() as connection:
        query = select(issues.c.state).where(issues.c.id == parent)
        waiting = connection.execute(query).scalar_one()
        assert [visit.step for visit in waiting.visits] == ["other"]
    happen(office.house, parent, Resume(), staff(office, now))
    with office.house.database.reading() as connection:
        assert [visit.step for visit in connection.execute(query).scalar_one().visits] == ["look"]
    assert verify(office.house).faults == []
