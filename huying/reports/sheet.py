"""A report as a workbook: a page for each table, with numerators and denominators in columns of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from definitions.text import Said
from huying.reports.frozen import Amount, Frozen, ReportFigure, ReportHeadline, ReportTable, Revision
from huying.reports.phrase import amount_words, period_words
from huying.reports.store import KeptReport
from huying.words.sheet import SheetPage, book_of

_NAME_WIDTH, _WIDTH = 24, 12


def sheet_of(report: KeptReport, language: str) -> bytes:
    """The workbook."""
    frozen = report.frozen
    return book_of(_pages(report, frozen, language))


def _pages(report: KeptReport, frozen: Frozen, language: str) -> Iterator[SheetPage]:
    title = f"{frozen.title.of(language)} · {period_words(frozen, language)}"
    above = (title, Said(f"编号 {report.number}", f"Number {report.number}").of(language))
    legend = tuple(f"{one.title.of(language)}: {one.said.of(language)}" for one in frozen.figures)
    for part in frozen.parts:
        if isinstance(part, ReportHeadline):
            name, axis = Said("主要数据", "Main figures").of(language), Said("时期", "Period").of(language)
            yield _page(frozen, part, SheetPage(name, above, ((axis, _NAME_WIDTH),), (), legend), language)
        elif isinstance(part, ReportTable):
            name, axis = part.title.of(language), part.axis.of(language)
            yield _page(frozen, part, SheetPage(name, (name, *above), ((axis, _NAME_WIDTH),), ()), language)
    if frozen.revised:
        yield _revised(frozen, language)


def _page(frozen: Frozen, part: ReportHeadline | ReportTable, empty: SheetPage, language: str) -> SheetPage:
    """A page with the columns and rows of a part."""
    figures = [frozen.figure(column) for column in part.columns]
    heads = [(words, _WIDTH) for figure in figures for words in _heads(figure, language)]
    rows = tuple(
        (
            row.title.of(language),
            *(cell for one, amount in zip(figures, row.amounts, strict=True) for cell in _cells(one, amount)),
        )
        for row in part.every_row
    )
    return replace(empty, columns=(*empty.columns, *heads), rows=rows)


def _heads(figure: ReportFigure, language: str) -> tuple[str, ...]:
    title = figure.title.of(language)
    if figure.kind != "rate":
        return (title,)
    return title + " %", f"{title} {Said('分子', 'of').of(language)}", f"{title} {Said('分母', 'over').of(language)}"


def _cells(figure: ReportFigure, amount: Amount) -> tuple[float | None, ...]:
    if figure.kind != "rate":
        return (amount.of,)
    share = amount.share
    return None if share is None else round(share, 1), amount.of, amount.over


def _revised(frozen: Frozen, language: str) -> SheetPage:
    heads = (Said("数据", "Figure"), Said("哪一行", "Row"), Said("原来", "Was"), Said("现在", "Now"))
    rows = tuple(
        (frozen_title(frozen, one, language), one.title.of(language), *was_and_now(frozen, one))
        for one in frozen.revised
    )
    above = (Said(f"{frozen.before} 此后的修订", f"Revised since {frozen.before}").of(language),)
    return SheetPage(
        Said("此后修订", "Revised since").of(language), above, tuple((one.of(language), 20) for one in heads), rows
    )


def frozen_title(frozen: Frozen, one: Revision, language: str) -> str:
    """What a revised figure is called; its key where this report does not show it."""
    return next((figure.title.of(language) for figure in frozen.figures if figure.key == one.figure), one.figure)


def was_and_now(frozen: Frozen, one: Revision) -> tuple[str, str]:
    """Both amounts of a revision in words."""
    known = next((figure for figure in frozen.figures if figure.key == one.figure), None)
    if known is None:
        return tuple(f"{amount.of}" for amount in (one.was, one.now))  # type: ignore[return-value]
    return amount_words(known, one.was), amount_words(known, one.now)
