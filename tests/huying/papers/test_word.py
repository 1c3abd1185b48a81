"""A template is filled with what people wrote, as they wrote it; it can do nothing else, and comes out the same each time."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from PIL import Image

from engine.refusal import Refusal
from huying.errors import WrongFile
from huying.papers.sandbox import MOST_ROUNDS
from huying.papers.word import Picture, UnfitTemplate, fill, names
from tests.huying.papers.written import template, with_part, words

ISSUE = {"number": "厦-2026-0018", "subject": "路灯 <不亮> & 井盖", "place": None}


def picture() -> bytes:
    """A small picture."""
    made = BytesIO()
    Image.new("RGB", (40, 20), "red").save(made, "PNG")
    return made.getvalue()


def test_gaps_are_filled_with_what_people_wrote_and_nothing_of_it_is_swallowed() -> None:
    made = fill(
        template("关于{{ issue.number }}：{{ issue.subject }}的答复", "地点：{{ issue.place }}。"), {"issue": ISSUE}
    )
    assert words(made) == ["关于厦-2026-0018：路灯 <不亮> & 井盖的答复", "地点：。"]


def test_a_name_may_be_chinese_and_a_header_is_filled_too() -> None:
    made = fill(template("{{ 机关 }}", header="{{ 机关 }}文件"), {"机关": "市人大常委会"})
    assert words(made) == ["市人大常委会"]
    assert Document(BytesIO(made)).sections[0].header.paragraphs[0].text == "市人大常委会文件"


def test_a_new_line_of_somebodys_words_is_a_new_paragraph() -> None:
    made = fill(template("{{ said }}"), {"said": "第一点。\r\n第二点。\n"})
    assert words(made) == ["第一点。", "第二点。"]


def test_rows_of_a_table_are_repeated_and_paragraphs_chosen() -> None:
    rows = [{"name": f"第{n}件", "late": n == 2} for n in range(1, 61)]
    made = fill(
        template(
            "{%p if rows %}",
            "共{{ rows|length }}件",
            "{%p else %}",
            "无",
            "{%p endif %}",
            rows=("{{ loop.index }}", "{{ row.name }}"),
        ),
        {"rows": rows},
    )
    assert words(made)[:5] == ["共60件", "1", "第1件", "2", "第2件"]
    assert len(words(made)) == 121


def test_what_word_split_into_pieces_is_one_name() -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ iss", "ue.num", "ber }", "}"):
        paragraph.add_run(piece).bold = piece == "ue.num"
    kept = BytesIO()
    document.save(kept)
    assert words(fill(kept.getvalue(), {"issue": ISSUE})) == ["厦-2026-0018"]


def test_a_picture_stands_in_a_paper_as_wide_as_it_was_said_to_be() -> None:
    made = Document(BytesIO(fill(template("{{ seal }}"), {"seal": Picture(picture(), 42)})))
    assert [round(one.width.mm) for one in made.inline_shapes] == [42]


def test_the_same_template_and_values_are_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, values = template("{{ issue.subject }}", "{{ seal }}"), {"issue": ISSUE, "seal": Picture(picture(), 42)}
    first = fill(kept, values)
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert fill(kept, values) == first
    assert fill(kept, {**values, "issue": {**ISSUE, "subject": "井盖"}}) != first


def test_a_paper_does_not_tell_who_wrote_its_template() -> None:
    document = Document()
    document.core_properties.author, document.core_properties.title = "王五", "{{ issue }}"
    kept = BytesIO()
    document.save(kept)
    properties = Document(BytesIO(fill(kept.getvalue(), {}))).core_properties
    assert (properties.author, properties.title, properties.last_modified_by) == ("", "", "")


def test_what_somebody_wrote_is_never_read_as_a_mark() -> None:
    said = "{{ issue.phone }} {%tr for %} {_{ x }_}"
    assert words(fill(template("{{ said }}"), {"said": said})) == ["{{ issue.phone }} {%tr for %} {＿{ x }＿}"]


def test_signs_that_no_document_can_hold_are_left_out() -> None:
    assert words(fill(template("{{ said }}"), {"said": "喆\x00堃\x0b镕\u202e\ud800赟"})) == ["喆堃镕赟"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{{ orgn }}", "'orgn' is undefined"),
        ("{{ issue.phone }}", "phone"),
        ("{{ issue }}", "dict in the place"),
        ("{{ yes }}", "bool in the place"),
        ("{{ ''.__class__.__mro__ }}", "__"),
        ("{{ issue.__class__ }}", "__class__"),
        ("{{ issue.items() }}", "Call"),
        ("{{ issue['number'] }}", "Getitem"),
        ("{{ seal.tpl.save('x.docx') }}", "Call"),
        ("{{ seal.tpl.docx }}", "'tpl'"),
        ("{{ 'x' * 1000000 }}", "Mul"),
        ("{{ 'x' ~ 'y' }}", "Concat"),
        ("{% set x = 1 %}", "Assign"),
        ("{% include 'x' %}", "Include"),
        ("{% macro m() %}{% endmacro %}", "Macro"),
        ("{% for x in [1, 2] %}{% endfor %}", "List"),
        ("{{ issue.number|replace('a', 'b') }}", "replace"),
        ("{{ issue.number|attr('x') }}", "attr"),
        ("{{ self }}", "in the place of a text"),
        ("{{ lipsum }}", "lipsum"),
        ("{{ loop }}", "loop"),
        ("{{ issue.number }", "}"),
        ("{{ issue..number }}", "expected name"),
        ("{% if x %}", "endif"),
    ],
)
def test_a_template_that_does_something_else_is_refused_in_words(written: str, said: str) -> None:
    values = {"issue": ISSUE, "seal": Picture(picture(), 10), "yes": True}
    with pytest.raises(Refusal) as refused:
        fill(template(written), values)
    assert said in refused.value.message["en"]
    assert refused.value.message["zh"]


def test_loops_in_loops_end() -> None:
    kept = template(*["{% for a in rows %}{% for b in rows %}{% for c in rows %}x{% endfor %}{% endfor %}{% endfor %}"])
    with pytest.raises(WrongFile, match="without measure"):
        fill(kept, {"rows": ["x"] * 100})
    assert MOST_ROUNDS < 100**3


def test_what_comes_out_is_bounded_too() -> None:
    kept = template("{% for a in rows %}" + "呼应" * 4_000 + "{% endfor %}")
    with pytest.raises(WrongFile, match="without measure"):
        fill(kept, {"rows": ["x"] * 10_000})


def test_names_that_a_template_asks_for_are_told() -> None:
    kept = template("{{ issue.number }}{{ organ }}", rows=("{{ row.name }}",), header="{{ letterhead }}")
    assert names(kept) == {"issue", "organ", "rows", "letterhead"}


def test_values_of_another_kind_are_a_mistake_of_ours() -> None:
    values: dict[str, Any] = {"x": object()}
    with pytest.raises(TypeError, match="x: a paper shows"):
        fill(template("{{ x }}"), values)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"%PDF-1.7",
        with_part(template("x"), "word/document.xml", b"<w:document", b"<!DOCTYPE x [<!ENTITY a 'b'>]><w:document"),
        with_part(
            template("x"),
            "word/_rels/document.xml.rels",
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="http://x/image" Target="http://127.0.0.1/x.png" TargetMode="External"/></Relationships>',
        ),
        with_part(
            template("x"),
            "word/document.xml",
            b"<w:r>",
            b'<w:fldSimple w:instr=" INCLUDEPICTURE &quot;http://127.0.0.1/x.png&quot; "/><w:r>',
        ),
        with_part(
            template("x"),
            "word/document.xml",
            b"<w:r>",
            b'<w:r><w:fldChar w:fldCharType="begin"/><w:instrText> INCLUDE</w:instrText><w:instrText>TEXT "/etc/passwd"</w:instrText></w:r><w:r>',
        ),
        with_part(template("x"), "word/document.xml", b"<w:p>", b'<w:p w:rsidR="{{ x }}">'),
    ],
    ids=["empty", "pdf", "entities", "linked picture", "field that fetches", "field in pieces", "mark in an attribute"],
)
def test_what_is_no_plain_word_document_is_not_filled(document: bytes) -> None:
    with pytest.raises(WrongFile):
        fill(document, {"x": "x"})


_IMAGE = 'Id="rId99" Type="http://x/image"'
_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK = 'Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"'


def _related(written: str) -> bytes:
    """A document with one more relationship."""
    rels = f"{written}</Relationships>".encode()
    return with_part(template("x"), "word/_rels/document.xml.rels", b"</Relationships>", rels)


@pytest.mark.parametrize(
    "written",
    [
        f'<Relationship {_IMAGE} Target="https://evil/hyperlink.png" TargetMode="External"/>',
        f'<r:Relationship xmlns:r="{_SPACE}" {_IMAGE} Target="http://evil/x.png" TargetMode="External"/>',
        f'<Relationship {_IMAGE} Target="http://evil/x.png" TargetMode="&#69;xternal"/>',
        f'<Relationship {_IMAGE} Target="http://evil/x.png" TargetMode="external"/>',
        f'<Relationship {_IMAGE} Target="http://evil/x.png"/>',
        f'<Relationship {_LINK} Target="file:///etc/passwd" TargetMode="External"/>',
        f'<Relationship {_LINK} Target="\\\\evil\\x" TargetMode="External"/>',
    ],
    ids=["hyperlink in the name", "prefix", "character", "small letters", "no mode", "file", "share"],
)
def test_nothing_from_elsewhere_is_drawn_in_however_it_is_written(written: str) -> None:
    with pytest.raises(WrongFile, match="elsewhere"):
        fill(_related(written), {"x": "x"})


def test_a_link_that_a_reader_may_follow_is_taken() -> None:
    for target in ("https://www.gov.cn/", "mailto:office@example.org", "#end"):
        assert fill(_related(f'<Relationship {_LINK} Target="{target}" TargetMode="External"/>'), {"x": "x"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-7"])
def test_a_part_in_another_encoding_is_not_read(encoding: str) -> None:
    written = f'<?xml version="1.0" encoding="{encoding}"?><Relationships xmlns="x"></Relationships>'
    made = BytesIO(template("x"))
    with ZipFile(made, "a") as archive:
        archive.writestr("word/_rels/footer9.xml.rels", written.encode(encoding))
    with pytest.raises(WrongFile, match="irregular"):
        fill(made.getvalue(), {"x": "x"})


def test_an_unclosed_brace_is_shown_where_it_stands() -> None:
    with pytest.raises(WrongFile) as refused:
        fill(template("一切正常", "关于{{ issue.number 的答复"), {"issue": ISSUE})
    assert "关于{{ issue.number 的答复" in refused.value.message["zh"]


def test_unclosed_braces_without_end_take_no_time() -> None:
    began = time.perf_counter()
    with pytest.raises(WrongFile):
        fill(template("{{" * 200_000), {})
    assert time.perf_counter() - began < 5


def test_an_unfit_template_is_told_apart_from_a_wrong_file() -> None:
    assert UnfitTemplate.code != WrongFile.code
