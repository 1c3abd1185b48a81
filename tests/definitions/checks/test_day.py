"""A last day that has passed already is told of when the day of the check is given, and only then."""

from __future__ import annotations

from datetime import date

import pytest

from definitions.loader import examine

SOURCE = """
id: one-day
title: {zh: 样例, en: Sample}
number: "{{ station.code }}-{{ year }}-{{ sequence }}"
fields:
  urgent: {type: yes/no, title: {zh: 急, en: Urgent}}
roles:
  clerk: {title: {zh: 经办, en: Clerk}, staff of: station}
  head: {title: {zh: 负责人, en: Head}, members of: office}
resolutions: {done: {zh: 办结, en: Done}}
limits: {issue: {within: LIMIT, overdue: {tell: head}}}
intake:
  look:
    title: {zh: 查看, en: Look}
    each: [clerk, head]
    within: STEP
    within each: {head: EACH}
    overdue: {tell: clerk}
    questions: {within: QUESTION}
    to: end
    actions: {go: {title: {zh: 办理, en: Go}}}
closure:
  end: {title: {zh: 办结, en: End}, close: done}
"""
TERMS = {"LIMIT": "30 days", "STEP": "5 days", "EACH": "3 days", "QUESTION": "2 days"}
APRIL = date(2026, 4, 30)


def told(today: date | None, **terms: str) -> list[tuple[int, str, str]]:
    source = SOURCE
    for name, term in {**TERMS, **terms}.items():
        source = source.replace(name, term)
    return [(one.line, one.rule, one.message["zh"]) for one in examine(source, "one-day.yaml", today=today).findings]


@pytest.mark.parametrize(("where", "line"), [("LIMIT", 11), ("STEP", 16), ("EACH", 17), ("QUESTION", 19)])
def test_wherever_it_stands_it_is_told_with_its_day_and_today(where: str, line: int) -> None:
    (found,) = told(date(2026, 11, 30), **{where: "by 2026-04-30"})
    assert found == (line, "day-past", "2026-04-30已经过去（今天是2026-11-30），一到这里就逾期。")


def test_of_several_terms_the_one_is_told_that_has_passed() -> None:
    terms = "[{when: urgent, is: by 2026-04-30}, {when: not urgent, is: by 2027-04-30}, 5 days]"
    assert [(line, rule) for line, rule, _ in told(date(2026, 11, 30), STEP=terms)] == [(16, "day-past")]
    assert told(date(2026, 11, 30), STEP="by 2027-01-31") == []


def test_the_day_itself_has_not_passed_and_without_a_day_nothing_is_told() -> None:
    assert told(APRIL, STEP="by 2026-04-30") == []
    assert [rule for _, rule, _ in told(date(2026, 5, 1), STEP="by 2026-04-30")] == ["day-past"]
    assert told(None, STEP="by 2026-04-30") == []
