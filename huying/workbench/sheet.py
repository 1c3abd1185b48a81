"""A list as a sheet (xlsx): written row by row, so that a long one takes no memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from xlsxwriter import Workbook

from huying.locale import translations
from huying.words.sheet import CELL, PLAIN
from huying.workbench.columns import ListColumn, titles
from huying.workbench.line import Line


@dataclass(frozen=True, slots=True)
class Heading:
    """What a sheet says over its rows: its title, and in a second line of when it is, and what it is narrowed to."""

    title: str
    note: str


def sheet(heading: Heading, columns: Sequence[ListColumn], lines: Iterable[Line], language: str) -> bytes:
    """The sheet, laid out to be printed: as wide as a page, heads repeated, pages numbered."""
    _ = translations(language).gettext
    named, into = titles(language), BytesIO()
    with Workbook(into, {**PLAIN, "constant_memory": True}) as book:
        page = book.add_worksheet(_("Issues"))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        large = book.add_format({"bold": True, "font_size": 14})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        page.freeze_panes(3, 2)
        page.set_footer("&C" + _("page &P of &N"))
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
        page.write_string(0, 0, heading.title, large)
        page.write_string(1, 0, heading.note)
        for at, column in enumerate(columns):
            page.write_string(2, at, named[column.key], bold)
        for row, line in enumerate(lines, 3):
            for at, column in enumerate(columns):
                page.write_string(row, at, column.cell(line)[:CELL], wrapped)
    return into.getvalue()
