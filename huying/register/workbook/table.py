"""Recognising the sheets of a workbook, and in each its head: by the keys of the second row, else by Chinese or English titles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from definitions.text import Said
from huying.register.workbook.cell import clean
from huying.register.workbook.finding import SheetFinding, letter
from huying.register.workbook.layout import GUIDE, OPTIONS, SHEETS, RegisterSheet
from huying.register.workbook.raw import MOST_ROWS, RawRow, RawSheet, RawWorkbook, Value

#: The head is looked for among so many rows; offices like to put a title over it.
_HEAD_WITHIN = 10
#: What offices write behind a title: 姓名（必填）.
_ASIDE = re.compile(r"\(.*\)$")
_RANGE = re.compile(r"([A-Z]+)(\d+):([A-Z]+)(\d+)")


class TableRows:
    """Rows of a sheet, unpacked anew whenever somebody walks through them; ``read`` gives a row as it counts, or leaves it out."""

    def __init__(self, rows: Iterable[RawRow], read: Callable[[RawRow], RawRow | None]) -> None:
        self._rows, self._read = rows, read

    def __iter__(self) -> Iterator[RawRow]:
        return (found for row in self._rows if (found := self._read(row)) is not None)


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet whose head is understood: where each column stands (from 0), and the rows below the head. ``torn`` rows lie in merged cells."""

    sheet: RegisterSheet
    columns: Mapping[str, int]
    rows: Iterable[RawRow]
    torn: frozenset[int] = frozenset()
    hidden_rows: int = 0

    def cell(self, row: RawRow, key: str) -> Value:
        """What stands in the column of a row; ``None`` if there is no such column."""
        at = self.columns.get(key)
        return row.cells[at] if at is not None and at < len(row.cells) else None

    def letter(self, key: str) -> str | None:
        """The letter of a column."""
        at = self.columns.get(key)
        return None if at is None else letter(at)


@dataclass(frozen=True, slots=True)
class Tables:
    """All sheets that are understood by key, what is wrong with sheets as a whole, and what was not read (a tab, or a column of one)."""

    found: Mapping[str, SheetTable]
    findings: tuple[SheetFinding, ...]
    not_read: tuple[Said, ...]


def tables(book: RawWorkbook) -> Tables:
    """The sheets of a workbook."""
    found: dict[str, SheetTable] = {}
    findings: list[SheetFinding] = []
    not_read: list[Said] = []
    for raw in book.sheets:
        sheet = _named(raw.name)
        if sheet is None:
            if raw.name not in (GUIDE, OPTIONS):
                not_read.append(Said(f"工作表“{raw.name}”", f"sheet “{raw.name}”"))
            continue
        wrong = _refused(raw, sheet, found)
        table = None if wrong else _table(raw, sheet, findings, not_read)
        findings += wrong
        if table is not None:
            found[sheet.key] = table
    if not found and not any(finding.error for finding in findings):
        findings.append(_nothing(book))
    return Tables(found, tuple(findings), tuple(not_read))


def _nothing(book: RawWorkbook) -> SheetFinding:
    names = "、".join(sheet.title.zh for sheet in SHEETS)
    english = ", ".join(sheet.title.en for sheet in SHEETS)
    return _about(
        book.sheets[0].name if book.sheets else "",
        Said("没有找到一张认得的工作表", "no sheet of the register is in this workbook"),
        Said(f"工作表请叫：{names}；最好用下载的模板", f"name the sheets: {english}; best use the template"),
    )


def _named(name: str) -> RegisterSheet | None:
    told = (clean(name) or "").casefold()
    words = told.split()
    for sheet in SHEETS:
        names = {sheet.key, sheet.title.zh, sheet.title.en, sheet.name.casefold(), *sheet.also}
        if told in names or (words and words[0] in (sheet.key, sheet.title.zh)):
            return sheet
    return None


def _refused(raw: RawSheet, sheet: RegisterSheet, found: Mapping[str, SheetTable]) -> list[SheetFinding]:
    if not raw.shown:
        return [
            _about(
                sheet.key,
                Said(f"工作表“{raw.name}”是隐藏的，没有读", f"the sheet “{raw.name}” is hidden and was not read"),
                Said("取消隐藏，核对内容后再导入；不要的话请删除", "show it and look at it, or delete it"),
            )
        ]
    if sheet.key in found:
        return [
            _about(
                sheet.key,
                Said(
                    f"“{sheet.title.zh}”有两张工作表，“{raw.name}”没有读",
                    f"there are two sheets of {sheet.title.en}; “{raw.name}” was not read",
                ),
                Said("合成一张", "make one of both"),
            )
        ]
    return []


def _about(sheet: str, wrong: Said, remedy: Said, *, row: int | None = None, error: bool = True) -> SheetFinding:
    return SheetFinding(sheet, row, None, None, "", wrong, remedy, error=error)


def _table(
    raw: RawSheet, sheet: RegisterSheet, findings: list[SheetFinding], not_read: list[Said]
) -> SheetTable | None:
    if not raw.rows:
        return None
    head = _head(raw, sheet)
    if head is None:
        titles = "、".join(column.title.zh for column in sheet.columns if column.required)
        findings.append(
            _about(
                sheet.key,
                Said("前几行里没有找到表头", "no head was found in the first rows"),
                Said(
                    f"第一行写列名，至少要有：{titles}",
                    "write the titles of the columns in the first row, as in the template",
                ),
            )
        )
        return None
    number, names = head
    columns, double = _columns(names, sheet)
    missing = [column for column in sheet.columns if column.required and column.key not in columns]
    not_read += [
        Said(f"“{sheet.title.zh}”的“{name}”列", f"column “{name}” of {sheet.title.en}")
        for name in _strange(names, sheet)
    ]
    if missing or double:
        findings.append(_wrong_head(sheet, missing, double, number))
        return None
    rows = TableRows(raw.rows, lambda row: row if row.number > number and _written(row, columns) else None)
    if raw.below is not None:
        findings.append(_ends(raw.below, sheet, max((row.number for row in rows), default=0)))
    torn = frozenset(_torn(raw, sheet, number, findings))
    return SheetTable(sheet, columns, rows, torn, raw.hidden_rows)


def _written(row: RawRow, columns: Mapping[str, int]) -> bool:
    return any(at < len(row.cells) and row.cells[at] is not None for at in columns.values())


def _head(raw: RawSheet, sheet: RegisterSheet) -> tuple[int, dict[int, tuple[str, str]]] | None:
    """The row after which data stand, and what stands in it by place: (text, key or nothing)."""
    early = list(takewhile(lambda row: row.number <= _HEAD_WITHIN, raw.rows))
    for by_key in (True, False):
        for row in early:
            names = {at: (text, _key(text, sheet, by_key)) for at, text in _texts(row)}
            hits = sum(bool(key) for _, key in names.values())
            if hits >= 2 and hits * 2 >= len(names):
                return row.number, names
    return None


def _texts(row: RawRow) -> Iterator[tuple[int, str]]:
    for at, value in enumerate(row.cells):
        text = clean(value) if isinstance(value, str) else None
        if text:
            yield at, text


def _key(text: str, sheet: RegisterSheet, by_key: bool) -> str:
    told = _ASIDE.sub("", text.replace("*", "")).strip()
    for column in sheet.columns:
        if (told.casefold() == column.key) if by_key else _titled(told, column.title, column.also):
            return column.key
    return ""


def _titled(text: str, title: Said, also: tuple[str, ...]) -> bool:
    # “名称 Name” as the template writes it, either half alone, or what offices say
    return text in (title.zh, *also) or text.casefold() in (title.en.casefold(), f"{title.zh} {title.en}".casefold())


def _columns(names: Mapping[int, tuple[str, str]], sheet: RegisterSheet) -> tuple[dict[str, int], list[str]]:
    columns: dict[str, int] = {}
    double: list[str] = []
    for at, (_, key) in names.items():
        if key and key in columns:
            double.append(sheet.column(key).title.zh)
        elif key:
            columns[key] = at
    return columns, double


def _strange(names: Mapping[int, tuple[str, str]], sheet: RegisterSheet) -> list[str]:
    return [text for text, key in names.values() if not key]


def _wrong_head(sheet: RegisterSheet, missing: list, double: list[str], number: int) -> SheetFinding:  # type: ignore[type-arg]
    if double:
        listed = "、".join(double)
        return _about(
            sheet.key,
            Said(f"这些列有两个：{listed}", f"these columns stand twice: {listed}"),
            Said("只留一个", "keep one of each"),
            row=number,
        )
    zh = "、".join(column.title.zh for column in missing)
    en = ", ".join(column.title.en for column in missing)
    return _about(
        sheet.key,
        Said(
            f"缺少必填的列：{zh}；整张表没有读", f"columns are missing that must be there: {en}; the sheet was not read"
        ),
        Said("补上这些列，列名与模板一致", "add them, named as in the template"),
        row=number,
    )


def _ends(below: int, sheet: RegisterSheet, last: int) -> SheetFinding:
    """What stands ``below`` the ``last`` row that was read."""
    full = last >= MOST_ROWS
    zh = f"一张表最多读 {MOST_ROWS} 行" if full else "中间空了很多行"
    en = f"at most {MOST_ROWS} rows of a sheet are read" if full else "many empty rows stand between"
    return _about(
        sheet.key,
        Said(f"第 {below} 行起还有内容，没有读：{zh}", f"what stands from row {below} on was not read: {en}"),
        Said("删去空行，或分成几个文件导入；用不着的内容请删除", "take the empty rows out, or import it in parts"),
        row=below,
        error=False,
    )


def torn_rows(merged: str) -> range:
    """The rows of a range such as ``C20:C22``; none of anything else."""
    found = _RANGE.fullmatch(merged)
    return range(int(found[2]), int(found[4]) + 1) if found else range(0)


def _torn(raw: RawSheet, sheet: RegisterSheet, head: int, findings: list[SheetFinding]) -> Iterator[int]:
    """The rows that merged cells reach into, each range told of once."""
    written = {row.number for row in raw.rows} if raw.merged else set()
    for merged in raw.merged:
        found = _RANGE.fullmatch(merged)
        if found is None or int(found[4]) <= head:
            continue
        first, last = max(int(found[2]), head + 1), int(found[4])
        rows = written.intersection(range(first, last + 1))
        if rows:
            findings.append(
                SheetFinding(
                    sheet.key,
                    first,
                    found[1],
                    None,
                    merged,
                    Said(
                        f"{merged} 是合并的单元格，看不出每一行各是什么",
                        f"the cells {merged} are merged; what each row says is not certain",
                    ),
                    Said("取消合并，每一行都填上", "split them, and fill in each row"),
                )
            )
            yield from rows
