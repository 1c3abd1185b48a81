"""A key of the API does what it was made for, where it was made for, until it is over, and never more than its owner may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from engine.refusal import Invalid
from huying.access.accounts import disable
from huying.access.api_keys import NewKey, agree_to_key, end_key, keys, make_key
from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.verification import verify
from huying.rights.action import ACTIONS
from huying.rights.key_scope import SCOPES
from huying.rights.scope import HOUSE, Scope, at_station
from portal.api.keys import use_of
from portal.frame.right import routes
from tests.attacks.conftest import GuardedTown
from tests.huying.town import PASSPHRASE

ALL = tuple(SCOPES)


def made(town: GuardedTown, login: str = "clerk", scopes: Any = ALL, scope: Scope = HOUSE, days: int = 30) -> str:
    """A key that its owner made."""
    wish = NewKey("统计平台", login, scopes, scope, town.clock() + timedelta(days=days))
    return make_key(town.house, wish, By(town.people[login], town.clock()))


def call(town: GuardedTown, key: str, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "k" * 20}
    answer: httpx.Response = town.stranger().http.request(method, f"/api/v1/{path}", headers=headers, json=body)
    return answer


def station(town: GuardedTown, code: str) -> Scope:
    with town.house.database.reading() as connection:
        return at_station(connection.execute(select(t.stations.c.id).where(t.stations.c.code == code)).scalar_one())


def test_a_key_acts_for_its_owner_and_the_history_says_so(town: GuardedTown) -> None:
    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    key = made(town)
    assert call(town, key, "POST", f"tasks/{issue}/{item}/accept", {}).status_code == 200
    number, _ = town.number_and_code(issue)
    seen = call(town, key, "GET", f"issues/{number}").json()
    assert [one for one in seen["timeline"] if "统计平台" in one["who"]], seen["timeline"]
    with town.house.database.reading() as connection:
        vias = connection.execute(select(t.history.c.via).where(t.history.c.issue_id == issue)).scalars().all()
    assert f"key:{key[3:11]}" in vias
    assert verify(town.house).faults == []


def test_a_key_of_one_purpose_does_nothing_else(town: GuardedTown) -> None:
    issue = town.report()
    item = town.item(issue, town.party("clerk"))
    reads = made(town, scopes=["issues:read"])
    assert call(town, reads, "GET", "tasks").status_code == 200
    for method, path in (
        ("POST", f"tasks/{issue}/{item}/accept"),
        ("GET", "board"),
        ("DELETE", "sessions"),
        ("POST", f"issues/{issue}/comments"),
    ):
        assert call(town, reads, method, path, {"text": "x"} if "comments" in path else {}).status_code == 403, path
    figures = made(town, scopes=["figures:read"])
    assert call(town, figures, "GET", "board").status_code == 200
    assert call(town, figures, "GET", "tasks").status_code == 403


def test_a_key_never_does_more_than_its_owner_may(town: GuardedTown) -> None:
    assert call(town, made(town, "deputy"), "GET", "board").status_code == 403


def test_a_bounded_key_knows_nothing_of_other_stations(town: GuardedTown) -> None:
    issue = town.report()
    number, _ = town.number_and_code(issue)
    item = town.item(issue, town.party("clerk"))
    own, far = (made(town, scope=station(town, code)) for code in ("XG", "YF"))
    assert [one["issue_id"] for one in call(town, own, "GET", "tasks").json()] == [issue]
    assert call(town, own, "GET", f"issues/{number}").status_code == 200
    assert call(town, far, "GET", "tasks").json() == []
    assert call(town, far, "GET", "issues").json()["lines"] == []
    for method, path in (
        ("GET", f"issues/{number}"),
        ("GET", f"tasks/{issue}/{item}"),
        ("POST", f"tasks/{issue}/{item}/accept"),
    ):
        assert call(town, far, method, path, {}).status_code == 404, path
    report = {"definition": "street-matters", "station": "XG", "fields": {"subject": "灯", "kind": "lighting"}}
    assert call(town, far, "POST", "issues", report).status_code == 403
    assert call(town, own, "GET", "board").status_code == 403, "what sums up all stations takes a key for the house"


def test_a_key_is_over_when_it_was_ended_when_its_day_is_past_and_when_its_owner_is_disabled(town: GuardedTown) -> None:
    ended, old, left = made(town), made(town, days=1), made(town)
    assert {call(town, one, "GET", "tasks").status_code for one in (ended, old, left)} == {200}
    end_key(town.house, ended[3:11], By(town.people["office"], town.clock()))
    assert call(town, ended, "GET", "tasks").status_code == 401
    with pytest.raises(NotFound):
        end_key(town.house, ended[3:11], By(town.people["office"], town.clock()))
    with town.house.database.writing() as connection:
        gone = update(t.api_keys).where(t.api_keys.c.id == old[3:11]).values(expires_at=town.clock())
        connection.execute(gone)
    assert call(town, old, "GET", "tasks").status_code == 401
    disable(town.house, town.people["clerk"], By(None, town.clock()))
    assert call(town, left, "GET", "tasks").status_code == 401


def test_nobody_acts_in_another_one_s_name_by_making_a_key(town: GuardedTown) -> None:
    wish = NewKey("接口", "clerk", ALL, HOUSE, town.clock() + timedelta(days=9))
    key = make_key(town.house, wish, By(town.people["office"], town.clock()))
    assert call(town, key, "GET", "tasks").status_code == 401
    with pytest.raises(NotFound):
        agree_to_key(town.house, key[3:11], By(town.people["office"], town.clock()))
    agree_to_key(town.house, key[3:11], By(town.people["clerk"], town.clock()))
    assert call(town, key, "GET", "tasks").status_code == 200


def test_a_wrong_key_opens_nothing_and_the_house_keeps_none(town: GuardedTown) -> None:
    key = made(town)
    other = "1" if key[20] != "1" else "2"
    for wrong in (key[:-1], key[:20] + other + key[21:], key.replace(key[3:11], "0" * 8), "hy_", "hy_" + "x" * 5000):
        assert call(town, wrong, "GET", "tasks").status_code == 401, wrong
    with town.house.database.reading() as connection:
        assert key.split("_")[2] not in str(connection.execute(select(t.api_keys)).all())
    page = town.stranger()
    page.http.cookies.set("huying_session", key)
    page.see("/tasks")
    assert page.path == "/login", "a key is for the API alone"


def test_its_last_use_is_noted_once_a_minute(town: GuardedTown) -> None:
    key = made(town)
    assert keys(town.house, town.clock())[0].used_at is None
    call(town, key, "GET", "tasks")
    assert keys(town.house, town.clock())[0].used_at == town.clock()


def test_a_key_that_cannot_be_meant_is_not_made(town: GuardedTown) -> None:
    by = By(town.people["office"], town.clock())
    wrong = NewKey("", "nobody", ["everything"], at_station(99_999), town.clock() + timedelta(days=400))
    with pytest.raises(Invalid) as refused:
        make_key(town.house, wrong, by)
    assert set(refused.value.errors) == {"name", "login", "scopes", "scope", "until"}


def test_each_route_of_the_api_says_what_key_opens_it_or_refuses_them_all(town: GuardedTown) -> None:
    said = {
        (method, path): use.scope if (use := use_of(route)) else ""
        for method, path, route in routes(town.app.routes)
        if path.startswith("/api/")
    }
    shut = {path for (_, path), scope in said.items() if not scope}
    assert shut == {
        "/api/v1/sessions",
        "/api/v1/definitions",
        "/api/v1/definitions/{key}",
        "/api/v1/definitions/{key}/diagram.svg",
        "/api/v1/stations",
        "/api/v1/departments",
        "/api/v1/calls/{connection_key}",  # signed by the call centre's own secret
    } | {path for path in shut if path.startswith(("/api/v1/links/", "/api/v1/messages"))}
    assert set(said.values()) - {""} == set(SCOPES), "a purpose that opens nothing is none"
    reading = {scope for (method, _), scope in said.items() if method == "GET" and scope}
    assert reading <= {"issues:read", "figures:read", "issues:act"}
    assert {action for scope in SCOPES.values() for action in scope.actions} <= set(ACTIONS)


def test_a_key_is_no_log_in_and_a_log_in_no_key(town: GuardedTown) -> None:
    token = town.stranger().guess_by_api("clerk", PASSPHRASE).json()["token"]
    assert not token.startswith("hy_")
    assert call(town, token, "DELETE", "sessions").status_code == 204
