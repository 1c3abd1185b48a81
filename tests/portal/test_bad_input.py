"""Whatever is sent, on either database: a clear answer, nothing changed, and never a fault of ours."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from definitions.forms.characters import blank_to_read
from definitions.forms.form import check
from definitions.model.field import Field
from engine.event import Cancel, Move, Supervise, Suspend
from engine.refusal import Refusal
from huying.database.connections import Database
from huying.house.by import By
from huying.issues.decision import Capacity, change
from huying.issues.verification import verify
from huying.register.faults import WrongRegister
from huying.register.reader import read_register
from portal.app import create_app
from portal.frame.bounds import storable
from portal.frame.config import PortalConfig
from tests.examples import examples
from tests.huying.town import PASSPHRASE, PIXEL, TOWN, Census, town_in
from tests.portal.conftest import PortalTown
from tests.portal.test_routes import routes_of
from tests.portal.visitor import plain
from tests.template import Template

GOOD = {"definition": "street-matters", "station": "XG", "name": "n", "fields": {"subject": "s", "kind": "lighting"}}
_EVENTS: Mapping[str, Any] = {"suspend": Suspend, "cancel": Cancel, "move": Move, "supervise": Supervise}
#: What no address of ours holds, escaped as it is sent.
STRANGE = ("%00", "a%00b", "%0D%0AX:%20y", "9" * 30, "99999999999", "9223372036854775808", "-1", "%FF", "a" * 5000)


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return TOWN


@pytest.fixture
def town(copied: tuple[Database, Census], tmp_path: Path) -> PortalTown:
    """The town with its portal, on each kind of database."""
    made = town_in(copied, tmp_path)
    config = PortalConfig(portal_url="http://testserver", prefect_api_url="http://127.0.0.1:9/api", mailbox=tmp_path)
    app = create_app(made.house, config, made.clock)
    return PortalTown(made.house, made.clock, made.people, made.departments, app, tmp_path)


class Sender:
    """A clerk's browser and program at once, and the state before anything was sent."""

    def __init__(self, town: PortalTown) -> None:
        self.town, self.browser = town, town.visitor("clerk")
        self.issue = town.report()
        self.number, self.code = town.number_and_code(self.issue)
        answer = self.browser.http.post("/api/v1/sessions", json={"login": "clerk", "passphrase": PASSPHRASE})
        self.token = {"Authorization": f"Bearer {answer.json()['token']}"}
        self.before = self.count()

    def count(self) -> tuple[int, int]:
        """How many issues and entries of history there are, all whole."""
        found = verify(self.town.house)
        assert found.faults == []
        return found.issues, found.entries

    def page(self, method: str, address: str, **more: Any) -> None:
        """A page: no fault, and if refused, in Chinese."""
        answer = self.browser.http.request(method, address, **more)
        assert answer.status_code < 500, f"{method} {address[:90]} {str(more)[:200]}: {answer.text[:500]}"
        assert 'lang="zh-CN"' in answer.text, answer.text[:500]

    def program(self, method: str, address: str, **more: Any) -> None:
        """The API: refused by a problem document."""
        more["headers"] = {**self.token, **more.get("headers", {})}
        answer = self.browser.http.request(method, f"/api/v1{address}", **more)
        assert 400 <= answer.status_code < 500, f"{method} {address[:90]} {str(more)[:200]}: {answer.text[:500]}"
        assert answer.headers["content-type"] == "application/problem+json", address
        assert answer.json()["detail"]


def test_strange_addresses_lead_to_nothing(town: PortalTown) -> None:
    sender = Sender(town)
    issue, number = sender.issue, sender.number
    for strange in STRANGE:
        for page in (
            "/report/{}", "/?station={}", "/stations?q={}", "/issues/{}", "/reported/{}", "/tasks/{}/1", "/attachments/{}/1",
            "/t/{}", "/outbox/{}", "/definitions/{}", "/files/{}/2026", "/issues?station={}", "/issues?before={}",
            "/follow?number={}", "/login?next={}", "/language?to={0}&back=/follow?x={0}", "/{}",
            f"/issues/{number}?code={{}}", f"/tasks/{issue}/{{}}", f"/attachments/{issue}/{{}}",
        ):  # fmt: skip
            sender.page("GET", page.format(strange))
        for call in (
            "/definitions/{}", "/issues/{}", "/tasks/{}/1", f"/tasks/{issue}/{{}}", "/issues/{}/attachments/1",
            f"/issues/{issue}/attachments/{{}}", "/links/{}", "/files/{}/2026", "/{}",
        ):  # fmt: skip
            sender.program("GET", call.format(strange))
        sender.program("POST", f"/issues/{strange}/comments", json={"text": "x"})
        sender.program("POST", f"/tasks/{issue}/{strange}/accept", json={})
        sender.program("POST", f"/tasks/{issue}/2/{strange}", json={})
        sender.program("PUT", f"/tasks/{issue}/{strange}/claim")
    assert sender.count() == sender.before


_WRONG = [
    "\0",
    "a\0b",
    "\ud800",
    10**40,
    2**63,
    1.5,
    True,
    ["a"],
    {"a": {"b": 1}},
    "a" * 300_000,
    [{"\0": 1}],
    1e308,
]


#: Integers that no column, and then that no 64 bits hold.
_TOO_LARGE = (2**31, 2**63, -(2**63) - 1, 2**64, 10**40, 10**4000)


def _integers(schema: Any, shared: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where integers stand in a body, as OpenAPI describes it."""
    if "$ref" in schema:
        schema = shared[schema["$ref"].rpartition("/")[2]]
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _integers(one, shared, path)
    if schema.get("type") == "integer":
        yield path
    if schema.get("type") == "array":
        yield from _integers(schema["items"], shared, (*path, "[]"))
    for name, part in schema.get("properties", {}).items():
        yield from _integers(part, shared, (*path, name))


def _body(path: tuple[str, ...], value: int) -> Any:
    for name in reversed(path):
        value = [value] if name == "[]" else {name: value}  # type: ignore[assignment]
    return value


def test_no_integer_of_any_size_makes_any_address_of_the_api_fail(town: PortalTown) -> None:
    sender, tried = Sender(town), 0
    described = sender.browser.http.get("/api/v1/openapi.json").json()
    for address, calls in described["paths"].items():
        for method, call in calls.items():
            numbers = [one for one in call.get("parameters", ()) if any(_integers(one["schema"], {}))]
            body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            places = [*_integers(body, described["components"]["schemas"])]
            for large in _TOO_LARGE:
                there = {one["name"]: str(large) for one in numbers}
                path = re.sub(r"\{(\w+)\}", lambda found: there.get(found[1], "1"), address)  # noqa: B023
                query = {one["name"]: str(large) for one in numbers if one["in"] == "query"}
                headers = {"Idempotency-Key": "k"}
                for place in [*places, None] if places else [None]:
                    if place is None and not numbers:
                        continue
                    tried += 1
                    answer = sender.browser.http.request(
                        method, f"/api/v1{path}"[:4000], params={key: one[:200] for key, one in query.items()},
                        json=_body(place, large) if place is not None else None, headers={**sender.token, **headers},
                    )  # fmt: skip
                    assert answer.status_code in (400, 401, 403, 404, 405, 409, 415, 422), (
                        method,
                        address,
                        large,
                        place,
                        answer.text[:300],
                    )
    assert tried > 100
    wanted = {"incidents": [2**63]}
    assert sender.browser.http.post("/api/v1/incidents/became", json=wanted, headers=sender.token).status_code == 422
    assert sender.count() == sender.before


def test_no_number_in_an_address_makes_a_page_fail(town: PortalTown) -> None:
    sender, tried = Sender(town), 0
    for method, address, route in routes_of(town.app):
        if method != "GET" or address.startswith("/api/"):
            continue
        for query in route.dependant.query_params:
            for odd in (str(2**63), "-1", "9" * 40, "0001-01-01", "9999-12-31", "0000-00", "9999-12", "\u202e"):
                tried += 1
                answer = sender.browser.http.get(re.sub(r"\{[^}]+\}", "1", address), params={query.name: odd})
                assert answer.status_code != 500, (address, query.name, odd, answer.text[:300])
    assert tried > 50


@pytest.mark.parametrize("unseen", ["\u200b", "\u202e", "\u2060\u3164", "\u2800\ufe0f"])
def test_a_remark_or_reason_of_which_nothing_is_seen_is_none(town: PortalTown, unseen: str) -> None:
    sender = Sender(town)
    sender.program("POST", f"/issues/{sender.issue}/comments", json={"text": unseen})
    sender.program("POST", "/issues", json={**GOOD, "fields": {**GOOD["fields"], "subject": unseen}})  # type: ignore[dict-item]
    for kind, more in (
        ("suspend", {}),
        ("cancel", {}),
        ("move", {"to": "study"}),
        ("supervise", {"party": sender.town.party("clerk")}),
    ):
        sender.program("POST", f"/issues/{sender.issue}/events", json={"kind": kind, "reason": unseen, **more})
        with pytest.raises(Refusal):
            change(
                town.house,
                sender.issue,
                _EVENTS[kind](reason=unseen, **more),
                By(town.people["clerk"], town.clock()),
                capacity=Capacity(manages=True),
            )
    page = f"/issues/{sender.number}"
    sender.browser.send(page, f"/issues/{sender.issue}/comments", {"text": unseen}, status=422)
    entered = {"station": "XG", "field.kind": "lighting", "field.subject": unseen}
    sender.browser.send("/report/street-matters", "/report/street-matters", entered, status=422)
    assert sender.count() == sender.before


@given(st.text(st.sampled_from("路灯 a1،ש\u0301\u200b\u200d\u202e\u2066\ufeff\u3164\u00ad\U000e0041😀"), max_size=12))
@examples(150)
def test_no_text_that_is_kept_turns_or_hides_another(text: str) -> None:
    kept = storable(text)
    assert not re.search("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\U000e0000-\U000e0fff]", kept)
    assert kept.isspace() or kept == "" or not blank_to_read(kept)
    assert storable(kept) == kept
    found = check(
        {"subject": Field(type="text", required=True)}, {"subject": text}, required=True, known=lambda _: False
    )
    assert ("subject" in found.errors) == blank_to_read(text)
    try:
        name = read_register({"people": [{"login": "yi", "name": text, "kind": "staff"}]}).people[0].name
    except WrongRegister:
        assert blank_to_read(text)
    else:
        assert name == storable(text).strip()


@pytest.mark.parametrize("wrong", _WRONG, ids=lambda value: repr(value)[:20])
def test_no_value_of_any_kind_makes_the_api_fail(town: PortalTown, wrong: Any) -> None:
    sender = Sender(town)

    def send(address: str, body: Any) -> None:
        sender.program("POST", address, content=json.dumps(body), headers={"Content-Type": "application/json"})

    for name in ("definition", "station", "fields", "nosuch"):
        send("/issues", {**GOOD, name: wrong})
    for name in ("subject", "kind", "since", "nosuch"):
        send("/issues", {**GOOD, "fields": {**GOOD["fields"], name: wrong}})  # type: ignore[dict-item]
    if isinstance(wrong, str):
        send("/issues", {**GOOD, "fields": {wrong: "x"}})
        # any short text may be a key, but the report itself is wrong
        send("/issues", {**GOOD, "fields": {}, "request_id": wrong})
    send("/sessions", {"login": wrong, "passphrase": "x"})
    send(f"/issues/{sender.issue}/comments", {"text": wrong})
    send(f"/tasks/{sender.issue}/2/accept", {"fields": {"x": wrong}})
    send(f"/tasks/{sender.issue}/2/accept", wrong)
    assert sender.count() == sender.before


def test_a_body_that_is_no_json_is_a_problem_of_the_sender(town: PortalTown) -> None:
    sender = Sender(town)
    for body in (b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"definition": NaN}', b"9" * 6000, b'{"a":' * 50_000):
        for kind in ("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", ";;;"):
            for address in ("/issues", "/sessions", f"/issues/{sender.issue}/attachments"):
                sender.program("POST", address, content=body, headers={"Content-Type": kind})
            for address in ("/login", "/follow", f"/issues/{sender.issue}/comments", f"/tasks/{sender.issue}/2/claim"):
                sender.page("POST", address, content=body, headers={"Content-Type": kind})
    assert sender.count() == sender.before


def test_characters_that_cannot_be_kept_are_refused_in_forms_and_the_rest_is_given_back(town: PortalTown) -> None:
    sender = Sender(town)
    form = sender.browser.hidden("/report/street-matters", "/report/street-matters")
    for charset, odd in (("utf-8", b"\0"), ("utf-7", b"+2AA-"), ("unicode_escape", b"\\ud800"), ("utf-8", b"\xff\0")):
        for address in ("/report/street-matters", "/login", "/follow", f"/issues/{sender.issue}/comments"):
            names = ("login", "passphrase", "number", "code", "text", "station", "name", "field.subject", "request_id")
            parts = {**{n: v.encode() for n, v in form.items()}, **dict.fromkeys(names, odd), "field.details": b"kept"}
            said = b"".join(
                b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
                for name, value in parts.items()
            )
            kind = f"multipart/form-data; boundary=x; charset={charset}"
            sender.page("POST", address, content=said + b"--x--\r\n", headers={"Content-Type": kind})
    values = {
        **form,
        "station": "XG",
        "field.kind": "lighting",
        "field.subject": "a\0b",
        "field.details": "很长的一段话",
    }
    answer = sender.browser.http.post("/report/street-matters", data=values)
    assert answer.status_code == 422
    assert "无法显示的字符" in plain(answer.text)
    assert "很长的一段话" in answer.text
    assert sender.count() == sender.before


@pytest.mark.parametrize(
    "cookie", [b"[[Infinity,1]]", b"[" * 20_000, b'[[1,"\\ud800"]]', b"[1,2]", b'{"a":1}', b'[["1","x"]]', b"\xff"]
)
def test_a_cookie_that_somebody_made_up_is_no_cookie(town: PortalTown, cookie: bytes) -> None:
    issue = town.report()
    visitor = town.visitor()
    visitor.http.cookies.set("huying_followed", base64.urlsafe_b64encode(cookie).decode())
    visitor.see(f"/issues/{town.number_and_code(issue)[0]}")
    assert visitor.path == "/login"


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.png", "\0.png", "a\r\nX-Evil: 1.png", "a" * 4000 + ".png", '"><script>.png', "..", "/"],
)
def test_a_files_name_is_only_a_name(town: PortalTown, name: str) -> None:
    sender = Sender(town)
    files = {"file": (name, PIXEL, "text/html")}
    answer = sender.browser.http.post(f"/api/v1/issues/{sender.issue}/attachments", headers=sender.token, files=files)
    assert answer.status_code == 201
    got = sender.browser.http.get(f"/attachments/{sender.issue}/{answer.json()['version']}")
    assert (got.status_code, got.headers["content-type"]) == (200, "image/png")
    assert "x-evil" not in got.headers
    said = got.headers["content-disposition"]
    assert said.startswith("inline; filename*=UTF-8''")
    assert not {"/", "<", '"', "\r"} & set(said.partition("''")[2])
    stored = [path for path in town.house.files.rglob("*") if path.is_file()]
    assert [path.parent.parent for path in stored] == [town.house.files], "named by its content, and nowhere else"


def test_values_as_deep_as_the_parser_lets_them_through_are_refused(town: PortalTown) -> None:
    sender = Sender(town)
    for depth in range(100, 1000, 50):
        body = b'{"definition": "street-matters", "station": "XG", "fields": {"subject": %b}}' % (
            b"[" * depth + b"]" * depth
        )
        sender.program("POST", "/issues", content=body, headers={"Content-Type": "application/json"})


def test_whoever_goes_away_in_the_middle_of_what_they_send_leaves_no_fault_behind(
    town: PortalTown, caplog: pytest.LogCaptureFixture
) -> None:
    """Every address that takes something: a browser that is closed, a telephone in a tunnel, an attack that sends slowly."""
    sender = Sender(town)
    cookies = "; ".join(f"{name}={value}" for name, value in sender.browser.http.cookies.items())
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json")
    parts = (b"form_token=", b'--x\r\nContent-Disposition: form-data; name="form_tok', b'{"login": "cl')
    taken = [
        (method, path)
        for method, path, _ in routes_of(town.app)
        if method not in ("GET", "HEAD", "OPTIONS", "DELETE") and not path.startswith("/prefect")
    ]
    assert len(taken) > 80
    for method, path in taken:
        who = sender.token["Authorization"].encode() if path.startswith("/api/") else b""
        for kind, part in zip(kinds, parts, strict=True):
            headers = {b"host": b"testserver", b"content-type": kind.encode(), b"content-length": b"5000"}
            headers |= {b"authorization": who} if who else {b"cookie": cookies.encode()}
            status = asyncio.run(cut_off(town.app, method, re.sub(r"{[^}]*}", "1", path), headers, part))
            assert status < 500, f"{method} {path} {kind}: {status}"
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def cut_off(app: FastAPI, method: str, path: str, headers: Mapping[bytes, bytes], part: bytes) -> int:
    """Send a part of a body, and go away; with which status it was answered to nobody."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "http_version": "1.1",
        "query_string": b"",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "headers": list(headers.items()),
        "server": ("testserver", 80),
    }
    coming = iter([{"type": "http.request", "body": part, "more_body": True}])
    answered: list[Any] = []

    async def receive() -> dict[str, Any]:
        return next(coming, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        answered.append(message)

    await app(scope, receive, send)
    return int(answered[0]["status"])
