"""Scoring tables as they are written: what they mean, and what is wrong with them, where, in both languages."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from definitions.finding import Unreadable
from definitions.loader import LIBRARY
from definitions.scores.checks import highest
from definitions.scores.table import read_table, restore_table

SHIPPED = sorted((LIBRARY / "scores").glob("*.yaml"))
TABLE = """scores: yearly
title: {zh: 积分, en: Points}
items:
  talks:
    title: {zh: 发言, en: Talks}
    counts: talk
    points: 3
    at most: 15
"""
BANDS = "bands:\n  good: {title: {zh: 优, en: Good}, from: 10}\n  poor: {title: {zh: 差, en: Poor}}\n"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_shipped_tables_are_sound(path: Path) -> None:
    found = read_table(path.read_bytes(), path.name)
    assert found.findings == ()
    assert found.table is not None
    assert found.table.scores == path.stem
    assert restore_table(found.body) == found.table


def test_points_are_exact() -> None:
    found = read_table(TABLE.replace("points: 3", "points: 1/3").replace("15", "0.1"), "t.yaml").table
    assert found is not None
    assert (found.items["talks"].points, found.items["talks"].at_most) == (Fraction(1, 3), Fraction(1, 10))


@pytest.mark.parametrize(
    ("changed", "rule", "line"),
    [
        (TABLE.replace("points: 3", "points: three"), "wrong-value", 7),
        (TABLE.replace("points: 3", "points: 90000"), "wrong-value", 7),
        (TABLE.replace("points: 3", "points: yes"), "wrong-value", 7),
        (TABLE.replace("    points: 3\n", ""), "no-points", 4),
        (TABLE.replace("points: 3", "first: 3"), "no-points", 7),
        (TABLE.replace("points: 3", "share of: present"), "no-points", 7),
        (TABLE.replace("points: 3", "by part: {lead: half}"), "no-points", 7),
        (TABLE.replace("points: 3", "by part: {lead: most}"), "wrong-value", 7),
        (TABLE.replace("    at most", "    target: {number: 3, points: 10}\n    at most"), "two-ways", 8),
        (TABLE.replace("points: 3", "points: 3\n    group: meetings"), "unknown-group", 8),
        (TABLE + "groups: {meetings: {title: {zh: 会, en: Meetings}}}\n", "unused-group", 9),
        (TABLE + "    at least: 20\n", "wrong-value", 9),
        (TABLE + "minimum: {walks: 1}\n", "unknown-item", 9),
        (TABLE + "minimum: {talks: 0}\n", "wrong-value", 9),
        (TABLE + "only the highest of: [[talks, walks]]\n", "unknown-item", 9),
        (TABLE + "without minimum: fair\n" + BANDS, "unknown-band", 9),
        (TABLE + BANDS.replace(", from: 10", ""), "band-gap", 11),
        (TABLE + BANDS.replace("Poor}", "Poor}, from: 10"), "band-gap", 9),
        (TABLE + BANDS.replace("from: 10", "from: 16"), "band-out-of-reach", 10),
        (TABLE + "from: 2026-02-30\n", "wrong-value", 9),
        (TABLE + "from: 2026-02-01\nuntil: 2026-01-01\n", "wrong-value", 10),
        (TABLE + "per: fortnight\n", "wrong-value", 9),
        (TABLE + "itmes: {}\n", "unknown-key", 9),
        (TABLE.replace("    counts: talk\n", ""), "missing-key", 4),
        (TABLE.replace(", en: Talks", ""), "missing-language", 5),
        (TABLE.replace("title: {zh: 积分, en: Points}", "title: 积分"), "missing-language", 2),
    ],
)
def test_what_is_wrong_is_told_with_its_place_in_both_languages(changed: str, rule: str, line: int) -> None:
    found = read_table(changed, "t.yaml").findings
    assert (rule, line) in [(one.rule, one.line) for one in found]
    for one in found:
        assert all(one.message[language] and one.remedy[language] for language in ("zh", "en"))


def test_a_misspelt_name_is_told_with_the_right_one() -> None:
    (found,) = read_table(TABLE + "minimum: {talk: 1}\n", "t.yaml").findings
    assert "talks" in found.remedy["en"]


def test_what_is_no_yaml_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_table("scores: [", "t.yaml")


def test_the_most_that_can_be_had_is_known_where_all_is_capped() -> None:
    table = read_table(TABLE, "t.yaml").table
    assert table is not None
    assert highest(table) == 15
    open_table = read_table(TABLE.replace("    at most: 15\n", ""), "t.yaml").table
    assert open_table is not None
    assert highest(open_table) is None


def test_a_better_band_has_more_stars() -> None:
    starred = (LIBRARY / "scores" / "station-stars.yaml").read_text("utf-8")
    assert not read_table(starred, "t.yaml").findings
    for wrong, name in (("stars: 4}", "stars: 3}"), ("from: 80, stars: 4}", "from: 80}")):
        (found,) = read_table(starred.replace(wrong, name), "t.yaml").findings
        assert (found.rule, "更高的一等要有更多的星" in found.message["zh"]) == ("wrong-value", True)
    assert read_table(starred.replace("stars: 5}", "stars: 6}"), "t.yaml").findings
