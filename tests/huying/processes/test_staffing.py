"""Whoever publishes a definition is told of roles that nobody in the register can hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from definitions.loader import examine, library, load
from huying.database.tables import organisations, participants
from huying.demo.sample import fill
from huying.house.house import House
from huying.processes.staffing import people_missing
from tests.template import Template, filled

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SOURCE = """
id: d
title: {zh: 事, en: D}
number: "{{ sequence }}"
fields:
  topic: {type: choice, title: {zh: 题, en: T}, options: {roads: {zh: 路, en: Roads}, lions: {zh: 狮, en: Lions}}}
  trade: {type: choice, title: {zh: 业, en: Trade}, options: {law: {zh: 法, en: Law}, magic: {zh: 魔, en: Magic}}}
  listed: {type: choice, title: {zh: 业, en: Trade}, of: industries}
roles:
  clerk: {staff of: station, title: {zh: 员, en: Clerk}}
  x: {ROLE, title: {zh: 某, en: X}}
resolutions: {done: {zh: 完, en: Done}}
intake:
  first: {task: x, title: {zh: 一, en: First}, within: 1 day, overdue: {tell: clerk}, to: closed, actions: {go: {title: {zh: 去, en: Go}}}}
closure:
  closed: {close: done, title: {zh: 结, en: Closed}}
"""


_SAMPLE = Template("sample", lambda database, _folder: fill(database, NOW))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database, _ = filled(_SAMPLE, tmp_path / "x.db")
    yield House(database, tmp_path)
    database.close()


def _missing(house: House, role: str, source: str = SOURCE) -> list[tuple[str, str]]:
    definition = examine(source.replace("ROLE", role), "d.yaml").definition
    assert definition is not None
    return [(each.rule, str(each.path[2])) for each in people_missing(house, definition)]


@pytest.mark.parametrize(
    ("role", "rule", "key"),
    [
        ("staff of: disrict", "unknown-level", "staff of"),
        ("deputies of: station, level: province", "unknown-level", "level"),
        ("deputies of: station, ladder: [district, city, world]", "unknown-level", "ladder"),
        ("members of: DWG", "unknown-organisation", "members of"),
        ("members of: CG, function: head", "nobody-there", "members of"),
        ("staff of: station, function: gardener", "nobody-there", "staff of"),
        ("deputies of: nearest station, level: town", "nobody-there", "deputies of"),
        ("staff of: village", None, None),
        ("staff of: province", "nobody-there", "staff of"),
        ("departments for: topic", "nobody-competent", "departments for"),
        ("deputies of: station, industry: trade", "nobody-competent", "industry"),
        ("staff of: station, function: gardener, fallback: clerk", None, None),
        ("departments for: topic, fallback: clerk", None, None),
        ("members of: office, function: head", None, None),
        ("members of: DGW", None, None),
        ("deputies of: station, industry: listed, ladder: [district, city, provincial, national]", None, None),
        ("liaison officers of: nearest station", None, None),
    ],
)
def test_what_the_register_lacks_is_told_at_the_role_that_needs_it(
    house: House, role: str, rule: str | None, key: str | None
) -> None:
    assert _missing(house, role) == ([(rule, key)] if rule else [])


def test_a_list_that_the_register_does_not_have_is_told(house: House) -> None:
    assert _missing(house, "staff of: station", SOURCE.replace("of: industries", "of: industry")) == [
        ("unknown-list", "of")
    ]


def test_people_who_left_and_departments_out_of_service_fill_nothing(house: House) -> None:
    with house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.kind == "liaison").values(active=False))
        connection.execute(update(organisations).where(organisations.c.code == "JT").values(active=False))
    assert _missing(house, "liaison officers of: station") == [("nobody-there", "liaison officers of")]
    assert _missing(house, "members of: JT") == [("unknown-organisation", "members of")]


def test_the_shipped_definitions_can_be_staffed_from_the_sample_city(house: House) -> None:
    for path in library():
        assert people_missing(house, load(path.read_bytes(), path.name)) == (), path.parent.name
