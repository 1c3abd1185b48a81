"""Plans carried on: each occasion once, whatever crashes or waits; changed, paused, late, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from definitions.finding import Finding
from definitions.loader import Unsound
from huying.database.connections import Database
from huying.database.tables import dated_duties, issues, participants, plan_occurrences, plan_versions
from huying.duties.plans.publication import pause_plan, publish_plan, resume_plan
from huying.duties.plans.store import plan_in_force
from huying.duties.round import is_due, plan_due
from huying.errors import NotFound
from tests.huying.planned_city import CENSUS, Census, PlannedCity, at, city_in, shipped
from tests.template import Template

ROTA = shipped("reception-rota", for_="XG")
OPENING = shipped("monthly-reception", for_="XG")
QUOTA = shipped("reception-quota", for_="XG")


@pytest.fixture
def template() -> Template[Census]:
    """What is in the database."""
    return CENSUS


@pytest.fixture
def city(copied: tuple[Database, Census], tmp_path: Path) -> PlannedCity:
    made = city_in(copied, tmp_path)
    made.now = at("2026-03-02")
    return made


def issue_count(city: PlannedCity) -> int:
    with city.house.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(issues)).scalar_one())


def change(city: PlannedCity, plan: str, **values: Any) -> None:
    with city.house.database.writing() as connection:
        connection.execute(update(plan_occurrences).where(plan_occurrences.c.plan_key == plan).values(**values))


def test_nothing_is_due_before_its_moment_and_nothing_twice_after_it(city: PlannedCity) -> None:
    city.publish(ROTA)
    city.publish(OPENING)
    city.run()
    assert [day for day, _ in city.duties()] == ["2026-03-25", "2026-04-27", "2026-05-25"]
    assert not is_due(city.house, at("2026-03-15", 8, 59))
    assert is_due(city.house, at("2026-03-15", 9))
    city.run(at("2026-03-15"))
    [opened] = city.occurrences("monthly-reception")
    assert (opened.status, str(opened.day), opened.scope) == ("done", "2026-03-25", "station:XG")
    for _ in range(3):
        city.run()
    assert issue_count(city) == 1


def test_a_plan_that_begins_late_opens_what_is_still_to_come_and_nothing_of_the_past(city: PlannedCity) -> None:
    city.now = at("2026-03-20")
    city.publish(ROTA)
    city.publish(OPENING)
    city.run()
    assert [str(one.day) for one in city.occurrences("monthly-reception")] == ["2026-03-25"]
    assert issue_count(city) == 1


def test_a_crash_between_opening_and_noting_it_opens_nothing_twice_even_when_the_clerk_changes(
    city: PlannedCity,
) -> None:
    city.publish(ROTA)
    city.publish(OPENING)
    city.run(at("2026-03-15"))
    change(city, "monthly-reception", status="pending", issue_id=None, done_at=None)
    with city.house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "linxiaoyu").values(active=False))
    city.run(at("2026-03-15", 10))
    assert issue_count(city) == 1
    [again] = city.occurrences("monthly-reception")
    assert again.status == "done"
    assert again.issue_id is not None


def test_a_crash_after_taking_up_loses_nothing(city: PlannedCity) -> None:
    city.publish(ROTA)
    # the row is under somebody's lease, and nobody comes back
    city.run(at("2026-03-02"))
    change(city, "reception-rota", status="pending", available_at=at("2026-03-02") + timedelta(minutes=2))
    with city.house.database.writing() as connection:
        connection.execute(dated_duties.delete().where(dated_duties.c.plan_key.is_not(None)))
    assert not is_due(city.house, at("2026-03-02"))
    city.run(at("2026-03-02", 9, 3))
    assert len(city.duties()) == 3


def test_several_at_once_do_everything_once(city: PlannedCity) -> None:
    city.publish(ROTA)
    city.publish(OPENING)
    city.publish(QUOTA)
    late = at("2026-08-01")
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            list(pool.map(lambda _: plan_due(city.house, late), range(4)))
    city.run(late + timedelta(minutes=5))
    assert [str(one.rule_day) for one in city.occurrences("monthly-reception")] == [
        "2026-03-25", "2026-04-25", "2026-05-25", "2026-06-25", "2026-07-25",
    ]  # fmt: skip
    assert len({one.key for one in city.messages("falling-behind")}) == len(city.messages("falling-behind")) == 5
    days = [day for day, _ in city.duties()]
    assert len(days) == len(set(days))


def test_what_was_missed_is_opened_late_and_in_order(city: PlannedCity) -> None:
    city.publish(ROTA)
    city.publish(OPENING)
    city.run()
    city.said.clear()
    city.run(at("2026-05-20"))
    opened = [one for one in city.said if "每月代表接待日" in one]
    assert ["2026-03-25" in opened[0], "2026-04-27" in opened[1], "2026-05-25" in opened[2]] == [True] * 3
    assert issue_count(city) == len(opened) == 3


def test_of_reminders_that_were_missed_only_the_newest_goes_out(city: PlannedCity) -> None:
    city.publish(QUOTA)
    city.run(at("2026-10-05"))
    assert [(str(one.day), one.status) for one in city.occurrences("reception-quota")] == [
        ("2026-07-02", "missed"),
        ("2026-10-01", "done"),
    ]
    assert len(city.messages("falling-behind")) == 5


def test_what_is_refused_again_and_again_is_given_up_and_shown_as_failed(city: PlannedCity) -> None:
    city.publish(OPENING)
    for hour in range(24 * 20):
        city.run(at("2026-03-15") + timedelta(hours=hour))
    [one] = city.occurrences("monthly-reception")
    assert (one.status, one.attempts, issue_count(city)) == ("failed", 20, 0)
    assert "Please fill in" in one.error


def test_what_cannot_be_opened_says_why_in_both_languages_and_is_tried_again_ever_later(city: PlannedCity) -> None:
    city.publish(OPENING)
    city.run(at("2026-03-15"))
    [one] = city.occurrences("monthly-reception")
    assert (one.status, one.attempts, issue_count(city)) == ("pending", 1, 0)
    zh, en = one.error.split("\n")
    assert "请填写“接待代表”" in zh
    assert "Please fill in" in en
    assert one.available_at == at("2026-03-15") + timedelta(minutes=5)
    assert not is_due(city.house, at("2026-03-15", 9, 4))
    city.run(at("2026-03-15", 9, 5))
    assert city.occurrences("monthly-reception")[0].available_at == at("2026-03-15", 9, 15)
    # the rota comes after all, and then it succeeds
    city.publish(ROTA)
    city.run(at("2026-03-15", 9, 6))
    city.run(at("2026-03-15", 10))
    [one] = city.occurrences("monthly-reception")
    assert (one.status, one.error, issue_count(city)) == ("done", None, 1)


def test_a_station_that_fails_does_not_hold_up_the_others(city: PlannedCity) -> None:
    city.publish(ROTA)
    city.publish(shipped("monthly-reception", for_="[XG, RY]"))
    city.run(at("2026-03-15"))
    assert {one.scope: one.status for one in city.occurrences("monthly-reception")} == {
        "station:XG": "done",
        "station:RY": "pending",
    }


def test_a_new_version_goes_on_where_the_one_before_was(city: PlannedCity) -> None:
    city.publish(OPENING)
    city.publish(ROTA)
    city.run(at("2026-03-16"))
    city.publish(OPENING.replace("the 25th", "the 20th"))
    city.publish(OPENING.replace("the 25th", "the 20th") + "# a remark changes nothing\n")
    assert plan_in_force(city.house, "monthly-reception").version == 2
    city.publish(ROTA.replace("the 25th", "the 20th"))
    city.run(at("2026-06-12"))
    assert [str(one.rule_day) for one in city.occurrences("monthly-reception")] == [
        "2026-03-25", "2026-04-20", "2026-05-20", "2026-06-20",
    ]  # fmt: skip
    with city.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(plan_versions)).scalar_one() == 4


def test_what_the_version_before_was_due_to_do_is_done_before_the_new_one_is_in_force(city: PlannedCity) -> None:
    city.publish(ROTA)
    city.publish(OPENING)
    city.run()
    city.now = at("2026-03-18")
    city.publish(OPENING.replace("the 25th", "the 28th"))
    assert [str(one.rule_day) for one in city.occurrences("monthly-reception")] == ["2026-03-25"]


def test_a_plan_that_rests_leaves_out_what_comes_round_meanwhile(city: PlannedCity) -> None:
    city.publish(ROTA)
    city.publish(OPENING)
    city.run()
    pause_plan(city.house, "monthly-reception", by="test", now=city.now)
    city.run(at("2026-04-20"))
    assert issue_count(city) == 0
    resume_plan(city.house, "monthly-reception", now=at("2026-04-28"))
    city.run(at("2026-05-20"))
    assert [str(one.rule_day) for one in city.occurrences("monthly-reception")] == ["2026-05-25"]
    with pytest.raises(NotFound):
        pause_plan(city.house, "no-such-plan", by="test", now=city.now)


def test_who_is_on_duty_elsewhere_at_these_hours_is_not_put_on_duty_here(city: PlannedCity) -> None:
    city.publish(shipped("reception-rota", for_="[XG, HW, WH]", seats="2", each="9"))
    city.run()
    for day in {day for day, _ in city.duties()}:
        on_duty = [login for code in ("XG", "HW", "WH") for on, login in city.duties(code) if on == day]
        assert len(on_duty) == len(set(on_duty))


def test_nobody_has_more_turns_in_a_period_than_the_plan_allows(city: PlannedCity) -> None:
    city.publish(shipped("reception-rota", for_="WH", every="week on monday", each="1", per="month"))
    city.run()
    months = [(login, day[:7]) for day, login in city.duties("WH")]
    assert len(months) == len(set(months))
    empty = [one for one in city.occurrences("reception-rota") if one.outcome["empty"] == 1]
    assert empty
    # the station's staff are asked to find somebody for each of them
    assert len(city.messages("duty-short")) == len(empty) * 2
    assert {one.login for one in city.messages("duty-short")} == {"zhaoping", "linxiaoyu"}
    assert "还缺 1 人" in city.messages("duty-short")[0].text


def test_who_is_away_when_it_is_announced_is_replaced_by_their_substitute_or_whoever_is_next(
    city: PlannedCity,
) -> None:
    city.publish(ROTA)
    city.run()
    (_, first), (_, second), *_ = city.duties()
    stand_in = next(one for one in ("chenhaisheng", "huangmin", "liuaimei") if one not in (first, second))
    city.away(first, "2026-03-20", "2026-03-30", substitute=stand_in)
    city.run(at("2026-03-22"))
    assert {one.login for one in city.messages("duty-announced")} == {stand_in, "zhaoping", "linxiaoyu"}
    assert city.duties()[0][1] == first
    city.away(second, "2026-04-20", "2026-04-30")
    city.run(at("2026-04-24"))
    replaced = city.duties()[1][1]
    assert replaced != second
    assert replaced in {one.login for one in city.messages("duty-announced")}


def test_days_reckoned_before_the_holidays_were_announced_move_when_they_are(city: PlannedCity) -> None:
    city.now = at("2026-07-02")
    city.publish(ROTA)
    city.run()
    # as if September's holidays had not been known yet
    with city.house.database.writing() as connection:
        september = plan_occurrences.c.rule_day == date(2026, 9, 25)
        connection.execute(update(plan_occurrences).where(september).values(day=date(2026, 9, 25), provisional=True))
        moved = dated_duties.c.day == date(2026, 9, 28)
        connection.execute(
            update(dated_duties).where(moved).values(day=date(2026, 9, 25), announce_at=at("2026-09-22"))
        )
    assert is_due(city.house, city.now)
    city.run()
    assert not is_due(city.house, city.now)
    assert str(city.duty("2026-09-28").announce_at) == str(at("2026-09-25"))


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        (OPENING.replace("opens: reception-day", "opens: reception-dya"), "unknown-definition"),
        (OPENING.replace("for: XG", "for: XH"), "unknown-station"),
        (OPENING.replace("for: XG", "for: {kind: island}"), "unknown-kind"),
        (OPENING.replace("  day: day ", "  dai: day "), "unknown-field"),
        (OPENING.replace("deputies: on_duty", "deputies: on_holiday"), "unknown-name"),
        (OPENING.replace("month on the 25th", "0 9 31 2 *"), "never"),
        (OPENING + "calendar: mars\n", "unknown-calendar"),
        (QUOTA.replace("entries: reception", "entries: recption"), "unknown-entry"),
        (ROTA.replace("for: XG", "for: {kind: industry}").replace("deputies of the", "liaison officers of the"), None),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_house_is_not_published(city: PlannedCity, source: str, rule: str | None) -> None:
    if rule is None:
        city.publish(source)
        return
    with pytest.raises(Unsound) as raised:
        publish_plan(city.house, source, "plan.yaml", by="test", now=city.now)
    findings: tuple[Finding, ...] = raised.value.findings
    assert rule in {finding.rule for finding in findings}
    assert all(finding.line > 1 and finding.message["zh"] and finding.message["en"] for finding in findings)
    with city.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(plan_versions)).scalar_one() == 0


def test_who_may_not_open_a_definition_is_said_when_the_plan_is_published(city: PlannedCity) -> None:
    with pytest.raises(Unsound) as raised:
        city.publish(shipped("monthly-reception", for_="XG", reporter="office"))
    assert [finding.rule for finding in raised.value.findings] == ["may-not-open"]
