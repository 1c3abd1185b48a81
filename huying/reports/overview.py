"""Figures as a page shows them: the parts of the plan of reports, counted now, for what a reader looks after.

Each number has the way to the issues that it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import select

from definitions.loader import LIBRARY
from definitions.plans.plan import ReportPlan, read_plan
from definitions.plans.report import ReportPart, Span
from definitions.text import Said, words
from engine.deadlines.recurrence import period_of
from huying.database.tables import plan_versions, plans
from huying.house.house import House
from huying.plots.plot import Bars, Plot, said
from huying.reports.figures import HouseCounter
from huying.reports.frozen import Amount, ReportFigure, ReportRow
from huying.reports.phrase import FEW, NOTHING, compared_words, large_words
from huying.reports.plots import FORMS
from huying.reports.preparation import MONTHS, ReportSpan

#: Where the issues behind a number are listed.
BEHIND = "/figures/issues"
_SHIPPED = LIBRARY / "plans" / "month-report.yaml"


@dataclass(frozen=True, slots=True)
class OverviewCell:
    """A number in words; of a rate the numbers behind it, each with the way to its issues; how long its bar is, in percent."""

    words: str
    of: str = ""
    over: str = ""
    address: str | None = None
    over_address: str | None = None
    percent: float | None = None


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A row: its name, where it leads, its cells."""

    title: str
    address: str | None
    cells: tuple[OverviewCell, ...]


@dataclass(frozen=True, slots=True)
class OverviewHead:
    """A column: its name, what it counts in words, the address that sorts by it, and whether it does."""

    key: str
    title: str
    said: str
    rate: bool
    sort: str
    sorted: bool


@dataclass(frozen=True, slots=True)
class OverviewSection:
    """A part of the page: a table by an axis, with a plot or without."""

    title: str
    by: str
    axis: str
    heads: tuple[OverviewHead, ...]
    lines: tuple[OverviewLine, ...]
    total: OverviewLine
    plot: Plot | None
    left_out: int = 0
    #: Whether its axis is the one that the reader chooses.
    compared: bool = False


@dataclass(frozen=True, slots=True)
class LargeFigure:
    """A figure at the head of the page; its fields are those of the piece that shows it."""

    words: str
    figure: str
    unit: str
    than: str
    address: str | None
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole page; ``legend``: by figure what is counted, in words."""

    large: tuple[LargeFigure, ...]
    sections: tuple[OverviewSection, ...]
    compared: str
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewAsk:
    """What somebody wants to see: a period, by which axis it is compared and sorted, and the words of the address that stay as they are."""

    about: ReportSpan
    by: str = ""
    sort: str = ""
    language: str = "zh"
    kept: Mapping[str, str] = field(default_factory=dict)


def layout_of(house: House, figures: str) -> ReportPlan:
    """The plan of reports by which a page of these figures is laid out: one in force, else as shipped."""
    newest = (plan_versions.c.key == plans.c.key) & (plan_versions.c.version == plans.c.version)
    query = select(plan_versions.c.body).join(plans, newest).order_by(plans.c.key)
    with house.database.reading() as connection:
        for body in connection.execute(query).scalars():
            if body.get("report") and body.get("figures") == figures:
                return ReportPlan.model_validate(body)
    plan = read_plan(_SHIPPED.read_text("utf-8"), _SHIPPED.name).plan
    assert isinstance(plan, ReportPlan)
    return plan


def overview(counter: HouseCounter, plan: ReportPlan, ask: OverviewAsk) -> Overview:
    """The page; ``NotFound`` for an axis that is not there."""
    made = _Page(counter, ask)
    large = [one for part in plan.parts for one in made.large(part.headline)]
    tables = [part for part in plan.parts if part.show]
    compared = next((part for part in tables if part.by != MONTHS and part.as_ == "table"), None)
    sections = [
        made.section(part, ask.by if part is compared and ask.by else part.by or "", compared=part is compared)
        for part in tables
    ]
    shown = dict.fromkeys(name for part in plan.parts for name in part.figures)
    legend = tuple((one.title.of(ask.language), one.said.of(ask.language)) for one in map(counter.figure, shown))
    chosen = ask.by or (compared.by if compared is not None else "") or ""
    return Overview(tuple(large), tuple(sections), chosen, legend)


class _Page:
    def __init__(self, counter: HouseCounter, ask: OverviewAsk) -> None:
        self.counter, self.ask, self.language = counter, ask, ask.language

    def large(self, names: Sequence[str]) -> list[LargeFigure]:
        if not names:
            return []
        about = self.ask.about
        several = [
            self.counter.counted(names, one.first, one.last, None).total
            for one in (about, about.earlier, about.year_ago)
        ]
        found = []
        for name, now, before, ago in zip(names, *several, strict=True):
            figure = self.counter.figure(name)
            number, unit, behind = large_words(figure, now)
            than = compared_words(figure, behind, (now, before, ago), self.language)
            address = self._behind(self._parts(figure)[0], "", "") if now.of else None
            found.append(LargeFigure(figure.title.of(self.language), number, unit, than, address))
        return found

    def section(self, part: ReportPart, by: str, *, compared: bool) -> OverviewSection:
        about, columns = self.ask.about, tuple(dict.fromkeys((*part.show, *((part.above,) if part.above else ()))))
        first = about.first.replace(month=1, day=1) if by == MONTHS else about.first
        counts = self.counter.counted(columns, first, about.last, by)
        figures = [self.counter.figure(name) for name in columns]
        rows = _ordered(counts.rows, columns, figures, self.ask.sort if compared else "")
        most = part.most if part.most is not None else len(rows)
        kept = sorted(rows, key=lambda row: -(row.amounts[0].of or 0))[:most] if len(rows) > most else rows
        total = OverviewLine(
            Said("合计", "Total").of(self.language), None, self._cells(figures, counts.total, by, None, 0)
        )
        widest = max((row.amounts[0].of or 0 for row in rows), default=0)
        lines = tuple(
            OverviewLine(
                row.title.of(self.language),
                self._down(by, row.key),
                self._cells(figures, row.amounts, by, row.key, widest),
            )
            for row in kept
        )
        return OverviewSection(
            title=words(part.title, self.language)
            if part.title and by == part.by
            else self.counter.axis(by).of(self.language),
            by=by,
            axis=self.counter.axis(by).of(self.language),
            heads=tuple(self._head(one, compared=compared) for one in figures),
            lines=lines,
            total=total,
            plot=self._plot(part, by, columns, figures, kept),
            left_out=len(rows) - len(kept),
            compared=compared,
        )

    def _plot(
        self,
        part: ReportPart,
        by: str,
        columns: Sequence[str],
        figures: Sequence[ReportFigure],
        rows: Sequence[ReportRow],
    ) -> Plot | None:
        if part.as_ == "table" or not rows:
            return None
        counted = [at for at, one in enumerate(figures) if one.kind != "rate"]
        above = columns.index(part.above) if part.above else None
        ways = {
            (series, place): self._behind(columns[at], by, row.key)
            for series, at in enumerate(counted)
            for place, row in enumerate(rows)
            if row.amounts[at].of
        }
        return Plot(
            title=words(part.title, self.language) if part.title else self.counter.axis(by).of(self.language),
            places=tuple(row.title.of(self.language) for row in rows),
            series=tuple(
                Bars(figures[at].title.of(self.language), tuple(row.amounts[at].of for row in rows)) for at in counted
            ),
            form=FORMS[part.as_],
            addresses=ways,
            above=tuple(_percent(row.amounts[above]) for row in rows) if above is not None else (),
            above_words=figures[above].title.of(self.language) if above is not None else "",
            pale=frozenset({len(rows) - 1}) if by == MONTHS and self._under_way() else frozenset(),
            pale_words=Said("未满", "so far").of(self.language),
            strong=len(rows) - 1 if by == MONTHS else None,
        )

    def _under_way(self) -> bool:
        return self.counter.house.day_of(self.counter.now) <= self.ask.about.last

    def _cells(
        self, figures: Sequence[ReportFigure], amounts: Sequence[Amount], by: str, key: str | None, widest: float
    ) -> tuple[OverviewCell, ...]:
        return tuple(
            self._cell(one, amount, by if key is not None else "", key or "", widest if at == 0 else 0)
            for at, (one, amount) in enumerate(zip(figures, amounts, strict=True))
        )

    def _cell(self, figure: ReportFigure, amount: Amount, by: str, key: str, widest: float) -> OverviewCell:
        of, over = self._parts(figure)
        if figure.kind != "rate":
            way = self._behind(of, by, key) if amount.of else None
            return OverviewCell(
                said(amount.of), address=way, percent=100 * (amount.of or 0) / widest if widest else None
            )
        if not amount.over:
            return OverviewCell(NOTHING)
        return OverviewCell(
            words=_percent(amount),
            of=said(amount.of),
            over=said(amount.over),
            address=self._behind(of, by, key) if amount.of else None,
            over_address=self._behind(over, by, key),
            percent=amount.share if amount.over >= FEW else None,
        )

    def _parts(self, figure: ReportFigure) -> tuple[str, str]:
        rate = self.counter.set.figures.rates.get(figure.key)
        return (rate.of, rate.over) if rate else (figure.key, figure.key)

    def _behind(self, measure: str, by: str, key: str) -> str:
        asked = {**self.ask.kept, "measure": measure, **({"by": by, "key": key} if by else {})}
        return f"{BEHIND}?{urlencode(asked)}"

    def _down(self, by: str, key: str) -> str | None:
        """Where the name of a row leads: to the figures of that place or person alone."""
        axis = "area" if by in self.counter.set.figures.groups else by
        if not key or axis not in ("area", "station", "deputy"):
            return None
        below = {"area": "station", "station": "channel", "deputy": "channel"}[axis]
        return f"/figures?{urlencode({**self.ask.kept, axis: key, 'by': below})}"

    def _head(self, figure: ReportFigure, *, compared: bool) -> OverviewHead:
        asked = {**self.ask.kept, **({"by": self.ask.by} if self.ask.by else {}), "sort": figure.key}
        title, said_ = figure.title.of(self.language), figure.said.of(self.language)
        return OverviewHead(
            figure.key,
            title,
            said_,
            figure.kind == "rate",
            f"/figures?{urlencode(asked)}#compared",
            compared and self.ask.sort == figure.key,
        )


def _percent(amount: Amount) -> str:
    share = amount.share
    return NOTHING if share is None or (amount.over or 0) < FEW else f"{share:.1f}%"


def _ordered(
    rows: Sequence[ReportRow], columns: Sequence[str], figures: Sequence[ReportFigure], sort: str
) -> list[ReportRow]:
    """By a column, the most first, what has none of it last; else as they stand."""
    if sort not in columns:
        return list(rows)
    at = columns.index(sort)

    def size(row: ReportRow) -> tuple[bool, float]:
        amount = row.amounts[at]
        value = amount.share if figures[at].kind == "rate" else amount.of
        return value is None, -(value or 0)

    return sorted(rows, key=size)


def span_of(text: str, unit: str, today: date) -> ReportSpan:
    """The period that an address says (``2026-10``, ``2026-q3``, ``2026``), else the one of this ``unit`` that runs today."""
    spans: Mapping[str, Span] = {"month": "month", "quarter": "quarter", "year": "year"}
    year, _, rest = text.partition("-")
    try:
        if not rest:
            return ReportSpan("year", *period_of("year", date(int(year), 1, 1)))
        if rest.lower().startswith("q"):
            return ReportSpan("quarter", *period_of("quarter", date(int(year), 3 * int(rest[1:]) - 2, 1)))
        return ReportSpan("month", *period_of("month", date(int(year), int(rest), 1)))
    except ValueError:
        span = spans.get(unit, "month")
        return ReportSpan(span, *period_of(span, today))
