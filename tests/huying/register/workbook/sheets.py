"""Workbooks as tests write them: sheets of plain rows, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]


def workbook(**sheets: Rows) -> bytes:
    """A workbook with these sheets; the first row of each is its head."""
    return book_of(sheets)


def book_of(sheets: Mapping[str, Rows]) -> bytes:
    """The same, for names with blanks."""
    book, into = openpyxl.Workbook(), BytesIO()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(into)
    return into.getvalue()


AREAS: Rows = [
    ["区划代码*", "名称*", "层级*", "上级代码"],
    ["9901", "海湾区", "区", ""],
    ["9901001", "仙港街道", "街道", "9901"],
]
PEOPLE: Rows = [
    ["登录名", "姓名*", "身份*", "手机", "代表层级", "任期起", "任期止"],
    ["chenhai", "陈海", "人大代表", "13900001234", "区", "2022-01-10", "2027-01-09"],
    ["linyu", "林雨", "工作人员", "", "", "", ""],
    ["dingkai", "丁恺", "承办人", "", "", "", ""],
]
ORGANISATIONS: Rows = [["代码*", "名称*", "类别*"], ["CG", "城市管理局", "承办单位"]]
STATIONS: Rows = [["代码*", "名称*", "类别*", "区域*"], ["XG", "仙港站", "区域站", "9901001"]]
MEMBERSHIPS: Rows = [
    ["登录名*", "站点或单位*", "职务*", "起"],
    ["chenhai", "XG", "代表", "2022-01-10"],
    ["linyu", "XG", "工作人员", ""],
    ["dingkai", "CG", "承办人", ""],
]
ROTA: Rows = [["站点*", "星期*", "登录名*"], ["XG", "周一", "陈海"]]
SMALL: Mapping[str, Rows] = {
    "区域": AREAS,
    "单位": ORGANISATIONS,
    "人员": PEOPLE,
    "站点": STATIONS,
    "任职": MEMBERSHIPS,
    "值班": ROTA,
}


def changed(sheet: str, row: int, column: int, value: Any) -> Mapping[str, Rows]:
    """The small register with one cell (row and column from 1, as Excel counts) otherwise."""
    rows = [list(one) for one in SMALL[sheet]]
    rows[row - 1][column - 1] = value
    return {**SMALL, sheet: rows}


def more(sheet: str, *row: Any) -> Mapping[str, Rows]:
    """The small register with one row more."""
    return {**SMALL, sheet: [*SMALL[sheet], row]}
