"""Reports as pages show them: which wait and which were issued, and one of them with its corrections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huying.errors import NotFound
from huying.house.house import House
from huying.plots.plot import said
from huying.reports.frozen import (
    Amount,
    Frozen,
    ReportFigure,
    ReportHeadline,
    ReportRow,
    ReportTable,
    ReportWords,
    Revision,
)
from huying.reports.issuance import waiting_of
from huying.reports.overview import LargeFigure, OverviewCell, OverviewHead, OverviewLine, OverviewSection
from huying.reports.phrase import FEW, NOTHING, compared_words, large_words, period_words, span_words
from huying.reports.plots import plot_of
from huying.reports.sheet import frozen_title, was_and_now
from huying.reports.store import KeptReport, ReportAmendment, amendments_of, report_of, reports
from huying.words.moments import moment_words


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report in a list."""

    number: str
    title: str
    period: str
    issued: str
    issuer: str
    corrections: int


@dataclass(frozen=True, slots=True)
class ReportList:
    """Those that wait to be issued, and those that were."""

    waiting: tuple[ReportLine, ...]
    issued: tuple[ReportLine, ...]


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """A figure that changed: which, in which row, from what to what."""

    figure: str
    row: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction, with what changed and why; ``sound``: what it says is what was written down."""

    nth: int
    made: str
    by: str
    why: str
    lines: tuple[RevisionLine, ...]
    sound: bool


@dataclass(frozen=True, slots=True)
class ReportText:
    """A part that is a text."""

    title: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """The page of a report; ``parts``: sections and texts in their order."""

    report: KeptReport
    title: str
    period: str
    as_of: str
    issued: str
    waiting: bool
    large: tuple[LargeFigure, ...]
    parts: tuple[OverviewSection | ReportText, ...]
    legend: tuple[tuple[str, str], ...]
    source: str
    stations: int
    revised: tuple[RevisionLine, ...]
    before: str
    corrections: tuple[CorrectionView, ...]


def report_list(house: House, language: str, *, may_issue: bool) -> ReportList:
    """The reports that somebody may read; what waits is shown to those alone who issue it."""
    with house.database.reading() as connection:
        found = reports(connection)
        waiting = waiting_of(found) if may_issue else ()
        many = {one.id: len(amendments_of(connection, one.id)) for one in found if one.issued_at}
    return ReportList(
        tuple(_line(house, one, language, 0) for one in waiting),
        tuple(_line(house, one, language, many[one.id]) for one in found if one.issued_at),
    )


def readable(house: House, number: str, *, may_issue: bool) -> KeptReport:
    """A report that somebody may read; ``NotFound`` for one that was not issued, unless they issue it."""
    with house.database.reading() as connection:
        report = report_of(connection, number)
    if report.issued_at is None and not may_issue:
        raise NotFound("没有这份报告。", "There is no such report.")
    return report


def report_view(house: House, report: KeptReport, language: str) -> ReportView:
    """One report."""
    frozen = report.frozen
    with house.database.reading() as connection:
        corrections = amendments_of(connection, report.id)
        newest = waiting_of(reports(connection, report.plan))
    return ReportView(
        report=report,
        title=frozen.title.of(language),
        period=period_words(frozen, language),
        as_of=moment_words(report.as_of, house.zone, language),
        issued=moment_words(report.issued_at, house.zone, language) if report.issued_at else "",
        waiting=report.number in {one.number for one in newest},
        large=tuple(_large(frozen, language)),
        parts=tuple(_parts(frozen, language)),
        legend=tuple((one.title.of(language), one.said.of(language)) for one in frozen.figures),
        source=f"{frozen.figures_of.key} v{frozen.figures_of.version}",
        stations=sum(area.stations for area in frozen.scope),
        revised=revision_lines(frozen, frozen.revised, language),
        before=frozen.before,
        corrections=tuple(_correction(house, frozen, one, language) for one in corrections),
    )


def revision_lines(frozen: Frozen, several: Sequence[Revision], language: str) -> tuple[RevisionLine, ...]:
    """What changed, in words."""
    return tuple(
        RevisionLine(frozen_title(frozen, one, language), one.title.of(language), *was_and_now(frozen, one))
        for one in several
    )


def _correction(house: House, frozen: Frozen, one: ReportAmendment, language: str) -> CorrectionView:
    made = moment_words(one.made_at, house.zone, language)
    return CorrectionView(one.nth, made, one.made_by, one.why, revision_lines(frozen, one.changes, language), one.sound)


def _line(house: House, one: KeptReport, language: str, corrections: int) -> ReportLine:
    span = {"month": "month", "quarter": "quarter"}.get(one.span, "year")
    period = span_words(span, one.first, language)  # type: ignore[arg-type]
    issued = moment_words(one.issued_at, house.zone, language) if one.issued_at else ""
    return ReportLine(one.number, one.title.of(language), period, issued, one.issued_by or "", corrections)


def _large(frozen: Frozen, language: str) -> Iterator[LargeFigure]:
    for part in frozen.parts:
        if isinstance(part, ReportHeadline):
            for column, now, before, ago in zip(
                part.columns, part.now.amounts, part.before.amounts, part.year_before.amounts, strict=True
            ):
                figure = frozen.figure(column)
                number, unit, numbers = large_words(figure, now)
                yield LargeFigure(
                    figure.title.of(language),
                    number,
                    unit,
                    compared_words(figure, numbers, (now, before, ago), language),
                    None,
                )


def _parts(frozen: Frozen, language: str) -> Iterator[OverviewSection | ReportText]:
    for part in frozen.parts:
        if isinstance(part, ReportWords):
            yield ReportText(part.title.of(language), part.words.of(language))
        elif isinstance(part, ReportTable):
            yield _section(frozen, part, language)


def _section(frozen: Frozen, part: ReportTable, language: str) -> OverviewSection:
    figures = [frozen.figure(column) for column in part.columns]
    widest = max((row.amounts[0].of or 0 for row in part.rows), default=0)
    total = part.total or ReportRow("", part.axis, tuple(Amount(None) for _ in figures))
    return OverviewSection(
        title=part.title.of(language),
        by=part.by,
        axis=part.axis.of(language),
        heads=tuple(
            OverviewHead(one.key, one.title.of(language), one.said.of(language), one.kind == "rate", "", False)
            for one in figures
        ),
        lines=tuple(_row(figures, row, widest, language) for row in part.rows),
        total=_row(figures, total, 0, language),
        plot=plot_of(frozen, part, language),
        left_out=part.left_out,
    )


def _row(figures: Sequence[ReportFigure], row: ReportRow, widest: float, language: str) -> OverviewLine:
    cells = (
        _cell(one, amount, widest if at == 0 else 0)
        for at, (one, amount) in enumerate(zip(figures, row.amounts, strict=True))
    )
    return OverviewLine(row.title.of(language), None, tuple(cells))


def _cell(figure: ReportFigure, amount: Amount, widest: float) -> OverviewCell:
    if figure.kind != "rate":
        return OverviewCell(said(amount.of), percent=100 * (amount.of or 0) / widest if widest else None)
    if not amount.over:
        return OverviewCell(NOTHING)
    few = amount.over < FEW
    words = NOTHING if few else f"{amount.share:.1f}%"
    return OverviewCell(words, said(amount.of), said(amount.over), percent=None if few else amount.share)
