"""Preparing a report: everything that a plan asks for is counted once, and written down as it will stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, func, select

from definitions.plans.plan import ReportPlan
from definitions.plans.report import ReportPart, Span
from definitions.text import words
from engine.deadlines.recurrence import period_of
from huying.database.tables import areas, stations
from huying.house.house import House
from huying.reports.counts import ReportCounter
from huying.reports.frozen import (
    Amount,
    Frozen,
    FrozenPart,
    ReportHeadline,
    ReportPhrase,
    ReportRow,
    ReportScope,
    ReportSource,
    ReportTable,
    ReportWords,
)

_DAY = timedelta(days=1)
#: The axis of time: its rows go from the beginning of the year to the period.
MONTHS = "month"
_NOW, _BEFORE, _YEAR_BEFORE = (
    ReportPhrase("本期", "now"),
    ReportPhrase("上期", "before"),
    ReportPhrase("去年同期", "a year before"),
)
_TOTAL = ReportPhrase("合计", "Total")


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """The period that a report is about, and those with which it is compared: the one before, and the same one a year ago."""

    span: Span
    first: date
    last: date

    @classmethod
    def before(cls, span: Span, day: date) -> ReportSpan:
        """The last period that is over on a day."""
        begin, _ = period_of(span, day)
        return cls(span, *period_of(span, begin - _DAY))

    @property
    def earlier(self) -> ReportSpan:
        """The period before."""
        return ReportSpan.before(self.span, self.first)

    @property
    def year_ago(self) -> ReportSpan:
        """The same one a year ago."""
        first = self.first.replace(year=self.first.year - 1)
        return ReportSpan(self.span, *period_of(self.span, first))

    @property
    def year_later(self) -> ReportSpan:
        """The same one a year later."""
        return ReportSpan(self.span, *period_of(self.span, self.first.replace(year=self.first.year + 1)))

    @property
    def key(self) -> str:
        """As a number of a report says it: ``2026-10``, ``2026-q3``, ``2026``."""
        if self.span == "year":
            return f"{self.first:%Y}"
        return f"{self.first:%Y-%m}" if self.span == "month" else f"{self.first:%Y}-q{(self.first.month + 2) // 3}"


def composed(
    house: House, plan: ReportPlan, source: ReportSource, about: ReportSpan, counting: ReportCounter
) -> Frozen:
    """The report of a plan about a period, as ``counting`` has it at one moment; ``NotFound`` for a figure or axis that is not there."""
    with counting.at_one_moment() as then:
        return _composed(house, plan, source, about, then)


def _composed(
    house: House, plan: ReportPlan, source: ReportSource, about: ReportSpan, counting: ReportCounter
) -> Frozen:
    with counting.reading() as connection:
        scope = tuple(_scope(connection))
    office = house.offices.now()
    shown = dict.fromkeys(name for part in plan.parts for name in part.figures)
    return Frozen(
        title=_phrase(plan.title),
        office=ReportPhrase(office.name_zh, office.name_en),
        plan=source,
        figures_of=counting.source,
        span=about.span,
        first=about.first,
        last=about.last,
        as_of=counting.now,
        scope=scope,
        figures=tuple(counting.figure(name) for name in shown),
        parts=tuple(_part(part, about, counting) for part in plan.parts),
        counted_by=counting.text,
    )


def _part(part: ReportPart, about: ReportSpan, counting: ReportCounter) -> FrozenPart:
    if part.words is not None:
        return ReportWords(_phrase(part.title), _phrase(part.words))
    if part.headline:
        return _headline(part.headline, about, counting)
    return _table(part, about, counting)


def _headline(columns: tuple[str, ...], about: ReportSpan, counting: ReportCounter) -> ReportHeadline:
    def row(key: str, title: ReportPhrase, of: ReportSpan) -> ReportRow:
        return ReportRow(key, title, counting.counted(columns, of.first, of.last, None).total)

    return ReportHeadline(
        columns,
        row("now", _NOW, about),
        row("before", _BEFORE, about.earlier),
        row("year before", _YEAR_BEFORE, about.year_ago),
    )


def _table(part: ReportPart, about: ReportSpan, counting: ReportCounter) -> ReportTable:
    by = part.by or ""
    columns = tuple(dict.fromkeys((*part.show, *((part.above,) if part.above else ()))))
    # months lead up to the period, from the beginning of its year
    first = about.first.replace(month=1, day=1) if by == MONTHS else about.first
    counts = counting.counted(columns, first, about.last, by)
    rows = counts.rows
    if part.most is not None and len(rows) > part.most:
        rows = tuple(sorted(rows, key=lambda row: -_size(row.amounts[0]))[: part.most])
    return ReportTable(
        title=_phrase(part.title) if part.title else counting.axis(by),
        by=by,
        axis=counting.axis(by),
        columns=columns,
        shown=part.as_,
        above=part.above,
        rows=rows,
        total=ReportRow("", _TOTAL, counts.total),
        left_out=len(counts.rows) - len(rows),
    )


def _size(amount: Amount) -> float:
    return amount.of or 0


def _phrase(text: Mapping[str, str] | None) -> ReportPhrase:
    return ReportPhrase(words(text, "zh"), words(text, "en")) if text else ReportPhrase("", "")


def _scope(connection: Connection) -> Iterator[ReportScope]:
    """The areas as of now, with the active stations that lie in each itself."""
    counted = (
        select(stations.c.area_id, func.count().label("many")).where(stations.c.active).group_by(stations.c.area_id)
    )
    many = {row.area_id: row.many for row in connection.execute(counted)}
    rows = connection.execute(select(areas).order_by(areas.c.code)).all()
    codes = {row.id: row.code for row in rows}
    for row in rows:
        title = ReportPhrase(row.name_zh, row.name_en or row.name_zh)
        yield ReportScope(row.code, title, row.level, codes.get(row.parent_id, ""), many.get(row.id, 0))
