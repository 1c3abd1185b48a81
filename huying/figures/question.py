"""What somebody asks of figures: which set, of which days, divided by what, of which places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from definitions.figures.names import AXES
from definitions.figures.set import FigureSet
from definitions.finding import nearest
from definitions.text import Said
from huying.errors import NotFound

_SPAN = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])))?", re.ASCII)
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)
#: More months than these are not divided by month.
_MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class DaySpan:
    """The days from ``begin`` to ``end``, both included."""

    begin: date
    end: date

    @staticmethod
    def parse(text: str) -> DaySpan:
        """A year (``2026``), quarter (``2026-Q3``), month (``2026-10``) or two days (``2026-10-01..2026-10-15``); ``NotFound`` for anything else."""
        try:
            if found := _DAYS.fullmatch(text):
                begin, end = (date.fromisoformat(one) for one in found.groups())
                if begin <= end:
                    return DaySpan(begin, end)
            elif found := _SPAN.fullmatch(text):
                return _named(*found.groups())
        except ValueError:
            pass
        raise NotFound(
            f"看不懂“{text}”是哪段时间。请写 2026、2026-Q3、2026-10 或 2026-10-01..2026-10-15。",
            f"“{text}” names no time. Write 2026, 2026-Q3, 2026-10 or 2026-10-01..2026-10-15.",
        )

    def months(self) -> Iterator[tuple[str, date]]:
        """Each month (``2026-10``) with its last day within the span."""
        day = self.begin
        for _ in range(_MOST_MONTHS):
            following = _month_after(day)
            yield f"{day:%Y-%m}", min(self.end, following - timedelta(days=1))
            if following > self.end:
                return
            day = following

    def __str__(self) -> str:
        whole = self.begin.day == 1 and _month_after(self.end) == self.end + timedelta(days=1)
        if whole and (self.begin.year, self.begin.month) == (self.end.year, self.end.month):
            return f"{self.begin:%Y-%m}"
        if whole and self.begin.month == 1 and self.end.month == 12 and self.begin.year == self.end.year:
            return f"{self.begin:%Y}"
        return f"{self.begin}..{self.end}"

    def words(self, language: str) -> str:
        """For people: ``2026年10月``."""
        said = str(self)
        if len(said) == 7:
            return Said(f"{self.begin.year}年{self.begin.month}月", f"{self.begin:%B %Y}").of(language)
        if len(said) == 4:
            return Said(f"{said}年", said).of(language)
        return Said(f"{self.begin}至{self.end}", f"{self.begin} to {self.end}").of(language)


def _named(year: str, month: str | None, quarter: str | None) -> DaySpan:
    first, many = (int(month), 1) if month else (3 * int(quarter) - 2, 3) if quarter else (1, 12)
    last = date(int(year), first + many - 1, 1)
    return DaySpan(date(int(year), first, 1), _month_after(last) - timedelta(days=1))


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class FigureAxis:
    """By what figures are divided; areas of one ``level`` (several that are alike: ``street+town``), or (without) of every level, in which each
    counts at all of its levels.
    """

    name: str
    level: str | None = None

    @property
    def overlaps(self) -> bool:
        """Whether the same is counted in several rows."""
        return self.name == "area" and self.level is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureQuestion:
    """One question: a set's key and a time; ``by`` axes (``station``, ``month``, a group such as ``districts``, ``area:street``, ``levels``).

    ``area`` (a code), ``stations`` (codes), ``deputy`` (a participant's id) and ``department`` (an organisation's) narrow it; ``measures``: only
    these of the set, rates too.
    """

    span: DaySpan
    figures: str = "city"
    by: tuple[str, ...] = ()
    area: str | None = None
    stations: tuple[str, ...] = ()
    deputy: int | None = None
    department: int | None = None
    measures: tuple[str, ...] = ()


def axes_of(figures: FigureSet, by: tuple[str, ...], levels: Mapping[str, str]) -> tuple[FigureAxis, ...]:
    """The axes of what was asked; ``levels`` are those of the areas, by key. ``NotFound`` says what would be right."""
    return tuple(_axis(figures, one, levels) for one in by)


def _axis(figures: FigureSet, said: str, levels: Mapping[str, str]) -> FigureAxis:
    name, _, level = said.partition(":")
    if said in ("levels", "area") and "area" in figures.axes:
        return FigureAxis("area")
    if said in figures.groups:
        return FigureAxis("area", "+".join(figures.groups[said].level))
    if said in levels and "area" in figures.axes:
        return FigureAxis("area", said)
    if name == "area" and level and levels.keys() >= set(level.split("+")):
        return FigureAxis("area", level)
    if said in AXES and said in figures.axes:
        return FigureAxis(said)
    possible = [*figures.groups, *levels, *figures.axes, "levels"]
    near = nearest(said, possible)
    raise NotFound(
        f"“{figures.figures}”不能按“{said}”分。"
        + (f"是不是“{near}”？" if near else f"可以用：{'、'.join(possible)}。"),
        f"“{figures.figures}” is not divided by “{said}”. "
        + (f"Did you mean “{near}”?" if near else f"There are: {', '.join(possible)}."),
    )


def wanted(figures: FigureSet, measures: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the measures and of the rates to show; ``NotFound`` for one that is not in the set."""
    known = (*figures.measures, *figures.rates)
    for one in measures:
        if one not in known:
            near = nearest(one, known)
            raise NotFound(
                f"“{figures.figures}”里没有“{one}”。"
                + (f"是不是“{near}”？" if near else f"现有：{'、'.join(known)}。"),
                f"“{figures.figures}” has no “{one}”. "
                + (f"Did you mean “{near}”?" if near else f"There are: {', '.join(known)}."),
            )
    asked = measures or known
    return tuple(one for one in figures.measures if one in asked), tuple(one for one in figures.rates if one in asked)


def needed(figures: FigureSet, measures: tuple[str, ...], rates: tuple[str, ...]) -> tuple[str, ...]:
    """The measures to be counted: those to show, and those of which rates are made."""
    parts = set(measures)
    for key in rates:
        rate = figures.rates[key]
        parts |= {rate.of, rate.over}
        if rate.beside:
            parts |= {rate.beside.of, rate.beside.over}
    return tuple(one for one in figures.measures if one in parts)
