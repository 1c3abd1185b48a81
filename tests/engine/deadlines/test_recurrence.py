"""Which days come round, by rule and calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.calendars.reader import load_calendar
from definitions.plans.plan import Plan, QuotaPlan, read_plan
from definitions.plans.recurrence import Recurrence
from engine.deadlines.recurrence import days, following, moment, occasions, reminders

CHINA = load_calendar("china")
RULES = (
    "month on the 25th",
    "month on the 31st",
    "week on saturday, sunday",
    "quarter on the last day",
    "month on the last working day",
    "year on 02-29",
    "month on the second monday",
    "working day",
    "0 9 1,15 * *",
)


def plan(text: str) -> Plan:
    found = read_plan(f"plan: p\ntitle: {{zh: 甲, en: A}}\n{text}", "p.yaml")
    assert found.plan is not None, found.findings
    return found.plan


def dated(every: str, moves: str = "next working day", more: str = "") -> Plan:
    return plan(f"rota: r\nevery: {every}\nif not worked: {moves}\n{more}")


@pytest.mark.parametrize(
    ("rule", "first", "last", "expected"),
    [
        ("month on the 25th", "2026-01-01", "2026-03-31", ["2026-01-25", "2026-02-25", "2026-03-25"]),
        ("month on the 31st", "2026-01-01", "2026-04-30", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("month on the last day", "2024-02-01", "2024-02-29", ["2024-02-29"]),
        ("month on the first working day", "2026-01-01", "2026-02-28", ["2026-01-04", "2026-02-02"]),
        ("month on the last working day", "2026-02-01", "2026-02-28", ["2026-02-28"]),
        ("month on the fifth monday", "2026-01-01", "2026-04-30", ["2026-03-30"]),
        ("month on the last friday", "2026-02-01", "2026-02-28", ["2026-02-27"]),
        ("week on monday and friday", "2026-03-04", "2026-03-15", ["2026-03-06", "2026-03-09", "2026-03-13"]),
        ("week on the last working day", "2026-02-09", "2026-02-15", ["2026-02-14"]),
        ("quarter on the last day", "2026-01-01", "2026-12-31", ["2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"]),
        ("quarter on the first working day", "2026-01-01", "2026-06-30", ["2026-01-04", "2026-04-01"]),
        ("year on 03-01", "2026-01-01", "2027-12-31", ["2026-03-01", "2027-03-01"]),
        ("year on 02-29", "2026-01-01", "2028-12-31", ["2026-02-28", "2027-02-28", "2028-02-29"]),
        ("day", "2026-03-01", "2026-03-02", ["2026-03-01", "2026-03-02"]),
        ("working day", "2026-02-13", "2026-02-24", ["2026-02-13", "2026-02-14", "2026-02-24"]),
        ("0 9 1,15 * *", "2026-01-01", "2026-01-31", ["2026-01-01", "2026-01-15"]),
        ("0 9 13 * fri", "2026-02-01", "2026-02-15", ["2026-02-06", "2026-02-13"]),
        ("0 9 * jan-feb 7", "2026-02-20", "2026-03-15", ["2026-02-22"]),
        ("0 9 */10 * *", "2026-01-01", "2026-01-31", ["2026-01-01", "2026-01-11", "2026-01-21", "2026-01-31"]),
    ],
)  # fmt: skip
def test_a_rule_names_days(rule: str, first: str, last: str, expected: list[str]) -> None:
    found = days(Recurrence.parse(rule), CHINA, date.fromisoformat(first), date.fromisoformat(last))
    assert [str(day) for day in found] == expected


def test_the_reception_days_of_2026() -> None:
    found = list(occasions(dated("month on the 25th"), CHINA, date(2026, 1, 1), date(2026, 12, 31)))
    assert {str(one.rule_day): str(one.day) for one in found if one.day != one.rule_day} == {
        "2026-01-25": "2026-01-26",
        "2026-04-25": "2026-04-27",
        "2026-07-25": "2026-07-27",
        "2026-09-25": "2026-09-28",
        "2026-10-25": "2026-10-26",
    }
    assert len(found) == 12
    assert [one.why for one in found if one.rule_day == date(2026, 9, 25)] == [
        {"zh": "中秋节", "en": "Mid-Autumn Festival"}
    ]
    assert not any(one.provisional for one in found)


def test_a_day_moves_back_or_stays_as_the_plan_says() -> None:
    september = date(2026, 9, 25), date(2026, 9, 25)
    for moves, day in (("previous working day", "2026-09-24"), ("same day", "2026-09-25")):
        [one] = occasions(dated("month on the 25th", moves), CHINA, *september)
        assert str(one.day) == day


def test_days_beyond_what_is_announced_are_provisional() -> None:
    found = list(occasions(dated("month on the 25th"), CHINA, date(2026, 12, 1), date(2027, 2, 28)))
    assert [(str(one.day), one.provisional) for one in found] == [
        ("2026-12-25", False),
        ("2027-01-25", True),
        ("2027-02-25", True),
    ]


def test_two_that_move_to_one_day_are_one_wherever_one_begins_to_count() -> None:
    weekend = dated("week on saturday, sunday")
    found = [str(one.day) for one in occasions(weekend, CHINA, date(2026, 3, 2), date(2026, 3, 16))]
    assert found == ["2026-03-09", "2026-03-16"]
    # from the Sunday on, the Saturday before has it
    assert [str(one.rule_day) for one in occasions(weekend, CHINA, date(2026, 3, 8), date(2026, 3, 9))] == []


def test_a_plan_begins_and_ends_when_it_says() -> None:
    bounded = dated("month on the 25th", more="from: 2026-03-01\nuntil: 2026-05-25\n")
    found = [str(one.rule_day) for one in occasions(bounded, CHINA, date(2026, 1, 1), date(2026, 12, 31))]
    assert found == ["2026-03-25", "2026-04-25", "2026-05-25"]
    assert following(bounded, CHINA, date(2026, 5, 25)) is None


@pytest.mark.parametrize(
    ("ahead", "at"),
    [
        ("", "2026-09-28 01:00"),
        ("ahead: 3 days\n", "2026-09-25 01:00"),
        ("ahead: 3 working days\n", "2026-09-22 01:00"),
        ("ahead: 2 weeks\nat: 08:30\n", "2026-09-14 00:30"),
        ("ahead: 7 months\n", "2026-02-28 01:00"),
    ],
)
def test_it_is_carried_out_so_long_ahead_of_the_day_on_which_it_is_held(ahead: str, at: str) -> None:
    rule = dated("month on the 25th", more=ahead)
    [one] = occasions(rule, CHINA, date(2026, 9, 25), date(2026, 9, 25))
    assert moment(rule, one, CHINA) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@given(
    st.sampled_from(RULES),
    st.sampled_from(["next working day", "previous working day"]),
    st.dates(date(2022, 3, 1), date(2026, 10, 1)),
)
def test_whatever_the_rule_it_is_held_on_working_days_in_order_and_found_step_by_step(
    rule: str, moves: str, first: date
) -> None:
    made = dated(rule, moves)
    found = list(occasions(made, CHINA, first, first + timedelta(days=60)))
    assert all(CHINA.works(one.day) for one in found)
    assert [one.day for one in found] == sorted({one.day for one in found})
    stepped, after = [], first - timedelta(days=1)
    while (one := following(made, CHINA, after)) is not None and one.rule_day <= first + timedelta(days=60):
        stepped.append(one)
        after = one.rule_day
    assert stepped == found


def test_reminders_of_a_quota_are_shares_of_its_period_or_days_in_it() -> None:
    made = plan("quota: q\nentries: reception\nat least: 2\nremind: [1/2, 75 %, 11-30]\n")
    assert isinstance(made, QuotaPlan)
    found = [str(day) for day, _ in reminders(made, date(2026, 1, 1), date(2026, 12, 31))]
    assert found == ["2026-07-02", "2026-10-01", "2026-11-30"]
    quarterly = plan("quota: q\nentries: reception\nat least: 1\nper: quarter\nremind: half\n")
    assert isinstance(quarterly, QuotaPlan)
    assert len(list(reminders(quarterly, date(2026, 1, 1), date(2026, 12, 31)))) == 4
