"""Whoever guesses passphrases or codes is slowed down, wherever they try; whoever belongs here gets in all the same."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select

from huying.database.tables import deliveries
from huying.telemetry.figures import THROTTLED
from tests.attacks.conftest import GuardedTown
from tests.huying.town import PASSPHRASE
from tests.portal.visitor import plain

_wrong = (f"guess {number}" for number in count())


def test_sixty_wrong_passphrases_are_answered_five_times(town: GuardedTown) -> None:
    stranger = town.stranger()
    answers = [stranger.guess("clerk", next(_wrong)).status_code for _ in range(60)]
    assert answers == [401] * 5 + [429] * 55


def test_the_api_counts_with_the_page(town: GuardedTown) -> None:
    for _ in range(3):
        town.stranger().guess("clerk", next(_wrong))
    answers = [town.stranger().guess_by_api("clerk", next(_wrong)).status_code for _ in range(4)]
    assert answers == [401, 401, 429, 429]


def test_several_addresses_and_several_portals_share_the_tries_of_an_account(town: GuardedTown) -> None:
    other = town.another_portal()
    answers = [
        (town if number % 2 else other).stranger(f"203.0.113.{number}").guess("clerk", next(_wrong)).status_code
        for number in range(12)
    ]
    assert answers == [401] * 5 + [429] * 7


def test_the_wait_doubles_up_to_an_hour(town: GuardedTown) -> None:
    stranger = town.stranger()
    waits = []
    for _ in range(5):
        stranger.guess("clerk", next(_wrong))
    for _ in range(9):
        refused = stranger.guess("clerk", next(_wrong))
        assert refused.status_code == 429
        waits.append(int(refused.headers["Retry-After"]))
        town.clock.move(seconds=waits[-1])
        # one more try, from elsewhere, since an address has its own bound
        assert town.stranger(f"198.51.100.{len(waits)}").guess("clerk", next(_wrong)).status_code == 401
    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_a_page_in_both_languages_says_when(town: GuardedTown) -> None:
    stranger = town.stranger()
    for _ in range(6):
        stranger.guess("clerk", next(_wrong))
    refused = stranger.guess("clerk", PASSPHRASE)
    assert "次数太多了，请 60 秒后再试" in plain(refused.text)
    assert "09:31 起可以再试" in plain(refused.text)
    stranger.http.headers["Accept-Language"] = "en"
    assert "please try again in 60 seconds" in plain(stranger.guess("clerk", PASSPHRASE).text)
    said = stranger.guess_by_api("clerk", PASSPHRASE)
    assert (said.status_code, said.json()["code"], said.headers["Retry-After"]) == (429, "too-often", "60")


def test_the_owner_gets_in_with_a_browser_that_is_known_while_strangers_try(town: GuardedTown) -> None:
    owner = town.stranger("192.0.2.1")
    assert owner.guess("clerk", PASSPHRASE).status_code == 303
    owner.http.cookies.delete("huying_session")
    for _ in range(8):
        town.stranger().guess("clerk", next(_wrong))
    assert town.stranger("192.0.2.2").guess("clerk", PASSPHRASE).status_code == 429
    assert owner.guess("clerk", PASSPHRASE).status_code == 303


def test_the_mark_of_a_browser_counts_for_its_own_account_alone_and_has_tries_of_its_own(town: GuardedTown) -> None:
    known = town.stranger()
    known.guess("deputy", PASSPHRASE)
    known.http.cookies.delete("huying_session")
    answers = [known.guess("clerk", next(_wrong)).status_code for _ in range(6)]
    assert answers[-1] == 429
    assert [known.guess("deputy", next(_wrong)).status_code for _ in range(6)][-1] == 429
    known.http.cookies.set("huying_device", "made.up")
    assert known.guess("clerk", next(_wrong)).status_code == 429


def test_an_address_that_tries_many_accounts_is_stopped_too(town: GuardedTown) -> None:
    stranger = town.stranger()
    answers = [stranger.guess_by_api(f"nobody-{number}", next(_wrong)).status_code for number in range(33)]
    assert answers == [401] * 30 + [429] * 3
    assert stranger.guess("clerk", PASSPHRASE).status_code == 429
    assert town.stranger("203.0.113.8").guess("clerk", PASSPHRASE).status_code == 303


def test_an_address_of_ipv6_is_its_household(town: GuardedTown) -> None:
    answers = [
        town.stranger(f"2001:db8:0:7::{number:x}").guess_by_api(f"nobody-{number}", "x").status_code
        for number in range(1, 33)
    ]
    assert answers[-1] == 429
    assert town.stranger("2001:db8:0:8::1").guess_by_api("clerk", PASSPHRASE).status_code == 201


def test_right_passphrases_do_not_count(town: GuardedTown) -> None:
    for _ in range(40):
        assert town.stranger().guess_by_api("clerk", PASSPHRASE).status_code == 201


def test_the_tenth_refusal_is_told_to_the_owner_once(town: GuardedTown) -> None:
    for _ in range(30):
        town.stranger().guess("clerk", next(_wrong))
    with town.house.database.reading() as connection:
        found = connection.execute(
            select(deliveries.c.participant_id, deliveries.c.subject).where(deliveries.c.occasion == "guessed")
        ).all()
    assert found == [(town.people["clerk"], "【账号安全】有人多次用错误口令登录您的账号")]


def test_wrong_codes_are_answered_twenty_times_on_page_and_api_together(town: GuardedTown) -> None:
    issue = town.report()
    number, code = town.number_and_code(issue)
    stranger = town.stranger()
    answers = [stranger.guess_code(number, f"WRONG{n:03}").status_code for n in range(8)]
    asked = (f"/api/v1/issues/{number}?code=WRONG{n:03}" for n in range(8))
    answers += [stranger.http.get(one).status_code for one in asked]
    answers += [stranger.http.get(f"/issues/{number}?code=W{n}", follow_redirects=False).status_code for n in range(4)]
    assert answers == [404] * 16 + [303] * 4
    for refused in (
        stranger.guess_code(number, code),
        stranger.http.get(f"/api/v1/issues/{number}?code={code}"),
        stranger.http.get(f"/issues/{number}?code={code}"),
    ):
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
    assert town.stranger("192.0.2.1").guess_code(number, code).status_code == 303


def test_refusals_are_counted(town: GuardedTown) -> None:
    before = THROTTLED.labels("log-in")._value.get()
    for _ in range(7):
        town.stranger().guess("clerk", next(_wrong))
    assert THROTTLED.labels("log-in")._value.get() == before + 2


def test_what_a_stranger_claims_to_forward_for_is_not_believed(town: GuardedTown) -> None:
    stranger = town.stranger()
    answers = []
    for number in range(32):
        stranger.http.headers["X-Forwarded-For"] = f"192.0.2.{number}"
        answers.append(stranger.guess_by_api(f"nobody-{number}", "x").status_code)
    assert answers[-1] == 429


def test_what_a_trusted_proxy_says_is_believed_as_far_as_it_saw_it(town: GuardedTown) -> None:
    proxy = town.stranger("10.9.9.9")
    for number in range(31):
        # the first part was written by the stranger, the second by the proxy
        proxy.http.headers["X-Forwarded-For"] = f"192.0.2.{number}, 203.0.113.9"
        answer = proxy.guess_by_api(f"nobody-{number}", "x")
    assert answer.status_code == 429
    proxy.http.headers["X-Forwarded-For"] = "203.0.113.10"
    assert proxy.guess_by_api("clerk", PASSPHRASE).status_code == 201
