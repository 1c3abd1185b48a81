"""Figures are what the history says: on random lives every figure equals a plain count, on every axis, as columns and counted again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from huying.database import tables as t
from huying.figures.question import DaySpan, FigureQuestion
from huying.figures.recount import recount
from huying.figures.table import FigureCell, FigureTable, behind, table
from huying.issues.tally_rows import count_again, uncounted
from tests.huying.figures import plain_count as plain
from tests.huying.figures.streets import AREAS, STATIONS, Lives, Streets, forget_figures

SPAN = DaySpan.parse("2026-09-07..2026-12-15")
AXES = (
    (),
    ("station",),
    ("districts",),
    ("area:street",),
    ("towns",),
    ("levels",),
    ("channel",),
    ("kind",),
    ("process",),
    ("deputy",),
    ("department",),
    ("month",),
    ("step",),
    ("districts", "month"),
    ("station", "channel"),
)


class _Keys:
    """What the keys of an issue are on each axis: of the places, said here once more."""

    def __init__(self, streets: Streets) -> None:
        with streets.house.database.reading() as connection:
            self.stations = {row.id: row.code for row in connection.execute(select(t.stations))}
            self.areas = {row.code: row.id for row in connection.execute(select(t.areas))}
        self.parents = {code: parent for code, _, parent in AREAS}
        self.levels = {code: level for code, level, _ in AREAS}

    def of(self, axes: tuple[str, ...], one: plain.PlainIssue, day: date) -> Iterator[Any]:
        cells: list[tuple[Any, ...]] = [()]
        for axis in axes:
            cells = [(*cell, key) for cell in cells for key in self._keys(axis, one, day)]
        yield from cells

    def _keys(self, axis: str, one: plain.PlainIssue, day: date) -> list[Any]:
        above = list(self._above(dict(STATIONS)[self.stations[one.station]]))
        at = {level: self.areas[code] for code in above for level in (self.levels[code],)}
        match axis:
            case "districts":
                return [at.get("district")]
            case "towns":
                return [at.get("street") or at.get("town")]
            case "area:street":
                return [at.get("street")]
            case "levels":
                return [self.areas[code] for code in above]
            case "month":
                return [f"{day:%Y-%m}"]
            case "process":
                return ["matters"]
            case "step":
                return [f"matters/{one.step}" if one.step else None]
        return [getattr(one, axis)]

    def _above(self, code: str | None) -> Iterator[str]:
        while code is not None:
            yield code
            code = self.parents[code]


def _differences(found: FigureTable, expected: dict[Any, Counter[str]]) -> list[str]:
    """Where a table says something else than the plain count."""
    cells = {row.keys: row.counts for row in found.rows}
    return [
        f"{keys} {figure}: {cells.get(keys, {}).get(figure, 0)}, not {number}"
        for keys in {*cells, *expected}
        for figure in found.total.counts
        if (number := expected.get(keys, Counter())[figure]) != cells.get(keys, {}).get(figure, 0)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_the_history_says_on_every_axis(streets: Streets, seed: int) -> None:
    lives = Lives(streets, seed).live(days=25)
    lives.move_on()
    lives.live(days=20)
    assert {"merge", "split", "reopen", "extend", "supervise", "cancel"} <= lives.happened.keys()
    as_of, keys = lives.now + timedelta(days=3), _Keys(streets)
    with streets.house.database.reading() as connection:
        history = plain.read(connection, as_of)
    assert any(one.did("handed up") for one in history)
    for axes in AXES:
        asked = plain.PlainQuestion(SPAN.begin, SPAN.end, as_of, by_month="month" in axes)
        expected = plain.table(history, asked, lambda one, day, axes=axes: keys.of(axes, one, day))
        question = FigureQuestion(span=SPAN, by=axes)
        found = table(streets.house, None, question, "zh", as_of)
        assert _differences(found, expected) == [], axes
        again = recount(streets.house, None, question, as_of)
        assert (again.rows, again.total) == (found.rows, found.total), axes


def test_the_parts_add_up_to_the_whole(streets: Streets) -> None:
    now = Lives(streets, 3).live(days=40).now
    whole = table(streets.house, None, FigureQuestion(span=SPAN), "zh", now).total.counts
    assert whole["received"] > 20
    assert whole["late"]
    assert whole["returned"]
    assert whole["promises-due"]
    for axes in AXES[1:]:
        found = table(streets.house, None, FigureQuestion(span=SPAN, by=axes), "zh", now)
        for key, number in whole.items():
            if key == "in-hand" and "month" in axes:
                continue
            parts = found.rows if not found.overlaps else [row for row in found.rows if row.labels[0] == "区域35"]
            assert sum(row.counts[key] for row in parts) == number == found.total.counts[key], (axes, key)


def test_behind_each_number_stand_so_many_issues(streets: Streets) -> None:
    now = Lives(streets, 4).live(days=30).now
    for axes in (("districts",), ("channel",), ("month",), ("step",), ("levels",), ("department",)):
        question = FigureQuestion(span=SPAN, by=axes)
        found = table(streets.house, None, question, "zh", now)
        for row in found.rows:
            for measure in ("received", "late", "in-hand", "satisfied"):
                issues = behind(streets.house, None, question, FigureCell(measure, row.keys), now)
                assert len(issues) == row.counts[measure], (axes, row.labels, measure)


def test_what_was_known_at_a_moment_is_counted_again_later(streets: Streets) -> None:
    lives = Lives(streets, 5).live(days=25)
    then, question = lives.now, FigureQuestion(span=SPAN, by=("station",))
    frozen = table(streets.house, None, question, "zh", then)
    lives.live(days=60)
    again = recount(streets.house, None, question, then)
    assert (again.rows, again.total) == (frozen.rows, frozen.total)
    assert table(streets.house, None, question, "zh", lives.now).total != frozen.total


def test_issues_from_before_figures_are_counted_from_their_history(streets: Streets) -> None:
    now = Lives(streets, 6).live(days=30).now
    question = FigureQuestion(span=SPAN, by=("districts",))
    before = table(streets.house, None, question, "zh", now)
    forget_figures(streets.house)
    assert uncounted(streets.house)
    assert not table(streets.house, None, question, "zh", now).total.counts["received"]
    while count_again(streets.house, 7):
        pass
    assert table(streets.house, None, question, "zh", now) == before
