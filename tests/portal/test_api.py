"""The API: whatever a page can do, a program can do too."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.huying.town import PASSPHRASE, PIXEL
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

API = "/api/v1"
KEY = "7b0b5b7e-6c8a-4b43-9f7e-000000000001"
REPORT = {
    "definition": "street-matters",
    "station": "XG",
    "name": "李明",
    "phone": "13800000000",
    "fields": {"subject": "路灯不亮", "kind": "lighting", "address": "光明路 8 号"},
}


class Program:
    """A program that calls the API, with a token if it logged in."""

    def __init__(self, town: PortalTown, login: str | None = None, language: str = "zh") -> None:
        self.http = Visitor(town.app, language).http
        self.headers: dict[str, str] = {}
        if login:
            token = self.call("POST", "/sessions", {"login": login, "passphrase": PASSPHRASE}, status=201)["token"]
            self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, key: str | None = None) -> Any:
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        answer = self.http.request(method, API + path, json=body, headers=headers)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def task(self) -> str:
        found = self.call("GET", "/tasks")[0]
        return f"/tasks/{found['issue_id']}/{found['item']}"


def test_the_whole_story_by_program(town: PortalTown) -> None:
    guest = Program(town)
    made = guest.call("POST", "/issues", REPORT, status=201, key=KEY)
    assert made["number"] == "XG-2026-00001"
    assert guest.call("POST", "/issues", REPORT, status=201, key=KEY) == {**made, "repeated": True}
    seen = guest.call("GET", f"/issues/{made['number']}?code={made['code']}")
    assert seen["standing"]["sentence"] == "等待站点工作人员：受理登记"
    assert seen["reporter"] is None

    clerk = Program(town, "clerk")
    task = clerk.task()
    clerk.call("PUT", f"{task}/claim")
    clerk.call("DELETE", f"{task}/claim")
    clerk.call("POST", f"{task}/accept", {}, key="a")
    assert clerk.call("POST", f"{task}/accept", {}, key="a")["repeated"]

    deputy = Program(town, "deputy")
    asked = {"lead": town.departments["cg"], "assist": [town.departments["gd"]]}
    task = deputy.task()
    deputy.call("POST", f"{task}/coordinate", {"fields": asked})
    for login in ("lighting", "power"):
        handler = Program(town, login)
        handler.call("POST", f"{handler.task()}/reply", {"fields": {"reply": "已修复"}})

    item = guest.call("GET", f"/issues/{made['number']}?code={made['code']}")["tasks"][0]["item"]
    confirm = f"/tasks/{made['issue_id']}/{item}"
    assert guest.call("GET", f"{confirm}?code={made['code']}")["actions"][0]["title"] == "问题已解决"
    guest.call("POST", f"{confirm}/satisfied?code={made['code']}", {"fields": {"stars": 5}})
    assert deputy.call("GET", f"/issues/{made['number']}")["standing"]["status"] == "closed"
    file = deputy.call("GET", f"/files/{town.people['deputy']}/2026")
    assert file["months"][10] == {"month": 11, "title": "11月", "taken_on": 1, "actions": 1, "closed": 1}
    assert deputy.call("GET", "/issues")["lines"][0]["resolution"] == "已解决"
    deputy.call("DELETE", "/sessions", status=204)
    deputy.call("GET", "/tasks", status=401)


def test_the_form_of_a_task_is_a_json_schema(town: PortalTown) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    deputy = Program(town, "deputy", "en")
    actions = deputy.call("GET", deputy.task())["actions"]
    form = actions[1]["form"]
    jsonschema.Draft202012Validator.check_schema(form)
    jsonschema.validate({"lead": town.departments["cg"], "assist": []}, form)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"lead": "organisation:999"}, form)
    assert form["properties"]["lead"]["oneOf"][0]["title"] == "City management"
    assert form["required"] == ["lead"]


def test_definitions_tell_what_can_be_reported(town: PortalTown) -> None:
    guest = Program(town, language="en")
    assert guest.call("GET", "/definitions")[0]["title"] == "Street matters"
    found = guest.call("GET", "/definitions/street-matters")
    assert found["form"]["required"] == ["subject", "kind"]
    assert found["form"]["properties"]["address"]["x-private"]
    assert found["steps"][0]["within"] == "1 working day"
    assert guest.call("GET", "/stations")[0]["code"] == "XG"
    assert "City management" in guest.call("GET", "/departments").values()
    assert guest.http.get(f"{API}/definitions/street-matters/diagram.svg").text.lstrip().startswith("<svg")


@pytest.mark.parametrize(("language", "detail"), [("zh", "表单有误"), ("en", "The form has errors")])
def test_errors_are_problems_in_the_callers_language(town: PortalTown, language: str, detail: str) -> None:
    guest = Program(town, language=language)
    body = {**REPORT, "fields": {"kind": "nothing", "colour": "red"}, "phone": "abc"}
    problem = guest.call("POST", "/issues", body, status=422, key=KEY)
    assert problem["code"] == "invalid"
    assert problem["status"] == 422
    assert problem["detail"].startswith(detail)
    assert set(problem["errors"]) == {"subject", "kind", "colour", "phone"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"definition": 5}, "definition"),
        ({**REPORT, "surprise": 1}, "surprise"),
        ([], "body"),
        ("text", "body"),
        ({**REPORT, "fields": [1]}, "fields"),
    ],
)
def test_a_malformed_request_says_where(town: PortalTown, body: Any, field: str) -> None:
    problem = Program(town).call("POST", "/issues", body, status=422)
    assert problem["code"] == "malformed"
    assert field in problem["errors"]


def test_deeply_nested_or_broken_json_is_refused(town: PortalTown) -> None:
    guest = Program(town)
    for text in ("[" * 100_000, "{", "\x00", '{"a":' * 5000):
        answer = guest.http.post(f"{API}/issues", content=text, headers={"content-type": "application/json"})
        assert answer.status_code in (400, 422)
        assert answer.headers["content-type"] == "application/problem+json"


def test_hostile_values_are_refused_and_change_nothing(town: PortalTown) -> None:
    town.report()
    clerk = Program(town, "clerk")
    task = clerk.task()
    before = clerk.call("GET", task)
    for fields in (
        {"reason": {"a": 1}},
        {"reason": ["x"]},
        {"reason": "x" * 6000},
        {"reason": "\u0000"},
        {"reason": 5},
    ):
        assert clerk.call("POST", f"{task}/decline", {"fields": fields}, status=422)["errors"]["reason"]
    assert clerk.call("POST", f"{task}/nothing", {}, status=409)["code"] == "unavailable"
    assert clerk.call("GET", task) == before


@pytest.mark.parametrize(("login", "status"), [("stranger", 404), ("far-clerk", 404), ("office", 403)])
def test_the_task_of_somebody_else_cannot_be_done(town: PortalTown, login: str, status: int) -> None:
    town.report()
    program = Program(town, login)
    program.call("GET", "/tasks/1/2", status=status)
    assert program.call("POST", "/tasks/1/2/accept", {}, status=403)["code"] == "not-allowed"


def test_a_key_that_was_used_for_something_else_is_refused(town: PortalTown) -> None:
    town.report()
    clerk = Program(town, "clerk")
    task = clerk.task()
    clerk.call("PUT", f"{task}/claim", key="same")
    assert clerk.call("POST", f"{task}/accept", {}, status=409, key="same")["code"] == "request-reused"


def test_a_guests_key_must_not_be_guessable(town: PortalTown) -> None:
    assert Program(town).call("POST", "/issues", REPORT, status=400, key="1")["code"] == "weak-key"


def test_remarks_and_files_by_program(town: PortalTown) -> None:
    issue = town.report()
    number, code = town.number_and_code(issue)
    guest, clerk = Program(town), Program(town, "clerk")
    guest.call("POST", f"/issues/{issue}/comments?code={code}", {"text": "又灭了"}, status=201, key=KEY)
    clerk.call("POST", f"/issues/{issue}/comments", {"text": "内部"}, status=201)
    sent = guest.http.post(f"{API}/issues/{issue}/attachments?code={code}", files={"file": ("a.png", PIXEL)})
    assert sent.status_code == 201
    sequence = sent.json()["version"]
    assert guest.http.get(f"{API}/issues/{issue}/attachments/{sequence}?code={code}").content == PIXEL
    for asked, status in (("", 404), ("?public=true", 200)):
        inside = clerk.http.post(
            f"{API}/issues/{issue}/attachments{asked}", files={"file": (f"{status}.png", PIXEL)}, headers=clerk.headers
        ).json()["version"]
        seen = guest.http.get(f"{API}/issues/{issue}/attachments/{inside}?code={code}")
        assert seen.status_code == status, "what staff add is not the reporter's to see unless it is said"
    wrong = guest.http.post(f"{API}/issues/{issue}/attachments?code={code}", files={"file": ("a.png", b"MZ")})
    assert wrong.status_code == 415
    told = [
        note["text"] for one in guest.call("GET", f"/issues/{number}?code={code}")["timeline"] for note in one["notes"]
    ]
    assert told == ["又灭了"]
    guest.call("GET", f"/issues/{number}?code=WRONG", status=404)


def test_a_link_in_a_message_works_for_programs(town: PortalTown) -> None:
    from huying.access.links import make_link

    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    with town.house.database.writing() as connection:
        token = make_link(connection, town.people["clerk"], issue, item, town.clock.now)
    guest = Program(town)
    assert guest.call("GET", f"/links/{token}")["title"] == "受理登记"
    assert guest.call("GET", f"/links/{token}/issue")["reporter"] == "李明"
    guest.call("POST", f"/links/{token}/accept", {})
    assert guest.call("GET", f"/links/{token}", status=409)["code"] == "gone"
    assert guest.call("GET", "/links/nonsense", status=404)["code"] == "not-found"


def test_the_description_is_whole(town: PortalTown) -> None:
    described = Program(town).call("GET", "/openapi.json")
    assert described["openapi"].startswith("3.")
    assert {"/issues", "/tasks", "/tasks/{issue_id}/{item}/{action}", "/sessions"} <= set(described["paths"])
    assert described["servers"] == [{"url": "/api/v1"}]
