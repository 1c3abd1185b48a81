"""Prefect's pages as the staff's console: what is offered there, and that the kernel decides what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft7Validator
from sqlalchemy import select, update

from huying import console
from huying.console import Asked, Desk, Replied, StaffForm, desk_of, reply_to
from huying.console.view import showing
from huying.database.tables import history, participants
from huying.effects.failure import failed
from huying.figures.ledger import ledger
from huying.house.by import By
from huying.issues.deeds import claim
from huying.issues.verification import verify
from huying.outbox.claims import ATTEMPTS, claim_effects, count_pending
from tests.conftest import Office
from tests.huying.story import Story


@pytest.fixture
def story(office: Office, now: datetime) -> Story:
    """An issue that waits at the counter; the clerk of the station is the console's account."""
    with office.house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.name == "clerk").values(login="clerk"))
    one = Story(office, now)
    one.open()
    return one


def _form(story: Story) -> StaffForm | None:
    return console.staff_form(story.office.house, story.issue_id, _desk(story), story.now)


def _desk(story: Story) -> Desk:
    return desk_of(story.office.house, "clerk")


def _ask(story: Story, what: Any, request_id: str = "one", login: str | None = "clerk", **values: Any) -> Replied:
    number = ledger_number(story)
    return reply_to(story.office.house, login, Asked(number, what, request_id, values), story.now)


def ledger_number(story: Story) -> str:
    """The number of the issue."""
    return showing(story.office.house, story.issue_id, story.now).record.number


def _task(form: StaffForm | None, action: str) -> str:
    assert form is not None
    [deed] = [one for name, one in form.schema["definitions"].items() if name.endswith(f"-{action}")]
    return str(deed["properties"]["task"]["const"])


def test_the_form_offers_the_actions_of_the_staff_and_is_a_schema_that_prefect_can_check(story: Story) -> None:
    form = _form(story)
    assert form is not None
    assert form.waits == "受理"
    Draft7Validator.check_schema(dict(form.schema))
    assert [one["title"] for one in form.schema["definitions"].values()] == ["受理 Accept", "不予受理 Refuse"]
    Draft7Validator(dict(form.schema)).validate({"action": {"task": _task(form, "accept")}})


def test_nothing_is_offered_of_what_others_are_to_do(story: Story) -> None:
    story.act("clerk", "accept")
    assert _form(story) is None


def test_nothing_is_offered_to_an_account_that_does_not_look_after_the_issue(story: Story) -> None:
    resident = Desk(story.office.city["resident"])
    assert console.staff_form(story.office.house, story.issue_id, resident, story.now) is None


def test_what_staff_do_there_is_done_by_the_kernel_and_the_history_says_how(story: Story) -> None:
    done = _ask(story, "act", action={"task": _task(_form(story), "accept")}, note="电话核实过")
    assert done.accepted, done.words
    assert story.state.visits[0].step == "ask"
    with story.office.house.database.reading() as connection:
        rows = connection.execute(select(history.c.kind, history.c.actor_id, history.c.via)).all()
    clerk = story.office.city["clerk"]
    assert [tuple(row) for row in rows][1:] == [("act", clerk, "console"), ("comment", clerk, "console")]
    told = showing(story.office.house, story.issue_id, story.now).timeline[1]
    assert told.who == "clerk（经办人）（通过控制台）"
    assert verify(story.office.house).faults == []


def test_the_way_by_which_it_was_done_is_part_of_the_chain_of_hashes(story: Story) -> None:
    _ask(story, "act", action={"task": _task(_form(story), "accept")})
    with story.office.house.database.writing() as connection:
        connection.execute(update(history).where(history.c.via == "console").values(via=None))
    assert verify(story.office.house).faults


def test_the_same_press_of_a_button_does_nothing_twice(story: Story) -> None:
    task = _task(_form(story), "accept")
    first, second = (_ask(story, "act", action={"task": task}) for _ in range(2))
    assert (first.accepted, second.accepted) == (True, True)
    assert story.state.version == 2


def test_an_answer_to_a_form_of_yesterday_is_refused_in_words(story: Story) -> None:
    task = _task(_form(story), "accept")
    story.act("clerk", "accept")
    late = _ask(story, "act", action={"task": task})
    assert not late.accepted
    assert "未予办理" in late.words
    assert "Refused" in late.words
    assert late.issue_id == story.issue_id


def test_what_somebody_has_claimed_is_not_offered_and_not_taken_from_them(story: Story) -> None:
    task = _task(_form(story), "accept")
    other = story.office.city["deputy"]
    with story.office.house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.id == other).values(login="other"))
    clerk = story.office.city["clerk"]
    claim(story.office.house, story.issue_id, story.item("clerk"), By(clerk, story.now))
    assert not _ask(story, "act", login="other", action={"task": task}).accepted
    # the account's own task is offered as before
    assert _form(story) is not None


@pytest.mark.parametrize(
    "entered", [{}, {"action": "x"}, {"action": {"task": "受理"}}, {"action": {"task": "[9 accept]"}}]
)
def test_an_answer_that_names_no_task_is_refused(story: Story, entered: dict[str, Any]) -> None:
    assert not _ask(story, "act", **entered).accepted
    assert story.state.version == 1


def test_cancel_ends_the_issue_by_the_kernel_and_not_twice(story: Story) -> None:
    assert _ask(story, "cancel").accepted
    assert (story.state.status, story.state.resolution) == ("closed", "cancelled")
    again = _ask(story, "cancel", "two")
    assert not again.accepted


def test_pause_suspends_the_issue_and_the_form_lets_it_go_on(story: Story) -> None:
    assert _ask(story, "suspend").accepted
    assert story.state.suspended
    form = _form(story)
    assert form is not None
    assert form.waits == "恢复办理"
    assert _ask(story, "act", "two", action={"task": _task(form, "resume"), "reason": "材料已补齐"}).accepted
    assert not story.state.suspended


def test_retry_has_what_was_given_up_carried_out_again(story: Story) -> None:
    house = story.office.house
    assert not _ask(story, "retry").accepted
    for effect in claim_effects(house, story.now):
        failed(house, effect.id, ATTEMPTS - 1, "连接被拒绝", story.now)
    assert showing(house, story.issue_id, story.now).incidents
    [station] = ledger(house, story.now).stations
    assert (station.open, station.stuck) == (1, 1)
    assert "连接被拒绝" in station.troubles[0].what
    again = _ask(story, "retry", "two")
    assert again.accepted, again.words
    assert count_pending(house) > 0
    assert not showing(house, story.issue_id, story.now).incidents


def test_a_closed_issue_is_not_retried_and_the_refusal_says_what_to_do(story: Story) -> None:
    story.act("clerk", "refuse")
    refused = _ask(story, "retry")
    assert not refused.accepted
    assert "重开" in refused.words


def test_without_an_account_nothing_is_done_and_the_words_say_which_setting(story: Story) -> None:
    for login in (None, "nobody"):
        refused = _ask(story, "cancel", login=login)
        assert not refused.accepted
        assert "HUYING_CONSOLE_LOGIN" in refused.words
    assert story.state.status == "open"


def test_an_unknown_number_is_no_issue(story: Story) -> None:
    asked = Asked("XG-1999-00001", "cancel", "one")
    assert reply_to(story.office.house, "clerk", asked, story.now).issue_id is None


def test_the_ledger_counts_what_is_overdue_and_lists_the_oldest(story: Story) -> None:
    house, later = story.office.house, story.now + timedelta(days=5)
    assert ledger(house, story.now).stations[0].overdue == 0
    [station] = ledger(house, later).stations
    assert (station.open, station.overdue) == (1, 1)
    assert station.troubles[0].what.startswith("逾期 ")
