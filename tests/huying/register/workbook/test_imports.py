"""A workbook becomes the register and the register a workbook; what was written is taken back, row by row."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, update

from huying.database.connections import Database
from huying.database.tables import (
    absences,
    addresses,
    areas,
    codes,
    dated_duties,
    duties,
    mandates,
    memberships,
    organisation_codes,
    organisations,
    participant_codes,
    participants,
    register_changes,
    register_deeds,
    register_imports,
    sessions,
    station_haves,
    stations,
)
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.register.imports import import_register
from huying.register.nouns import Person, RegisterNoun
from huying.register.workbook import opening
from huying.register.workbook.draft import Correction
from huying.register.workbook.extraction import extracted
from huying.register.workbook.imports import (
    KEPT,
    ChangedMeanwhile,
    ImportOffer,
    NotAsItIs,
    empty_book,
    end_absent,
    forget_imports,
    full_book,
    looked_at,
    offer,
    offered,
    put_right,
    write,
)
from huying.register.workbook.store import register_lines
from huying.register.workbook.undo import undo_import, undo_preview
from models import metadata
from tests.conftest import Office
from tests.huying.register.workbook.sheets import SMALL, Rows, book_of, changed, more
from tests.huying.story import Story

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
BY = By(None, NOW)
CITY = yaml.safe_load((Path(__file__).parents[4] / "huying" / "demo" / "sample" / "city.yaml").read_text("utf-8"))
TABLES = (
    codes,
    areas,
    organisations,
    organisation_codes,
    participants,
    addresses,
    participant_codes,
    mandates,
    stations,
    station_haves,
    memberships,
    duties,
    dated_duties,
    absences,
)


@pytest.fixture(autouse=True)
def _opened_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests open workbooks in their own process; the other one is tried in ``test_archive``."""
    monkeypatch.setattr("huying.register.workbook.imports.opened", extracted)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    database.day.believe(date(2026, 11, 30))
    return House(database, tmp_path / "files")


@pytest.fixture
def city(house: House) -> House:
    import_register(house.database, CITY, NOW, "huying")
    return house


def _rows(house: House) -> dict[str, list[tuple[Any, ...]]]:
    with house.database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in TABLES
        }


def _register(house: House) -> dict[str, set[RegisterNoun]]:
    with house.database.reading() as connection:
        return {kind: set(lines) for kind, lines in register_lines(connection).items()}


def _offer(house: House, sheets: Mapping[str, Rows] | bytes) -> ImportOffer:
    content = sheets if isinstance(sheets, bytes) else book_of(sheets)
    return offered(house, offer(house, "名册.xlsx", content, BY), NOW)


def _written(house: House, sheets: Mapping[str, Rows] | bytes) -> int:
    made = _offer(house, sheets)
    assert made.preview.errors == ()
    write(house, made.id, BY)
    return made.id


def test_an_offer_writes_nothing(house: House) -> None:
    before = _rows(house)
    made = _offer(house, SMALL)
    assert _rows(house) == before
    assert [(one.sheet, one.new, one.bad) for one in made.preview.sums] == [
        ("areas", 2, 0),
        ("organisations", 1, 0),
        ("stations", 1, 0),
        ("people", 3, 0),
        ("memberships", 3, 0),
        ("rota", 1, 0),
    ]


def test_a_workbook_becomes_rows_and_nobody_gets_a_passphrase(house: House) -> None:
    _written(house, SMALL)
    with house.database.reading() as connection:
        people = connection.execute(select(participants).order_by(participants.c.login)).all()
        (mandate,) = connection.execute(select(mandates)).all()
        street = connection.execute(select(areas).where(areas.c.code == "9901001")).one()
        above = connection.execute(select(areas.c.code).where(areas.c.id == street.parent_id)).scalar_one()
    assert [(one.login, one.kind, one.passphrase_hash) for one in people] == [
        ("chenhai", "deputy", None),
        ("dingkai", "handler", None),
        ("linyu", "staff", None),
    ]
    assert people[0].phone_index != people[1].phone_index
    assert (mandate.level, mandate.since, mandate.until) == ("district", date(2022, 1, 10), date(2027, 1, 9))
    assert above == "9901"


def test_every_row_has_its_line_in_the_log(house: House) -> None:
    number = _written(house, SMALL)
    rows = sum(len(found) for found in _rows(house).values())
    with house.database.reading() as connection:
        deed = connection.execute(select(register_deeds)).one()
        count = connection.execute(select(func.count()).select_from(register_changes)).scalar_one()
        row = connection.execute(select(register_imports)).one()
    assert (deed.way, deed.why, count) == ("sheet", "名册.xlsx", rows)
    assert (row.id, row.state, row.deed_id) == (number, "written", deed.id)


def test_the_same_workbook_again_changes_nothing(house: House) -> None:
    _written(house, SMALL)
    again = _offer(house, SMALL)
    assert again.preview.changes == ()
    with pytest.raises(NotAsItIs, match="nothing to change"):
        write(house, again.id, BY)


def test_an_export_of_the_sample_city_says_that_there_is_nothing_to_change(city: House) -> None:
    preview = looked_at(city, extracted(full_book(city, BY)))
    assert preview.changes == ()
    assert preview.errors == ()
    assert preview.not_read == ()
    assert sum(one.same for one in preview.sums) > 200
    assert all(not one.absent for one in preview.sums)


def test_an_export_of_the_sample_city_moves_into_an_empty_house_as_it_is(city: House, tmp_path: Path) -> None:
    elsewhere = Database(f"sqlite:///{tmp_path}/elsewhere.db")
    metadata.create_all(elsewhere.engine)
    elsewhere.day.believe(date(2026, 11, 30))
    empty = House(elsewhere, tmp_path / "other files")
    made = _offer(empty, full_book(city, BY))
    assert made.preview.errors == ()
    write(empty, made.id, BY)
    assert _register(empty) == _register(city)
    elsewhere.close()


def test_an_export_without_private_columns_takes_nobodys_phone(city: House) -> None:
    content = full_book(city, BY, private=False)
    page = openpyxl.load_workbook(BytesIO(content))["人员 people"]
    assert "phone" not in [cell.value for cell in page[2]]
    assert looked_at(city, extracted(content)).changes == ()


def test_the_template_brings_the_nine_haves_and_nothing_else(city: House) -> None:
    preview = looked_at(city, extracted(empty_book(city)))
    assert preview.errors == ()
    assert {change.kind for change in preview.changes} == {"codes"}
    assert len(preview.changes) == 9


def test_an_exported_workbook_is_filled_in_further(city: House) -> None:
    book = openpyxl.load_workbook(BytesIO(full_book(city, BY)))
    book["人员 people"].append(["", "王小伟", "代表", "１３９１２３４５６７８", "", "", "", "农业、law"])
    book["任职 memberships"].append(["王小伟", "XG", "联络员", "2026年12月1日"])
    into = BytesIO()
    book.save(into)
    made = _offer(city, into.getvalue())
    assert made.preview.errors == ()
    assert made.preview.invented == ((52, "wangxiaowei", "王小伟"),)
    write(city, made.id, BY)
    with city.database.reading() as connection:
        person = connection.execute(select(participants).where(participants.c.login == "wangxiaowei")).one()
        borne = connection.execute(
            select(participant_codes.c.code).where(participant_codes.c.participant_id == person.id)
        )
        assert {row.code for row in borne} == {"agriculture", "law"}
        membership = connection.execute(select(memberships).where(memberships.c.participant_id == person.id)).one()
    assert (person.phone, membership.function, membership.since) == ("13912345678", "liaison", date(2026, 12, 1))


def test_only_what_the_file_speaks_of_is_changed(city: House) -> None:
    made = _offer(city, {"人员": [["登录名", "姓名", "身份"], ["linxiaoyu", "林晓雨", "工作人员"]]})
    (change,) = made.preview.changes
    assert change.fields() == ("name",)
    assert isinstance(change.after, Person)
    assert change.after.mail


def test_taking_back_restores_every_row(city: House) -> None:
    before = _rows(city)
    book = openpyxl.load_workbook(BytesIO(full_book(city, BY)))
    people = book["人员 people"]
    people.cell(3, 2).value = "改名"
    people.cell(4, 5).value = "new@example.cn"
    people.cell(5, 8).value = "农业"
    people.append(
        [
            "wangwei",
            "王伟",
            "代表",
            "13912345678",
            "",
            "",
            "",
            "农业",
            "",
            "市",
            "",
            "三选区",
            "2022-01-01",
            "2027-01-01",
        ]
    )
    book["站点 stations"].append(["ZZ01", "新站", "", "联系点", "XG", "990201001"])
    book["九有 haves"].append(["ZZ01", "sign", "有"])
    book["任职 memberships"].append(["wangwei", "ZZ01", "代表", "2022-01-01"])
    book["值班 rota"].append(["ZZ01", "周一", "wangwei", "9:00", "11:30"])
    into = BytesIO()
    book.save(into)
    number = _written(city, into.getvalue())
    after = _rows(city)
    assert after != before
    seen = undo_preview(city, number, BY)
    assert _rows(city) == after
    assert undo_import(city, number, BY) == seen
    assert seen.kept == ()
    assert _rows(city) == before
    assert offered(city, number, NOW).state == "undone"
    with pytest.raises(NotAsItIs, match="taken back already"):
        undo_import(city, number, BY)


def test_what_was_changed_since_stays_and_is_told(house: House) -> None:
    number = _written(house, SMALL)
    with house.database.writing() as connection:
        connection.execute(update(participants).where(participants.c.login == "linyu").values(phone="0592-1"))
    done = undo_import(house, number, BY)
    assert "人员 linyu 林雨" in [one.zh for one in done.kept]
    assert [row[2] for row in _rows(house)["participant"]] == ["linyu"]


def test_whoever_is_needed_is_put_out_of_use_and_not_deleted(house: House) -> None:
    number = _written(house, SMALL)
    with house.database.writing() as connection:
        person = connection.execute(select(participants.c.id).where(participants.c.login == "linyu")).scalar_one()
        session = {
            "token_hash": "x",
            "participant_id": person,
            "created_at": NOW,
            "expires_at": NOW + timedelta(days=1),
        }
        connection.execute(insert(sessions).values({k: v for k, v in session.items() if k in sessions.c}))
    done = undo_import(house, number, BY)
    assert [one.zh for one in done.ended] == ["人员 linyu 林雨"]
    with house.database.reading() as connection:
        assert connection.execute(select(participants.c.active)).scalars().all() == [False]


def test_good_rows_alone_are_written_if_somebody_says_so(house: House) -> None:
    made = _offer(house, changed("人员", 2, 4, "139"))
    with pytest.raises(NotAsItIs, match="errors"):
        write(house, made.id, BY)
    assert _rows(house)["participant"] == []
    write(house, made.id, BY, partial=True)
    assert sorted(row[2] for row in _rows(house)["participant"]) == ["dingkai", "linyu"]


def test_a_cell_is_put_right_on_the_page(house: House) -> None:
    made = _offer(house, changed("人员", 2, 4, "139"))
    put_right(house, made.id, [Correction("people", 2, "phone", "13900001234")], NOW)
    again = offered(house, made.id, NOW)
    assert again.preview.errors == ()
    write(house, made.id, BY)
    assert len(_rows(house)["participant"]) == 3


def test_what_was_changed_after_the_preview_is_looked_at_again(house: House) -> None:
    made = _offer(house, SMALL)
    with house.database.writing() as connection:
        values = {"code": "9901", "name_zh": "已建的区", "name_en": "", "level": "district"}
        connection.execute(insert(areas).values(values))
    with pytest.raises(ChangedMeanwhile):
        write(house, made.id, BY)
    sums = {one.sheet: one for one in offered(house, made.id, NOW).preview.sums}
    assert (sums["areas"].new, sums["areas"].changed) == (1, 1)
    write(house, made.id, BY)


def test_nothing_is_written_twice(house: House) -> None:
    number = _written(house, SMALL)
    with pytest.raises(NotAsItIs, match="written already"):
        write(house, number, BY)


def test_what_is_missing_stays_unless_somebody_ends_it(house: House) -> None:
    _written(house, SMALL)
    made = _offer(house, {"任职": SMALL["任职"][:3], "人员": SMALL["人员"]})
    assert made.preview.changes == ()
    (memberships_sum,) = [one for one in made.preview.sums if one.sheet == "memberships"]
    assert (memberships_sum.absent, memberships_sum.many) == (1, True)
    with pytest.raises(NotAsItIs, match="more than a fifth"):
        end_absent(house, made.id, ["memberships"], {}, NOW)
    end_absent(house, made.id, ["memberships"], {"memberships": "1"}, NOW)
    write(house, made.id, BY)
    with house.database.reading() as connection:
        ends = connection.execute(select(memberships.c.until).where(memberships.c.function == "handler")).scalar_one()
    assert ends == date(2026, 11, 29)


def test_the_last_administrator_stays(house: House) -> None:
    _written(house, more("人员", "gly", "管理者", "管理员", "", "", "", ""))
    made = _offer(house, {"人员": [["登录名", "姓名", "身份"], ["gly", "管理者", "工作人员"]]})
    assert [one.wrong.zh for one in made.preview.errors] == ["这样就没有管理员了"]
    assert made.preview.changes == ()


def test_a_station_with_open_issues_is_not_closed(office: Office) -> None:
    with office.house.database.reading() as connection:
        station = connection.execute(select(stations)).first()
        area = (
            connection.execute(select(areas.c.code).where(areas.c.id == station.area_id)).scalar_one()
            if station
            else ""
        )
    assert station is not None
    Story(office, NOW).open()
    sheet = [["code", "name_zh", "kind", "area", "active"], [station.code, station.name_zh, "area", area, "否"]]
    made = _offer(office.house, {"站点": sheet})
    (found,) = [one for one in made.preview.errors if "在办事项" in one.wrong.zh]
    assert (found.sheet, found.row) == ("stations", 2)
    assert "并入站点" in found.remedy.zh
    with pytest.raises(NotAsItIs):
        write(office.house, made.id, BY, partial=True)


def test_a_station_closes_where_another_carries_on_that_may_stand_below_it(office: Office) -> None:
    with office.house.database.reading() as connection:
        station = connection.execute(select(stations)).first()
        assert station is not None
        area = connection.execute(select(areas.c.code).where(areas.c.id == station.area_id)).scalar_one()
    Story(office, NOW).open()
    sheet = [
        ["code", "name_zh", "kind", "area", "active", "successor"],
        [station.code, station.name_zh, "area", area, "否", "NEW"],
        ["NEW", "新站", "area", area, "是", ""],
    ]
    made = _offer(office.house, {"站点": sheet})
    assert [one.wrong.zh for one in made.preview.errors] == []
    write(office.house, made.id, BY)
    with office.house.database.reading() as connection:
        rows = {row.code: row for row in connection.execute(select(stations))}
    assert rows[station.code].successor_id == rows["NEW"].id
    assert not rows[station.code].active


def test_an_import_is_kept_for_seven_days(house: House) -> None:
    made = _offer(house, SMALL)
    with pytest.raises(NotFound):
        offered(house, made.id, NOW + KEPT)
    with house.database.writing() as connection:
        assert forget_imports(connection, NOW + KEPT - timedelta(seconds=1)) == 0
        assert forget_imports(connection, NOW + KEPT) == 1


def test_opening_brings_what_the_other_process_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huying.register.workbook.imports.opened", opening.opened)
    assert len(_offer(house, SMALL).preview.changes) == 12


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "S", "Cf")), min_size=1, max_size=20)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(NAMES, min_size=1, max_size=4), note=NAMES)
def test_whatever_stands_in_a_register_an_export_of_it_changes_nothing(
    database_kind: str, database: Database, tmp_path: Path, names: list[str], note: str
) -> None:
    if database_kind != "sqlite":
        pytest.skip("the texts are the same on each")
    house = House(database, tmp_path)
    with house.database.writing() as connection:
        for table in (memberships, stations, areas, participants):
            connection.execute(delete(table))
        for at, name in enumerate(names):
            connection.execute(
                insert(areas).values(code=f"A{at}", name_zh=name[:100], name_en=note[:100], level="city")
            )
            area = connection.execute(select(areas.c.id).where(areas.c.code == f"A{at}")).scalar_one()
            connection.execute(
                insert(stations).values(
                    code=f"S{at}", name_zh=name, name_en="", kind="area", area_id=area, address=note
                )
            )
            person = {"login": f"p{at}x", "name": name, "kind": "staff", "unit": note, "created_at": NOW}
            connection.execute(insert(participants).values(person))
    preview = looked_at(house, extracted(full_book(house, BY)))
    blank = [finding for finding in preview.errors if "没有写" not in finding.wrong.zh]
    assert blank == []
    assert preview.changes == ()


def test_the_process_that_opens_needs_nothing_of_the_house() -> None:
    """It starts quickly: neither the database nor the web is loaded."""
    code = "import huying.register.workbook.extraction, sys; print(sorted(set(sys.modules) & {'sqlalchemy', 'fastapi', 'prefect'}))"
    root = Path(__file__).parents[4]
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root, env={**os.environ}
    )
    assert told.stdout.strip() == "[]"
