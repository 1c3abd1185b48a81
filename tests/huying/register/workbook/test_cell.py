"""What stands in a cell, as it is meant; what could mean two things is refused, with what to write."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from huying.register.workbook.cell import Unclear, clean, clock, day, flag, prose, several


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("１３９００００１２３４", "13900001234"),
        ("\u202d13900001234\u202c", "13900001234"),
        ("\ufeffXG\u200b01\u2060", "XG01"),
        ("　仙港　 街道 ", "仙港 街道"),
        ("ＸＧ０１（东）；：", "XG01(东);:"),
        ("a\nb", "a b"),
        (13900001234.0, "13900001234"),
        (13900001234, "13900001234"),
        (24.4795, "24.4795"),
        (True, "TRUE"),
        ("", None),
        ("  　\u200b", None),
        (None, None),
    ],
)
def test_a_cell_is_read_as_it_is_meant(found: Any, meant: str | None) -> None:
    assert clean(found) == meant


def test_a_number_of_which_excel_lost_digits_is_never_guessed() -> None:
    with pytest.raises(Unclear) as refused:
        clean(350203199001011234.0)
    assert "15 位" in refused.value.wrong.zh
    assert "文本格式" in refused.value.remedy.zh


def test_a_code_that_excel_made_a_date_is_told_of() -> None:
    with pytest.raises(Unclear, match="turned"):
        clean(datetime(2026, 1, 1))  # noqa: DTZ001


def test_names_keep_their_chinese_punctuation() -> None:
    assert prose("　仙港街道（东区）：ＡＢ　站 ") == "仙港街道（东区）：AB 站"


@pytest.mark.parametrize(
    "found",
    [
        datetime(2026, 11, 1),  # noqa: DTZ001
        date(2026, 11, 1),
        "2026年11月1日",
        "2026.11.1",
        "2026/11/01",
        "2026-11-01",
        "２０２６年１１月１日",
        "2026 年 11 月 1 日",
        "2026-11-01 00:00:00",
        "\u202d2026-11-1\u202c",
    ],
)
def test_a_day_is_read_however_it_is_written(found: Any) -> None:
    assert day(found) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (45962, "序号"),
        ("45962", "序号"),
        ("11/1/2026", "哪个是月"),
        ("13/1/2026", "年写在了后面"),
        ("26-11-01", "哪个是年"),
        ("26年11月1日", "哪个是年"),
        (datetime(2026, 11, 1, 9, 30), "时间"),  # noqa: DTZ001
        ("2026-11-01 09:30", "时间"),
        ("2026年11月", "没有写到日"),
        ("2026-02-30", "没有这一天"),
        ("9999-12-31", "年份"),
        ("0001-01-01", "年份"),
        ("20261101", "连在一起"),
        ("去年", "不是日期"),
        (time(9, 0), "不是日期"),
    ],
)
def test_a_day_that_could_be_another_is_refused_with_what_to_write(found: Any, wrong: str) -> None:
    with pytest.raises(Unclear) as refused:
        day(found)
    assert wrong in refused.value.wrong.zh
    assert "2026-11-01" in refused.value.remedy.zh
    assert refused.value.wrong.en.isascii()


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("11/1/2026", ["2026-11-01", "2026-01-11"]),
        ("13/1/2026", ["2026-01-13"]),
        ("1/1/2026", ["2026-01-01"]),
        ("13/13/2026", []),
        ("26-11-01", []),
    ],
)
def test_each_day_that_can_be_meant_is_offered(found: str, meant: list[str]) -> None:
    with pytest.raises(Unclear) as refused:
        day(found)
    assert [value for value, _ in refused.value.choices] == meant


def test_what_excel_means_by_a_number_is_offered_and_never_taken() -> None:
    with pytest.raises(Unclear) as refused:
        day(45962)
    assert refused.value.choices[0][0] == "2025-11-01"


@pytest.mark.parametrize("found", ["是", "√", "有", "Y", "y", "1", 1, 1.0, True, "ＹＥＳ"])
def test_yes(found: Any) -> None:
    assert flag(found) is True


@pytest.mark.parametrize("found", ["否", "无", "N", "0", 0, False, "×"])
def test_no(found: Any) -> None:
    assert flag(found) is False


def test_neither_yes_nor_no() -> None:
    assert flag(" ") is None
    with pytest.raises(Unclear, match="neither"):
        flag("也许")


@pytest.mark.parametrize(
    ("found", "hour"),
    [
        ("9:00", time(9)),
        ("09：30", time(9, 30)),
        (time(14, 0), time(14)),
        ("9点", time(9)),
        ("9点半", time(9, 30)),
        ("14时5分", time(14, 5)),
    ],
)
def test_an_hour(found: Any, hour: time) -> None:
    assert clock(found) == hour


@pytest.mark.parametrize("found", ["25:00", "上午", "9", "9:75"])
def test_no_hour(found: str) -> None:
    with pytest.raises(Unclear):
        clock(found)


def test_everything_that_divides_divides() -> None:
    assert several("农业、建筑，法律,城市管理;生态；教育/农业\n民营") == (
        "农业",
        "建筑",
        "法律",
        "城市管理",
        "生态",
        "教育",
        "民营",
    )
    assert several(None) == ()
