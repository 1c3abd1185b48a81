"""Two people, one task, the same moment: one is first, and the other is told who, and when."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from huying.issues.verification import verify
from tests.huying.town import PASSPHRASE
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor, plain

NAMES = {"clerk": "陈晓", "clerk2": "何静"}


def _token(visitor: Visitor, login: str) -> dict[str, str]:
    answer = visitor.http.post("/api/v1/sessions", json={"login": login, "passphrase": PASSPHRASE})
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_the_second_program_gets_409_with_the_first_ones_name_and_time(town: PortalTown) -> None:
    town.report()
    visitors = {login: town.visitor(language="en" if login == "clerk2" else "zh") for login in NAMES}
    tokens = {login: _token(visitor, login) for login, visitor in visitors.items()}

    def accept(login: str) -> tuple[str, int, Any]:
        answer = visitors[login].http.post("/api/v1/tasks/1/2/accept", json={}, headers=tokens[login])
        return login, answer.status_code, answer.json()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(accept, NAMES), key=lambda answer: answer[1])
    (first, won, _), (second, lost, problem) = answers
    assert (won, lost, problem["code"]) == (200, 409, "already-done")
    said = "{} did this task at 2026-11-23 09:30." if second == "clerk2" else "{}已于 2026-11-23 09:30 办理了这项任务。"
    assert problem["detail"] == said.format(NAMES[first])
    assert verify(town.house).faults == []


def test_the_second_browser_is_told_so_on_a_page(town: PortalTown) -> None:
    town.report()
    second = town.visitor("clerk2")
    form = second.hidden("/tasks/1/2", "/tasks/1/2/act/accept")
    town.visitor("clerk").send("/tasks/1/2", "/tasks/1/2/act/accept")
    answer = second.http.post("/tasks/1/2/act/accept", data=form)
    assert answer.status_code == 409
    assert "陈晓已于 2026-11-23 09:30 办理了这项任务。" in plain(answer.text)


def test_who_claimed_a_task_is_named_to_the_other(town: PortalTown) -> None:
    town.report()
    first, second = town.visitor(), town.visitor()
    claimed = first.http.put("/api/v1/tasks/1/2/claim", headers=_token(first, "clerk"))
    assert claimed.status_code == 200
    refused = second.http.post("/api/v1/tasks/1/2/accept", json={}, headers=_token(second, "clerk2"))
    assert (refused.status_code, refused.json()["detail"]) == (409, "这项任务已由陈晓领取。")


def test_who_acts_again_by_number_and_code_reads_no_name(town: PortalTown) -> None:
    issue = town.report()
    town.to_confirmation(issue)
    code = town.number_and_code(issue)[1]
    guest = town.visitor()
    item = town.item(issue, f"participant:{town.reporter(issue)}")
    address = f"/api/v1/tasks/{issue}/{item}/satisfied?code={code}"
    body = {"fields": {"stars": 5}}
    assert guest.http.post(address, json=body, headers={"Idempotency-Key": "first"}).status_code == 200
    again = guest.http.post(address, json=body, headers={"Idempotency-Key": "first"})
    assert (again.status_code, again.json()["repeated"]) == (200, True)
    other = guest.http.post(address, json=body, headers={"Idempotency-Key": "second"})
    assert (other.status_code, other.json()["detail"]) == (409, "您已于 2026-11-23 09:30 办理了这项任务。")


def test_a_key_means_the_request_of_one_person_and_of_nobody_else(town: PortalTown) -> None:
    issue = town.report()
    visitors = {login: town.visitor() for login in NAMES}
    said = {}
    for login, visitor in visitors.items():
        headers = {**_token(visitor, login), "Idempotency-Key": "the-same-key-for-both"}
        answer = visitor.http.post(f"/api/v1/issues/{issue}/comments", json={"text": "x"}, headers=headers)
        said[login] = answer.json()["repeated"]
    assert said == {"clerk": False, "clerk2": False}


def test_a_guest_cannot_get_a_signed_in_persons_report_by_guessing_its_key(town: PortalTown) -> None:
    clerk, guest = town.visitor(), town.visitor()
    report = {"definition": "street-matters", "station": "XG", "fields": {"subject": "s", "kind": "lighting"}}
    person = town.people["clerk"]
    key = "0000000000000001"
    own = clerk.http.post(
        "/api/v1/issues", json=report, headers={**_token(clerk, "clerk"), "Idempotency-Key": key}
    ).json()
    for guess in (f"{person}-{key}", f"{person}-{key}".rjust(16, "0")):
        made = guest.http.post(
            "/api/v1/issues", json={**report, "name": "n"}, headers={"Idempotency-Key": guess}
        ).json()
        assert made.get("code") != own["code"]
