"""The sheet of grants: given with an import as the page would give them, by whoever may, and taken back with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from huying.access.viewer import viewer
from huying.database.connections import Database
from huying.database.tables import grants, participants
from huying.house.by import By
from huying.house.house import House
from huying.register.workbook.extraction import extracted
from huying.register.workbook.imports import ImportOffer, NotAsItIs, full_book, offer, offered, write
from huying.register.workbook.undo import undo_import, undo_preview
from huying.rights.grants import NewGrant, end_grant, give
from huying.rights.scope import HOUSE
from tests.huying.register.workbook.sheets import SMALL, Rows, book_of

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
HEAD = ["登录名*", "权限*", "限于区域", "限于站点", "起", "止", "理由*"]
GRANTED: Mapping[str, Rows] = {
    **SMALL,
    "权限": [
        HEAD,
        ["林雨", "名册管理员", "仙港街道", "", "2026-12-01", "", "街道名册"],
        ["chenhai", "督办人", "", "XG", "", "2027-06-30", "督办试点"],
        ["dingkai", "流程编辑", "", "", "", "", "写流程"],
    ],
}


@pytest.fixture(autouse=True)
def _opened_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests open workbooks in their own process."""
    monkeypatch.setattr("huying.register.workbook.imports.opened", extracted)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    database.day.believe(date(2026, 11, 30))
    return House(database, tmp_path / "files")


def holder(house: House, login: str, *roles: str) -> By:
    """Somebody who holds these roles in the whole house, acting now."""
    row = {"name": login, "login": login, "kind": "staff", "language": "zh", "active": True, "created_at": NOW}
    with house.database.writing() as connection:
        person = connection.execute(insert(participants).returning(participants.c.id), row).scalar_one()
        for role in roles:
            give(connection, NewGrant(person, role, HOUSE, date(2026, 1, 1), None, "试"), NOW, None)
    return By(person, NOW)


def handed_in(house: House, sheets: Mapping[str, Rows] | bytes, by: By) -> ImportOffer:
    content = sheets if isinstance(sheets, bytes) else book_of(sheets)
    return offered(house, offer(house, "名册.xlsx", content, by), NOW)


def held(house: House) -> set[tuple[Any, ...]]:
    g = grants.c
    query = (
        select(participants.c.login, g.role, g.area_id.is_not(None), g.station_id.is_not(None), g.since, g.until)
        .join(participants, participants.c.id == g.participant_id)
        .where(g.reason != "试", g.ended_at.is_(None))
    )
    with house.database.reading() as connection:
        return {tuple(row) for row in connection.execute(query)}


def with_grants(*rows: list[str]) -> Mapping[str, Rows]:
    return {**SMALL, "权限": [HEAD, *rows]}


def test_grants_come_in_with_their_people_and_hold(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    made = handed_in(house, GRANTED, by)
    assert made.preview.findings == ()
    assert {one.sheet: one.new for one in made.preview.sums}["grants"] == 3
    write(house, made.id, by)
    assert held(house) == {
        ("linyu", "registrar", True, False, date(2026, 12, 1), None),
        ("chenhai", "supervisor", False, True, date(2026, 11, 30), date(2027, 6, 30)),
        ("dingkai", "editor", False, False, date(2026, 11, 30), None),
    }
    with house.database.reading() as connection:
        person = connection.execute(select(participants.c.id).where(participants.c.login == "dingkai")).scalar_one()
        assert viewer(connection, person).may("write processes", NOW)
        made_by = select(func.count()).where(grants.c.made_by_id == by.person)
        assert connection.execute(made_by).scalar_one() == 3


def test_an_export_of_it_has_nothing_to_change(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    write(house, handed_in(house, GRANTED, by).id, by)
    again = handed_in(house, full_book(house, by, private=True), by).preview
    assert (tuple(again.changes), again.findings) == ((), ())


def test_nobody_gives_by_a_sheet_what_they_could_not_give_on_the_page(house: House) -> None:
    by = holder(house, "keeper", "registrar")
    made = handed_in(house, GRANTED, by)
    with pytest.raises(NotAsItIs):
        write(house, made.id, by)
    assert held(house) == set()
    with house.database.reading() as connection:
        assert connection.execute(select(participants.c.id).where(participants.c.login == "linyu")).first() is None
    told = offered(house, made.id, NOW).preview.errors
    assert [(one.sheet, one.row, one.key) for one in told] == [("grants", 4, "role")]
    assert "没有“授予" in told[0].wrong.zh
    write(house, made.id, by, partial=True)
    assert {row[:2] for row in held(house)} == {("linyu", "registrar"), ("chenhai", "supervisor")}


def test_what_takes_two_is_granted_on_its_page_alone(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    found = handed_in(house, with_grants(["linyu", "系统管理员", "", "", "", "", "管系统"]), by).preview
    assert ["没有可用表格授予的权限“系统管理员”" in one.wrong.zh for one in found.errors] == [True]


@pytest.mark.parametrize(
    ("row", "key", "said"),
    [
        (["linyu", "督办人", "9901001", "XG", "", "", "督办"], "station", "区域、站点只能填一样"),
        (["linyu", "流程编辑", "", "XG", "", "", "写流程"], "station", "只能在全机构授予"),
        (["linyu", "督办人", "", "", "2026-12-01", "2026-11-30", "督办"], "until", "结束早于开始"),
        (["linyu", "督办人", "", "", "", "", ""], "why", ""),
        (["nobody", "督办人", "", "", "", "", "督办"], "login", "没有人员“nobody”"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(house: House, row: list[str], key: str, said: str) -> None:
    found = handed_in(house, with_grants(row), holder(house, "root", "registrar", "system")).preview
    assert [(one.sheet, one.row, one.key) for one in found.errors] == [("grants", 2, key)]
    assert said in found.errors[0].wrong.zh


def test_what_would_be_twice_the_same_or_has_passed_is_told_at_writing(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    rows = (
        ["linyu", "督办人", "", "", "2026-12-01", "", "督办"],
        ["linyu", "督办人", "", "XG", "2026-12-05", "", "督办本站"],
        ["chenhai", "督办人", "", "", "2026-01-01", "2026-02-01", "早已过去"],
    )
    made = handed_in(house, with_grants(*rows), by)
    with pytest.raises(NotAsItIs):
        write(house, made.id, by)
    told = {(one.row, one.key): one.wrong.zh for one in offered(house, made.id, NOW).preview.errors}
    assert told == {(3, "role"): "这个人在这一范围已有此权限", (4, "until"): "截止日期已经过去"}
    assert held(house) == set()


def test_a_grant_that_is_there_already_stays_as_it_is_and_that_is_told(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    write(house, handed_in(house, GRANTED, by).id, by)
    rows = [list(one) for one in GRANTED["权限"]]
    rows[2][5] = "2028-01-01"
    found = handed_in(house, {"权限": rows}, by).preview
    assert found.changes == ()
    assert [(one.row, one.error, "没有改" in one.wrong.zh) for one in found.findings] == [(3, False, True)]


def test_taken_back_they_go_with_their_people_and_are_ended_where_somebody_was_here(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    number = handed_in(house, GRANTED, by).id
    write(house, number, by)
    with house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "linyu").values(passphrase_hash="x"))
    undo_preview(house, number, By(by.person, LATER))
    assert len(held(house)) == 3
    undo_import(house, number, By(by.person, LATER))
    assert held(house) == set()
    with house.database.reading() as connection:
        left = connection.execute(select(grants.c.role, grants.c.ended_at).where(grants.c.reason != "试")).all()
        people = set(connection.execute(select(participants.c.login)).scalars())
    assert [tuple(one) for one in left] == [("registrar", LATER)]
    assert people == {"root", "linyu"}


def test_an_import_of_grants_alone_is_taken_back_too(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    write(house, handed_in(house, SMALL, by).id, by)
    number = handed_in(house, {"权限": GRANTED["权限"]}, by).id
    write(house, number, by)
    assert len(held(house)) == 3
    assert undo_import(house, number, By(by.person, LATER)).restored == 3
    assert held(house) == set()


def test_whoever_may_not_end_a_grant_takes_back_the_rest(house: House) -> None:
    root, keeper = holder(house, "root", "registrar", "system"), holder(house, "keeper", "registrar")
    number = handed_in(house, GRANTED, root).id
    write(house, number, root)
    told = undo_import(house, number, By(keeper.person, LATER))
    assert ["dingkai 的权限“流程编辑”" in one.zh for one in told.kept] == [True]
    assert {row[:2] for row in held(house)} == {("dingkai", "editor")}


def test_the_last_registrar_is_not_taken_back(house: House) -> None:
    by = holder(house, "root", "registrar", "system")
    number = handed_in(house, with_grants(["林雨", "名册管理员", "", "", "", "", "接替"]), by).id
    write(house, number, by)
    with house.database.reading() as connection:
        own = select(grants.c.id).where(grants.c.participant_id == by.person, grants.c.role == "registrar")
        mine = connection.execute(own).scalar_one()
    end_grant(house, mine, "卸任", by)
    told = undo_import(house, number, By(by.person, LATER))
    assert ["最后一位" in one.zh for one in told.kept] == [True]
    assert {row[:2] for row in held(house)} == {("linyu", "registrar")}
