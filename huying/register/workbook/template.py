"""The workbook as it is handed out: empty to be filled in, or with the register in it.

It has drop-downs and notes, and nothing in it could become something else in Excel: all but days are texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, NamedTuple

from xlsxwriter import Workbook

from huying.register.nouns import NINE_HAVES, Lines, ListedCode, Mandate, RegisterNoun
from huying.register.workbook.choices import WORDS, OptionList
from huying.register.workbook.finding import letter
from huying.register.workbook.layout import GUIDE, OPTIONS, SHEETS, RegisterSheet, SheetColumn
from huying.register.workbook.raw import MOST_ROWS
from huying.words.sheet import PLAIN

#: Those rows are locked that say what the columns are; people may add, delete and sort the others.
_MAY = {
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
}
#: Columns that are left out of an export without private data.
PRIVATE = {"people": ("phone", "mail")}


class BookStamp(NamedTuple):
    """When a workbook was made, and the digest of the register then: by it an import sees what was changed meanwhile."""

    day: date
    digest: str


def template(lists: Mapping[str, OptionList], lines: Lines, stamp: BookStamp) -> bytes:
    """An empty workbook whose drop-downs know the register; the nine haves stand in it unless the register has some."""
    haves = any(getattr(line, "list", "") == "haves" for line in lines.get("codes", ()))
    codes = (
        ()
        if haves
        else tuple(ListedCode("haves", code, *names, at) for at, (code, names) in enumerate(NINE_HAVES.items()))
    )
    return _book(lists, {"codes": codes}, stamp, private=True)


def export(lists: Mapping[str, OptionList], lines: Lines, stamp: BookStamp, *, private: bool) -> bytes:
    """The register as a workbook; reading it again changes nothing. Without ``private`` phones and addresses of people are left out."""
    return _book(lists, lines, stamp, private=private)


def _book(lists: Mapping[str, OptionList], lines: Lines, stamp: BookStamp, *, private: bool) -> bytes:
    into = BytesIO()
    with Workbook(into, {**PLAIN, "in_memory": True}) as book:
        _guide(book, stamp)
        formats = Formats.of(book)
        for sheet in SHEETS:
            hidden = () if private else PRIVATE.get(sheet.key, ())
            columns = tuple(column for column in sheet.columns if column.key not in hidden)
            write_sheet(book, formats, sheet._replace(columns=columns), rows_of(sheet, columns, lines, lists))
        _options(book, lists)
    return into.getvalue()


class Formats(NamedTuple):
    """How cells look; those below the head are not locked."""

    title: Any
    required: Any
    key: Any
    text: Any
    day: Any

    @classmethod
    def of(cls, book: Any) -> Formats:
        """The formats of a book."""
        head = {"bold": True, "bg_color": "#F3E9E4", "bottom": 1, "valign": "vcenter"}
        return cls(
            title=book.add_format(head),
            required=book.add_format({**head, "font_color": "#8A1C17"}),
            key=book.add_format({"font_color": "#8A8178", "italic": True, "bottom": 1}),
            text=book.add_format({"num_format": "@", "locked": False}),
            day=book.add_format({"num_format": "yyyy-mm-dd", "locked": False, "align": "left"}),
        )


def write_sheet(book: Any, formats: Formats, sheet: RegisterSheet, rows: Sequence[Sequence[object]]) -> Any:
    """One sheet: titles, keys, then rows of texts and days."""
    page = book.add_worksheet(sheet.name)
    for at, column in enumerate(sheet.columns):
        form = formats.day if column.kind == "day" else formats.text
        page.set_column(at, at, column.width, form)
        star = "*" if column.required else ""
        page.write_string(0, at, column.title.zh + star, formats.required if column.required else formats.title)
        page.write_string(1, at, column.key, formats.key)
        note = "\n".join(
            part for part in (f"{column.title.zh} {column.title.en}", column.note.zh, column.note.en) if part
        )
        page.write_comment(0, at, note, {"x_scale": 1.6, "font_size": 9})
        if column.options and column.kind == "choice":
            page.data_validation(
                2, at, MOST_ROWS + 1, at, {"validate": "list", "source": f"={column.options}", "error_type": "warning"}
            )
    for number, row in enumerate(rows, 2):
        for at, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(number, at, datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001
            elif value:
                page.write_string(number, at, str(value), formats.text)
    page.freeze_panes(2, 2)
    page.autofilter(1, 0, max(len(rows) + 1, 2), len(sheet.columns) - 1)
    page.protect("", _MAY)
    # on paper as wide as a page, with the titles on each
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    return page


def rows_of(
    sheet: RegisterSheet, columns: Sequence[SheetColumn], lines: Lines, lists: Mapping[str, OptionList]
) -> list[list[object]]:
    """The cells of all lines of a sheet; people bear their newest mandate, the others stand on a sheet of their own."""
    newest = _newest(lines)
    found = []
    for line in lines.get(sheet.key, ()):
        if sheet.key == "mandates" and newest.get(getattr(line, "login", "")) is line:
            continue
        other = newest.get(getattr(line, "login", "")) if sheet.key == "people" else None
        found.append([_cell(column, other if column.of else line, lists) for column in columns])
    return found


def _newest(lines: Lines) -> Mapping[str, Mandate]:
    found: dict[str, Mandate] = {}
    for line in lines.get("mandates", ()):
        assert isinstance(line, Mandate)
        known = found.get(line.login)
        if known is None or known.since <= line.since:
            found[line.login] = line
    return found


def _cell(column: SheetColumn, line: RegisterNoun | None, lists: Mapping[str, OptionList]) -> object:
    value = getattr(line, column.into) if line is not None else None
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, bool):
        return ("有" if value else "无") if column.key == "has" else ("是" if value else "否")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, tuple):
        return "、".join(lists[column.options].named(code) for code in value)
    return lists[column.options].told(value) if column.options else str(value)


def _options(book: Any, lists: Mapping[str, OptionList]) -> None:
    """The drop-downs' entries on a hidden sheet, each list under a name: in a cell's own rule there is room for 255 characters."""
    page = book.add_worksheet(OPTIONS)
    page.hide()
    for at, (name, choices) in enumerate(lists.items()):
        page.write_string(0, at, WORDS[name].zh)
        entries = [option.shown for option in choices] or [""]
        for row, text in enumerate(entries, 1):
            page.write_string(row, at, text)
        column = letter(at)
        book.define_name(name, f"='{OPTIONS}'!${column}$2:${column}${len(entries) + 1}")


_GUIDE: tuple[tuple[str, str], ...] = (
    ("名册工作簿", "The register as a workbook"),
    (
        "每张表第一行是列名，带 * 的必填；第二行灰色的英文请不要改，第三行起填写。",
        "Row 1 of a sheet names its columns; those with * must be filled in. Leave the grey keys in row 2; write from row 3 on.",
    ),
    (
        "先填 区域，再填 单位、站点、人员，然后填 任职、值班。用不着的表可以删去；没写到的人和站点不会被删除。",
        "Begin with areas, then organisations, stations, people, then memberships and rota. Whoever is not named is not removed.",
    ),
    (
        "有下拉表的格可以选，也可以写代码或名称；几样写在一格里用顿号隔开。",
        "Cells with a list take an entry of it, its code or its name; divide several by commas.",
    ),
    (
        "日期写成 2026-11-01 或 2026年11月1日。不要合并单元格，不要用公式。手机号、代码按文本填写。",
        "Write days as 2026-11-01. No merged cells, no formulas. Phones and codes are texts.",
    ),
    (
        "登录名可以留空，导入时按姓名拼音取，写入前能看到。口令不在这里填：导入后另发邀请。",
        "A login may stay empty: one is made from the name and shown before anything is written. No passphrases here: people are invited afterwards.",
    ),
    (
        "导入时先显示会改什么、哪里不对，您看过才写入；写入后七天内可以整批撤回。",
        "An import first shows what would change and what is wrong; it writes when you say so, and can be taken back as a whole for seven days.",
    ),
)
_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("区域", "990201001 │ 仙港街道 │ │ 街道 street │ 990201 海湾区"),
    ("站点", "XG01 │ 仙港街道代表活动站 │ │ 区域站 area │ │ 990201001 仙港街道 │ │ 港口路 8 号 │ 0592-5147085"),
    (
        "人员",
        "（空） │ 陈海生 │ 人大代表 deputy │ 13900001234 │ …… │ 市人大代表 city │ │ 第三选区 │ 2022-01-10 │ 2027-01-09",
    ),
    ("任职", "chenhaisheng 陈海生 │ XG01 仙港街道代表活动站 │ 代表 deputy │ 2022-01-10"),
    ("值班", "XG01 仙港街道代表活动站 │ 周一 monday │ chenhaisheng 陈海生 │ 09:00 │ 11:30"),
)


def _guide(book: Any, stamp: BookStamp) -> None:
    page = book.add_worksheet(GUIDE)
    large = book.add_format({"bold": True, "font_size": 16, "font_color": "#8A1C17"})
    zh = book.add_format({"text_wrap": True, "valign": "top", "font_size": 11})
    en = book.add_format({"text_wrap": True, "valign": "top", "font_size": 10, "font_color": "#62574E"})
    page.set_column(0, 0, 70)
    page.set_column(1, 1, 66)
    page.hide_gridlines(2)
    for row, (chinese, english) in enumerate(_GUIDE):
        page.write_string(row, 0, chinese, large if row == 0 else zh)
        page.write_string(row, 1, english, large if row == 0 else en)
        page.set_row(row, 26 if row == 0 else 48)
    row = len(_GUIDE) + 1
    page.write_string(row, 0, "例子（只是示意，不会被读取） Examples, never read", book.add_format({"bold": True}))
    for at, (name, example) in enumerate(_EXAMPLES, row + 1):
        page.write_string(at, 0, f"{name}：{example}", zh)
        page.set_row(at, 32)
    row += len(_EXAMPLES) + 2
    page.write_string(row, 0, f"制作日期 made on {stamp.day.isoformat()}", en)
    page.write_string(row + 1, 0, f"{STAMP}{stamp.digest}", en)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


#: Before the digest on the guide.
STAMP = "名册印记 stamp "
