"""Passkeys against an authenticator in software: who gets in, and everything that must not be taken; on each kind of database."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from engine.refusal import Refusal
from huying.access import second_factor
from huying.access.challenge import CHALLENGE_LASTS, Challenge
from huying.access.passkey import MOST, WrongPasskey, passkeys_of, remove_passkey
from huying.access.passkey_check import (
    PasskeyAnswer,
    PasskeyOwner,
    add_passkey,
    options_to_add,
    options_to_show,
    shown_passkey,
)
from huying.access.passkey_site import PasskeySite, passkey_site
from huying.access.rules import AccountRules
from huying.access.second_factor import WrongCode
from huying.access.session_view import own_sessions
from huying.access.sessions import (
    PASSKEY,
    ComingIn,
    awaited,
    begin_session,
    complete_session,
    has_second_factor,
    participant_of,
    sign_in,
)
from huying.database.tables import participants, passkey_challenges, passkeys
from tests.huying.town import MORNING, PASSPHRASE, Town
from tests.soft_passkey import SoftPasskey

SITE = PasskeySite("https://huying.example", "huying.example")
BROWSER = "form token of a browser"


def _added(town: Town, login: str = "deputy", device: SoftPasskey | None = None) -> tuple[SoftPasskey, tuple[str, ...]]:
    device, person = device or SoftPasskey(), town.people[login]
    text = device.made(_to_add(town, login), SITE.origin)
    answer = PasskeyAnswer(Challenge("add", BROWSER, person), text)
    return device, add_passkey(town.house, SITE, answer, "手机", MORNING)


def _to_add(town: Town, login: str, site: PasskeySite = SITE) -> str:
    owner = PasskeyOwner(town.people[login], login, login, "鹭江市人大")
    with town.house.database.writing() as connection:
        return options_to_add(connection, site, owner, BROWSER, MORNING)


def _asked(town: Town, question: Challenge, at: datetime = MORNING, site: PasskeySite = SITE) -> str:
    with town.house.database.writing() as connection:
        return options_to_show(connection, site, question, at)


ANYBODY = Challenge("sign-in", BROWSER)


def _second(town: Town, login: str = "deputy") -> Challenge:
    return Challenge("second-factor", BROWSER, town.people[login])


def _shown(town: Town, text: str, question: Challenge = ANYBODY, at: datetime = MORNING) -> int:
    return shown_passkey(town.house, SITE, PasskeyAnswer(question, text), at)


def test_a_passkey_alone_says_who_somebody_is(town: Town) -> None:
    device, _ = _added(town)
    later = MORNING + timedelta(days=1)
    assert _shown(town, device.shown(_asked(town, ANYBODY, later), SITE.origin), at=later) == town.people["deputy"]
    with town.house.database.reading() as connection:
        (known,) = passkeys_of(connection, town.people["deputy"])
    assert (known.name, known.made_at, known.used_at) == ("手机", MORNING, later)


def test_the_second_factor_is_a_passkey_of_the_person_who_showed_the_passphrase(town: Town) -> None:
    device, _ = _added(town)
    half = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    assert awaited(town.house, half, MORNING) == (town.people["deputy"], "code")
    asked = _asked(town, _second(town))
    assert [one["type"] for one in json.loads(asked)["allowCredentials"]] == ["public-key"]
    _shown(town, device.shown(asked, SITE.origin), _second(town))
    with town.house.database.writing() as connection:
        whole = complete_session(connection, half, MORNING, by=PASSKEY)
    assert participant_of(town.house, whole, MORNING) == town.people["deputy"]


def test_a_key_that_does_not_check_its_owner_is_a_second_factor_and_no_more(town: Town) -> None:
    device, _ = _added(town, device=SoftPasskey(verifies=False))
    _shown(town, device.shown(_asked(town, _second(town)), SITE.origin), _second(town))
    with pytest.raises(WrongPasskey):
        _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin))


@pytest.mark.parametrize(
    "origin", ["https://huying.example.evil.example", "http://huying.example", "https://huying.example:8443"]
)
def test_an_answer_from_another_page_is_refused(town: Town, origin: str) -> None:
    device, _ = _added(town)
    with pytest.raises(WrongPasskey, match="not accepted"):
        _shown(town, device.shown(_asked(town, ANYBODY), origin))
    text = SoftPasskey().made(_to_add(town, "deputy"), origin)
    with pytest.raises(WrongPasskey, match="not accepted"):
        add_passkey(
            town.house, SITE, PasskeyAnswer(Challenge("add", BROWSER, town.people["deputy"]), text), "x", MORNING
        )


def test_a_passkey_of_another_site_is_refused(town: Town) -> None:
    other = PasskeySite(SITE.origin, "example")
    device, _ = _added(town)
    device.device.rp_id = "example"
    with pytest.raises(WrongPasskey, match="not accepted"):
        _shown(town, device.shown(_asked(town, ANYBODY, site=other), SITE.origin))
    text = SoftPasskey().made(_to_add(town, "deputy", other), SITE.origin)
    with pytest.raises(WrongPasskey, match="not accepted"):
        add_passkey(
            town.house, SITE, PasskeyAnswer(Challenge("add", BROWSER, town.people["deputy"]), text), "x", MORNING
        )


def test_an_answer_is_good_once_even_if_it_was_wrong(town: Town) -> None:
    device, _ = _added(town)
    text = device.shown(_asked(town, ANYBODY), SITE.origin)
    _shown(town, text)
    with pytest.raises(WrongPasskey, match="This is over"):
        _shown(town, text)
    asked = _asked(town, ANYBODY)
    with pytest.raises(WrongPasskey, match="not accepted"):
        _shown(town, device.shown(asked, "https://evil.example"))
    with pytest.raises(WrongPasskey, match="This is over"):
        _shown(town, device.shown(asked, SITE.origin))


def test_an_answer_comes_within_minutes(town: Town) -> None:
    device, _ = _added(town)
    asked = _asked(town, ANYBODY)
    with pytest.raises(WrongPasskey, match="This is over"):
        _shown(town, device.shown(asked, SITE.origin), at=MORNING + CHALLENGE_LASTS)
    _asked(town, ANYBODY, MORNING + CHALLENGE_LASTS)
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(passkey_challenges)).scalar_one() == 1


@pytest.mark.parametrize("browser", ["of somebody else", ""])
def test_a_question_is_answered_by_the_browser_that_was_asked(town: Town, browser: str) -> None:
    device, _ = _added(town)
    text = device.shown(_asked(town, ANYBODY), SITE.origin)
    with pytest.raises(WrongPasskey, match="This is over"):
        _shown(town, text, Challenge("sign-in", browser))


def test_a_question_for_one_thing_is_no_answer_for_another(town: Town) -> None:
    device, _ = _added(town)
    with pytest.raises(WrongPasskey, match="This is over"):
        _shown(town, device.shown(_asked(town, _second(town)), SITE.origin))
    with pytest.raises(WrongPasskey, match="This is over"):
        _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin), _second(town))


def test_the_passkey_of_another_person_is_refused(town: Town) -> None:
    _added(town)
    foreign, _ = _added(town, "clerk")
    with pytest.raises(WrongPasskey, match="does not belong to this account"):
        _shown(town, foreign.shown(_asked(town, _second(town)), SITE.origin), _second(town))
    with town.house.database.reading() as connection:
        query = select(passkeys.c.handle).where(passkeys.c.participant_id == town.people["deputy"])
        handle = connection.execute(query).scalar_one()
    with pytest.raises(WrongPasskey, match="does not belong to this account"):
        _shown(town, foreign.shown(_asked(town, ANYBODY), SITE.origin, handle=handle))
    with pytest.raises(WrongPasskey, match="does not belong to this account"):
        _shown(town, SoftPasskeyOf(foreign).unsigned(_asked(town, ANYBODY)))


class SoftPasskeyOf:
    """Somebody who says that they are another's passkey, without its key."""

    def __init__(self, known: SoftPasskey) -> None:
        self.liar = SoftPasskey()
        self.liar.device.cred_init(known.device.rp_id, b"nobody")

    def unsigned(self, options: str) -> str:
        return self.liar.shown(options, SITE.origin)


def test_a_forged_signature_is_refused(town: Town) -> None:
    device, _ = _added(town)
    liar = SoftPasskey()
    liar.device.cred_init(SITE.rp_id, device.device.user_handle)
    liar.device.credential_id = device.device.credential_id
    with pytest.raises(WrongPasskey, match="not accepted"):
        _shown(town, liar.shown(_asked(town, ANYBODY), SITE.origin))


def test_a_count_that_goes_backwards_is_refused_and_noted(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    device, _ = _added(town)
    device.device.sign_count = 7
    _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin))
    for copied in (7, 3):
        device.device.sign_count = copied - 1
        with caplog.at_level(logging.INFO, "huying.access"), pytest.raises(WrongPasskey, match="goes backwards"):
            _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin))
        assert f"what=passkey-counted-back person={town.people['deputy']}" in caplog.messages[-1]
    device.device.sign_count = 8
    assert _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin)) == town.people["deputy"]


def test_keys_that_do_not_count_go_on_saying_nought(town: Town) -> None:
    device, _ = _added(town)
    for _ in range(2):
        device.device.sign_count = -1
        assert _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin)) == town.people["deputy"]


def test_whoever_is_disabled_is_refused(town: Town) -> None:
    device, _ = _added(town)
    with town.house.database.writing() as connection:
        off = update(participants).where(participants.c.id == town.people["deputy"]).values(active=False)
        connection.execute(off)
    with pytest.raises(WrongPasskey, match="disabled"):
        _shown(town, device.shown(_asked(town, ANYBODY), SITE.origin))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "[" * 9000,
        "x" * 30_000,
        '{"id": 1}',
        '{"id": "ab", "rawId": "ab", "type": "public-key", "response": {}}',
    ],
    ids=["empty", "no parts", "null", "deep", "long", "number", "no response"],
)
def test_what_is_no_answer_at_all_is_refused_in_words(town: Town, text: str) -> None:
    with pytest.raises(WrongPasskey, match="not accepted"):
        _shown(town, text)
    with pytest.raises(WrongPasskey, match="not accepted"):
        add_passkey(
            town.house, SITE, PasskeyAnswer(Challenge("add", BROWSER, town.people["deputy"]), text), "x", MORNING
        )


def test_no_byte_of_an_answer_can_be_changed(town: Town) -> None:
    device, _ = _added(town)
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        for place in range(0, 48, 7):
            answer = json.loads(device.shown(_asked(town, ANYBODY), SITE.origin))
            text = answer["response"][part]
            answer["response"][part] = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
            with pytest.raises(WrongPasskey):
                _shown(town, json.dumps(answer))


def test_recovery_codes_come_with_the_first_and_go_with_the_last(town: Town) -> None:
    person = town.people["deputy"]
    _, codes = _added(town)
    assert len(codes) == 10
    assert _added(town)[1] == ()
    with town.house.database.writing() as connection:
        second_factor.passed(connection, person, codes[0], MORNING)
    with town.house.database.writing() as connection:
        first, second = passkeys_of(connection, person)
        assert not remove_passkey(connection, town.people["clerk"], first.id, demanded=False)
        assert remove_passkey(connection, person, first.id, demanded=True)
        assert second_factor.recovery_left(connection, person) == 9
    with pytest.raises(Refusal, match="last one"), town.house.database.writing() as connection:
        remove_passkey(connection, person, second.id, demanded=True)
    with town.house.database.writing() as connection:
        assert remove_passkey(connection, person, second.id, demanded=False)
        assert second_factor.recovery_left(connection, person) == 0
        assert not has_second_factor(connection, person)
    with town.house.database.writing() as connection, pytest.raises(WrongCode):
        second_factor.passed(connection, person, codes[1], MORNING)


def test_an_authenticator_and_passkeys_stand_beside_each_other(town: Town) -> None:
    import pyotp

    person, secret = town.people["deputy"], second_factor.new_secret()
    _added(town)
    with town.house.database.writing() as connection:
        second_factor.set_up(connection, person, secret, pyotp.TOTP(secret).at(MORNING), MORNING)
        second_factor.take_off_authenticator(connection, person)
        assert second_factor.recovery_left(connection, person) == 10
        assert has_second_factor(connection, person)
        second_factor.take_off(connection, person, town.people["clerk"])
        assert not has_second_factor(connection, person)
        assert passkeys_of(connection, person) == ()


def test_one_has_a_bounded_number_and_no_key_twice(town: Town) -> None:
    person = town.people["deputy"]
    device = SoftPasskey()
    first, second = _to_add(town, "deputy"), _to_add(town, "clerk")
    text = device.made(first, SITE.origin)
    add_passkey(town.house, SITE, PasskeyAnswer(Challenge("add", BROWSER, person), text), "", MORNING)
    again = json.loads(text)
    again["response"]["clientDataJSON"] = json.loads(SoftPasskey().made(second, SITE.origin))["response"][
        "clientDataJSON"
    ]
    clerk = Challenge("add", BROWSER, town.people["clerk"])
    with pytest.raises(WrongPasskey, match="added already"):
        add_passkey(town.house, SITE, PasskeyAnswer(clerk, json.dumps(again)), "", MORNING)
    for _ in range(MOST - 1):
        _added(town)
    with pytest.raises(WrongPasskey, match="10 passkeys at most"):
        _to_add(town, "deputy")


def test_all_passkeys_of_a_person_call_them_the_same_and_nothing_that_says_who(town: Town) -> None:
    first, _ = _added(town)
    second, _ = _added(town)
    other, _ = _added(town, "clerk")
    assert first.device.user_handle == second.device.user_handle != other.device.user_handle
    assert len(first.device.user_handle) == 32


def test_a_session_tells_by_what_it_was_opened(town: Town) -> None:
    person = town.people["deputy"]
    with town.house.database.writing() as connection:
        alone = begin_session(connection, person, MORNING, ComingIn(PASSKEY, vouched=True))
    _added(town)
    half = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    with town.house.database.writing() as connection:
        complete_session(connection, half, MORNING, by=PASSKEY)
    lines = own_sessions(town.house, person, alone, MORNING, AccountRules())
    assert [[one.en for one in line.how] for line in lines] == [["passkey"], ["passphrase", "passkey"]]


@pytest.mark.parametrize(
    ("address", "origin", "rp_id"),
    [
        ("https://huying.example", "https://huying.example", "huying.example"),
        ("https://Huying.Example:443", "https://huying.example", "huying.example"),
        ("https://huying.example:8443", "https://huying.example:8443", "huying.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("http://localhost:8080", "http://localhost:8080", "localhost"),
    ],
)
def test_the_site_is_that_of_the_portals_address(address: str, origin: str, rp_id: str) -> None:
    assert passkey_site(address) == PasskeySite(origin, rp_id)


@pytest.mark.parametrize(
    "address",
    [
        "http://huying.example",
        "http://192.168.1.7:8080",
        "https://192.168.1.7",
        "https://[::1]",
        "http://127.0.0.1:8080",
    ],
)
def test_where_browsers_offer_none_there_is_no_site(address: str) -> None:
    assert passkey_site(address) is None
