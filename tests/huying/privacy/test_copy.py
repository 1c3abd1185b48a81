"""A copy of all that is held about somebody: what they reported and did, what they were told, what they added; and nothing of others."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from engine.refusal import Invalid
from huying.database import tables as t
from huying.errors import NotFound
from huying.house.by import By
from huying.issues.attachments import attach
from huying.privacy.copy import personal_copy
from huying.privacy.requests import RequestWish, answer, ask, ask_for, handed_out
from tests.huying.town import PIXEL, Town


def _opened(content: bytes) -> tuple[dict[str, Any], Any, list[str]]:
    archive = zipfile.ZipFile(BytesIO(content))
    names = archive.namelist()
    book = load_workbook(BytesIO(archive.read("我的信息.xlsx")))
    return json.loads(archive.read("data.json")), book, names


def _all_of(book: Any) -> str:
    return "\n".join(
        str(cell.value) for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value
    )


def test_a_reporter_has_what_they_said_what_happened_and_their_files(town: Town) -> None:
    issue, other = town.report(), town.report(subject="别人的事", address="别处 9 号")
    person = town.reporter(issue)
    attach(town.house, issue, "现场.png", PIXEL, By(person, town.clock.now, "a"))
    town.to_confirmation(issue)
    data, book, names = _opened(personal_copy(town.house, person, "zh", town.clock.now))
    said = _all_of(book)
    assert data["participant"][0]["name"] == "李明"
    assert "13800000000" in said
    assert "光明路 8 号" in said
    assert "灯已更换" in said
    number, _ = town.number_and_code(issue)
    assert f"files/{number}/" in " ".join(names)
    assert {"本人", "事项内容和经过", "说明"} <= set(book.sheetnames)
    # nothing of anybody else
    assert "别处 9 号" not in said
    assert town.number_and_code(other)[0] not in said
    assert town.number_and_code(issue)[1] not in said, "nor what opens it"


def test_staff_have_what_they_did_and_no_secrets(town: Town) -> None:
    issue = town.report()
    town.act(issue, "clerk", "accept")
    data, book, _ = _opened(personal_copy(town.house, town.people["clerk"], "zh", town.clock.now))
    assert data["membership"][0]["function"] == "clerk"
    assert any(one["kind"] == "act" for one in data["history"])
    assert "$argon2" not in _all_of(book)


def test_nobody_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        personal_copy(town.house, 10_000, "zh", town.clock.now)


def test_that_it_was_handed_out_is_noted_with_the_reason(town: Town) -> None:
    person, by = town.reporter(town.report()), By(town.people["office"], town.clock.now)
    with pytest.raises(Invalid):
        handed_out(town.house, person, "zh", by, " ")
    handed_out(town.house, person, "zh", by, "本人到窗口申请")
    with town.house.database.reading() as connection:
        line = connection.execute(select(t.audit).where(t.audit.c.what == "data-handed-out")).one()
    assert (line.by_id, line.about_id, line.reason) == (town.people["office"], person, "本人到窗口申请")


def test_a_request_has_fifteen_working_days_by_the_calendar_of_the_office(town: Town) -> None:
    person = town.reporter(town.report())
    # a Monday; the fifteenth working day after it is a Monday three weeks later
    number = ask(town.house, RequestWish("access", person), By(person, town.clock.now))
    with town.house.database.reading() as connection:
        row = connection.execute(select(t.data_requests).where(t.data_requests.c.id == number)).one()
    assert str(row.due_on) == "2026-12-14"
    assert row.by_id is None, "asked by themself"


def test_a_request_is_answered_or_refused_once_with_words(town: Town) -> None:
    issue = town.report()
    by = By(town.people["office"], town.clock.now)
    number = ask_for(town.house, town.number_and_code(issue)[0], "correction", "姓名写错了", by)
    with pytest.raises(Invalid):
        answer(town.house, number, "", by)
    answer(town.house, number, "身份无法核实。", by, refused=True)
    with town.house.database.reading() as connection:
        row = connection.execute(select(t.data_requests)).one()
    assert (row.state, row.answer, row.by_id) == ("refused", "身份无法核实。", town.people["office"])


@pytest.mark.parametrize(("kind", "said"), [("whim", "x"), ("correction", " ")])
def test_what_is_asked_must_be_said(town: Town, kind: str, said: str) -> None:
    with pytest.raises(Invalid):
        ask(town.house, RequestWish(kind, town.people["clerk"], said), By(town.people["clerk"], town.clock.now))
