"""The rows that cannot be written, handed back as a workbook: each with what is wrong with it, to be put right and handed in again."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from definitions.text import Said
from huying.register.workbook.draft import Correction, corrected, shown
from huying.register.workbook.layout import SHEETS, RegisterSheet, SheetColumn
from huying.register.workbook.preview import ImportPreview
from huying.register.workbook.raw import RawWorkbook
from huying.register.workbook.table import SheetTable
from huying.register.workbook.template import Formats, write_sheet
from huying.register.workbook.words import place_words
from huying.words.sheet import PLAIN

_REMARK = SheetColumn("remark", Said("哪里不对，怎样改", "What is wrong"), width=60)
_HEAD = (("位置", 26), ("现在写的", 24), ("哪里不对", 44), ("怎样改", 40), ("Place", 26), ("Wrong", 44), ("Remedy", 40))


def handed_back(book: RawWorkbook, corrections: tuple[Correction, ...], preview: ImportPreview) -> bytes:
    """A sheet of all findings, then those sheets that have rows with errors, with these rows alone."""
    tables, _ = corrected(book, corrections)
    told: dict[tuple[str, int], list[str]] = {}
    for one in preview.errors:
        if one.row is not None:
            told.setdefault((one.sheet, one.row), []).append(f"{one.wrong.zh}。{one.remedy.zh}。")
    into = BytesIO()
    with Workbook(into, {**PLAIN, "in_memory": True}) as made:
        formats = Formats.of(made)
        _findings(made, formats, preview)
        for sheet in SHEETS:
            table = tables.get(sheet.key)
            bad = {row for of, row in preview.bad if of == sheet.key}
            if table is not None and bad:
                _rows(made, formats, sheet, table, {row: told.get((sheet.key, row), []) for row in bad})
    return into.getvalue()


def _findings(made: Any, formats: Formats, preview: ImportPreview) -> None:
    page = made.add_worksheet("问题 findings")
    for at, (title, width) in enumerate(_HEAD):
        page.set_column(at, at, width, formats.text)
        page.write_string(0, at, title, formats.title)
    for row, one in enumerate(preview.findings, 1):
        place = place_words(one)
        mark = Said("", "") if one.error else Said("（请核对）", "(look at it) ")
        cells = (
            place.zh,
            one.found,
            mark.zh + one.wrong.zh,
            one.remedy.zh,
            place.en,
            mark.en + one.wrong.en,
            one.remedy.en,
        )
        for at, text in enumerate(cells):
            page.write_string(row, at, text, formats.text)
    page.freeze_panes(1, 0)


def _rows(made: Any, formats: Formats, sheet: RegisterSheet, table: SheetTable, bad: Mapping[int, list[str]]) -> None:
    there = [column for column in sheet.columns if column.key in table.columns]
    # as texts and without lists: what stands there is wrong in some way, and has to be seen as it is
    columns = tuple(column._replace(options="", kind="text") for column in (*there, _REMARK))
    rows = [
        [*(shown(table.cell(row, column.key)) for column in there), " ".join(bad[row.number])]
        for row in table.rows
        if row.number in bad
    ]
    write_sheet(made, formats, sheet._replace(columns=columns), rows)
