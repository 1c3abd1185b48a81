"""Points from a file: each rule that a real table says, as an example; and what holds for every table and every file."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.loader import LIBRARY
from definitions.scores.table import ScoreTable, read_table
from engine.scores.computation import score
from engine.scores.entry import ScoredEntry
from engine.scores.result import Score, Shortfall


def table_of(body: str, beside: str = "") -> ScoreTable:
    """A table of one item, ``talks``, that counts entries of the kind ``talk``."""
    text = f"scores: t\ntitle: {{zh: 表, en: T}}\n{beside}items:\n  talks: {{title: {{zh: 项, en: I}}, counts: talk, {body}}}\n"
    found = read_table(text, "t.yaml")
    assert found.findings == ()
    assert found.table is not None
    return found.table


def talk(on: int, **facts: Any) -> ScoredEntry:
    """An entry of a day of 2026."""
    return ScoredEntry(**{"key": f"e{on}", "kind": "talk", "day": date(2026, 1, on), **facts})


def points_of(body: str, entries: Sequence[ScoredEntry]) -> Fraction:
    """What the item has."""
    return score(table_of(body), entries).items[0].points


def whys(found: Score) -> list[str]:
    """The reasons of the item's lines."""
    return [line.reasons[0].why for line in found.items[0].lines]


@pytest.mark.parametrize(
    ("body", "entries", "points"),
    [
        ("points: 3", [], 0),
        ("points: 3", [talk(1), talk(2)], 6),
        ("points: 3, at most: 5", [talk(1), talk(2)], 5),
        ("points: 1.5, first: 4", [talk(2), talk(1), talk(3)], 7),
        ("points: 5, first: 0", [talk(1), talk(2)], 5),
        ("each: half-day, points: 5", [talk(1, half_days=3)], 15),
        ("each: day, points: 1", [talk(1, half_days=3)], 2),
        ("each: number, points: 0.5", [talk(1, number=9)], "9/2"),
        ("points: 15, by part: {co-signer: 3}", [talk(1, part="lead"), talk(2, part="co-signer")], 18),
        ("points: 10, by part: {lead: half, co-signer: the rest}", [talk(1, part="lead", signers=4)], 5),
        ("points: 10, by part: {lead: half, co-signer: the rest}", [talk(1, part="co-signer", signers=4)], "5/3"),
        ("points: 3, by part: {excused: -1, absent: -5}", [talk(1), talk(2, part="excused"), talk(3, part="absent")], -3),
        ("points: 3, by part: {absent: -5}, at least: -4", [talk(1, part="absent")], -4),
        ("points: 3", [talk(1, part="absent"), talk(2, part="excused")], 0),
        ("by level: {nation: 10, city: 6}", [talk(1, level="nation"), talk(2, level="street")], 10),
        ("points: 15, marks: {key: 15, excellent: 10}", [talk(1, marks=("key", "excellent", "other"))], 40),
        ("points: 15, marks: {key: 15, excellent: 10}, of marks: highest", [talk(1, marks=("key", "excellent"))], 30),
        ("points: 1, marks: {key: {lead: 15, co-signer: 3}}", [talk(1, part="co-signer", marks=("key",))], 4),
        ("points: 3, once: matter", [talk(1, matter="a"), talk(2, matter="a"), talk(3), talk(4)], 9),
        ("by level: {city: 6, nation: 10}, once: matter", [talk(1, matter="a", level="city"), talk(2, matter="a", level="nation")], 10),
        ("points: 2, once: day", [talk(1), ScoredEntry(key="b", kind="talk", day=date(2026, 1, 1))], 2),
        ("points: 2, evidence: required", [talk(1), talk(2, evidence=True)], 2),
        ("target: {number: 3, points: 10, more: 5, fewer: 5}", [talk(n) for n in range(1, 5)], 15),
        ("target: {number: 3, points: 10, more: 5, fewer: 5}", [talk(1), talk(2)], 5),
        ("target: {number: 3, points: 10, more: 5, fewer: 5}, at least: 0", [], 0),
        ("share of: present, points: 10, where: {part: [attended, absent]}", [talk(1, part="attended"), talk(2, part="absent")], 5),
        ("share of: solved, points: 31", [talk(1, marks=("solved",)), talk(2), talk(3)], "31/3"),
        ("share of: solved, points: 31", [], 0),
    ],
)  # fmt: skip
def test_an_item(body: str, entries: Sequence[ScoredEntry], points: int | str) -> None:
    assert points_of(body, entries) == Fraction(points)


def test_only_the_higher_of_own_and_joint_counts() -> None:
    table = read_table((LIBRARY / "scores/open-year.yaml").read_bytes(), "open-year.yaml").table
    assert table is not None
    own = ScoredEntry(key="1", kind="suggestion", day=date(2026, 3, 1), part="lead")
    joint = [ScoredEntry(key=f"j{n}", kind="suggestion", day=date(2026, 4, n), part="co-signer") for n in (1, 2)]
    found = {one.item: one for one in score(table, [own, *joint]).items}
    assert [found["own"].points, found["joint"].points, found["joint"].sum] == [15, 0, 3]
    assert found["joint"].cut == "lower"


def test_a_group_is_capped_over_its_items_and_the_whole_over_all() -> None:
    text = """scores: t
title: {zh: 表, en: T}
base: 60
at most: 70
groups: {both: {title: {zh: 组, en: G}, at most: 4}}
items:
  a: {title: {zh: 甲, en: A}, counts: talk, points: 3, group: both}
  b: {title: {zh: 乙, en: B}, counts: walk, points: 3, group: both}
  c: {title: {zh: 丙, en: C}, counts: note, points: 9}
"""
    table = read_table(text, "t.yaml").table
    assert table is not None
    entries = [
        talk(1),
        ScoredEntry(key="w", kind="walk", day=date(2026, 1, 2)),
        ScoredEntry(key="n", kind="note", day=date(2026, 1, 2)),
    ]
    found = score(table, entries)
    assert [found.groups[0].sum, found.groups[0].points, found.groups[0].cut] == [6, 4, "at most"]
    assert [found.sum, found.points, found.cut] == [73, 70, "at most"]


BANDS = "bands: {good: {title: {zh: 优, en: G}, from: 6}, fair: {title: {zh: 中, en: F}, from: 3}, poor: {title: {zh: 差, en: P}}}\n"


@pytest.mark.parametrize(("talks", "band"), [(0, "poor"), (1, "fair"), (2, "good")])
def test_a_band_begins_at_its_bound(talks: int, band: str) -> None:
    assert score(table_of("points: 3", BANDS), [talk(n + 1) for n in range(talks)]).band == band


def test_the_minimum_stands_apart_from_the_sum_and_bars_from_the_best_band() -> None:
    table = table_of("points: 3", BANDS + "minimum: {talks: 3}\nwithout minimum: fair\n")
    found = score(table, [talk(1), talk(2)])
    assert [found.points, found.band] == [6, "fair"]
    assert found.shortfalls == (Shortfall("talks", 2, 3),)
    assert score(table, []).band == "poor"


def test_each_line_says_why_it_has_its_points_or_none() -> None:
    found = score(
        table_of("points: 3, first: 5, once: matter, by part: {co-signer: 1}, evidence: required"),
        [
            talk(1, evidence=True),
            talk(2, evidence=True, matter="x"),
            talk(3, evidence=True, matter="x"),
            talk(4),
            talk(5, part="absent"),
            talk(6, evidence=True, part="co-signer"),
        ],
    )
    assert whys(found) == ["first", "each", "same", "evidence", "away", "part"]
    assert found.items[0].lines[2].reasons[0].about == "e2"
    assert found.items[0].number == 3


def test_entries_that_no_item_counts_are_named() -> None:
    assert score(
        table_of("points: 3"), [talk(1), ScoredEntry(key="x", kind="walk", day=date(2026, 1, 1))]
    ).left_out == ("x",)


# -- for every table that is shipped, and every file

TABLES = [
    table
    for path in sorted((LIBRARY / "scores").glob("*.yaml"))
    if (table := read_table(path.read_bytes(), path.name).table) is not None
]
KINDS = sorted({kind for table in TABLES for item in table.items.values() for kind in item.counts})
ENTRIES = st.lists(
    st.builds(
        ScoredEntry,
        key=st.uuids().map(str),
        kind=st.sampled_from([*KINDS, "unknown"]),
        day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        part=st.sampled_from(["", "lead", "co-signer", "attended", "spoke", "excused", "absent", "partly", "lacking"]),
        half_days=st.integers(1, 4),
        number=st.integers(1, 30),
        level=st.sampled_from(["", "nation", "province", "city", "county"]),
        marks=st.sampled_from([(), ("key",), ("excellent", "key"), ("solved",)]),
        matter=st.sampled_from(["", "a", "b"]),
        signers=st.integers(1, 9),
        evidence=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda one: one.key,
)


@given(st.sampled_from(TABLES), ENTRIES, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_changes_nothing(
    table: ScoreTable, entries: list[ScoredEntry], chance: random.Random
) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert score(table, shuffled) == score(table, entries)


@given(st.sampled_from(TABLES), ENTRIES)
def test_no_cap_is_passed_and_no_floor_is_missed(table: ScoreTable, entries: list[ScoredEntry]) -> None:
    found = score(table, entries)
    for item in found.items:
        said = table.items[item.item]
        assert said.at_most is None or item.points <= said.at_most
        assert said.at_least is None or item.cut == "lower" or item.points >= said.at_least
    for group in found.groups:
        capped = table.groups[group.group]
        assert capped.at_most is None or group.points <= capped.at_most
        assert capped.at_least is None or group.points >= capped.at_least
    assert table.at_most is None or found.points <= table.at_most
    assert table.at_least is None or found.points >= table.at_least
    assert not table.bands or found.band in table.bands


@given(st.sampled_from(TABLES), ENTRIES)
def test_the_parts_add_up_to_the_whole(table: ScoreTable, entries: list[ScoredEntry]) -> None:
    found = score(table, entries)
    alone = sum(item.points for item in found.items if table.items[item.item].group is None)
    assert found.sum == found.base + alone + sum(group.points for group in found.groups)
    for item in found.items:
        plain = table.items[item.item]
        if plain.target is None and plain.share_of is None:
            assert item.sum == sum(line.points for line in item.lines)


@given(st.sampled_from(TABLES), ENTRIES)
def test_nothing_is_claimed_that_the_file_does_not_hold(table: ScoreTable, entries: list[ScoredEntry]) -> None:
    found = score(table, entries)
    told = {line.entry for item in found.items for line in item.lines}
    assert told | set(found.left_out) == {one.key for one in entries}
    assert told.isdisjoint(found.left_out)
    empty = score(table, [])
    assert all(not item.lines for item in empty.items)
