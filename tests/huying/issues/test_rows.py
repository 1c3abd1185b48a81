"""A task for each row of a table: its page says which row it is about, and the answers are in the table afterwards."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from huying.access.viewer import Look
from huying.database.tables import deliveries
from huying.effects.carriers import carry
from huying.house.by import By
from huying.house.imprint import Imprint
from huying.issues.deeds import act
from huying.issues.opening import Report, open_issue
from huying.issues.verification import verify
from huying.issues.views.task import task_view
from huying.issues.views.tasks import my_tasks
from huying.outbox.claims import claim_effects
from huying.processes.publication import publish
from tests.conftest import Office

SOURCE = Path(__file__).parents[2] / "definitions" / "sound" / "task-for-each-row.yaml"


def test_whoever_has_a_row_reads_it_and_answers_in_it(office: Office, now: datetime) -> None:
    publish(office.house, SOURCE.read_bytes(), SOURCE.name, Imprint("test", now))
    rows = [{"matter": matter, "whose": f"organisation:{office.city['water']}"} for matter in ("漏水", "停水")]
    report = Report(
        definition="task-for-each-row",
        station="XG",
        reporter=office.city["resident"],
        values={"subject": "意见", "matters": rows},
    )
    issue = open_issue(office.house, report, request_id="rows", now=now).issue_id
    handler = office.city["water_handler"]
    tasks = sorted(line.item for line in my_tasks(office.house, handler, "zh", now))
    look = Look(person=handler, language="zh", now=now)
    read = [[value.text for value in task_view(office.house, issue, item, look).row] for item in tasks]
    assert [one[0] for one in read] == ["漏水", "停水"]
    assert sorted(line.title for line in my_tasks(office.house, handler, "zh", now)) == [
        "逐项办理：停水",
        "逐项办理：漏水",
    ]
    for errand in claim_effects(office.house, now):
        carry(office.house, errand, now)
    with office.house.database.reading() as connection:
        told = select(deliveries.c.item, deliveries.c.text).where(deliveries.c.participant_id == handler)
        messages = {int(number): text for number, text in connection.execute(told.order_by(deliveries.c.item))}
    assert list(messages) == tasks[:1], "one event, one message"
    assert "逐项办理：漏水、停水" in messages[tasks[0]]
    act(office.house, issue, tasks[1], "handled", {"outcome": "已通水"}, By(handler, now))
    act(office.house, issue, tasks[0], "handled", {"outcome": "已修"}, By(handler, now))
    assert verify(office.house).faults == []
