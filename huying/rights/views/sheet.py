"""All rights as a workbook, for the yearly review: one row a right, with room to tick it off."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from xlsxwriter import Workbook

from definitions.text import Said

#: Nothing that somebody wrote becomes a formula or a link, however it begins.
_PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_COLUMNS = (
    (Said("姓名", "Name"), 16),
    (Said("可以办理", "May"), 26),
    (Said("范围", "Where"), 24),
    (Said("因为", "Because of"), 30),
    (Said("从", "From"), 16),
    (Said("到", "Until"), 16),
    (Said("谁授予", "Given by"), 20),
    (Said("理由", "Why"), 36),
    (Said("复核：仍需要（是/否）", "Review: still needed (yes/no)"), 20),
)


def rights_sheet(rows: Iterable[tuple[str, ...]], language: str) -> bytes:
    """The workbook."""
    into = BytesIO()
    with Workbook(into, _PLAIN) as book:
        page = book.add_worksheet(Said("谁能做什么", "Who may do what").of(language))
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.freeze_panes(1, 1)
        for at, (title, width) in enumerate(_COLUMNS):
            page.set_column(at, at, width)
            page.write_string(0, at, title.of(language), bold)
        for number, row in enumerate(rows, 1):
            for at, text in enumerate(row):
                page.write_string(number, at, text[:32_000], wrapped)
    return into.getvalue()
