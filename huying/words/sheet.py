"""A list as a sheet (xlsx) that is printed and looked through: a head that stays and is repeated on each page, and a row a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from definitions.text import Said

#: Nothing that somebody wrote becomes a formula or a link, however it begins.
PLAIN: dict[str, Any] = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: So many characters a cell holds at most.
CELL = 32_000
_A4 = 9


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
