"""What is taken is told by what is in it, and its name agrees; whatever else somebody sends is refused, with what to do instead."""

from __future__ import annotations

import stat
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from PIL import Image

from huying.errors import WrongFile
from huying.settings import SettingError, read
from huying.settings.attachments import FILE_KINDS, USUAL_KINDS
from huying.shelf.archive import LARGEST_UNPACKED, MOST_ENTRIES
from huying.shelf.kinds import KINDS, accepted, ends_rightly, recognised
from tests.huying.shelf.documents import OFD, OLD, PDF, SHEET, WORD, packed
from tests.huying.town import PIXEL


def refusal(name: str, content: bytes, taken: tuple[str, ...] = FILE_KINDS) -> str:
    with pytest.raises(WrongFile) as refused:
        recognised(name, content, taken)
    assert refused.value.message["en"]
    return refused.value.message["zh"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", PIXEL),
        ("报告.PDF", PDF),
        ("申请书.docx", packed(WORD)),
        ("名单.xlsx", packed(SHEET)),
        ("公文.ofd", packed(OFD)),
        ("录音.mp3", b"ID3\x04" + b"\0" * 30),
        ("录音.mp3", b"\xff\xfb\x90\x64" + b"\0" * 30),
        ("录音.amr", b"#!AMR\n" + b"\0" * 30),
        ("现场.mp4", b"\0\0\0\x18ftypisom" + b"\0" * 30),
    ],
)
def test_a_file_is_told_by_what_is_in_it(name: str, content: bytes) -> None:
    assert recognised(name, content, FILE_KINDS).name == name.rpartition(".")[2].lower()


def test_the_kinds_that_can_be_set_are_those_that_can_be_told() -> None:
    assert tuple(kind.name for kind in KINDS) == FILE_KINDS
    assert read({"HUYING_FILE_KINDS": "pdf, JPG mp3"}).file_kinds == ("jpg", "pdf", "mp3")
    assert read({}).file_kinds == USUAL_KINDS
    with pytest.raises(SettingError, match="exe"):
        read({"HUYING_FILE_KINDS": "pdf,exe"})


def test_sound_and_film_are_taken_where_the_office_says_so() -> None:
    assert "不收" in refusal("录音.amr", b"#!AMR\n" + b"\0" * 30, USUAL_KINDS)
    assert ".amr" not in accepted(USUAL_KINDS)
    assert ".amr" in accepted(FILE_KINDS)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0",
        b"\x7fELF",
        b"<html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"#!/bin/sh\n",
        b"plain",
        b"",
        b"Rar!\x1a\x07",
    ],
)
def test_programs_pages_and_whatever_cannot_be_told_are_not_taken(content: bytes) -> None:
    for name in ("a.png", "a.pdf", "a", "a.docx"):
        assert "可以传：JPG" in refusal(name, content)


def test_a_plain_archive_is_not_taken() -> None:
    assert "压缩包请解开" in refusal("材料.zip", packed({"说明.txt": "x"}))
    assert "压缩包请解开" in refusal("材料.docx", packed({"word/document.xml": "x"})), (
        "no document without its list of parts"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", PIXEL),
        ("报告.docx", PDF),
        ("a.pdf", PIXEL),
        ("图.jpg", PDF),
        ("名单.xlsx", packed(WORD)),
        ("a.xlsm", packed(SHEET)),
        ("a.png.html", PIXEL),
    ],
)
def test_a_name_that_says_another_kind_is_refused_with_the_remedy(name: str, content: bytes) -> None:
    assert "另存为" in refusal(name, content)


def test_a_picture_under_another_pictures_name_is_taken_and_called_rightly() -> None:
    """Chat programs save WebP as .jpg: nobody can mend that on a phone, and the picture is made anew."""
    kind = recognised("微信图片.jpg", PIXEL, USUAL_KINDS)
    assert ends_rightly("微信图片.jpg", kind) == "微信图片.png"
    assert ends_rightly("无名", kind) == "无名.png"
    assert ends_rightly("IMG.PNG", kind) == "IMG.PNG"


def test_old_office_files_are_refused_with_the_remedy() -> None:
    for name in ("a.doc", "a.xls", "a.wps", "a.docx"):
        assert "另存为 .docx" in refusal(name, OLD)


@pytest.mark.parametrize(
    "more",
    [
        {"word__vbaProject_dot_bin": b"x"},
        {"word__VBAPROJECT_dot_BIN": b"x"},
        {"word__vbaData_dot_xml": "x"},
        {"xl__macrosheets__sheet1_dot_xml": "x"},
        {"word__activeX__activeX1_dot_bin": b"x"},
        {"word__embeddings__oleObject1_dot_bin": b"x"},
        {"word__embeddings__list_dot_xlsm": b"x"},
        {
            "word___rels__settings_dot_xml_dot_rels": '<Relationship Type="x/attachedTemplate" Target="http://evil/a.dotm" TargetMode="External"/>'
        },
    ],
)
def test_documents_with_macros_or_what_fetches_them_are_refused(more: dict[str, str | bytes]) -> None:
    assert "宏" in refusal("a.docx", packed(WORD, **more))
    assert "宏" in refusal("a.xlsx", packed(SHEET, **more))


def test_a_document_that_says_it_has_macros_is_refused_whatever_it_is_called() -> None:
    types = '<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    assert "宏" in refusal("a.docx", packed({**WORD, "[Content_Types].xml": types}))


def test_programs_and_pages_packed_into_a_document_are_refused() -> None:
    for more in ({"word__a_dot_exe": b"MZ"}, {"a_dot_HTML": "x"}, {"Doc_0__run_dot_js": "x"}):
        assert "夹带" in refusal("a.ofd", packed(OFD, **more))


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "a\\..\\evil.xml", "C:evil.xml", "word/../../evil"])
def test_entries_that_would_lie_elsewhere_are_refused(name: str) -> None:
    assert "另存一份" in refusal("a.docx", packed({**WORD, name: "x"}))


def test_a_link_among_the_entries_is_refused() -> None:
    made = BytesIO(packed(WORD))
    with ZipFile(made, "a") as archive:
        link = ZipInfo("word/media")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert "另存一份" in refusal("a.docx", made.getvalue())


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused() -> None:
    made = BytesIO(packed(WORD))
    with ZipFile(made, "a") as archive:
        archive.writestr("WORD/document.xml", "another")
    assert "另存一份" in refusal("a.docx", made.getvalue())


def test_what_unfolds_without_measure_is_refused_without_being_unfolded() -> None:
    steep = packed(WORD, word__a_dot_xml=b"\0" * (20 << 20))
    assert len(steep) < 100_000
    assert "异常庞大" in refusal("a.docx", steep)
    many = packed({**WORD, **{f"word/{number}.xml": "" for number in range(MOST_ENTRIES)}})
    assert "异常庞大" in refusal("a.docx", many)
    assert LARGEST_UNPACKED == 100 << 20


def test_an_archive_that_lies_about_what_it_unfolds_to_is_refused() -> None:
    """It says ten bytes, and holds twenty million."""
    made = bytearray(packed(WORD, word__a_dot_xml=b"\0" * (20 << 20)))
    size = (20 << 20).to_bytes(4, "little")
    assert made.count(size) == 2
    assert "另存一份" in refusal("a.docx", bytes(made.replace(size, (10).to_bytes(4, "little"))))


def test_a_document_with_a_password_is_refused_with_the_remedy() -> None:
    made = bytearray(packed(WORD))
    at = made.index(b"PK\x01\x02")
    made[at + 8] |= 1
    assert "密码" in refusal("a.docx", bytes(made))


def test_a_document_that_is_cut_off_or_damaged_is_refused() -> None:
    whole = packed(WORD)
    changed = bytearray(whole)
    changed[45] ^= 0xFF
    for broken in (whole[:-10], whole[: len(whole) // 2], whole[:4], bytes(changed)):
        assert "另存一份" in refusal("a.docx", broken)


def test_nothing_stands_before_or_behind_a_document() -> None:
    document = packed(WORD)
    assert "不收" in refusal("a.docx", b"<script>alert(1)</script>" + document)
    assert "另存一份" in refusal("a.docx", document + b"<script>alert(1)</script>")
    assert "另存一份" in refusal("a.docx", b"PK\x03\x04" + b"MZ" * 30 + document)
    with_remark = BytesIO(document)
    with ZipFile(with_remark, "a", ZIP_DEFLATED) as archive:
        archive.comment = b"<script>"
    assert "另存一份" in refusal("a.docx", with_remark.getvalue())


def test_a_pdf_that_is_an_archive_too_is_refused() -> None:
    assert "藏着" in refusal("a.pdf", PDF + packed({"evil.exe": "MZ"}))
    assert "藏着" in refusal("a.mp3", b"ID3\x04" + packed({"evil.jar": "x"}))


def test_a_page_before_a_pdf_makes_it_none() -> None:
    assert "不收" in refusal("a.pdf", b"<html></html>" + PDF)


def test_kinds_do_not_overlap() -> None:
    saved = BytesIO()
    Image.new("RGB", (2, 2)).save(saved, "JPEG")
    for content in (PIXEL, PDF, saved.getvalue(), b"GIF89a", b"#!AMR\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic"):
        assert len([kind for kind in KINDS if kind.begins(content)]) == 1
