"""A realistic, dirty workbook: what can be read is read, every other cell is told of, and what is put right is written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select

from huying.database.connections import Database
from huying.database.tables import mandates, participants, stations
from huying.house.by import By
from huying.house.house import House
from huying.register.workbook.draft import Correction
from huying.register.workbook.imports import offer, offered, put_right, write
from tests.huying.register.workbook.dirty_office import PEOPLE, STATIONS, dirty_office
from tests.template import Template, filled

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
EMPTY = Template("tables", lambda database, folder: None)


def test_an_office_comes_in_from_its_own_workbook(tmp_path: Path) -> None:
    database, _ = filled(EMPTY, tmp_path / "huying.db")
    database.day.believe(date(2026, 11, 30))
    house = House(database, tmp_path)
    number = offer(house, "一览表.xlsx", dirty_office(), By(None, NOW))
    found = offered(house, number, NOW).preview
    told = {(one.sheet, one.row, one.key): one for one in found.errors}

    # each fault at its cell, and none besides
    expected: dict[tuple[str, int | None, str | None], str] = {
        ("stations", 20, None): "C20:C22 是合并的单元格，看不出每一行各是什么",
        ("stations", 51, "area"): "没有区划“990207001”",
        ("stations", 61, "code"): "代码 Z010 在第 13 行已用过",
        ("people", 11, "phone"): "手机号少了 2 位",
        ("people", 22, "term_from"): "这是 Excel 内部的日期序号",
        ("people", 32, "term_from"): "看不出哪个是月、哪个是日",
        ("people", 36, "term_until"): "代表没有写任期止",
    }
    assert told.keys() == expected.keys()
    assert [one.wrong.zh for where, one in told.items() if not one.wrong.zh.startswith(expected[where])] == []
    assert {part.zh for part in found.not_read} == {"工作表“历年台账”", "“站点”的“备注栏”列"}
    assert [one.hidden for one in found.sums if one.sheet == "people"] == [1]
    assert len({login for _, login, _ in found.invented}) == len(found.invented) > 490

    # put right on the page, the rows of the merged cell left out, then written
    put_right(
        house,
        number,
        [
            Correction("stations", 51, "area", "990201006"),
            Correction("stations", 61, "code", "Z442"),
            Correction("people", 11, "phone", "13900001234"),
            Correction("people", 22, "term_from", "2022-01-10"),
            Correction("people", 32, "term_from", "2022-01-10"),
            Correction("people", 36, "term_until", "2027-01-09"),
            *(Correction("stations", row, "", "") for row in (20, 21, 22)),
        ],
        NOW,
    )
    again = offered(house, number, NOW).preview
    assert [(one.sheet, one.row, one.wrong.zh) for one in again.errors] == []
    write(house, number, By(None, NOW))
    assert _counted(database) == (STATIONS - 3, PEOPLE, PEOPLE // 2)
    database.close()


def _counted(database: Database) -> tuple[int, ...]:
    with database.reading() as connection:
        tables = (stations, participants, mandates)
        return tuple(connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables)
