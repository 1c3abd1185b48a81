"""The process that opens a workbook: on its own, with little memory and little time, so that no file can harm the house.

It reads the file from its standard input and writes the cells to its standard output; nothing else comes from it.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

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
    """The cells of a workbook; the stored results of formulas are looked up only if there are any."""
    _plain(content)
    book = _loaded(content, results=False)
    formulas = any(cell.data_type == "f" for sheet in book.worksheets for row in _rows(sheet) for cell in row)
    stored = _loaded(content, results=True) if formulas else None
    return RawWorkbook(tuple(_sheet(sheet, stored[sheet.title] if stored else None) for sheet in book.worksheets))


def _plain(content: bytes) -> None:
    """Refuse parts that declare entities; where a library would not unfold them, it would silently leave out what they stand for."""
    with ZipFile(BytesIO(content)) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as part:
                if b"<!DOCTYPE" in part.read(_BEGINNING):
                    raise ValueError(f"{entry.filename} declares a document type")


def _loaded(content: bytes, *, results: bool) -> Any:
    import openpyxl
    from openpyxl.xml import DEFUSEDXML

    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is needed to open what strangers send")
    return openpyxl.load_workbook(BytesIO(content), data_only=results, keep_links=False)


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    last, width = min(sheet.max_row, MOST_ROWS), min(sheet.max_column, MOST_COLUMNS)
    yield from sheet.iter_rows(max_row=last, max_col=width)


def _sheet(sheet: Any, stored: Any) -> RawSheet:
    rows: list[RawRow] = []
    empty = ended = 0
    for cells in _rows(sheet):
        found = tuple(_value(cell, stored) for cell in cells)
        number = cells[0].row
        if any(value is not None for value in found):
            rows.append(RawRow(number, found))
            empty = 0
        else:
            empty += 1
        ended = number
        if empty >= EMPTY_ROWS:
            break
    hidden = {number for number, dimension in sheet.row_dimensions.items() if dimension.hidden}
    return RawSheet(
        name=sheet.title,
        shown=sheet.sheet_state == "visible",
        rows=tuple(rows),
        merged=tuple(sorted(str(one) for one in sheet.merged_cells.ranges)),
        hidden_rows=sum(row.number in hidden for row in rows),
        below=_below(sheet, ended),
    )


def _below(sheet: Any, ended: int) -> int | None:
    """The first row after the end that holds something; cells are looked through as they are kept, none is made."""
    kept: Iterable[tuple[tuple[int, int], Any]] = sheet._cells.items()
    return min((row for (row, _), cell in kept if row > ended and cell.value is not None), default=None)


def _value(cell: Any, stored: Any) -> Value:
    value = cell.value
    if cell.data_type == "f":
        result = stored.cell(cell.row, cell.column).value if stored is not None else None
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
