"""A file that is no workbook, or would do harm, is refused before and while it is opened; the words say what to do."""

from __future__ import annotations

import zipfile
from io import BytesIO

import openpyxl
import openpyxl.xml
import pytest

from huying.register.workbook import extraction, opening
from huying.register.workbook.archive import LARGEST, WrongWorkbook, guard
from huying.register.workbook.opening import opened
from huying.register.workbook.raw import MOST_ROWS, Formula


def _zip(**entries: bytes) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return into.getvalue()


def _book(**more: bytes) -> bytes:
    """A workbook with further entries."""
    into = BytesIO()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "代码"
    book.save(into)
    with zipfile.ZipFile(into, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return into.getvalue()


def test_a_plain_workbook_passes() -> None:
    guard(_book())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"x" * (LARGEST + 1), "5 MB"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "旧格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "密码"),
        ("代码,名称\nXG,仙港".encode(), "不是 Excel"),
        (b"%PDF-1.7", "不是 Excel"),
        (b"PK\x03\x04 and nothing more", "不完整"),
        (_book()[:-200], "不完整"),
        (_zip(**{"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}), "不是 Excel"),
        (_book(**{"xl/vbaProject.bin": b"macro"}), "宏"),
        (_book(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), "别的文件"),
        (_book(**{"xl/worksheets/sheet9.xml": bytes(30_000_000)}), "异常庞大"),
        (_book(**{f"xl/media/{n}.png": b"p" for n in range(210)}), "异常庞大"),
        (_book(**{"../../etc/passwd": b"x"}), "不是 Excel"),
    ],
)
def test_what_is_no_plain_workbook_is_refused_in_words(content: bytes, words: str) -> None:
    with pytest.raises(WrongWorkbook) as refused:
        guard(content)
    assert words in refused.value.message["zh"]
    assert refused.value.message["en"].isascii()


def test_a_workbook_behind_a_password_inside_a_zip_is_refused() -> None:
    content = bytearray(_book())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(WrongWorkbook, match="password"):
        guard(bytes(content))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_xml_that_unfolds_without_end_is_never_read(part: str) -> None:
    assert openpyxl.xml.DEFUSEDXML
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w>&b;</w>'
    )
    with zipfile.ZipFile(BytesIO(_book())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with pytest.raises(WrongWorkbook, match="cannot be opened"):
        opened(_zip(**{**parts, part: bomb}))


def test_what_takes_too_much_memory_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_MODULE", "tests.huying.register.workbook.greedy")
    with pytest.raises(WrongWorkbook, match="too large"):
        opened(_book())


def test_what_takes_too_long_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.01)
    with pytest.raises(WrongWorkbook, match="too large"):
        opened(_book())


def test_the_process_that_opens_has_little_to_spend() -> None:
    assert extraction.MEMORY <= 2 * 1024**3
    assert extraction.SECONDS <= 60


def test_a_cell_in_the_last_row_does_not_make_a_million_rows() -> None:
    book, into = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(["代码", "名称"])
    sheet["A1048576"] = "x"
    book.save(into)
    (found,) = opened(into.getvalue()).sheets
    assert [row.number for row in found.rows] == [1]
    assert found.below == 1_048_576
    assert MOST_ROWS == 20_000


def test_formulas_merged_cells_and_hidden_rows_are_seen() -> None:
    book, into = openpyxl.Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (["a", "=1+1"], ["b", None], ["c", "#REF!"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[2].hidden = True
    book.create_sheet("隐藏").sheet_state = "veryHidden"
    book.save(into)
    first, second = opened(into.getvalue()).sheets
    assert first.rows[0].cells == ("a", Formula(None))
    assert first.merged == ("A2:A3",)
    assert first.hidden_rows == 1
    assert not second.shown
