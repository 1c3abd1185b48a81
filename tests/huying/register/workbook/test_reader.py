"""What is wrong with a workbook is said at its cell, in Chinese and in English, with what to write; nothing is guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from huying.register.nouns import Area, Lines, Membership, Person
from huying.register.workbook.draft import Correction, SheetDraft, every
from huying.register.workbook.extraction import extracted
from huying.register.workbook.finding import SheetFinding
from huying.register.workbook.reader import read_workbook
from tests.huying.register.workbook.sheets import (
    AREAS,
    PEOPLE,
    SMALL,
    Rows,
    book_of,
    changed,
    more,
    workbook,
)

TODAY = date(2026, 11, 30)


def _read(
    sheets: Mapping[str, Rows] | bytes, current: Lines | None = None, corrections: Sequence[Correction] = ()
) -> SheetDraft:
    content = sheets if isinstance(sheets, bytes) else book_of(sheets)
    return read_workbook(extracted(content), current or {}, TODAY, ("china",), corrections)


def _errors(draft: SheetDraft) -> list[SheetFinding]:
    return [one for one in draft.findings if one.error]


def _lines(draft: SheetDraft, kind: str) -> list[Any]:
    return [placed.line for placed in every(draft, kind)]


def test_a_sound_workbook_is_read_without_a_word() -> None:
    draft = _read(SMALL)
    assert draft.findings == []
    assert _lines(draft, "areas") == [
        Area("9901", "海湾区", "district"),
        Area("9901001", "仙港街道", "street", parent="9901"),
    ]
    assert _lines(draft, "memberships")[0] == Membership("chenhai", "XG", "deputy", date(2022, 1, 10), level="district")


@pytest.mark.parametrize(
    ("sheets", "place", "wrong", "choice"),
    [
        (changed("区域", 3, 4, "9902"), ("areas", 3, "D"), "没有区划“9902”", "9901"),
        (changed("区域", 3, 3, "乡里"), ("areas", 3, "C"), "没有层级“乡里”", None),
        (changed("区域", 2, 4, "9901001"), ("areas", 2, "D"), "成了一圈", None),
        (changed("区域", 3, 1, "仙港"), ("areas", 3, "A"), "代码只能用字母", None),
        (changed("区域", 3, 2, " \u200b"), ("areas", 3, "B"), "没有写名称", None),
        (changed("区域", 3, 1, 350203199001011234), ("areas", 3, "A"), "15 位", None),
        (changed("区域", 3, 1, datetime(2026, 1, 1)), ("areas", 3, "A"), "变成了日期", None),  # noqa: DTZ001
        (changed("人员", 2, 4, "1390000123"), ("people", 2, "D"), "少了 1 位", None),
        (changed("人员", 2, 4, "139000012345"), ("people", 2, "D"), "多了 1 位", None),
        (changed("人员", 2, 4, "打不通"), ("people", 2, "D"), "请填写电话号码", ""),
        (changed("人员", 2, 6, 44571), ("people", 2, "F"), "日期序号", "2022-01-10"),
        (changed("人员", 2, 6, "1/10/2022"), ("people", 2, "F"), "哪个是月", "2022-10-01"),
        (changed("人员", 2, 7, "2021-01-09"), ("people", 2, "G"), "结束早于开始", None),
        (changed("人员", 2, 6, ""), ("people", 2, "F"), "代表没有写任期起", None),
        (changed("人员", 2, 1, "陈海"), ("people", 2, "A"), "登录名以小写字母开头", ""),
        (changed("人员", 3, 1, "chenhai"), ("people", 3, "A"), "在第 2 行已用过", None),
        (changed("站点", 2, 3, "区域站点"), ("stations", 2, "C"), "没有类别“区域站点”", "area"),
        (changed("任职", 2, 2, "XQ"), ("memberships", 2, "B"), "没有站点或单位“XQ”", None),
        (changed("任职", 4, 3, "代表"), ("memberships", 4, "C"), "单位里没有“代表”", None),
        (
            changed("任职", 2, 1, "陈海生"),
            ("memberships", 2, "A"),
            "没有人员“陈海生”，最像的是“chenhai 陈海”",
            "chenhai",
        ),
        (changed("任职", 2, 4, "2020-01-10"), ("memberships", 2, "D"), "起期不在任期内", "2022-01-10"),
        (changed("值班", 2, 2, "周八"), ("rota", 2, "B"), "没有星期“周八”", "monday"),
        (changed("值班", 2, 3, "linyu"), ("rota", 2, "C"), "林雨不是 XG 的代表", None),
        (
            more("站点", "XG", "另一站", "区域站", "9901"),
            ("stations", 3, "A"),
            "在第 2 行已用过，下一个空着的是 XG02",
            "XG02",
        ),
        (more("任职", "chenhai", "XG", "代表", "2022-01-10"), ("memberships", 5, "D"), "与第 2 行重复", None),
        (more("单位", "cg", "某局", "部门"), ("organisations", 3, "A"), "只差大小写", "CG"),
        (more("单位", "XG", "某局", "部门"), ("organisations", 3, "A"), "已是一个站点的", None),
    ],
)
def test_each_fault_is_told_at_its_cell(
    sheets: Mapping[str, Rows], place: tuple[str, int, str], wrong: str, choice: str | None
) -> None:
    found = _errors(_read(sheets))
    at = [one for one in found if (one.sheet, one.row, one.letter) == place]
    assert at, found
    assert wrong in at[0].wrong.zh
    assert at[0].remedy.zh
    assert at[0].remedy.en.isascii() or "是" in at[0].remedy.en
    if choice is not None:
        assert choice in [value for value, _ in at[0].choices]


def test_all_faults_are_told_at_once_and_the_good_rows_are_there() -> None:
    sheets = {**changed("人员", 2, 4, "139"), "区域": [*AREAS, ["x y", "", "街道", ""]]}
    draft = _read(sheets)
    assert len(_errors(draft)) >= 3
    assert [line.code for line in _lines(draft, "areas")] == ["9901", "9901001"]


def test_rows_that_speak_of_a_wrong_row_wait_for_it() -> None:
    draft = _read(changed("人员", 2, 4, "139"))
    told = {(one.sheet, one.wrong.zh) for one in _errors(draft)}
    assert ("memberships", "chenhai 在“人员”表里的那一行有错，没有写入") in told
    assert ("rota", "chenhai 在“人员”表里的那一行有错，没有写入") in told
    assert [line.login for line in _lines(draft, "memberships")] == ["linyu", "dingkai"]


def test_a_phone_is_never_shown_whole() -> None:
    draft = _read(changed("人员", 2, 4, "13900001234 转 转"))
    assert "13900001234" not in "".join(one.found for one in draft.findings)


def test_twins_of_a_name_are_asked_about_and_told_apart() -> None:
    people = [*PEOPLE, ["", "陈海", "工作人员", "13911110871", "", "", ""]]
    draft = _read({**SMALL, "人员": people, "值班": [["站点", "星期", "登录名"], ["XG", "周一", "陈海"]]})
    (found,) = [one for one in _errors(draft) if one.sheet == "rota"]
    assert "有 2 个“陈海”" in found.wrong.zh
    assert {value for value, _ in found.choices} == {"chenhai", "chenhai2"}
    assert all("****" in words.zh for _, words in found.choices)


def test_a_login_is_made_from_the_name_and_never_one_that_is_taken() -> None:
    rows = [["姓名", "身份"], ["吕晓", "工作人员"], ["吕晓", "工作人员"], ["Emma Carter", "群众"]]
    draft = _read({"人员": rows}, {"people": (Person("emmacarter", "别人", "staff"),)})
    assert [line.login for line in _lines(draft, "people")] == ["lvxiao", "lvxiao2", "emmacarter2"]


def test_somebody_without_a_login_is_known_by_name_and_phone() -> None:
    known = (
        Person("wangwei", "王伟", "staff", phone="13900000001"),
        Person("wangwei2", "王伟", "staff", phone="139 0000 0002"),
    )
    rows = [["姓名", "身份", "手机"], ["王伟", "工作人员", "13900000002"]]
    assert _lines(_read({"人员": rows}, {"people": known}), "people")[0].login == "wangwei2"


def test_the_same_name_with_another_phone_is_asked_about() -> None:
    known = {"people": (Person("wangwei", "王伟", "staff", phone="13900000001"),)}
    rows = [["登录名", "姓名", "身份", "手机"], ["", "王伟", "工作人员", "13900000009"]]
    (found,) = _errors(_read({"人员": rows}, known))
    assert "同名" in found.wrong.zh
    assert [value for value, _ in found.choices] == ["wangwei", "wangwei2"]
    chosen = _read({"人员": rows}, known, [Correction("people", 2, "login", "wangwei2")])
    assert [line.login for line in _lines(chosen, "people")] == ["wangwei2"]


def test_a_correction_stands_in_for_a_cell_and_a_row_can_be_left_out() -> None:
    sheets = changed("区域", 3, 4, "9902")
    assert not _errors(_read(sheets, corrections=[Correction("areas", 3, "parent", "9901")]))
    left = _read({"区域": sheets["区域"]}, corrections=[Correction("areas", 3, "", "")])
    assert [line.code for line in _lines(left, "areas")] == ["9901"]
    assert not _errors(left)


def test_merged_cells_are_named_and_never_filled_down() -> None:
    book = openpyxl.load_workbook(BytesIO(book_of(SMALL)))
    book["任职"].merge_cells("B2:B3")
    into = BytesIO()
    book.save(into)
    draft = _read(into.getvalue())
    (found,) = [one for one in _errors(draft) if "合并" in one.wrong.zh]
    assert (found.sheet, found.row, found.letter, found.found) == ("memberships", 2, "B", "B2:B3")
    assert "取消合并" in found.remedy.zh
    assert [line.login for line in _lines(draft, "memberships")] == ["dingkai"]


def test_a_title_over_the_head_may_be_merged() -> None:
    book = openpyxl.load_workbook(BytesIO(book_of({"区域": [["海湾区区划表（2026年）"], *AREAS]})))
    book["区域"].merge_cells("A1:D1")
    into = BytesIO()
    book.save(into)
    assert len(_lines(_read(into.getvalue()), "areas")) == 2


def test_formulas_are_refused_where_a_wrong_one_would_do_harm() -> None:
    draft = _read(changed("人员", 2, 4, "=A1&B1"))
    (found,) = [one for one in _errors(draft) if one.sheet == "people"]
    assert "公式" in found.wrong.zh
    assert "选择性粘贴" in found.remedy.zh


def test_hidden_sheets_of_ours_are_refused_and_others_are_listed() -> None:
    book = openpyxl.load_workbook(BytesIO(book_of({**SMALL, "附件清单": [["x"]]})))
    book["值班"].sheet_state = "hidden"
    into = BytesIO()
    book.save(into)
    draft = _read(into.getvalue())
    assert any(one.sheet == "rota" and "隐藏" in one.wrong.zh for one in _errors(draft))
    assert [part.zh for part in draft.not_read] == ["工作表“附件清单”"]


def test_columns_come_in_any_order_by_key_or_title_and_others_are_listed() -> None:
    by_key = [["随便", "写", "的", "x"], ["name_zh", "code", "level", "own"], ["海湾区", "9901", "district", "?"]]
    draft = _read({"区域": by_key})
    assert _lines(draft, "areas") == [Area("9901", "海湾区", "district")]
    assert [part.zh for part in draft.not_read] == ["“区域”的“own”列"]


def test_missing_columns_are_one_error_of_the_sheet() -> None:
    (found,) = _errors(_read({"站点": [["代码", "名称"], ["XG", "仙港站"]]}))
    assert found.wrong.zh == "缺少必填的列：类别、区域；整张表没有读"
    assert found.row == 1


def test_a_workbook_without_any_sheet_of_ours_says_what_they_are_called() -> None:
    (found,) = _errors(_read(workbook(Sheet1=[["a", "b"]])))
    assert "区域、单位、站点" in found.remedy.zh


def test_what_stands_below_many_empty_rows_is_told() -> None:
    rows = [*AREAS, *[[] for _ in range(60)], ["9903", "云山区", "区", ""]]
    draft = _read({"区域": rows})
    (found,) = draft.findings
    assert not found.error
    assert found.row == len(rows)


def test_a_free_code_is_one_that_no_row_has_however_wrong() -> None:
    wrong = ["XG02", "另一站", "没有的类别", "9901"]
    draft = _read({**SMALL, "站点": [*SMALL["站点"], wrong, ["XG", "又一站", "区域站", "9901"]]})
    told = next(one for one in _errors(draft) if one.row == 4)
    assert [value for value, _ in told.choices] == ["XG03"]


def test_of_many_stations_without_deputies_it_is_told_how_many() -> None:
    many = [[f"Z{n:02}", f"第{n}站", "区域站", "9901"] for n in range(30)]
    draft = _read({**SMALL, "站点": [*SMALL["站点"], *many]})
    told = [one for one in draft.findings if "没有代表" in one.wrong.zh]
    assert [(one.row, one.wrong.zh) for one in told] == [(None, "有 30 个站还没有代表")]


def test_what_somebody_should_look_at_is_a_warning() -> None:
    people = [
        PEOPLE[0],
        ["chenhai", "陈海", "人大代表", "13900001234", "区", "2017-01-10", "2022-01-09"],
        ["linyu", "林雨", "管理员", "１３９０００01234", "", "", ""],
        ["dingkai", "丁恺", "人大代表", "", "", "", ""],
    ]
    members = [SMALL["任职"][0], ["chenhai", "XG", "代表", ""], *SMALL["任职"][2:]]
    draft = _read(
        {**SMALL, "人员": people, "任职": members, "站点": [*SMALL["站点"], ["DT", "灯塔站", "行业站", "9901"]]}
    )
    assert not _errors(draft)
    told = "\n".join(one.wrong.zh for one in draft.findings)
    for words in (
        "同一个电话",
        "任期已于 2022-01-09 结束",
        "将成为管理员",
        "代表没有写任期",
        "这个站还没有代表",
        "没有写行业",
    ):
        assert words in told
