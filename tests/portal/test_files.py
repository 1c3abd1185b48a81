"""The yearly file on pages: entered, confirmed, returned, disputed, closed, amended and taken out; and who may what."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from engine.refusal import Unavailable
from huying.audit.record import settle
from huying.database import tables as t
from huying.files.closure import closing
from huying.files.deeds import OfLine, confirm
from huying.files.entries import entries
from huying.files.entry import FileEntry, FilePeriod
from huying.house.by import By
from huying.rights.four_eyes import keep_rule
from tests.huying.town import PIXEL, administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import Visitor

VISIT = {"kind": "inspection", "day": "2026-11-18", "title": "视察燃气管道改造工地", "half_days": "1", "part": "spoke"}


@pytest.fixture
def here(town: PortalTown) -> str:
    """The address of the deputy's file of this year."""
    return f"/files/{town.people['deputy']}/2026"


def of(town: PortalTown, year: int = 2026) -> list[FileEntry]:
    return list(entries(town.house, town.people["deputy"], FilePeriod.of_year(year)))


def send(who: Visitor, here: str, what: str, **values: Any) -> int:
    """Send one of the forms of the page; the status."""
    page = who.see(f"{here}?add=true")
    token = page.split('name="form_token" value="')[1].split('"')[0]
    files = values.pop("files", None)
    answer = who.http.post(f"{here}/{what}", data={"form_token": token, **values}, files=files, follow_redirects=False)
    return int(answer.status_code)


def done(who: Visitor, here: str, do: str, key: str, reason: str = "", **values: str) -> int:
    return send(who, here, "deeds", do=do, key=key, reason=reason, **values)


def test_what_a_deputy_enters_is_a_draft_that_the_office_confirms(town: PortalTown, here: str) -> None:
    deputy, office = town.visitor("deputy"), town.visitor("office")
    assert send(deputy, here, "entries", **VISIT, files=[("evidence", ("现场.png", PIXEL, "image/png"))]) == 303
    [draft] = of(town)
    assert (draft.state, draft.counts, draft.half_days, draft.part) == ("draft", False, 1.0, "spoke")
    page = office.see(here)
    assert "视察燃气管道改造工地" in page
    assert "待核实" in page
    assert "现场.png" in page
    assert office.http.get(f"{here}/evidence/{draft.evidence[0].partition(':')[2]}").content[:4] == PIXEL[:4]
    assert done(deputy, here, "confirm", draft.key) == 403
    assert done(office, here, "confirm", draft.key) == 303
    [entry] = of(town)
    assert (entry.state, entry.entered_by, entry.confirmed_by) == (
        "confirmed",
        town.people["deputy"],
        town.people["office"],
    )


def test_a_draft_that_is_returned_says_why_and_can_be_taken_back(town: PortalTown, here: str) -> None:
    deputy, office = town.visitor("deputy"), town.visitor("office")
    send(deputy, here, "entries", **VISIT)
    [draft] = of(town)
    assert done(office, here, "return", draft.key) == 422
    assert done(office, here, "return", draft.key, "缺签到表") == 303
    assert "缺签到表" in deputy.see(here)
    assert of(town)[0].returned
    assert done(deputy, here, "take-back", draft.key) == 303
    assert of(town) == []


def test_the_station_enters_for_its_deputies_and_for_nobody_else(town: PortalTown, here: str) -> None:
    assert send(town.visitor("clerk"), here, "entries", **VISIT) == 303
    assert of(town)[0].state == "draft"
    for login in ("far-clerk", "lighting", "stranger"):
        visitor = town.visitor(login)
        assert visitor.http.get(here).status_code == 404
        assert visitor.http.get(f"{here}/sheet.xlsx").status_code == 404
        assert visitor.http.get(f"{here}/paper.docx").status_code == 404


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(town: PortalTown, here: str) -> None:
    deputy = town.visitor("deputy")
    page = deputy.see(f"{here}?add=true")
    token = page.split('name="form_token" value="')[1].split('"')[0]
    wrong = {"form_token": token, "kind": "survey", "day": "2027-01-05", "title": "夜间调研"}
    answer = deputy.http.post(f"{here}/entries", data=wrong)
    assert answer.status_code == 422
    assert "这一天还没有到" in answer.text
    assert "夜间调研" in answer.text
    assert of(town) == []


def test_an_objection_is_answered_and_a_correction_stands_beside_what_it_corrects(town: PortalTown, here: str) -> None:
    deputy, office = town.visitor("deputy"), town.visitor("office")
    send(office, here, "entries", **{**VISIT, "kind": "leave", "title": "请假半天"})
    [entry] = of(town)
    assert entry.state == "confirmed"
    assert done(office, here, "object", entry.key, "不是我") == 403
    assert done(deputy, here, "object", entry.key, "当天是代表工委组织的外地考察") == 303
    assert (of(town)[0].state, of(town)[0].counts) == ("objected", True)
    assert done(office, here, "uphold", entry.key, "考察在前一天") == 303
    assert of(town)[0].state == "confirmed"
    assert done(deputy, here, "object", entry.key, "有通知为证") == 303
    assert done(office, here, "grant", entry.key, "核对无误，划去") == 303
    [struck] = of(town)
    assert (struck.state, struck.counts) == ("corrected", False)
    page = deputy.see(here)
    assert "有通知为证" in page
    assert "<s>请假半天</s>" in page


def test_a_correction_puts_another_line_in_the_place_of_one(town: PortalTown, here: str) -> None:
    office = town.visitor("office")
    send(office, here, "entries", **VISIT)
    [entry] = of(town)
    assert done(office, here, "correct", entry.key, "日期写错", **{**VISIT, "day": "2026-11-19"}) == 303
    before, after = of(town)
    assert (before.state, after.state, after.instead) == ("corrected", "confirmed", entry.key)
    assert after.day.day == 19
    assert done(office, here, "correct", entry.key, "再改", **VISIT) == 409


def test_a_closed_year_changes_by_amendments_alone(town: PortalTown, here: str) -> None:
    deputy, office = town.visitor("deputy"), town.visitor("office")
    issue = town.report()
    town.act(issue, "clerk", "accept")
    send(deputy, here, "entries", **VISIT)
    draft = of(town)[0]
    assert send(office, here, "closure") == 409  # a draft is left
    done(office, here, "confirm", draft.key)
    assert send(deputy, here, "closure") == 403
    assert send(office, here, "closure") == 303
    assert "封账" in deputy.see(here)
    assert send(office, here, "closure") == 409
    assert send(deputy, here, "entries", **VISIT) == 409
    assert done(office, here, "correct", draft.key, "改一改", **VISIT) == 409
    town.act(issue, "deputy", "coordinate", lead=town.departments["cg"], assist=[])
    assert {one.kind for one in of(town)} == {"taken-on", "inspection"}
    page = office.see(here)
    assert "封账以后才来的" in page
    late = page.split('name="key" value="')
    key = next(one.split('"')[0] for one in late[1:] if "/coordinated/" in one.split('"')[0])
    assert done(office, here, "amend", key, "当年办的，漏记") == 303
    assert done(office, here, "amend", draft.key, "半天写错", **{**VISIT, "half_days": "2"}) == 303
    found = {one.key: one for one in of(town)}
    assert found[key].amended
    assert found[draft.key].state == "corrected"
    new = next(one for one in found.values() if one.instead == draft.key)
    assert (new.half_days, new.state, new.amended) == (2.0, "confirmed", True)
    assert "半天写错" in deputy.see(here)


def test_what_happens_to_an_issue_later_does_not_change_a_closed_year(town: PortalTown, here: str) -> None:
    office = town.visitor("office")
    issue = town.report()
    town.act(issue, "clerk", "accept")
    assert send(office, here, "closure") == 303
    before = of(town)
    with town.house.database.writing() as connection:
        connection.execute(t.file_lines.delete())
        connection.execute(t.issues.update().values(filed_version=0))
    assert of(town) == before


def test_where_two_are_wanted_somebody_else_approves_the_closing(town: PortalTown, here: str) -> None:
    town.people["admin"] = administrator(town.house)
    with town.house.database.writing() as connection:
        keep_rule(connection, "on", By(town.people["admin"], town.clock.now))
    assert send(town.visitor("office"), here, "closure") == 303
    with town.house.database.reading() as connection:
        [row] = connection.execute(select(t.proposals)).all()
    assert (row.kind, row.state) == ("close-file", "open")
    admin = town.visitor("admin")
    admin.send(f"/proposals/{row.id}", f"/proposals/{row.id}", {"do": "approve", "said": ""})
    assert "封账" in town.visitor("deputy").see(here)
    with town.house.database.reading() as connection:
        assert connection.execute(select(t.file_deeds.c.what)).scalars().all() == ["closed"]


def test_who_looked_is_shown_to_whose_it_is(town: PortalTown, here: str) -> None:
    deputy = town.visitor("deputy")
    assert "还没有别人看过" in deputy.see(here)
    town.visitor("clerk").see(here)
    settle()
    assert "陈晓" in deputy.see(here)


def test_the_office_sees_all_files_and_what_is_missing(town: PortalTown, here: str) -> None:
    office = town.visitor("office")
    send(office, here, "entries", **VISIT)
    page = office.see("/files/all/2026")
    assert "王芳" in page
    assert "学习培训" in page
    assert "视察、调研" not in page
    book = load_workbook(BytesIO(office.http.get("/files/all/2026/sheet.xlsx").content))
    assert [cell.value for cell in book.worksheets[0][2]][:3] == ["王芳", "星光站", "1"]
    assert "王芳" in town.visitor("clerk").see("/files/all/2026")
    assert "王芳" not in town.visitor("far-clerk").see("/files/all/2026")
    assert town.visitor("deputy").http.get("/files/all/2026").status_code == 403


def test_it_is_taken_out_as_a_sheet_and_as_word_and_years_stand_beside_each_other(town: PortalTown, here: str) -> None:
    office = town.visitor("office")
    send(office, here, "entries", **{**VISIT, "title": "=1+1 视察", "result": "打 13800138000 联系"})
    book = load_workbook(BytesIO(office.http.get(f"{here}/sheet.xlsx").content))
    row = [cell.value for cell in book.worksheets[0][2]]
    assert row[4] == "=1+1 视察"
    assert "13800138000" not in str(row)
    word = office.http.get(f"{here}/paper.docx")
    assert word.status_code == 200
    assert word.content[:2] == b"PK"
    assert "视察" in office.see(f"/files/{town.people['deputy']}/term")


def as_of(town: PortalTown, login: str) -> By:
    return By(town.people[login], town.clock.now)


def test_what_was_prepared_closes_a_year_only_if_it_still_may(town: PortalTown, here: str) -> None:
    person, office = town.people["deputy"], as_of(town, "office")
    prepared = [closing(town.house, person, 2026, office) for _ in range(3)]
    send(town.visitor("deputy"), here, "entries", **VISIT)
    with pytest.raises(Unavailable, match="1 drafts"), town.house.database.writing() as connection:
        prepared[0](connection)
    [draft] = of(town)
    confirm(town.house, OfLine(person, 2026, draft.key), office)
    with town.house.database.writing() as connection:
        prepared[1](connection)
    with pytest.raises(Unavailable, match="closed already"), town.house.database.writing() as connection:
        prepared[2](connection)


def test_a_line_is_amended_once(town: PortalTown, here: str) -> None:
    office = town.visitor("office")
    send(office, here, "entries", **VISIT)
    send(office, here, "closure")
    [entry] = of(town)
    assert done(office, here, "amend", entry.key, "半天写错", **{**VISIT, "half_days": "2"}) == 303
    assert done(office, here, "amend", entry.key, "又改一次", **{**VISIT, "half_days": "3"}) == 409
    assert len(of(town)) == 2


def test_a_correction_stays_in_the_year_of_its_line(town: PortalTown, here: str) -> None:
    office = town.visitor("office")
    send(office, here, "entries", **VISIT)
    [entry] = of(town)
    assert done(office, here, "correct", entry.key, "写错年份", **{**VISIT, "day": "2025-11-18"}) == 409
    assert [one.state for one in of(town)] == ["confirmed"]


def test_nothing_is_kept_of_whoever_may_not_write(town: PortalTown, here: str) -> None:
    stranger = town.visitor("stranger")
    mine = f"/files/{town.people['stranger']}/2026"
    token = stranger.see(f"{mine}?add=true").split('name="form_token" value="')[1].split('"')[0]
    files = [("evidence", ("现场.png", PIXEL, "image/png"))]
    before = sorted(town.house.files.rglob("*"))
    answer = stranger.http.post(f"{here}/entries", data={"form_token": token, **VISIT}, files=files)
    assert answer.status_code == 404
    assert sorted(town.house.files.rglob("*")) == before


def test_the_clerks_of_a_station_that_a_deputy_has_left_read_their_file_no_more(town: PortalTown, here: str) -> None:
    clerk = town.visitor("clerk")
    clerk.see(here)
    assert "王芳" in clerk.see("/files/all/2026")
    with town.house.database.writing() as connection:
        serves = t.memberships.c.participant_id == town.people["deputy"]
        connection.execute(update(t.memberships).where(serves).values(until=date(2000, 1, 1)))
    clerk.see(here, status=404)
    assert "王芳" not in clerk.http.get("/files/all/2026").text
    assert send(town.visitor("office"), here, "closure") == 303
    town.visitor("deputy").see(here)
