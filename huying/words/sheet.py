"""A list as a sheet (xlsx) that is printed and looked through: a head that stays and is repeated on each page, and a row a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from definitions.text import Said

#: Nothing that somebody wrote becomes a formula or a link, however it begins.
PLAIN: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: So many characters a cell holds at most.
CELL = 32_000
_A4 = 9
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


def list_sheet(
    title: Said, columns: Sequence[tuple[Said, int]], rows: Iterable[Sequence[str]], language: str, standing: int = 1
) -> bytes:
    """The workbook; columns have a title and a width, and the first ``standing`` of them stay while one looks to the right."""
    into = BytesIO()
    with Workbook(into, {**PLAIN, "constant_memory": True}) as book:
        page = book.add_worksheet(title.of(language))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page.set_landscape()
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, standing)
        for at, (name, width) in enumerate(columns):
            page.set_column(at, at, width)
            page.write_string(0, at, name.of(language), bold)
        for number, row in enumerate(rows, 1):
            for at, text in enumerate(row):
                page.write_string(number, at, text[:CELL], wrapped)
    return into.getvalue()


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A page of a workbook: its name, what stands above the table, its head with widths, its rows, and notes below. Numbers stay numbers."""

    name: str
    above: tuple[str, ...]
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str | float | None, ...], ...]
    notes: tuple[str, ...] = ()


def book_of(pages: Iterable[SheetPage]) -> bytes:
    """A workbook of several pages, each as it is printed; the same bytes for the same pages."""
    into = BytesIO()
    with Workbook(into, dict(PLAIN)) as book:
        # the moment at which it was made would make each another one
        book.set_properties({"created": _NEVER})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        title = book.add_format({"bold": True, "font_size": 14})
        used: set[str] = set()
        for one in pages:
            page = book.add_worksheet(_sheet_name(one.name, used))
            page.set_landscape()
            page.set_paper(_A4)
            page.fit_to_pages(1, 0)
            at = 0
            for at, line in enumerate(one.above, 1):
                page.write_string(at - 1, 0, line[:CELL], title if at == 1 else None)
            for place, (words, width) in enumerate(one.columns):
                page.set_column(place, place, width)
                page.write_string(at, place, words[:CELL], bold)
            if one.columns:
                page.repeat_rows(at)
            for number, row in enumerate(one.rows, at + 1):
                for place, cell in enumerate(row):
                    if isinstance(cell, str):
                        page.write_string(number, place, cell[:CELL])
                    elif cell is not None:
                        page.write_number(number, place, cell)
            for number, line in enumerate(one.notes, at + len(one.rows) + 2):
                page.write_string(number, 0, line[:CELL])
    return into.getvalue()


def _sheet_name(name: str, used: set[str]) -> str:
    """A name that Excel takes, and no other page has."""
    short = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:28] or "1"
    found, number = short, 2
    while found.lower() in used:
        found, number = f"{short} {number}", number + 1
    used.add(found.lower())
    return found
