"""Plans as they are written: what they mean, and what is wrong with them, where, in both languages."""

from __future__ import annotations

from datetime import time
from fractions import Fraction

import pytest

from definitions.finding import Unreadable
from definitions.loader import LIBRARY
from definitions.plans.plan import OpeningPlan, QuotaPlan, RotaPlan, read_plan, restore_plan
from definitions.plans.recurrence import Recurrence, RecurrenceError
from definitions.plans.values import Stations
from definitions.plans.words import how_often

SHIPPED = sorted((LIBRARY / "plans").glob("*.yaml"))
ROTA = """plan: rota
title: {zh: 轮值, en: Rota}
rota: reception
every: month on the 25th
"""


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_plans_are_sound(path: object) -> None:
    found = read_plan(path.read_text("utf-8"), path.name)  # type: ignore[attr-defined]
    assert found.findings == ()
    assert found.plan is not None
    assert restore_plan(found.body) == found.plan


def test_a_plan_of_each_kind_is_read_once_into_a_frozen_noun() -> None:
    plans = {path.stem: read_plan(path.read_text("utf-8"), path.name).plan for path in SHIPPED}
    opening, quota, rota = plans["monthly-reception"], plans["reception-quota"], plans["reception-rota"]
    assert isinstance(opening, OpeningPlan)
    assert (opening.opens, str(opening.ahead), opening.reporter) == ("reception-day", "10 days", "staff of station")
    assert isinstance(rota, RotaPlan)
    assert (str(rota.hours), rota.people, str(rota.announce)) == ("09:00-11:30", "deputies of station", "3 days")
    assert rota.for_ == Stations(codes=("XG", "RY", "CP"))
    assert isinstance(quota, QuotaPlan)
    assert [point.share or point.month_day for point in quota.remind] == [Fraction(1, 2), Fraction(3, 4), (11, 30)]


@pytest.mark.parametrize(
    ("changed", "rule", "line"),
    [
        (ROTA.replace("25th", "35th"), "wrong-value", 4),
        (ROTA.replace("month on the 25th", "moon on monday"), "wrong-value", 4),
        (ROTA.replace("every: month on the 25th\n", ""), "missing-key", 1),
        (ROTA + "hours: 11:30-09:00\n", "wrong-value", 5),
        (ROTA + "hours: morning\n", "wrong-value", 5),
        (ROTA + "at: 25:00\n", "wrong-value", 5),
        (ROTA + "announce: 3 days\n", "wrong-value", 5),
        (ROTA + "announce: 3 hours before\n", "wrong-value", 5),
        (ROTA + "ahead: 90 minutes\n", "wrong-value", 5),
        (ROTA + "seats: none\n", "wrong-type", 5),
        (ROTA + "seets: 2\n", "unknown-key", 5),
        (ROTA + "people: everybody\n", "wrong-value", 5),
        (ROTA + "for: {kind: [a]}\n", "wrong-value", 5),
        (ROTA + "for: []\n", "wrong-value", 5),
        (ROTA + "from: 2026-13-01\n", "wrong-value", 5),
        (ROTA + "from: 2026-03-01\nuntil: 2026-02-01\n", "wrong-value", 6),
        (ROTA + "quota: receptions\n", "plan-kind", 5),
        (ROTA.replace("rota: reception\n", ""), "plan-kind", 1),
        (ROTA.replace(", en: Rota", ""), "missing-language", 2),
        (ROTA.replace("plan: rota", "plan: Rota!"), "wrong-key", 1),
        (ROTA + "if not worked: some day\n", "wrong-value", 5),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands_in_both_languages(changed: str, rule: str, line: int) -> None:
    findings = read_plan(changed, "rota.yaml").findings
    assert [(finding.rule, finding.line) for finding in findings] == [(rule, line)]
    for finding in findings:
        assert finding.message["zh"] != finding.message["en"]
        assert finding.remedy["zh"]
        assert finding.remedy["en"]


@pytest.mark.parametrize("key", ["with: {day: 'day +'}", "with: {day: {text: '{{ day'}}", "with: {day: {words: a}}"])
def test_a_value_is_an_expression_or_a_text(key: str) -> None:
    text = f"plan: a\ntitle: {{zh: 甲, en: A}}\nopens: office\nevery: day\n{key}\n"
    [finding] = read_plan(text, "a.yaml").findings
    assert finding.line == 5


def test_what_is_no_mapping_at_all_is_a_finding_and_what_is_no_yaml_is_unreadable() -> None:
    for text in ("- a\n- b\n", "just words\n", "42\n"):
        assert [finding.rule for finding in read_plan(text, "a.yaml").findings] == ["plan-kind"]
    with pytest.raises(Unreadable):
        read_plan("a: [", "a.yaml")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("month on the 25th", "每月25日", "every month on the 25th"),
        ("month on the 10th and 25th", "每月10日、25日", "every month on the 10th and the 25th"),
        ("week on monday, friday", "每周星期一、星期五", "every week on Monday and Friday"),
        ("quarter on the last working day", "每季度最后一个工作日", "every quarter on the last working day"),
        ("quarter on the first day", "每季度第一天", "every quarter on the first day"),
        ("year on 03-01", "每年3月1日", "every year on 03-01"),
        ("Month on the  second Monday", "每月第二个星期一", "every month on the second Monday"),
        ("month on the last friday", "每月最后一个星期五", "every month on the last Friday"),
        ("month on the 3rd working day", "每月第三个工作日", "every month on the third working day"),
        ("working day", "每个工作日", "every working day"),
        ("day", "每天", "every day"),
        ("30 8 1,15 * mon-fri", "cron 30 8 1,15 * mon-fri", "cron 30 8 1,15 * mon-fri"),
    ],
)  # fmt: skip
def test_how_often_in_words(text: str, zh: str, en: str) -> None:
    rule = Recurrence.parse(text)
    assert (how_often(rule, "same day", "zh"), how_often(rule, "same day", "en")) == (zh, en)


@pytest.mark.parametrize(
    "text",
    ["", "month", "month on", "month on the 0th", "week on the 3rd", "year on 02-30", "year on 13-01", "fortnight on monday",
     "month on monday", "quarter on the 15th", "* * * * *", "0 24 * * *", "60 9 * * *", "0 9 32 * *", "0 9 * 13 *", "0 9 * * 8",
     "0 9 5-3 * *", "0 9 */0 * *", "0 9 * * funday", "0 9 * *"],
)  # fmt: skip
def test_what_says_no_days_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(RecurrenceError) as raised:
        Recurrence.parse(text)
    assert set(raised.value.message) == set(raised.value.remedy) == {"zh", "en"}


def test_a_cron_text_says_the_time_of_day_too() -> None:
    rule = Recurrence.parse("30 8 * * *")
    assert rule.cron is not None
    assert rule.cron.at == time(8, 30)
