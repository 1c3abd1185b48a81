"""What is pressed on an issue's run, through the door: done by the kernel at once, in the name of whoever pressed it, or refused in their words."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlalchemy import update

from huying.database import tables as t
from huying.issues.verification import verify
from tests.console.conftest import HERE, Watched

CANCEL = {"state": {"type": "CANCELLING", "name": "Cancelling"}, "force": True}
SUSPEND = {"state": {"type": "PAUSED", "name": "Suspended"}, "force": True}
RETRY = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": False}


def _press(watched: Watched, issue: int, body: Any, what: str = "set_state", login: str = "office") -> Any:
    address = f"/prefect/api/flow_runs/{watched.run(issue)}/{what}"
    return watched.visitor(login).http.post(address, json=body, headers=HERE)


def _form(watched: Watched, issue: int) -> dict[str, Any]:
    """The form as Prefect's page asks for it, through the door."""
    run = f"/prefect/api/flow_runs/{watched.run(issue)}"
    http = watched.visitor("office").http
    key = http.get(run).json()["state"]["state_details"]["run_input_keyset"]["schema"]
    found: dict[str, Any] = http.get(f"{run}/input/{key}").json()
    return found


def _task(form: dict[str, Any], title: str) -> str:
    [deed] = [one for one in form["definitions"].values() if one["title"] == title]
    return str(deed["properties"]["task"]["const"])


def test_cancel_is_done_at_once_in_the_name_of_who_pressed_it_and_the_run_follows(watched: Watched) -> None:
    issue = watched.shown()
    before = watched.state(issue)
    answer = _press(watched, issue, CANCEL)
    assert (answer.status_code, answer.json()["status"]) == (200, "ACCEPT")
    assert watched.done(issue) == [("cancel", watched.people["office"], "console")]
    assert watched.state(issue) == before, "Prefect was not asked"
    watched.show()
    assert watched.state(issue) == ("CANCELLED", "已办结 · 终止办理")
    assert verify(watched.house).faults == []


def test_the_history_says_who_it_was(watched: Watched) -> None:
    issue = watched.shown()
    _press(watched, issue, SUSPEND)
    number, _ = watched.number_and_code(issue)
    assert "周主任" in (page := watched.visitor("office").see(f"/issues/{number}"))
    assert "通过控制台" in page


def test_suspended_it_goes_on_by_the_form(watched: Watched) -> None:
    issue = watched.shown()
    assert _press(watched, issue, SUSPEND).status_code == 200
    watched.show()
    assert watched.state(issue)[0] == "PAUSED"
    task = _task(_form(watched, issue), "恢复办理 Resume")
    body = {"run_input": {"action": {"task": task, "reason": "材料已补齐"}}}
    assert _press(watched, issue, body, "resume").status_code == 200
    assert [what for what, _, _ in watched.done(issue)] == ["suspend", "resume"]


def test_the_form_is_offered_without_an_account_for_the_console_and_done_in_ones_own_name(watched: Watched) -> None:
    issue = watched.shown()
    task = _task(_form(watched, issue), "受理 Accept")
    answer = _press(watched, issue, {"run_input": {"action": {"task": task}, "note": "已核实"}}, "resume")
    assert answer.status_code == 200, answer.text
    office = watched.people["office"]
    assert watched.done(issue) == [("act", office, "console"), ("comment", office, "console")]
    watched.show()
    assert watched.state(issue)[0] == "RUNNING"


def test_retry_has_what_failed_tried_again_and_is_refused_where_nothing_failed(watched: Watched) -> None:
    issue = watched.shown()
    answer = _press(watched, issue, RETRY)
    assert (answer.status_code, answer.json()) == (409, {"detail": "未予办理：没有办理失败的事项，不需要重试。"})


def test_a_refusal_is_said_in_the_language_of_who_pressed_it(watched: Watched) -> None:
    issue = watched.shown()
    task = _task(_form(watched, issue), "不予受理 Decline")
    body = {"run_input": {"action": {"task": task, "reason": ""}}}
    answer = _press(watched, issue, body, "resume")
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("未予办理：")
    assert "理由" in answer.json()["detail"], "the field is named as people know it"
    with watched.house.database.writing() as connection:
        connection.execute(update(t.participants).where(t.participants.c.login == "office").values(language="en"))
    english = _press(watched, issue, body, "resume").json()["detail"]
    assert english.startswith("Refused:")
    assert "Reason" in english
    assert watched.done(issue) == []


@pytest.mark.parametrize("body", [{}, {"run_input": None}, {"run_input": {"action": {"task": "[9 accept]"}}}, []])
def test_a_form_that_names_no_task_is_refused(watched: Watched, body: Any) -> None:
    issue = watched.shown()
    assert _press(watched, issue, body, "resume").status_code == 409
    assert watched.done(issue) == []


@pytest.mark.parametrize("kind", ["COMPLETED", "FAILED", "CRASHED", "PENDING", "RUNNING", "", "x"])
def test_a_state_set_by_hand_is_refused(watched: Watched, kind: str) -> None:
    issue = watched.shown()
    for state in ({"type": kind}, {"type": kind, "name": "已办结"}, {"type": kind, "name": None}):
        assert _press(watched, issue, {"state": state, "force": True}).status_code == 409
    assert watched.done(issue) == []


def test_an_administrator_outside_the_office_enters_and_the_kernel_decides_about_issues(watched: Watched) -> None:
    with watched.house.database.writing() as connection:
        office = t.memberships.c.participant_id == watched.people["clerk2"]
        connection.execute(t.memberships.delete().where(office))
    issue = watched.shown()
    task = _task(_form(watched, issue), "受理 Accept")
    for body, what in ((CANCEL, "set_state"), ({"run_input": {"action": {"task": task}}}, "resume")):
        assert _press(watched, issue, body, what, login="clerk2").status_code == 409
    assert watched.done(issue) == []


def test_a_run_of_the_system_is_passed_on_for_administrators_alone_and_noted(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    flow = watched.ask("POST", "/flows/", {"name": "figures 台账"})["id"]
    body = {"flow_id": flow, "name": "figures", "state": {"type": "RUNNING", "name": "Running"}}
    run = watched.ask("POST", "/flow_runs/", body)["id"]
    address = f"/prefect/api/flow_runs/{run}/set_state"
    refused = watched.visitor("office").http.post(address, json=CANCEL, headers=HERE)
    assert (refused.status_code, refused.json()) == (409, {"detail": "系统运行只有系统管理员可以操作。"})
    with caplog.at_level(logging.INFO, "huying.console"):
        passed = watched.visitor("clerk2").http.post(address, json=CANCEL, headers=HERE)
    assert passed.status_code in (200, 201)
    assert watched.ask("GET", f"/flow_runs/{run}")["state"]["type"] == "CANCELLING"
    assert f"系统运行 {run} state，参与者 {watched.people['clerk2']}" in caplog.text


def test_a_run_that_shows_its_issue_no_more_is_not_passed_on(watched: Watched) -> None:
    issue = watched.shown()
    run = watched.run(issue)
    with watched.house.database.writing() as connection:
        connection.execute(update(t.issues).values(run_id=None))
    answer = watched.visitor("clerk2").http.post(f"/prefect/api/flow_runs/{run}/set_state", json=CANCEL, headers=HERE)
    assert answer.status_code == 409
    assert "不再显示事项" in answer.json()["detail"]
    assert watched.ask("GET", f"/flow_runs/{run}")["state"]["type"] != "CANCELLING"
