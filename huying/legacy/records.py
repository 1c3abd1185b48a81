"""An office's own sheet as it is: where its titles stand, in one row or two, what is no matter at all, and its lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from definitions.text import Said
from huying.register.workbook.archive import LARGEST, WrongWorkbook
from huying.register.workbook.cell import Unclear, clean
from huying.register.workbook.finding import letter
from huying.register.workbook.opening import opened
from huying.register.workbook.portions import Portions
from huying.register.workbook.raw import (
    MOST_COLUMNS,
    MOST_ROWS,
    Dated,
    Formula,
    RawRow,
    RawSheet,
    RawWorkbook,
    Timed,
    Value,
)

#: Titles stand within so many rows.
_HIGH = 12
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_RANGE = re.compile(r"([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)")
#: What stands at the beginning of a line that is none: sums, and who made the sheet.
_NO_LINE = re.compile(r"^(合计|总计|小计|共计|填表|制表|填报|审核|备注[:：]|注[:：]|total|sum)", re.IGNORECASE)
_BOUNDARIES = ",\t;，"


@dataclass(frozen=True, slots=True)
class MergedCells:
    """Cells that are one, by rows and columns from 1, as Excel counts them."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def words(self) -> str:
        """As Excel calls the range."""
        return f"{letter(self.left - 1)}{self.top}:{letter(self.right - 1)}{self.bottom}"


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """The sheet: its ``titles`` by column (empty: none), its lines, and what was passed over, in words.

    ``merged``: cells below the titles that are one, by row: which line one of them means is not certain.
    """

    titles: tuple[str, ...]
    lines: tuple[RawRow, ...]
    merged: Mapping[int, str]
    passed: tuple[Said, ...] = ()

    def cell(self, row: RawRow, column: int) -> Value:
        """What stands there; of a formula what it came to."""
        value = row.cells[column] if column < len(row.cells) else None
        return value.result if isinstance(value, Formula) else value


def read_book(content: bytes) -> RawWorkbook:
    """A workbook or a text with separators, as cells; ``WrongWorkbook`` if it is neither, or would do harm."""
    if content.startswith(_WORKBOOKS) or not content or len(content) > LARGEST:
        return opened(content)
    text = _text(content)
    boundary = max(_BOUNDARIES, key=text[:4000].count)
    rows = (
        RawRow(number, tuple(cell if cell.strip() else None for cell in cells[:MOST_COLUMNS]))
        for number, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=boundary), 1)
        if number <= MOST_ROWS and any(cell.strip() for cell in cells)
    )
    try:
        return RawWorkbook((RawSheet("csv", True, Portions(RawRow, rows).packed()),))
    except csv.Error:
        raise _no_text() from None


def _text(content: bytes) -> str:
    for name in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(name)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise _no_text()


def _no_text() -> WrongWorkbook:
    return WrongWorkbook(
        "这不是表格：请上传 .xlsx，或用逗号、制表符分隔的 .csv。",
        "This is no sheet: upload an .xlsx, or a .csv with commas or tabs.",
    )


def read_sheet(book: RawWorkbook, known: Callable[[str], bool]) -> RecordSheet:
    """The first sheet that is shown and holds something; ``known`` tells whether a title means something."""
    shown = [one for one in book.sheets if one.shown and len(one.rows)]
    if not shown:
        raise WrongWorkbook("表格是空的。", "The sheet is empty.")
    rows = tuple(shown[0].rows)
    merges = tuple(_merges(shown[0].merged))
    top = _spread(rows[:_HIGH], merges)
    first, last = _head(top, merges, known)
    titles = _titles(top, first, last)
    lines, passed = _lines([row for row in rows if row.number > last], titles)
    if len(shown) > 1:
        names = [one.name for one in shown[1:]]
        passed.append(Said(f"没有读的工作表：{'、'.join(names)}", f"tabs that were not read: {', '.join(names)}"))
    if shown[0].below is not None:
        below = shown[0].below
        passed.append(Said(f"第 {below} 行以后没有读", f"nothing was read from row {below} on"))
    under = {
        row: one.words for one in merges if one.bottom > last for row in range(max(one.top, last + 1), one.bottom + 1)
    }
    return RecordSheet(titles, tuple(lines), under, tuple(passed))


def _merges(ranges: Sequence[str]) -> Iterator[MergedCells]:
    for one in ranges:
        if found := _RANGE.fullmatch(one):
            yield MergedCells(int(found[2]), _number(found[1]), int(found[4]), _number(found[3]))


def _number(letters: str) -> int:
    number = 0
    for one in letters:
        number = number * 26 + ord(one) - 64
    return number


def words_of(value: Value) -> str:
    """What a cell shows, cleaned; dates as they are written in figures."""
    if isinstance(value, Formula):
        value = value.result
    if isinstance(value, Dated):
        return value.at.date().isoformat()
    if isinstance(value, Timed):
        return value.at.isoformat("minutes")
    try:
        return clean(value) or ""
    except Unclear:
        return str(value)


def _spread(rows: Sequence[RawRow], merges: Sequence[MergedCells]) -> dict[int, list[str]]:
    """The words of the top rows; what is merged across stands in each of its columns, but for what goes across the whole sheet."""
    found = {row.number: [words_of(cell) for cell in row.cells] for row in rows}
    width = max((len(cells) for cells in found.values()), default=0)
    for cells in found.values():
        cells += [""] * (width - len(cells))
    for one in merges:
        if one.top in found and one.left < one.right and one.right - one.left + 1 < width:
            for column in range(one.left, min(one.right, width) + 1):
                found[one.top][column - 1] = found[one.top][one.left - 1]
    return found


def _head(top: Mapping[int, list[str]], merges: Sequence[MergedCells], known: Callable[[str], bool]) -> tuple[int, int]:
    """The first and last row of the titles: of those that mean most; two where a group stands over several columns."""

    def score(first: int, last: int) -> tuple[int, int, int]:
        titles = [title for title in _titles(top, first, last) if title]
        return sum(known(title) for title in titles), len(set(titles)), first - last

    ones = [(number, number) for number in top]
    groups = {one.top for one in merges if one.left < one.right and one.top in top and _across(top, one)}
    twos = [(number, number + 1) for number in groups if number + 1 in top]
    return max((*ones, *twos), key=lambda at: score(*at))


def _across(top: Mapping[int, list[str]], one: MergedCells) -> bool:
    """Whether a title stands over several columns that have titles of their own."""
    below = top.get(one.top + 1, [])
    return sum(bool(cell) for cell in below[one.left - 1 : one.right]) > 1


def _titles(top: Mapping[int, list[str]], first: int, last: int) -> tuple[str, ...]:
    if first == last:
        return tuple(top[first])
    return tuple(above + below if above != below else above for above, below in zip(top[first], top[last], strict=True))


def _lines(rows: Sequence[RawRow], titles: Sequence[str]) -> tuple[list[RawRow], list[Said]]:
    """The lines, without titles that stand there again, sums and what stands below."""
    lines: list[RawRow] = []
    again = other = 0
    named = {title for title in titles if title}
    for row in rows:
        words = [text for cell in row.cells if (text := words_of(cell))]
        if len(words) > 1 and sum(any(title.endswith(text) for title in named) for text in words) * 2 > len(words):
            again += 1
        elif not words or _NO_LINE.match(words[0]):
            other += 1
        else:
            lines.append(row)
    passed = []
    if again:
        passed.append(Said(f"中间重复的表头 {again} 行", f"{again} rows of titles that stand there again"))
    if other:
        passed.append(Said(f"合计、落款等 {other} 行", f"{other} rows of sums and signatures"))
    return lines, passed
