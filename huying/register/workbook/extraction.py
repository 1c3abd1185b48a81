"""The process that opens a workbook: on its own, with little memory and little time, so that no file can harm the house.

It reads the file from its standard input and writes the cells to its standard output; nothing else comes from it.
"""

from __future__ import annotations

import re
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from huying.register.workbook.portions import Portions
from huying.register.workbook.raw import (
    EMPTY_ROWS,
    LONGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    Dated,
    Formula,
    RawRow,
    RawSheet,
    RawWorkbook,
    Timed,
    Value,
    packed,
)

#: The most memory in bytes, and the most time of a processor in seconds.
MEMORY, SECONDS = 1536 * 1024 * 1024, 60
_LARGEST_NUMBER = 2**62
#: A document type stands before everything else.
_BEGINNING = 64 * 1024
#: The element of a formula, in whatever name space; so many bytes of a block are looked at again with the next.
_FORMULA, _OVERLAP = re.compile(rb"<(?:\w+:)?f[\s>/]"), 64
_TRUE = ("1", "true")


def main() -> int:
    """Read, open, write; 1 says that the file cannot be opened, 2 that it takes too much."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        sys.stdout.buffer.write(packed(extracted(sys.stdin.buffer.read())))
    except MemoryError:
        return 2
    except Exception:  # whatever a library makes of a stranger's file: it cannot be opened
        return 1
    return 0


def extracted(content: bytes) -> RawWorkbook:
    """The cells of a workbook, row by row; the stored results of formulas are looked up only in sheets that have some."""
    import openpyxl
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is needed to open what strangers send")
    _plain(content)
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, keep_links=False)
    return RawWorkbook(tuple(_sheet(sheet) for sheet in book.worksheets))


def _plain(content: bytes) -> None:
    """Refuse parts that declare entities; where a library would not unfold them, it would silently leave out what they stand for."""
    with ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(_BEGINNING):
                    raise ValueError(f"{entry.filename} declares a document type")


def _parser(sheet: Any, source: Any, *, results: bool) -> Any:
    """The library's parser of a sheet: its own reader of rows, read-only or not, forgets merged cells or keeps every cell."""
    from openpyxl.worksheet._reader import WorkSheetParser

    of = sheet.parent
    return WorkSheetParser(
        source,
        sheet._shared_strings,
        data_only=results,
        epoch=of.epoch,
        date_formats=of._date_formats,
        timedelta_formats=of._timedelta_formats,
    )


def _has_formulas(sheet: Any) -> bool:
    """Whether the part of a sheet has the element of a formula, looked for in blocks that overlap."""
    before = b""
    with sheet._get_source() as source:
        while block := source.read(_BEGINNING):
            if _FORMULA.search(before + block):
                return True
            before = block[-_OVERLAP:]
    return False


def _sheet(sheet: Any) -> RawSheet:
    with ExitStack() as stack:
        parser = _parser(sheet, stack.enter_context(sheet._get_source()), results=False)
        stored = None
        if _has_formulas(sheet):
            stored = _parser(sheet, stack.enter_context(sheet._get_source()), results=True).parse()
        taken = _Rows(parser, stored)
        rows = Portions(RawRow, taken)
    merged = parser.merged_cells.mergeCell if parser.merged_cells else ()
    return RawSheet(
        name=sheet.title,
        shown=sheet.sheet_state == "visible",
        portions=rows.packed(),
        merged=tuple(sorted(str(one.ref) for one in merged)),
        hidden_rows=taken.hidden,
        below=taken.below,
    )


class _Rows:
    """The rows of a sheet that hold something, until it ends; then it is only looked whether something stands ``below``."""

    def __init__(self, parser: Any, stored: Iterator[Any] | None) -> None:
        self._parser, self._stored = parser, stored
        self.hidden = 0
        self.below: int | None = None

    def __iter__(self) -> Iterator[RawRow]:
        last, ended = 0, False
        for number, cells in self._parser.parse():
            results = next(self._stored)[1] if self._stored is not None else None
            hidden = self._parser.row_dimensions.get(str(number), {}).get("hidden") in _TRUE
            # the parser would keep what it knows of each of a million empty rows
            self._parser.row_dimensions.clear()
            found = _values(cells, results)
            if not found:
                continue
            ended = ended or number > MOST_ROWS or number - last > EMPTY_ROWS
            if ended:
                self.below = number if self.below is None else min(self.below, number)
                continue
            last = number
            if near := [column for column in found if column <= MOST_COLUMNS]:
                self.hidden += hidden
                yield RawRow(number, tuple(found.get(column) for column in range(1, max(near) + 1)))


def _values(cells: Sequence[Any], results: Sequence[Any] | None) -> Mapping[int, Value]:
    """What stands in the cells of a row, by the number of the column; empty ones are left out."""
    found: dict[int, Value] = {}
    for at, cell in enumerate(cells):
        value = _value(cell, results[at]["value"] if results is not None else None)
        if value is not None:
            found[cell["column"]] = value
    return found


def _value(cell: Any, result: Any) -> Value:
    value = cell["value"]
    if cell["data_type"] == "f":
        return Formula(result if isinstance(result, str | int | float | bool) else None)
    if isinstance(value, str):
        return value[:LONGEST] if value.strip() else None
    if isinstance(value, datetime):
        return Dated(value)
    if isinstance(value, date):
        return Dated(datetime(value.year, value.month, value.day))  # noqa: DTZ001 (a cell has no time zone)
    if isinstance(value, time):
        return Timed(value)
    if isinstance(value, int) and abs(value) > _LARGEST_NUMBER:
        return float(value)
    return value if value is None or isinstance(value, int | float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
