"""A session is its owner's: made anew at each log-in, used by no other site, and gone with everything that was known when it ends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from huying.access import passphrase
from portal.frame.door import FOLLOWED
from portal.frame.reader import SESSION
from tests.attacks.conftest import GuardedTown
from tests.huying.town import PASSPHRASE
from tests.portal.visitor import plain

ROOT = Path(__file__).resolve().parents[2]


def test_a_session_that_was_planted_before_is_not_the_one_that_is_used_afterwards(town: GuardedTown) -> None:
    victim = town.stranger()
    victim.http.cookies.set(SESSION, "planted", domain="testserver.local", path="/")
    answer = victim.guess("clerk", PASSPHRASE)
    given = answer.cookies[SESSION]
    assert given != "planted"
    thief = town.stranger()
    thief.http.cookies.set(SESSION, "planted")
    thief.see("/tasks")
    assert thief.path == "/login"


def test_each_log_in_makes_a_session_of_its_own_and_its_form_tokens_are_no_other_s(town: GuardedTown) -> None:
    first, second = town.stranger(), town.stranger()
    sessions = {one.guess("clerk", PASSPHRASE).cookies[SESSION] for one in (first, second)}
    assert len(sessions) == 2
    tokens = {one.hidden("/tasks", "/logout")["form_token"] for one in (first, second)}
    assert len(tokens) == 2


def test_the_cookie_of_a_session_is_for_this_site_and_no_script(town: GuardedTown) -> None:
    cookies = town.stranger().guess("clerk", PASSPHRASE).headers.get_list("set-cookie")
    assert cookies
    for cookie in cookies:
        said = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= said, cookie


def test_a_form_of_another_site_changes_nothing(town: GuardedTown) -> None:
    issue = town.report()
    clerk = town.stranger()
    clerk.guess("clerk", PASSPHRASE)
    item = town.item(issue, town.party("clerk"))
    stranger = town.stranger()
    foreign = stranger.hidden("/login", "/login")["form_token"]
    for token in ("", "x" * 64, foreign):
        sent = clerk.http.post(f"/tasks/{issue}/{item}/act/accept", data={"form_token": token})
        assert sent.status_code == 403
    assert town.item(issue, town.party("clerk")) == item


def test_the_api_takes_no_cookie_and_tells_no_other_origin_anything(town: GuardedTown) -> None:
    clerk = town.stranger()
    clerk.guess("clerk", PASSPHRASE)
    other = {"Origin": "https://evil.example"}
    assert clerk.http.get("/api/v1/tasks", headers=other).status_code == 401
    for answer in (
        clerk.http.get("/tasks", headers=other),
        clerk.http.options("/api/v1/tasks", headers={**other, "Access-Control-Request-Method": "POST"}),
    ):
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_after_the_log_out_session_and_followed_issues_are_gone(town: GuardedTown) -> None:
    issue = town.report()
    number, code = town.number_and_code(issue)
    browser = town.stranger()
    assert browser.guess_code(number, code).status_code == 303
    browser.guess("clerk", PASSPHRASE)
    kept = browser.http.cookies[SESSION]
    browser.send("/tasks", "/logout")
    assert FOLLOWED not in browser.http.cookies
    assert SESSION not in browser.http.cookies
    assert browser.http.get(f"/issues/{number}", follow_redirects=False).status_code == 303
    thief = town.stranger()
    thief.http.cookies.set(SESSION, kept)
    thief.see("/tasks")
    assert thief.path == "/login", "the session itself is over, not only its cookie"


def test_an_unknown_name_is_answered_in_the_same_words_and_with_the_same_work(
    town: GuardedTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = passphrase.hasher().verify_and_update

    def counted(given: str, known: str) -> tuple[bool, str | None]:
        hashed.append(known.rsplit("$", 2)[0])
        return real(given, known)

    monkeypatch.setattr(passphrase.hasher(), "verify_and_update", counted)
    pages = [plain(town.stranger().guess(name, "wrong").text) for name in ("clerk", "nobody")]
    answers = [town.stranger().guess_by_api(name, "wrong") for name in ("clerk", "nobody")]
    assert pages[0] == pages[1].replace("nobody", "clerk")
    assert answers[0].json() == answers[1].json()
    assert len(hashed) == 4
    assert len(set(hashed)) == 1, "the same parameters for an unknown name"


def test_an_unknown_name_costs_what_a_hash_of_today_costs_whatever_was_asked_before(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    passphrase.check("wrong", None)
    request.getfixturevalue("real_hasher")
    compared: list[str] = []
    real = passphrase.hasher().verify_and_update

    def noted(given: str, known: str) -> tuple[bool, str | None]:
        compared.append(known.rsplit("$", 2)[0])
        return real(given, known)

    monkeypatch.setattr(passphrase.hasher(), "verify_and_update", noted)
    passphrase.check("wrong", None)
    assert compared == [passphrase.hash_passphrase("any").rsplit("$", 2)[0]]


def test_no_number_of_an_address_or_body_is_without_a_bound(town: GuardedTown) -> None:
    described = town.stranger().http.get("/api/v1/openapi.json").json()
    asked = [
        (f"{method} {path} {one['name']}", one["schema"])
        for path, methods in described["paths"].items()
        for method, call in methods.items()
        for one in call.get("parameters", ())
    ]
    unbounded = [
        where
        for where, schema in asked
        for part in (schema, *schema.get("anyOf", ()))
        if part.get("type") == "integer" and "maximum" not in part
    ]
    assert unbounded == []


def test_whole_numbers_beyond_64_bits_are_mistakes_of_the_caller(town: GuardedTown) -> None:
    token = town.stranger().guess_by_api("office", PASSPHRASE).json()["token"]
    program = town.stranger()
    program.http.headers["Authorization"] = f"Bearer {token}"
    large = 2**70
    for path, body in (
        ("incidents/became", {"incidents": [large]}),
        ("incidents/retry", {"incidents": [large]}),
        ("incidents/all/retry", {"after": large}),
        ("issues/events", {"issues": [large], "event": {"kind": "urge"}}),
        (f"tasks/{large}/1/accept", {}),
        ("tasks/1/1/accept", {"fields": {"amount": large}}),
    ):
        answer = program.http.post(f"/api/v1/{path}", json=body, headers={"Idempotency-Key": "k" * 20})
        assert answer.status_code == 422, (path, answer.status_code)
    assert program.http.get(f"/api/v1/incidents?issue={large}").status_code == 422


def test_the_token_of_a_program_opens_no_page_and_the_cookie_of_a_browser_no_call(town: GuardedTown) -> None:
    token = town.stranger().guess_by_api("clerk", PASSPHRASE).json()["token"]
    cookie = town.stranger().guess("clerk", PASSPHRASE).cookies[SESSION]
    thief = town.stranger()
    thief.http.cookies.set(SESSION, token)
    thief.see("/tasks")
    assert thief.path == "/login", "a token that a program wrote into a log is no log-in of a browser"
    for shown, status in ((token, 200), (cookie, 401)):
        assert (
            town.stranger().http.get("/api/v1/tasks", headers={"Authorization": f"Bearer {shown}"}).status_code
            == status
        )


def test_passphrases_are_typed_where_nobody_reads_them_and_a_manager_may_fill_them_in() -> None:
    fields = [
        field
        for template in (ROOT / "portal" / "templates").rglob("*.html")
        for field in re.findall(r'<input[^>]*name="(?:passphrase|present|again)"[^>]*>', template.read_text("utf-8"))
    ]
    assert len(fields) > 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(current|new)-password"', field)
        assert "onpaste" not in field


def test_a_long_passphrase_is_taken_and_compared_to_its_last_character() -> None:
    long = ("three hens refuse to lay " * 8)[: passphrase.LONGEST]
    known = passphrase.hash_passphrase(long)
    assert passphrase.is_right(long, known)
    assert not passphrase.is_right(long[:-1] + "!", known)
    assert not passphrase.is_right(long + "!", known)
    assert not passphrase.is_right(long.upper(), known)


@pytest.mark.parametrize("login", ["clerk", "deputy", "office"])
def test_every_page_behind_the_log_in_shows_the_way_out(town: GuardedTown, login: str) -> None:
    person = town.stranger()
    person.guess(login, PASSPHRASE)
    seen = 0
    for address in ("/tasks", "/issues", "/board", "/account", "/account/links", "/files", "/duties", "/help"):
        answer = person.http.get(address)
        if answer.status_code == 200:
            seen += 1
            assert 'action="/logout"' in answer.text, address
    assert seen > 4
