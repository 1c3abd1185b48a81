"""The audit log read, kept by rule, and handed on."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import func, select

from huying.audit.kind import KINDS
from huying.audit.output import hand_on, waiting
from huying.audit.query import AuditQuery, keys_of
from huying.audit.record import AuditNote, note_apart, note_at_once
from huying.audit.retention import LEAST, has_old, remove_old
from huying.audit.sheet import audit_sheet
from huying.audit.view import audit_lines, audit_page, lookers
from huying.database.tables import audit
from tests.huying.town import MORNING, Town


def _noted(town: Town) -> None:
    clerk, deputy = town.people["clerk"], town.people["deputy"]
    note_at_once(
        town.house.database.engine,
        AuditNote(what="signed-in", by=clerk, about=clerk, at=MORNING - timedelta(days=2)),
        AuditNote(what="private-shown", object="issue:XG-2026-00001", by=clerk, reason="回电", at=MORNING),
        AuditNote(what="account-disabled", by=clerk, about=deputy, at=MORNING + timedelta(hours=1)),
        AuditNote(what="list-exported", by=deputy, object="list:issues", detail={"rows": 3}, at=MORNING),
    )
    note_apart(town.house.database.engine, AuditNote(what="sign-in-refused", outcome="refused", at=MORNING))


def _found(town: Town, language: str = "zh", **query: object) -> list[str]:
    page = audit_page(town.house.database, AuditQuery(**query), town.house.zone, language)  # type: ignore[arg-type]
    return sorted(line.what for line in page.lines)


def test_it_is_narrowed_by_person_happening_object_time_and_outcome(town: Town) -> None:
    _noted(town)
    assert len(_found(town)) == 5
    assert _found(town, person="clerk") == sorted(["登录", "查看个人信息", "停用账号"])
    assert _found(town, person="deputy") == sorted(["停用账号", "导出清单"])
    assert _found(town, what="private-shown") == ["查看个人信息"]
    assert _found(town, what="个人信息") == ["查看个人信息"]
    assert _found(town, object="XG-2026-00001") == ["查看个人信息"]
    assert _found(town, object="XG-2026-0000_") == []
    assert _found(town, until=date(2026, 11, 21)) == ["登录"]
    assert len(_found(town, since=date(2026, 11, 23))) == 4
    assert _found(town, outcome="refused") == ["登录失败"]
    assert _found(town, what="nothing") == []
    assert _found(town, "en", what="signed-in") == ["logged in"]


def test_every_subject_and_key_can_be_asked_for() -> None:
    assert keys_of("private-shown") == ("private-shown",)
    assert "signed-in" in keys_of("登录和账号")
    assert len({one.title.zh for one in KINDS.values()}) == len(KINDS)


def test_a_long_log_has_pages_and_a_sheet_has_all_of_it(town: Town) -> None:
    many = [AuditNote(what="signed-in", by=town.people["clerk"], at=MORNING) for _ in range(130)]
    note_at_once(town.house.database.engine, *many)
    database, zone = town.house.database, town.house.zone
    first = audit_page(database, AuditQuery(), zone, "zh")
    assert len(first.lines) == 100
    second = audit_page(database, AuditQuery(), zone, "zh", first.before or 0)
    assert (len(second.lines), second.before) == (30, None)
    content = audit_sheet(audit_lines(database, AuditQuery(), zone, "zh"), zone, "zh")
    rows = list(load_workbook(BytesIO(content)).worksheets[0].iter_rows())
    assert len(rows) == 131
    assert rows[1][1].value == "2026-11-23 09:30:00"


def test_who_looked_how_often_is_told_by_person(town: Town) -> None:
    _noted(town)
    engine, clerk = town.house.database.engine, town.people["clerk"]
    note_at_once(engine, *(AuditNote(what="private-shown", by=clerk, at=MORNING - timedelta(days=1)) for _ in range(4)))
    found = lookers(town.house.database, town.house.zone, "en", MORNING)
    assert [(one.person, one.times, one.most) for one in found] == [(clerk, 5, 4), (town.people["deputy"], 1, 1)]
    assert found[0].what == "looked at personal data 5"
    assert lookers(town.house.database, town.house.zone, "en", MORNING + timedelta(days=60)) == []


def test_what_is_older_than_the_rule_goes_and_that_is_noted(town: Town) -> None:
    _noted(town)
    database = town.house.database
    assert not has_old(database, MORNING + timedelta(days=1), timedelta(days=1))
    later = MORNING + LEAST + timedelta(minutes=1)
    assert has_old(database, later, timedelta(days=1))
    audit_page(database, AuditQuery(), town.house.zone, "zh")
    assert remove_old(database, later, timedelta(days=1)) == 4
    assert _found(town) == sorted(["停用账号", "清理审计日志"])
    page = audit_page(database, AuditQuery(what="audit-removed"), town.house.zone, "zh")
    assert page.lines[0].detail.startswith("清理：4；早于：2026-11-23")
    assert remove_old(database, later, timedelta(days=1)) == 0


def test_lines_are_handed_on_once_and_in_order(town: Town, tmp_path: Path) -> None:
    _noted(town)
    audit_page(town.house.database, AuditQuery(), town.house.zone, "zh")
    place, later = str(tmp_path / "audit.jsonl"), MORNING + timedelta(hours=2)
    assert waiting(town.house.database, place, later) == 5
    assert hand_on(town.house.database, place, later) == 5
    assert hand_on(town.house.database, place, later) == 0
    note_at_once(town.house.database.engine, AuditNote(what="verified", at=later))
    # what is this young may be followed by something earlier
    assert waiting(town.house.database, place, later) == 0
    assert hand_on(town.house.database, place, later + timedelta(minutes=1)) == 1
    lines = [json.loads(line) for line in Path(place).read_text("utf-8").splitlines()]
    assert [line["seq"] for line in lines] == sorted(line["seq"] for line in lines)
    assert lines[-1]["what"] == "verified"
    assert Path(place).stat().st_mode & 0o077 == 0
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(audit)).scalar_one() == len(lines)


def test_a_place_that_cannot_be_written_gets_its_lines_later(town: Town, tmp_path: Path) -> None:
    _noted(town)
    place, later = tmp_path / "collector" / "audit.jsonl", MORNING + timedelta(hours=2)
    try:
        hand_on(town.house.database, str(place), later)
    except OSError:
        place.parent.mkdir()
    assert hand_on(town.house.database, str(place), later) >= 4
