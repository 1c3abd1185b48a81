"""What is wrong with a role is said before it is published, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from definitions.checks import people
from definitions.loader import examine

SOURCE = """
id: d
title: {zh: 事, en: D}
number: "{{ sequence }}"
fields:
  topic: {type: choice, title: {zh: 题, en: T}, options: {roads: {zh: 路, en: Roads}}}
  note: {type: text, title: {zh: 注, en: N}}
  who: {type: person, title: {zh: 谁, en: Who}}
  all: {type: people, title: {zh: 们, en: All}}
  unit: {type: department, title: {zh: 单位, en: Unit}}
  where: {type: area, title: {zh: 地, en: Where}}
  day: {type: date, title: {zh: 日, en: Day}}
roles:
  clerk: {staff of: station, title: {zh: 员, en: Clerk}}
  x: {ROLE, title: {zh: 某, en: X}}
resolutions: {done: {zh: 完, en: Done}}
intake:
  first: {task: clerk, title: {zh: 一, en: First}, within: 1 day, overdue: {tell: clerk}, to: auto, actions: {go: {title: {zh: 去, en: Go}}}}
  auto: {assign: x, title: {zh: 派, en: Assign}, to: closed}
closure:
  closed: {close: done, title: {zh: 结, en: Closed}}
"""


def _rules(role: str) -> list[tuple[str, tuple[str | int, ...]]]:
    examined = examine(SOURCE.replace("ROLE", role), "d.yaml")
    assert examined.definition is not None, examined.findings
    return [(each.rule, each.path[2:]) for each in people.check(examined.definition)]


@pytest.mark.parametrize(
    ("role", "rule", "key"),
    [
        ("function: head", "role-source", None),
        ("staff of: station, people: who", "role-source", None),
        ("staff of: the station", "unknown-place", "staff of"),
        ("members of: the office", "unknown-place", "members of"),
        ("departments: lead", "unknown-field", "departments"),
        ("departments: who", "wrong-type", "departments"),
        ("departments for: unit", "wrong-type", "departments for"),
        ("people: day", "wrong-type", "people"),
        ("deputies of: station, industry: note", "wrong-type", "industry"),
        ("deputies of: station, area: note", "wrong-type", "area"),
        ("who did: frist", "unknown-step", "who did"),
        ("who did: auto", "nobody-acts", "who did"),
        ("people: who, function: head", "nobody-looked-for", "function"),
        ("departments: unit, pick: [random]", "nobody-looked-for", "pick"),
        ("liaison officers of: station, ladder: [district, city]", "ladder-of-whom", "ladder"),
        ("deputies of: station, ladder: [district, city, district]", "double-level", "ladder"),
        ("deputies of: station, level: city, ladder: [district, city]", "level-and-ladder", "level"),
        ("deputies of: station, pick: [designated]", "half-designated", "pick"),
        ("deputies of: station, pick: [random], designated: who", "half-designated", "pick"),
        ("deputies of: station, pick: [designated], designated: unit", "wrong-type", "designated"),
        ("deputies of: station, cap: 3", "cap-without-pick", "cap"),
        ("deputies of: station, pick: [last, last]", "double-pick", "pick"),
        ("deputies of: station, answerable: true", "several-answerable", "answerable"),
        ("people: all, answerable: true", "several-answerable", "answerable"),
        ("staff of: station, fallback: clrek", "unknown-role", "fallback"),
        ("staff of: station, fallback: x", "fallback-circle", "fallback"),
    ],
)
def test_each_fault_of_a_role_is_found_at_its_place(role: str, rule: str, key: str | None) -> None:
    assert _rules(role) == [(rule, (key,) if key else ())]


@pytest.mark.parametrize(
    "role",
    [
        "staff of: nearest station, function: head, fallback: reporter",
        "deputies of: district, industry: station, speaks: reporter, pick: [on duty, least loaded], cap: 9, answerable: true",
        "deputies of: station, ladder: [district, city], pick: [designated, random], designated: who",
        "departments for: topic",
        "departments for: note, area: where",
        "members of: office, competence: topic, pick: [round robin]",
        "people: who, answerable: true",
        "people: all",
        "departments: unit",
        "who did: first, answerable: true",
    ],
)
def test_sound_roles_have_no_fault(role: str) -> None:
    assert _rules(role) == []


def test_fallbacks_that_go_round_are_told_once_with_their_way() -> None:
    source = SOURCE.replace("{staff of: station,", "{staff of: station, fallback: x,").replace(
        "ROLE", "staff of: city, fallback: clerk"
    )
    found = [each for each in examine(source, "d.yaml").findings if each.rule == "fallback-circle"]
    assert [each.message["en"] for each in found] == ["The fallbacks go round in a circle: clerk → x → clerk."]


def test_the_messages_are_in_both_languages_and_name_what_would_be_right() -> None:
    source = SOURCE.replace("ROLE", "departments: unti")
    (found,) = [each for each in examine(source, Path("d.yaml").name).findings if each.rule == "unknown-field"]
    assert "unit" in found.remedy["zh"]
    assert "unit" in found.remedy["en"]
