"""An office brings its own sheet: understood, looked at, taken over once, counted as what it is, and taken back."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from engine.event import CarryOver
from engine.evolve import fold
from huying.access.viewer import viewer
from huying.database import tables as t
from huying.errors import NotFound
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal_all
from huying.evidence.verification import verify_evidence
from huying.house.by import By
from huying.house.history import history_of
from huying.issues.store import read
from huying.issues.verification import verify
from huying.legacy.imports import (
    NotTaken,
    assure_may_take_over,
    forget_records,
    look_at,
    offer_records,
    offered_records,
    record_offers,
    take_records,
    understand,
)
from huying.legacy.lexicon import CLOSED
from huying.legacy.undo import undo_records, undo_records_preview
from huying.register.workbook.archive import WrongWorkbook
from huying.rights.refusal import Unentitled
from tests.huying.town import MORNING, Town

HEAD = ["编号", "登记日期", "站点", "反映人", "联系电话", "主题", "类别", "办理状态", "办结日期", "办理结果"]
ROWS: list[list[Any]] = [
    ["2025-01", "2025年3月1日", "星光站", "李明", "13800000000", "路灯不亮", "照明", "已办结", "2025.3.20", "已解决"],
    ["2025-02", "二〇二六年十一月十六日", "星光站", "张洁", "", "井盖松动", "道路", "代表研究", "", ""],
    ["2025-03", "２０２６／１１／１７", "星光站", "", "", "垃圾未清", "其他", "等代表回话", "", ""],
]


def sheet(*rows: list[Any], merged: tuple[str, ...] = ()) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for one in merged:
        page.merge_cells(one)
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def by(town: Town) -> By:
    return By(town.people["office"], MORNING)


def offered(town: Town, content: bytes | None = None) -> int:
    rows = [["仙港街道代表联络站信访台账"], HEAD, *ROWS]
    whole = content or sheet(*rows, merged=("A1:J1",))
    return offer_records(town.house, "台账.xlsx", whole, "street-matters", by(town))


def said(town: Town, number: int, **words: str) -> None:
    """Say what the words of the state mean that nobody knows, and the station."""
    found = offered_records(town.house, number).understood
    told = {of: dict(known) for of, known in found.words.items()}
    told["step"] = {**told["step"], **words}
    told["station"] = dict.fromkeys(told.get("station", {}), "XG")
    rest = {"step": found.step, "resolution": found.resolution, "station": found.station}
    understand(town.house, number, found.columns, told, by(town), rest)


def taken(town: Town) -> int:
    number = offered(town)
    said(town, number, 等代表回话="study")
    assert take_records(town.house, number, by(town)) == 3
    return number


def issues(town: Town) -> dict[str, Any]:
    query = select(t.legacy_matters.c.ours, t.issues).join(t.issues, t.issues.c.id == t.legacy_matters.c.issue_id)
    with town.house.database.reading() as connection:
        return {row.ours: row for row in connection.execute(query)}


def test_a_sheet_is_understood_by_its_titles_and_words(town: Town) -> None:
    number = offered(town)
    found = offered_records(town.house, number).understood
    assert set(found.columns) == {
        "ours", "opened", "station", "name", "phone", "field.subject", "field.kind", "step", "closed", "resolution",
    }  # fmt: skip
    assert found.words["step"] == {"已办结": CLOSED, "代表研究": "study", "等代表回话": ""}
    assert found.words["resolution"] == {"已解决": "solved"}
    wrong = [(one.row, one.letter) for one in look_at(town.house, number, MORNING).findings if one.title == "办理状态"]
    assert wrong == [(5, "H")]


def test_open_ones_go_on_and_closed_ones_are_history(town: Town) -> None:
    taken(town)
    found = issues(town)
    closed, studied = found["2025-01"], found["2025-02"]
    assert (closed.status, closed.outcome, closed.opened_on, closed.closed_on) == (
        "closed", closed.outcome, date(2025, 3, 1), date(2025, 3, 20),
    )  # fmt: skip
    assert {one.channel for one in found.values()} == {"records"}
    assert (studied.status, studied.step, studied.opened_on) == ("open", "study", date(2026, 11, 16))
    # three working days from when it was raised
    assert studied.due_at is not None
    assert studied.due_at < MORNING
    with town.house.database.reading() as connection:
        (entry,) = history_of(connection, studied.id)
        assert isinstance(entry.event, CarryOver)
        assert (entry.event.ours, entry.event.step, entry.actor_id) == ("2025-02", "study", town.people["office"])
        assert fold([entry.changes]) == read(connection, studied.id).state
        assert connection.execute(select(func.count()).select_from(t.outbox)).scalar_one() == 0
    town.act(studied.id, "deputy", "answer", reply="已告知。")
    assert issues(town)["2025-02"].step == "confirm"


def test_once_more_does_nothing_twice(town: Town) -> None:
    taken(town)
    again = offered(town)
    preview = look_at(town.house, again, MORNING)
    assert (preview.here, preview.lines, preview.wrong) == (3, (), 0)
    with pytest.raises(NotTaken):
        take_records(town.house, again, by(town))
    more = offered(
        town, sheet(HEAD, *ROWS, ["2025-04", "2026-11-18", "星光站", "", "", "树枝挡路", "道路", "代表研究", "", ""])
    )
    assert take_records(town.house, more, by(town)) == 1


def test_what_was_said_of_a_sheet_is_remembered_for_the_next_of_its_kind(town: Town) -> None:
    taken(town)
    found = offered_records(town.house, offered(town)).understood
    assert found.words["step"]["等代表回话"] == "study"


def test_two_rows_of_titles_a_title_in_between_and_sums(town: Town) -> None:
    top: list[Any] = ["台账", *[None] * 5]
    groups: list[Any] = ["编号", "登记", None, "办理", None, "主题"]
    under: list[Any] = [None, "日期", "站点", "状态", "办结日期", None]
    rows: list[list[Any]] = [
        ["1", "2026年11月2日", "星光站", "代表研究", None, "路灯不亮"],
        under,
        ["2", "2026年11月3日上午", "星光站", "已办结", "2026-11-05 09:30", "噪声"],
        ["合计", 2],
        ["填表人：陈晓"],
    ]
    content = sheet(top, groups, under, *rows, merged=("A1:F1", "B2:C2", "D2:E2", "A2:A3", "F2:F3"))
    number = offered(town, content)
    said(town, number)
    preview = look_at(town.house, number, MORNING)
    assert preview.sheet.titles == ("编号", "登记日期", "登记站点", "办理状态", "办理办结日期", "主题")
    assert (preview.open, preview.closed, preview.findings) == (1, 1, ())
    assert len(preview.sheet.passed) == 2


def test_what_is_wrong_is_named_line_by_line_and_the_rest_can_go(town: Town) -> None:
    rows: list[list[Any]] = [
        ["a", "3月1日", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
        ["b", "2027-01-01", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
        ["", "2026-11-02", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
        ["c", "2026-11-02", "星光站", "", "", "路灯", "太空", "代表研究", "", ""],
        ["d", "2026-11-02", "星光站", "", "", "路灯", "照明", "已办结", "", ""],
        ["e", "2026-11-02", "星光站", "", "", "路灯", "照明", "代表研究", "2026-11-03", ""],
        ["f", "2026-11-02", "星光站", "", "12", "路灯", "照明", "代表研究", "", ""],
        ["g", "2026-11-02", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
        ["g", "2026-11-02", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
        ["h", "2026-11-02", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
        [None, "2026-11-02", "星光站", "", "", "路灯", "照明", "代表研究", "", ""],
    ]
    number = offered(town, sheet(HEAD, *rows, merged=("A11:A12",)))
    said(town, number)
    preview = look_at(town.house, number, MORNING)
    assert [one.ours for one in preview.lines] == ["g"]
    places = {(one.row, one.letter) for one in preview.findings}
    assert {
        (2, "B"),
        (3, "B"),
        (4, "A"),
        (5, "G"),
        (6, "I"),
        (7, "H"),
        (8, "E"),
        (10, "A"),
        (11, ""),
        (12, ""),
    } <= places
    with pytest.raises(NotTaken):
        take_records(town.house, number, by(town))
    assert take_records(town.house, number, by(town), partial=True) == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_text_with_commas_will_do(town: Town, encoding: str) -> None:
    text = "\r\n".join(",".join(map(str, row)) for row in (HEAD, *ROWS))
    number = offered(town, text.encode(encoding))
    assert len(look_at(town.house, number, MORNING).sheet.lines) == 3


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x01", b"PK\x03\x04nothing", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_sheet_is_refused(town: Town, content: bytes) -> None:
    with pytest.raises(WrongWorkbook):
        offer_records(town.house, "x.xlsx", content, "street-matters", by(town))
    with pytest.raises(NotFound):
        offered_records(town.house, 999)


def test_taking_it_back_leaves_nothing_but_what_was_acted_on(town: Town) -> None:
    number = taken(town)
    studied = issues(town)["2025-02"]
    town.act(studied.id, "deputy", "answer", reply="已告知。")
    notary = notary_of(town.house.database)
    seal_all(town.house, notary, MORNING)
    looked = undo_records_preview(town.house, number)
    assert (looked.gone, [one.ours for one in looked.kept]) == (2, ["2025-02"])
    assert len(issues(town)) == 3
    done = undo_records(town.house, number, by(town))
    assert done == looked
    assert set(issues(town)) == {"2025-02"}
    with town.house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(t.issues)).scalar_one() == 1
        what = select(t.audit.c.what).where(t.audit.c.what.like("records-%"))
        assert sorted(connection.execute(what).scalars()) == ["records-imported", "records-undone"]
    assert record_offers(town.house)[0].state == "undone"
    assert [str(one) for one in verify_evidence(town.house, notary).found] == []
    assert verify(town.house).faults == []
    again = offered(town)
    assert take_records(town.house, again, by(town)) == 2


def test_only_who_keeps_the_register_of_the_whole_house_may(town: Town) -> None:
    with town.house.database.reading() as connection:
        clerk = viewer(connection, town.people["clerk"])
    with pytest.raises(Unentitled):
        assure_may_take_over(clerk, MORNING)


def test_cells_are_kept_for_seven_days_and_what_was_understood_for_ever(town: Town) -> None:
    number = taken(town)
    later = MORNING.replace(month=12)
    with town.house.database.writing() as connection:
        assert forget_records(connection, later) == 1
    with pytest.raises(NotTaken):
        look_at(town.house, number, later)
    assert offered_records(town.house, number).understood.words["step"]["等代表回话"] == "study"
