"""The office writes to nobody what a stranger likes: an address that nobody has answered from gets its own words alone, and few."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from huying.access.links import make_link, open_link
from huying.database import tables as t
from huying.effects.carriers import carry
from huying.house.by import By
from huying.issues.deeds import comment
from huying.issues.opening import Report, open_issue
from huying.issues.reporter import NewReporter
from huying.outbox.claims import claim_effects
from tests.attacks.conftest import GuardedTown
from tests.huying.town import REPORT

VICTIM = "victim@x.example"
WORDS = "点此领奖 evil.example"


def reported(town: GuardedTown, number: int = 0) -> int:
    stranger = NewReporter(name=WORDS, phone="13800000000", email=VICTIM)
    values = {**REPORT, "subject": WORDS, "details": WORDS}
    report = Report(definition="street-matters", station="XG", reporter=stranger, values=values)
    return open_issue(town.house, report, request_id=f"a-long-request-{number}", now=town.clock()).issue_id


def mails(town: GuardedTown) -> list[Any]:
    town.clock.now += timedelta(seconds=1)
    while errands := claim_effects(town.house, town.clock.now):
        for errand in errands:
            carry(town.house, errand, town.clock.now)
    with town.house.database.reading() as connection:
        return [row for row in connection.execute(select(t.deliveries)) if row.target == VICTIM]


def test_an_unconfirmed_address_is_told_nothing_of_what_a_stranger_wrote(town: GuardedTown) -> None:
    issue = reported(town)
    town.act(issue, "clerk", "accept")
    written = mails(town)
    assert written
    for row in written:
        for text in (row.subject, row.text, row.html):
            assert "evil" not in text
            assert "领奖" not in text
        assert "街道诉求办理" in row.subject


def test_whoever_acts_by_a_link_there_reads_everything_from_then_on_and_a_scanner_that_opens_it_confirms_nothing(
    town: GuardedTown,
) -> None:
    issue = reported(town)
    town.act(issue, "clerk", "accept")
    mails(town)
    with town.house.database.writing() as connection:
        token = make_link(connection, town.reporter(issue), issue, None, town.clock())
    town.stranger().http.get(f"/t/{token}")
    for text, shown in (("已派人去看。", False), ("灯已换好。", True)):
        comment(town.house, issue, text, By(town.people["deputy"], town.clock()), public=True)
        last = mails(town)[-1]
        assert (WORDS in last.subject + last.text) is shown
        door = open_link(town.house, token, town.clock())
        comment(
            town.house, issue, "谢谢。", By(door.participant_id, town.clock(), via=f"link:{door.mark}"), public=True
        )


def test_many_reports_with_one_address_write_there_five_times_a_day(town: GuardedTown) -> None:
    for number in range(9):
        town.act(reported(town, number), "clerk", "accept")
    assert len(mails(town)) == 5
