"""The one place through which the register changes: all or nothing, each row in the log, and every deed can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from huying.database.connections import Database
from huying.database.tables import (
    areas,
    memberships,
    participants,
    register_changes,
    register_deeds,
    station_haves,
    stations,
)
from huying.errors import AlreadyDone, NotFound
from huying.register.changes import Applied, Change, Stamp, WrongChanges, apply
from huying.register.shapes import SHAPES
from huying.register.undo import undo
from tests.conftest import Office
from tests.huying.story import Story

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STAMP = Stamp("page", NOW, why="换届")
TERM = (date(2026, 1, 1), date(2030, 12, 31))
#: Written upside down: what is referred to comes after what refers to it.
TOWN = (
    Change("membership", ("chen", "P1", None, "deputy", TERM[0]), {}),
    Change("mandate", ("chen", "city", TERM[0]), {"until": TERM[1], "delegation": "east", "constituency": "第三选区"}),
    Change("station_have", ("P1", "sign"), {"has": True, "confirmed_by": "chen", "until": date(2026, 12, 31)}),
    Change("station", ("P1",), {"name_zh": "渔港点", "kind": "point", "parent": "S1", "area": "2"}),
    Change("station", ("S1",), {"name_zh": "仙港站", "kind": "area", "area": "2", "opened": date(2020, 1, 1)}),
    Change(
        "participant", ("chen",), {"name": "陈海生", "kind": "deputy", "phone": "138 0000-0001", "unit": "渔业公司"}
    ),
    Change("area", ("2",), {"name_zh": "仙港街道", "level": "street", "parent": "1"}),
    Change("area", ("1",), {"name_zh": "海湾区", "level": "district"}),
    Change("code", ("haves", "sign"), {"name_zh": "有牌子"}),
    Change("code", ("delegations", "east"), {"name_zh": "东代表团"}),
)


def changed(database: Database, changes: Sequence[Change], stamp: Stamp = STAMP) -> Applied:
    with database.writing() as connection:
        return apply(connection, changes, stamp)


def refused(database: Database, *changes: Change, stamp: Stamp = STAMP) -> list[tuple[int, str, str]]:
    """What was wrong, in Chinese."""
    with pytest.raises(WrongChanges) as wrong, database.writing() as connection:
        apply(connection, changes, stamp)
    for one in wrong.value.problems:
        assert one.why.zh
        assert one.why.en
    return [(one.change, one.word, one.why.zh) for one in wrong.value.problems]


def everything(connection: Connection) -> dict[str, list[Any]]:
    """All rows of the register."""
    return {
        name: sorted((tuple(row) for row in connection.execute(select(shape.table))), key=str)
        for name, shape in SHAPES.items()
    }


def test_rows_find_one_another_in_whatever_order_they_come(database: Database) -> None:
    done = changed(database, TOWN)
    assert [done.count(name) for name in ("area", "station", "participant", "membership")] == [2, 2, 1, 1]
    with database.reading() as connection:
        point = connection.execute(select(stations).where(stations.c.code == "P1")).one()
        above = connection.execute(select(stations.c.code).where(stations.c.id == point.parent_id)).scalar_one()
        person = connection.execute(select(participants)).one()
        member = connection.execute(select(memberships)).one()
    assert (above, point.name_en, point.active) == ("S1", "", True)
    assert (person.phone, person.unit) == ("138 0000-0001", "渔业公司")
    assert (member.level, member.since) == ("city", TERM[0]), "the level is that of the mandate"


def test_every_row_is_in_the_log_with_what_it_was_and_became(database: Database) -> None:
    first = changed(database, TOWN)
    with database.writing() as connection:
        by = connection.execute(select(participants.c.id)).scalar_one()
    new = changed(database, [Change("station", ("P1",), {"address": "渔港路 1 号"})], Stamp("page", NOW, by, "搬迁"))
    with database.reading() as connection:
        deed = connection.execute(select(register_deeds).where(register_deeds.c.id == new.deed)).one()
        line = connection.execute(select(register_changes).where(register_changes.c.deed_id == new.deed)).one()
        lines = connection.execute(select(register_changes).where(register_changes.c.deed_id == first.deed)).all()
    assert (deed.way, deed.by_id, deed.why) == ("page", by, "搬迁")
    assert (line.of_table, line.before["address"], line.after["address"]) == ("station", None, "渔港路 1 号")
    assert len(lines) == len(TOWN)
    assert {one.station_id for one in lines if one.of_table == "membership"} == {line.station_id}
    assert not any("passphrase_hash" in (one.after or {}) for one in lines)


def test_what_stands_there_already_is_no_change(database: Database) -> None:
    changed(database, TOWN)
    again = changed(database, TOWN)
    assert again == Applied(None, ())


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_done(database: Database) -> None:
    wrong = refused(
        database,
        *TOWN,
        Change("station", ("S 2",), {"name_zh": "站", "kind": "area", "area": "9"}),
        Change("station", ("S3",), {"name_zh": "", "kind": "hut", "area": "1", "industry": "law"}),
    )
    said = "\n".join(why for _, _, why in wrong)
    assert "没有代码为“9”的区域" in said
    assert "这一项不能空着" in said
    assert "“hut”不对" in said
    assert "industries" in said
    with database.reading() as connection:
        assert not any(everything(connection).values())


@pytest.mark.parametrize(
    ("change", "word", "words"),
    [
        (Change("area", ("1",), {"parent": "2"}), "parent", "绕了一圈"),
        (Change("area", ("1",), {"parent": "1"}), "parent", "绕了一圈"),
        (Change("station", ("S1",), {"parent": "P1"}), "parent", "绕了一圈"),
        (Change("mandate", ("chen", "city", TERM[0]), {"until": date(2025, 1, 1)}), "until", "早于起期"),
        (Change("absence", ("chen", date(2026, 3, 9)), {"last_day": date(2026, 3, 8)}), "last_day", "早于起期"),
        (Change("absence", ("chen", date(2026, 3, 9)), {"substitute": "chen"}), "substitute", "不能是本人"),
        (Change("membership", ("chen", "P1", None, "deputy", date(2026, 5, 1)), {}), "since", "任同一职务"),
        (Change("membership", ("chen", "P1", None, "deputy", date(2025, 5, 1)), {}), "since", "不在任期内"),
        (Change("membership", ("chen", "P1", None, "handler", None), {}), "function", "站点里可以是"),
        (Change("membership", ("chen", None, None, "head", None), {}), "station", "请选一个站点或一个单位"),
        (Change("station", ("P1",), {"closed": date(2026, 3, 1)}), "closed", "同时改为停用"),
        (Change("station", ("S1",), {"name_zh": "站"}, "new"), "code", "已经有了"),
        (Change("station", ("S9",), {"name_zh": "站"}, "mend"), "code", "没有这个站点"),
        (Change("area", ("2",), None), "code", "不能删去"),
        (Change("station_have", ("P1", "garden"), {"has": True}), "have", "代码表“haves”里没有“garden”"),
        (Change("participant", ("Chen",), {"name": "陈", "kind": "deputy"}), "login", "小写字母"),
        (Change("participant", ("chen",), {"name": "陈" * 101}), "name", "最多 100 个字"),
    ],
)
def test_what_cannot_be_is_refused_in_words(database: Database, change: Change, word: str, words: str) -> None:
    changed(database, TOWN)
    ((_, at, why),) = refused(database, change)
    assert at == word
    assert words in why


def test_a_deputy_without_a_term_is_refused_and_a_file_of_old_is_not(database: Database) -> None:
    changed(database, TOWN)
    new = Change("participant", ("lin",), {"name": "林", "kind": "deputy"})
    member = Change("membership", ("lin", "S1", None, "deputy", None), {"level": "city"})
    ((position, word, why),) = refused(database, new, member)
    assert (position, word) == (1, "level")
    assert "任期" in why
    assert changed(database, [new, member], Stamp("file", NOW)).count("membership") == 1


def test_a_station_with_open_issues_does_not_close(office: Office, now: datetime) -> None:
    story = Story(office, now)
    story.open()
    closing = Change("station", ("XG",), {"active": False, "closed": date(2026, 3, 2)})
    ((_, word, why),) = refused(office.house.database, closing)
    assert word == "active"
    assert "还有 1 件事项没有办结" in why


def test_undoing_restores_every_row(database: Database) -> None:
    changed(database, TOWN)
    with database.reading() as connection:
        before = everything(connection)
    deed = changed(
        database,
        [
            Change("area", ("3",), {"name_zh": "榕荫街道", "level": "street", "parent": "1"}),
            Change("station", ("S2",), {"name_zh": "榕荫站", "kind": "area", "area": "3"}),
            Change("participant", ("lin",), {"name": "林", "kind": "staff"}),
            Change("membership", ("lin", "S2", None, "clerk", None), {}),
            Change("membership", ("chen", "P1", None, "deputy", TERM[0]), {"until": date(2026, 3, 1)}),
            Change("participant", ("chen",), {"phone": "13900000002", "active": False}),
            Change("station_have", ("P1", "sign"), None),
        ],
    ).deed
    assert deed is not None
    with database.writing() as connection:
        undone = undo(connection, deed, Stamp("page", NOW, why="导错了"))
    assert undone.kept == ()
    with database.reading() as connection:
        assert everything(connection) == before
        with pytest.raises(AlreadyDone):
            undo(connection, deed, STAMP)
        with pytest.raises(NotFound):
            undo(connection, 4_711, STAMP)
    # to take back what took it back is to do it again
    with database.writing() as connection:
        assert undone.deed is not None
        undo(connection, undone.deed, STAMP)
        assert connection.execute(select(areas.c.code).where(areas.c.code == "3")).scalar_one()


def _crowd(count: int) -> list[Change]:
    people = [f"p{number}" for number in range(count)]
    return [
        *(Change("participant", (login,), {"name": login, "kind": "staff", "phone": "1"}) for login in people),
        *(Change("address", (login, "mail"), {"target": f"{login}@a.example"}) for login in people),
        *(Change("membership", (login, "S1", None, "clerk", None), {}) for login in people),
    ]


def test_undoing_much_takes_few_statements_and_restores_every_row(database: Database) -> None:
    changed(database, [*TOWN, *_crowd(120)])
    with database.reading() as connection:
        before = everything(connection)
    deed = changed(
        database,
        [
            *(Change("participant", (f"p{number}",), {"phone": "2"}) for number in range(60)),
            *(Change("participant", (f"p{number}",), {"unit": "局"}) for number in range(30)),
            *(Change("membership", (f"p{number}", "S1", None, "clerk", None), None) for number in range(60)),
            *(Change("participant", (f"q{number}",), {"name": "新", "kind": "staff"}) for number in range(100)),
            *(Change("membership", (f"q{number}", "S1", None, "clerk", None), {}) for number in range(100)),
            *(Change("address", (f"q{number}", "mail"), {"target": "q@a.example"}) for number in range(100)),
        ],
    ).deed
    assert deed is not None
    told: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: told.append(given[2]))
    with database.writing() as connection:
        undone = undo(connection, deed, STAMP)
    assert undone.kept == ()
    assert len(told) < 60, len(told)
    with database.reading() as connection:
        assert everything(connection) == before


def test_of_many_those_in_use_alone_are_ended(database: Database) -> None:
    changed(database, TOWN)
    deed = changed(database, _crowd(60)).deed
    assert deed is not None
    changed(database, [Change("absence", ("chen", date(2026, 3, 9)), {"substitute": "p7"})])
    changed(database, [Change("participant", ("p9",), {"phone": "2"})])
    with database.writing() as connection:
        undone = undo(connection, deed, STAMP)
        left = {row.login: row.active for row in connection.execute(select(participants)) if row.login != "chen"}
    assert left == {"p7": False, "p9": True}
    assert [of for of, _ in undone.kept] == ["participant"]
    assert [of for of, _ in undone.ended] == ["participant"]


def test_what_has_changed_since_is_shown_and_stays(database: Database) -> None:
    changed(database, TOWN)
    deed = changed(
        database, [Change("station", ("P1",), {"phone": "1"}), Change("station", ("S1",), {"phone": "1"})]
    ).deed
    changed(database, [Change("station", ("P1",), {"phone": "2"})])
    assert deed is not None
    with database.writing() as connection:
        undone = undo(connection, deed, STAMP)
        phones = {row.code: row.phone for row in connection.execute(select(stations))}
    assert [of for of, _ in undone.kept] == ["station"]
    assert phones == {"P1": "2", "S1": None}


def test_whoever_came_with_a_deed_and_is_in_an_issue_by_now_is_ended_and_not_taken_out(
    office: Office, now: datetime
) -> None:
    database = office.house.database
    deed = changed(
        database,
        [
            Change("participant", ("newclerk",), {"name": "新来", "kind": "staff"}),
            Change("membership", ("newclerk", "XG", None, "clerk", None), {}),
        ],
        Stamp("sheet", now),
    ).deed
    assert deed is not None
    Story(office, now).open()
    with database.writing() as connection:
        undone = undo(connection, deed, Stamp("page", now))
        row = connection.execute(select(participants).where(participants.c.login == "newclerk")).one()
    assert row.active is False
    assert ([of for of, _ in undone.ended], undone.restored) == (["participant"], 1)


def test_a_preview_changes_nothing(database: Database) -> None:
    changed(database, TOWN)
    with database.writing() as connection:
        outer = connection.begin_nested()
        done = apply(connection, [Change("station", ("P1",), {"phone": "2"})], STAMP)
        outer.rollback()
    assert [(one.before or {})["phone"] for one in done.done] == [None]
    with database.reading() as connection:
        assert connection.execute(select(stations.c.phone).where(stations.c.code == "P1")).scalar_one() is None
        assert connection.execute(select(station_haves.c.has)).scalar_one() is True


def test_a_row_may_be_named_by_its_number(database: Database) -> None:
    changed(database, TOWN)
    with database.writing() as connection:
        number = connection.execute(select(memberships.c.id)).scalar_one()
        connection.execute(update(memberships).values(sub_area=None))
        apply(connection, [Change("membership", number, {"sub_area": "渔港片区"})], STAMP)
        assert connection.execute(select(memberships.c.sub_area)).scalar_one() == "渔港片区"
