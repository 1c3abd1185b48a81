"""A second factor between passphrase and house, sessions that end; on each kind of database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select, update

from huying.access import second_factor
from huying.access.accounts import change_passphrase, set_by_link
from huying.access.credential_links import make_credential_link
from huying.access.rules import AccountRules
from huying.access.second_factor import WrongCode
from huying.access.secret import read_secret
from huying.access.session_view import agent_words, end_own, own_sessions
from huying.access.sessions import ComingIn, WrongLogin, awaited, complete_session, participant_of, sign_in
from huying.database.tables import memberships, second_factors, sessions
from huying.keys.ring import Sealed
from tests.huying.town import MORNING, PASSPHRASE, Town

RULES = AccountRules()
GOOD = "three hens refuse to lay"


def _code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def _set_up(town: Town, login: str = "deputy") -> tuple[str, tuple[str, ...]]:
    secret = second_factor.new_secret()
    with town.house.database.writing() as connection:
        codes = second_factor.set_up(connection, town.people[login], secret, _code(secret, MORNING), MORNING)
    return secret, codes


def _pass(town: Town, code: str, at: datetime, login: str = "deputy") -> None:
    with town.house.database.writing() as connection:
        second_factor.passed(connection, town.people[login], code, at)


def test_a_log_in_opens_nothing_until_the_code_is_shown(town: Town) -> None:
    secret, _ = _set_up(town)
    half = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    assert participant_of(town.house, half, MORNING) is None
    assert awaited(town.house, half, MORNING) == (town.people["deputy"], "code")
    later = MORNING + timedelta(minutes=1)
    with town.house.database.writing() as connection:
        second_factor.passed(connection, town.people["deputy"], _code(secret, later), later)
        whole = complete_session(connection, half, later)
    assert whole != half
    assert participant_of(town.house, whole, later) == town.people["deputy"]
    assert participant_of(town.house, half, later) is None
    with town.house.database.writing() as connection, pytest.raises(WrongLogin):
        complete_session(connection, half, later)


def test_a_reset_opens_nothing_until_the_code_is_shown(town: Town) -> None:
    """Whoever reads somebody's mail has one factor, not two."""
    _set_up(town)
    person = town.people["deputy"]
    with town.house.database.writing() as connection:
        made = make_credential_link(connection, person, "reset", "slip", by=None, now=MORNING)
    token = set_by_link(town.house, made.token, GOOD, ComingIn("link"), MORNING)
    assert participant_of(town.house, token, MORNING) is None
    assert awaited(town.house, token, MORNING) == (person, "code")


def test_somebody_has_ten_minutes_for_the_code(town: Town) -> None:
    _set_up(town)
    half = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    assert awaited(town.house, half, MORNING + timedelta(minutes=11)) is None


def test_a_code_works_once_even_for_setting_up(town: Town) -> None:
    secret, _ = _set_up(town)
    with pytest.raises(WrongCode, match="used a moment ago"):
        _pass(town, _code(secret, MORNING), MORNING)
    later = MORNING + timedelta(seconds=40)
    _pass(town, _code(secret, later), later)
    with pytest.raises(WrongCode, match="used a moment ago"):
        _pass(town, _code(secret, later), later)


@pytest.mark.parametrize("written", ["{} {}", "{}　{}", " {}-{} "])
def test_spaces_and_full_width_digits_of_an_input_method_are_cleaned(town: Town, written: str) -> None:
    secret, _ = _set_up(town)
    later = MORNING + timedelta(minutes=2)
    code = _code(secret, later)
    wide = code.translate({ord("0") + one: ord("０") + one for one in range(10)})
    _pass(town, written.format(wide[:3], wide[3:]), later)


def test_a_slow_clock_is_told_and_one_to_come_is_not(town: Town) -> None:
    secret, _ = _set_up(town)
    later = MORNING + timedelta(minutes=30)
    with pytest.raises(WrongCode, match="about 5 minutes old"):
        _pass(town, _code(secret, later - timedelta(minutes=5)), later)
    with pytest.raises(WrongCode, match="This code is wrong"):
        _pass(town, _code(secret, later + timedelta(minutes=5)), later)
    with pytest.raises(WrongCode, match="This code is wrong"):
        _pass(town, "", later)


def test_a_recovery_code_works_once_and_its_hash_alone_is_kept(town: Town) -> None:
    _, codes = _set_up(town)
    assert len(set(codes)) == 10
    with town.house.database.reading() as connection:
        kept = [row.secret for row in connection.execute(select(second_factors))]
    assert not set(codes) & set(kept)
    _pass(town, codes[3].upper().replace("-", " "), MORNING)
    with pytest.raises(WrongCode, match="used already"):
        _pass(town, codes[3], MORNING)
    with town.house.database.reading() as connection:
        assert second_factor.recovery_left(connection, town.people["deputy"]) == 9


def test_the_secret_is_kept_through_the_one_function(town: Town) -> None:
    secret, _ = _set_up(town)
    with town.house.database.reading() as connection:
        query = select(second_factors.c.secret).where(second_factors.c.kind == "totp")
        assert read_secret(connection, connection.execute(query).scalar_one()) == secret
        assert secret not in connection.execute(query).scalar_one()
        with pytest.raises(Sealed):
            read_secret(connection, "plain:abc")


def test_an_office_can_ask_it_of_a_kind_of_people(town: Town) -> None:
    entry = ComingIn(rules=AccountRules(second_factor_for=frozenset({"staff"})))
    clerk = sign_in(town.house, "clerk", PASSPHRASE, MORNING, entry)
    assert awaited(town.house, clerk, MORNING) == (town.people["clerk"], "enrolment")
    deputy = sign_in(town.house, "deputy", PASSPHRASE, MORNING, entry)
    assert participant_of(town.house, deputy, MORNING) == town.people["deputy"]


def test_after_five_wrong_codes_it_begins_with_the_passphrase_again(town: Town) -> None:
    _set_up(town)
    half = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    assert [second_factor.count_try(town.house, half) for _ in range(5)] == [True] * 4 + [False]
    assert awaited(town.house, half, MORNING) is None
    assert not second_factor.count_try(town.house, half)


@pytest.mark.parametrize(("login", "idle"), [("clerk", 30), ("deputy", 480)])
def test_a_session_ends_when_nobody_was_there(town: Town, login: str, idle: int) -> None:
    token = sign_in(town.house, login, PASSPHRASE, MORNING)
    seen = MORNING + timedelta(minutes=idle - 1)
    assert participant_of(town.house, token, seen)
    assert participant_of(town.house, token, seen + timedelta(minutes=min(idle, 200) - 1))
    token = sign_in(town.house, login, PASSPHRASE, MORNING)
    assert participant_of(town.house, token, MORNING + timedelta(minutes=idle)) is None


def test_a_session_ends_after_half_a_day_however_busy(town: Town) -> None:
    token = sign_in(town.house, "clerk", PASSPHRASE, MORNING)
    for minutes in range(0, 720, 20):
        assert participant_of(town.house, token, MORNING + timedelta(minutes=minutes))
    assert participant_of(town.house, token, MORNING + timedelta(hours=12)) is None


def test_who_serves_nowhere_any_more_is_out(town: Town) -> None:
    clerk = sign_in(town.house, "clerk", PASSPHRASE, MORNING)
    stranger = sign_in(town.house, "stranger", PASSPHRASE, MORNING)
    with town.house.database.writing() as connection:
        past = update(memberships).values(until=date(2020, 1, 1))
        connection.execute(past.where(memberships.c.participant_id == town.people["clerk"]))
    assert participant_of(town.house, clerk, MORNING) is None
    assert participant_of(town.house, stranger, MORNING) == town.people["stranger"]


def test_one_sees_and_ends_ones_own_sessions_and_no_others(town: Town) -> None:
    phone = ComingIn(agent="Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/118 Mobile MicroMessenger/8.0")
    here = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    there = sign_in(town.house, "deputy", PASSPHRASE, MORNING, phone)
    foreign = sign_in(town.house, "clerk", PASSPHRASE, MORNING)
    lines = own_sessions(town.house, town.people["deputy"], here, MORNING, RULES)
    assert [(line.own, line.where.zh) for line in lines] == [(True, "程序或不认得的浏览器"), (False, "微信 · 安卓")]
    with town.house.database.reading() as connection:
        keys = {row.participant_id: row.token_hash for row in connection.execute(select(sessions))}
    assert not end_own(town.house, town.people["deputy"], keys[town.people["clerk"]])
    assert participant_of(town.house, foreign, MORNING)
    assert end_own(town.house, town.people["deputy"], lines[1].key)
    assert participant_of(town.house, there, MORNING) is None


def test_a_changed_passphrase_ends_all_other_sessions(town: Town) -> None:
    other = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    token = change_passphrase(town.house, town.people["deputy"], PASSPHRASE, GOOD, ComingIn(), MORNING)
    assert participant_of(town.house, other, MORNING) is None
    assert participant_of(town.house, token, MORNING) == town.people["deputy"]


def test_beside_a_second_factor_eight_characters_do(town: Town) -> None:
    _set_up(town)
    token = change_passphrase(town.house, town.people["deputy"], PASSPHRASE, "hens lay", ComingIn(), MORNING)
    assert participant_of(town.house, token, MORNING) == town.people["deputy"]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17 Safari/604", "Safari · 苹果手机或平板"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko Firefox/115", "火狐 · Linux（统信、麒麟等）"),
        ("curl/8", "程序或不认得的浏览器"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, words: str) -> None:
    assert agent_words(agent).zh == words
