"""Whoever must leave a task of their department to colleagues has it in no list, and no message calls them to it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert, select

from huying.access.parties import actor
from huying.database.tables import deliveries, memberships, participants
from huying.effects.carriers import carry
from huying.house.imprint import Imprint
from huying.issues.opening import Report, open_issue
from huying.issues.views.tasks import my_tasks, number_of_tasks
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from tests.conftest import Office

SOURCE = """
id: complaint
title: {zh: 投诉, en: Complaint}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  subject: {title: {zh: 主题, en: Subject}, type: text, required: true}
  whose: {title: {zh: 由谁办, en: Whose}, type: department, required: true}
roles:
  handler: {title: {zh: 承办单位, en: Department}, departments: whose}
  clerk: {title: {zh: 经办人, en: Clerk}, staff of: station}
resolutions: {done: {zh: 办结, en: Done}}
intake:
  handle:
    title: {zh: 办理, en: Handle}
    task: handler
    OTHER
    within: 3 working days
    overdue: {tell: clerk}
    to: end
    actions: {done: {title: {zh: 已办理, en: Done}}}
closure:
  end: {title: {zh: 办结, en: End}, close: done}
"""


class Bureau:
    """A department with two people, one of whom complains."""

    def __init__(self, office: Office, now: datetime) -> None:
        self.house, self.now = office.house, now
        self.one = office.city["water_handler"]
        self.department = office.city["water"]
        with self.house.database.writing() as connection:
            row = {"name": "同事", "kind": "handler", "language": "zh", "active": True, "created_at": now}
            made = insert(participants).returning(participants.c.id)
            self.other = int(connection.execute(made, row).scalar_one())
            serves = {"participant_id": self.other, "organisation_id": self.department, "function": "handler"}
            connection.execute(insert(memberships), serves)

    def complain(self, other: str) -> None:
        """The one reports, and the department has the task."""
        publish(self.house, SOURCE.replace("OTHER", other), "complaint.yaml", Imprint("test", self.now))
        values = {"subject": "路灯", "whose": f"organisation:{self.department}"}
        report = Report(definition="complaint", station="XG", reporter=self.one, values=values)
        open_issue(self.house, report, request_id="one", now=self.now)
        for errand in claim_effects(self.house, self.now):
            carry(self.house, errand, self.now)

    def listed(self, person: int) -> int:
        """How many tasks are in somebody's list."""
        listed = len(my_tasks(self.house, person, "zh", self.now))
        with self.house.database.reading() as connection:
            acting = actor(connection, person)
        assert number_of_tasks(self.house, acting, person) == listed
        return listed

    def called(self, person: int) -> set[str]:
        """Of what somebody has a message."""
        query = select(deliveries.c.occasion).where(deliveries.c.participant_id == person)
        with self.house.database.reading() as connection:
            return set(connection.execute(query).scalars())


@pytest.fixture
def bureau(office: Office, now: datetime) -> Bureau:
    return Bureau(office, now)


def test_who_is_recused_has_neither_the_task_nor_a_message_of_it(bureau: Bureau) -> None:
    bureau.complain("other than: reporter")
    assert (bureau.listed(bureau.one), bureau.listed(bureau.other)) == (0, 1)
    assert bureau.called(bureau.one) == {"opened"}, "that of the report stays"
    assert bureau.called(bureau.other) == {"task"}


def test_without_it_both_have_both(bureau: Bureau) -> None:
    bureau.complain("")
    assert (bureau.listed(bureau.one), bureau.listed(bureau.other)) == (1, 1)
    assert "task" in bureau.called(bureau.one)
