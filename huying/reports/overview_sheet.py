"""The page of figures as a workbook: a page for each table, numbers as numbers."""

from __future__ import annotations

from definitions.text import Said
from huying.reports.overview import Overview, OverviewCell, OverviewHead, OverviewLine, OverviewSection
from huying.words.sheet import SheetPage, book_of


def overview_sheet(view: Overview, title: str, language: str) -> bytes:
    """The workbook."""
    legend = tuple(f"{name}: {said}" for name, said in view.legend)
    return book_of(_page(one, title, legend, language) for one in view.sections)


def _page(section: OverviewSection, title: str, legend: tuple[str, ...], language: str) -> SheetPage:
    heads = [words for head in section.heads for words in _heads(head, language)]
    rows = [*section.lines, section.total]
    columns = ((section.axis, 24), *((words, 12) for words in heads))
    return SheetPage(
        section.title, (section.title, title), columns, tuple(_row(section, line) for line in rows), legend
    )


def _heads(head: OverviewHead, language: str) -> tuple[str, ...]:
    if not head.rate:
        return (head.title,)
    of, over = Said("分子", "of").of(language), Said("分母", "over").of(language)
    return f"{head.title} %", f"{head.title} {of}", f"{head.title} {over}"


def _row(section: OverviewSection, line: OverviewLine) -> tuple[str | float | None, ...]:
    pairs = zip(section.heads, line.cells, strict=True)
    return (line.title, *(value for head, cell in pairs for value in _values(head, cell)))


def _values(head: OverviewHead, cell: OverviewCell) -> tuple[float | None, ...]:
    if not head.rate:
        return (_number(cell.words),)
    return _number(cell.words.removesuffix("%")), _number(cell.of), _number(cell.over)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
