"""Duties that change hands: with consent, with a reason, and everybody concerned is told."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.refusal import Invalid, NotAllowed, Refusal, Unavailable
from huying.database.connections import Database
from huying.database.tables import duty_swaps
from huying.delivery.sender import has_pending, send_pending
from huying.duties.own_view import own_duties
from huying.duties.present import present
from huying.duties.roster import Shift, cancel_duty, enter_duty, move_duty
from huying.duties.swaps import answer_swap, ask_swap, withdraw_swap
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from notifications import Mailbox, Transports, read_mails
from tests.huying.planned_city import CENSUS, CHINA, Census, PlannedCity, at, city_in, shipped
from tests.template import Template

NINE, NOON = time(9), time(12)


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return CENSUS


@pytest.fixture
def city(copied: tuple[Database, Census], tmp_path: Path) -> PlannedCity:
    """Three receptions ahead at XG: of zhengsiqi, wuzhiyuan and chenhaisheng."""
    made = city_in(copied, tmp_path)
    made.now = at("2026-03-02")
    made.publish(shipped("reception-rota", for_="XG"))
    made.run()
    assert [login for _, login in made.duties()] == ["zhengsiqi", "wuzhiyuan", "chenhaisheng"]
    return made


def ask(city: PlannedCity, day: str, to: str, other_day: str | None = None, note: str = "") -> int:
    duty = city.duty(day)
    other = city.duty(other_day).id if other_day else None
    by = duty.participant_id
    return ask_swap(city.house, duty.id, city.people[to], By(by, city.now), other_duty_id=other, note=note)


def answer(city: PlannedCity, number: int, who: str, *, accept: bool = True, reason: str = "") -> None:
    answer_swap(city.house, number, By(city.people[who], city.now), accept=accept, reason=reason)


def status(city: PlannedCity, number: int) -> str:
    with city.house.database.reading() as connection:
        query = select(duty_swaps.c.status).where(duty_swaps.c.id == number)
        return str(connection.execute(query).scalar_one())


def logins(city: PlannedCity) -> list[str]:
    return [login for _, login in city.duties()]


def test_without_consent_nothing_changes_and_with_it_the_duties_change_hands(city: PlannedCity) -> None:
    number = ask(city, "2026-03-25", "wuzhiyuan", "2026-04-27", "那天在外地开会")
    assert logins(city) == ["zhengsiqi", "wuzhiyuan", "chenhaisheng"]
    [asked] = city.messages("swap-asked")
    assert asked.login == "wuzhiyuan"
    for words in ("郑思齐", "3月25日", "4月27日", "09:00–11:30", "那天在外地开会"):
        assert words in asked.text
    answer(city, number, "wuzhiyuan")
    answer(city, number, "wuzhiyuan")
    assert logins(city) == ["wuzhiyuan", "zhengsiqi", "chenhaisheng"]
    assert sorted(one.login for one in city.messages("swap-accepted")) == ["wuzhiyuan", "zhengsiqi"]
    # the rota goes on by who serves in fact
    city.run(at("2026-04-02"))
    assert logins(city)[3] == "huangmin"


def test_a_duty_can_be_taken_without_one_in_exchange_and_then_the_giver_comes_before_the_taker(
    city: PlannedCity,
) -> None:
    answer(city, ask(city, "2026-03-25", "chenhaisheng"), "chenhaisheng")
    assert logins(city) == ["chenhaisheng", "wuzhiyuan", "chenhaisheng"]
    city.run(at("2026-04-02"))
    assert logins(city)[3] == "zhengsiqi"


def test_a_refusal_needs_a_reason_which_the_asker_reads(city: PlannedCity) -> None:
    number = ask(city, "2026-03-25", "wuzhiyuan")
    with pytest.raises(Unavailable):
        answer(city, number, "wuzhiyuan", accept=False, reason="  ")
    answer(city, number, "wuzhiyuan", accept=False, reason="当天要参加视察")
    assert logins(city)[0] == "zhengsiqi"
    [told] = city.messages("swap-refused")
    assert (told.login, "当天要参加视察" in told.text) == ("zhengsiqi", True)
    # somebody else can be asked then
    ask(city, "2026-03-25", "huangmin")


def test_a_request_can_be_withdrawn_by_whoever_made_it_alone(city: PlannedCity) -> None:
    number = ask(city, "2026-03-25", "wuzhiyuan")
    with pytest.raises(NotAllowed):
        withdraw_swap(city.house, number, By(city.people["wuzhiyuan"], city.now))
    withdraw_swap(city.house, number, By(city.people["zhengsiqi"], city.now))
    withdraw_swap(city.house, number, By(city.people["zhengsiqi"], city.now))
    assert [one.login for one in city.messages("swap-withdrawn")] == ["wuzhiyuan"]
    with pytest.raises(AlreadyDone):
        answer(city, number, "wuzhiyuan")


def test_only_the_one_who_was_asked_answers_and_one_is_asked_at_a_time(city: PlannedCity) -> None:
    number = ask(city, "2026-03-25", "wuzhiyuan")
    with pytest.raises(NotAllowed):
        answer(city, number, "huangmin")
    with pytest.raises(AlreadyDone):
        ask(city, "2026-03-25", "huangmin")
    with pytest.raises(NotFound):
        answer(city, 4711, "huangmin")


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("zhengsiqi", "oneself"),
        ("hanmo", "at this station"),
        ("linxiaoyu", "at this station"),
        ("huangmin", "away"),
        ("liuaimei", "another duty"),
    ],
)
def test_who_cannot_take_a_duty_cannot_be_asked(city: PlannedCity, who: str, why: str) -> None:
    city.away("huangmin", "2026-03-25", "2026-03-25")
    enter_duty(
        city.house,
        city.stations["DT"],
        city.people["liuaimei"],
        Shift(date(2026, 3, 25), NINE, NOON),
        "值班",
        By(city.people["zhaoping"], city.now),
    )
    with pytest.raises(Refusal, match=why):
        ask(city, "2026-03-25", who)


def test_what_changed_between_asking_and_accepting_is_looked_at_again(city: PlannedCity) -> None:
    number = ask(city, "2026-03-25", "wuzhiyuan")
    city.away("wuzhiyuan", "2026-03-24", "2026-03-26")
    with pytest.raises(Unavailable):
        answer(city, number, "wuzhiyuan")
    assert (status(city, number), logins(city)[0]) == ("asked", "zhengsiqi")
    city.now = at("2026-03-25", 10)
    with pytest.raises(Unavailable):
        answer(city, number, "wuzhiyuan")


def test_a_request_lapses_when_staff_move_or_cancel_the_duty(city: PlannedCity) -> None:
    first, second = ask(city, "2026-03-25", "wuzhiyuan"), ask(city, "2026-05-25", "zhengsiqi", "2026-03-25")
    staff = city.people["zhaoping"]
    move_duty(city.house, city.duty("2026-03-25").id, Shift(date(2026, 3, 26), NINE, NOON), "停电", By(staff, city.now))
    assert [status(city, first), status(city, second)] == ["lapsed", "lapsed"]
    with pytest.raises(AlreadyDone):
        answer(city, first, "wuzhiyuan")


def test_staff_enter_move_and_cancel_with_a_reason_and_those_concerned_are_told(city: PlannedCity) -> None:
    staff, xg = city.people["zhaoping"], city.stations["XG"]
    for _ in range(2):
        number = enter_duty(
            city.house,
            xg,
            city.people["huangmin"],
            Shift(date(2026, 3, 10), NINE, NOON),
            "临时接待",
            By(staff, city.now),
        )
    assert [one.login for one in city.messages("duty-changed")] == ["huangmin", "linxiaoyu"]
    with city.house.database.reading() as connection:
        local = at("2026-03-10", 9, 30).astimezone(CHINA)
        assert present(connection, xg, local) == (city.people["huangmin"],)
        assert present(connection, xg, at("2026-03-10", 13).astimezone(CHINA)) == (city.people["huangmin"],)
    move_duty(city.house, number, Shift(date(2026, 3, 11), NINE, NOON), "会场维修", By(staff, at("2026-03-03")))
    cancel_duty(city.house, number, "改为线上", By(staff, at("2026-03-04")))
    cancel_duty(city.house, number, "改为线上", By(staff, at("2026-03-05")))
    told = [one.text for one in city.messages("duty-changed") if one.login == "huangmin"]
    assert len(told) == 3
    assert "会场维修" in told[1]
    assert "3月10日" in told[1]
    assert "已取消" in told[2]
    with city.house.database.reading() as connection:
        assert city.people["huangmin"] not in present(connection, xg, at("2026-03-11", 10).astimezone(CHINA))


def test_a_planned_duty_that_moves_is_announced_as_long_before_as_was_meant(city: PlannedCity) -> None:
    duty = city.duty("2026-03-25")
    move_duty(city.house, duty.id, Shift(date(2026, 3, 27), NINE, NOON), "停电", By(city.people["zhaoping"], city.now))
    city.run(at("2026-03-22", 12))
    assert city.messages("duty-announced") == []
    city.run(at("2026-03-24"))
    assert {one.login for one in city.messages("duty-announced")} == {"zhengsiqi", "zhaoping", "linxiaoyu"}


@pytest.mark.parametrize(
    ("who", "day", "begin", "end", "by", "reason", "error"),
    [
        ("huangmin", "2026-03-10", NINE, NOON, "huangmin", "x", NotAllowed),
        ("huangmin", "2026-03-10", NINE, NOON, "suyan", "x", NotAllowed),
        ("huangmin", "2026-03-10", NINE, NOON, "zhaoping", " ", Invalid),
        ("huangmin", "2026-03-01", NINE, NOON, "zhaoping", "x", Invalid),
        ("huangmin", "2026-03-10", NOON, NINE, "zhaoping", "x", Invalid),
        ("hanmo", "2026-03-10", NINE, NOON, "zhaoping", "x", Invalid),
        ("zhengsiqi", "2026-03-25", time(11), NOON, "zhaoping", "x", Invalid),
    ],
)
def test_what_staff_cannot_enter(
    city: PlannedCity, who: str, day: str, begin: time, end: time, by: str, reason: str, error: type[Refusal]
) -> None:
    with pytest.raises(error):
        enter_duty(
            city.house,
            city.stations["XG"],
            city.people[who],
            Shift(date.fromisoformat(day), begin, end),
            reason,
            By(city.people[by], city.now),
        )


def test_the_office_looks_after_every_station(city: PlannedCity) -> None:
    cancel_duty(city.house, city.duty("2026-03-25").id, "全市统一安排", By(city.people["wenruyu"], city.now))
    assert len(city.duties()) == 2


def test_who_is_away_is_replaced_at_the_moment_by_their_substitute_or_left_out(city: PlannedCity) -> None:
    xg, moment = city.stations["XG"], at("2026-03-25", 10).astimezone(CHINA)
    city.away("zhengsiqi", "2026-03-25", "2026-03-25", substitute="liuaimei")
    with city.house.database.reading() as connection:
        assert present(connection, xg, moment) == (city.people["liuaimei"],)
    city.away("liuaimei", "2026-03-25", "2026-03-25")
    with city.house.database.reading() as connection:
        assert present(connection, xg, moment) == ()


def test_one_sees_ones_own_duties_requests_and_progress_in_ones_own_language(city: PlannedCity) -> None:
    city.publish(shipped("reception-quota", for_="XG"))
    city.received("wuzhiyuan", 1)
    number = ask(city, "2026-03-25", "wuzhiyuan", "2026-04-27")
    asker = own_duties(city.house, city.people["zhengsiqi"], "zh", city.now)
    assert [(one.when, one.asked and one.asked.name) for one in asker.duties] == [
        ("2026年3月25日（周三） 09:00–11:30", "吴致远")
    ]
    asked = own_duties(city.house, city.people["wuzhiyuan"], "en", city.now)
    assert [(one.id, one.name, one.other_when) for one in asked.requests] == [
        (number, "郑思齐", "Mon 27 April 2026 09:00–11:30")
    ]
    assert [(one.done, one.wanted, one.missing) for one in asked.progress] == [(1, 2, 1)]
    # whom one can ask: the others of the station, for their coming duties too
    [own] = asked.duties
    assert "黄旻" in own.offers
    assert [offer.words for offer in own.offers["陈海生"]] == ["", "Mon 25 May 2026 09:00–11:30"]


def test_notices_lead_to_ones_own_duties_for_which_one_logs_in(city: PlannedCity, tmp_path: Path) -> None:
    ask(city, "2026-03-25", "wuzhiyuan")
    mailbox = tmp_path / "mailbox"
    assert has_pending(city.house, city.now)
    sent = send_pending(
        city.house,
        Transports(mail=Mailbox(mailbox)),
        "https://office.example",
        city.now,
    )
    assert (sent.accepted, sent.failures) == (1, ())
    [mail] = read_mails(mailbox, 10)
    assert "https://office.example/my/duties" in mail.text
    assert "⟦" not in mail.text
