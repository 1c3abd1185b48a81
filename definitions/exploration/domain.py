"""Cells: the ranges of a field's values that no guard of the definition tells apart, each with one value that stands for it.

A number compared with 3 and 5 has the cells *below 3*, *3*, *between*, *5*, *above 5* and *not filled in*. A set of cells is a bit mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from definitions.exploration.condition import FAILS
from definitions.model.field import SEVERAL, Field
from definitions.text import Said, words

#: More options of one field than this are not told apart in every combination.
_MOST_OPTIONS = 4
_EMPTY = Said("没有填写", "is not filled in")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that stands for all in the cell, and what is said of them (Chinese, English)."""

    value: Any
    said: Said


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that guards read. One that is not ``kept`` is asked anew each time: a count, or a question left open."""

    name: str
    title: Said
    cells: tuple[Cell, ...]
    kept: bool
    field: Field | None = None

    @property
    def all(self) -> int:
        """The mask of all cells."""
        return (1 << len(self.cells)) - 1

    def mask(self, *, needed: bool, field: Field | None = None) -> int:
        """The cells of the values that somebody can fill in, by a form that says no more than this; with or without an empty one."""
        spec = field or self.field
        return sum(
            1 << index
            for index, cell in enumerate(self.cells)
            if (not needed if _empty(cell.value) else spec is None or _allowed(spec, cell.value))
        )

    def of(self, value: Any) -> int:
        """The cell of a value, if one stands for exactly it; else all."""
        exact = [
            index for index, cell in enumerate(self.cells) if cell.value == value and type(cell.value) is type(value)
        ]
        return 1 << exact[0] if exact else self.all

    @property
    def empty(self) -> int:
        """The cells of what is not filled in."""
        return sum(1 << index for index, cell in enumerate(self.cells) if _empty(cell.value))

    @property
    def answers(self) -> tuple[int, ...]:
        """The mask of each cell that is an answer: neither empty nor what cannot be computed."""
        return tuple(
            1 << index for index, cell in enumerate(self.cells) if not _empty(cell.value) and cell.value != FAILS
        )

    def cell(self, mask: int) -> Cell:
        """The first cell of a mask."""
        return self.cells[self.indices(mask)[0]]

    def indices(self, mask: int) -> tuple[int, ...]:
        """The cells of a mask."""
        return tuple(index for index in range(len(self.cells)) if mask >> index & 1)


def variable(name: str, field: Field | None, against: Iterable[Any], *, sure: bool = False) -> Variable:
    """The variable of a field, or of a count of the house, that guards compare with these values; ``sure``: it is never empty."""
    title = Said(words(field.title, "zh", name), words(field.title, "en", name)) if field else Said(name, name)
    if field is None:
        counted = _numbers(against, whole=True, low=0, high=None)
        return Variable(name, title, tuple(counted), kept=False)
    cells = (*_filled(field, sorted(set(against), key=repr)), *(() if sure else _blank(field)))
    return Variable(name, title, cells, not field.derived, field)


def term(name: str, against: Iterable[Any], *, sure: bool) -> Variable:
    """The variable of a number that a guard computes and compares with these; ``sure``: it always comes to a value."""
    cells = _numbers(against, whole=False, low=None, high=None)
    fails = [] if sure else [Cell(FAILS, Said("算不出来", "cannot be computed"))]
    return Variable(name, Said("算出的数", "the number computed"), (*cells, *fails), kept=False)


def question(name: str) -> Variable:
    """The variable of a part of a guard that is left open."""
    said = (Said("成立", "holds"), Said("不成立", "does not hold"), Said("无法判断", "cannot be evaluated"))
    cells = tuple(Cell(value, words_) for value, words_ in zip((True, False, FAILS), said, strict=True))
    return Variable(name, Said("条件", "the condition"), cells, kept=False)


def _empty(value: Any) -> bool:
    return value is None or value == ()


def _blank(field: Field) -> Sequence[Cell]:
    cells = [Cell(None, _EMPTY)]
    return [*cells, Cell((), _EMPTY)] if field.type in SEVERAL else cells


def _filled(field: Field, against: Sequence[Any]) -> Sequence[Cell]:
    """The cells of what is filled in."""
    match field.type:
        case "yes/no":
            return [Cell(True, Said("为“是”", "is yes")), Cell(False, Said("为“否”", "is no"))]
        case "integer" | "number" | "money":
            return _numbers(against, whole=field.type == "integer", low=field.at_least, high=field.at_most)
        case "date" | "date-time":
            return _days([str(value) for value in against])
        case "choices":
            return _several([str(value) for value in against], field)
        case _:
            return _named([str(value) for value in against], field)


def _numbers(against: Iterable[Any], *, whole: bool, low: float | None, high: float | None) -> list[Cell]:
    """Each value, and what lies below, between and above them, within the bounds."""
    marks = {value for value in against if isinstance(value, int | float) and not isinstance(value, bool)}
    ends = {mark for mark in (low, high) if mark is not None}
    points: list[float] = sorted(
        mark for mark in marks | ends if (low is None or mark >= low) and (high is None or mark <= high)
    )
    cells: list[Cell] = []
    before: float | None = None
    for point in points:
        _between(cells, before, point, whole, low)
        if not whole or point == int(point):
            cells.append(_number(point, whole))
        before = point
    _between(cells, before, None, whole, low, high)
    return cells


def _number(value: float, whole: bool) -> Cell:
    shown = int(value) if value == int(value) else value
    return Cell(int(value) if whole else value, Said(f"为 {shown}", f"is {shown}"))


def _between(
    cells: list[Cell],
    low: float | None,
    high: float | None,
    whole: bool,
    least: float | None,
    most: float | None = None,
) -> None:
    """The cell of the numbers between two, if there are any."""
    if low is None and high is None:
        cells.append(Cell(0, Said("已填写", "is filled in")))
    elif low is None and high is not None:
        if least is None or least < high:
            cells.append(
                Cell(int(high) - 1 if whole else high - 1, Said(f"小于 {_plain(high)}", f"is below {_plain(high)}"))
            )
    elif high is None and low is not None:
        if most is None or most > low:
            cells.append(
                Cell(int(low) + 1 if whole else low + 1, Said(f"大于 {_plain(low)}", f"is above {_plain(low)}"))
            )
    elif low is not None and high is not None:
        middle = int(low) + 1 if whole else (low + high) / 2
        if whole and middle + 1 == high:
            cells.append(_number(middle, whole))
        elif low < middle < high:
            said = Said(f"在 {_plain(low)} 和 {_plain(high)} 之间", f"lies between {_plain(low)} and {_plain(high)}")
            cells.append(Cell(middle, said))


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value


def _days(against: Sequence[str]) -> Sequence[Cell]:
    """Each day, and those before, between and after them."""
    if not against:
        return [Cell("2026-01-01", Said("已填写", "is filled in"))]
    days = sorted(date.fromisoformat(day) for day in against)
    first = days[0] - timedelta(1)
    cells = [Cell(first.isoformat(), Said(f"早于 {days[0]}", f"is before {days[0]}"))]
    for index, day in enumerate(days):
        cells.append(Cell(day.isoformat(), Said(f"为 {day}", f"is {day}")))
        if index + 1 == len(days) or days[index + 1] - day > timedelta(1):
            cells.append(Cell((day + timedelta(1)).isoformat(), Said(f"晚于 {day}", f"is after {day}")))
    return cells


def _named(against: Sequence[str], field: Field) -> Sequence[Cell]:
    """Each value by name, and one for all others, if there are others."""
    cells = [Cell(value, _called(field, value)) for value in against]
    others = [option for option in field.options if option not in against]
    if field.type == "choice" and field.options and field.of is None:
        return [*cells, *([Cell(others[0], _called(field, others[0]))] if others else [])]
    said = Said("为别的内容", "is something else") if against else Said("已填写", "is filled in")
    return [*cells, Cell("\N{MIDDLE DOT}", said)]


def _called(field: Field, value: str) -> Said:
    title = field.options.get(value)
    return Said(f"为“{words(title, 'zh', value)}”", f"is “{words(title, 'en', value)}”")


def _several(against: Sequence[str], field: Field) -> Sequence[Cell]:
    """Each combination of the options that guards look for, and another option beside them."""
    looked = list(against)[:_MOST_OPTIONS]
    chosen = [(), *(one for size in range(1, len(looked) + 1) for one in combinations(looked, size))]
    cells = []
    for some in chosen:
        if some:
            cells.append(Cell(some, Said("含" + "、".join(some), f"holds {', '.join(some)}")))
        cells.append(
            Cell(
                (*some, "\N{MIDDLE DOT}"),
                Said("含" + "、".join((*some, "别的")), f"holds {', '.join((*some, 'others'))}"),
            )
        )
    return cells


def _allowed(field: Field, value: Any) -> bool:
    """Whether a form that asks for this field takes the value."""
    if isinstance(value, int | float) and not isinstance(value, bool) and field.type != "yes/no":
        return not (
            (field.at_least is not None and value < field.at_least)
            or (field.at_most is not None and value > field.at_most)
        )
    if field.type == "choice" and field.options and field.of is None:
        return value in field.options
    return True


def said_of(variables: Sequence[Variable], env: Mapping[int, int]) -> Said:
    """What is said of some variables by one example: the first cell of each mask; variables that can be anything are left out."""
    zh, en = [], []
    for index, mask in env.items():
        one = variables[index]
        if one.name.startswith(("?", "=")) or mask == one.all:
            continue
        cell = one.cell(mask)
        zh.append(f"“{one.title[0]}”{cell.said[0]}")
        en.append(f"“{one.title[1]}” {cell.said[1]}")
    return Said("，".join(zh), " and ".join(en))
