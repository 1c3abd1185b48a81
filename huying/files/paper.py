"""A file as a Word document that an office files and a nominating body reads: cover, chapters, sums, signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from definitions.text import Said
from huying.files.sheet import STATES, source_words
from huying.files.view import EntryLine, FilePage
from huying.papers.word import dated, fill

_SONG, _HEI = "方正小标宋简体", "黑体"
_BODY = "仿宋_GB2312"
_RED = RGBColor(0xC0, 0x10, 0x10)
#: The columns of a chapter: head, what stands in it, width in millimetres; all of them are as wide as a page on its side.
_COLUMNS: tuple[tuple[Said, str, int], ...] = (
    (Said("序号", "No."), "number", 12),
    (Said("日期", "Date"), "day", 24),
    (Said("种类", "Kind"), "kind", 26),
    (Said("事项和结果", "Matter and result"), "matter", 74),
    (Said("地点、组织单位", "Place, organiser"), "where", 40),
    (Said("作用", "Part"), "part", 22),
    (Said("半天", "Half-days"), "half_days", 16),
    (Said("来源、佐证", "Source, evidence"), "source", 36),
    (Said("状态", "State"), "state", 26),
)


def file_document(page: FilePage, office: str, language: str, template: bytes | None = None) -> bytes:
    """The Word document; ``template`` is the office's own, if it has one. Errors as of ``huying.papers.word.fill``."""
    return fill(template or shipped_template(language), _values(page, office, language))


def _values(page: FilePage, office: str, language: str) -> Mapping[str, Any]:
    numbered = {line.entry.key: number for number, line in enumerate(page.lines, 1)}
    return {
        "office": office,
        "name": page.name,
        "year": str(page.year),
        "facts": "　".join(page.facts),
        "term": page.term,
        "closed": page.closed,
        "closed_by": page.closed_by,
        "count": page.standing,
        "chapters": [
            {"title": one.title, "lines": list(_lines(one.lines, numbered, language)), "empty": not one.lines}
            for one in page.chapters
        ],
        "sums": [{"title": one.title, "count": one.count, "half_days": one.half_days or "—"} for one in page.sums],
        "amended": [
            {"number": numbered[line.entry.key], "by": said.by, "when": said.when, "reason": said.reason}
            for line in page.lines
            for said in line.remarks
            if said.what in ("amended", "corrected") and not line.entry.instead
        ],
    }


def _lines(lines: Iterable[EntryLine], numbered: Mapping[str, int], language: str) -> Iterable[Mapping[str, str]]:
    for line in lines:
        state = STATES[line.entry.state].of(language)
        amended = Said("，封账后补正", ", amended").of(language) if line.entry.amended else ""
        yield {
            "number": str(numbered[line.entry.key]),
            "day": line.day.isoformat(),
            "kind": line.kind,
            "matter": "\n".join(one for one in (line.title, line.entry.result) if one),
            "where": "\n".join(one for one in (line.entry.place, line.entry.organiser) if one),
            "part": line.part,
            "half_days": line.half_days,
            "source": "\n".join([source_words(line, language), *(name for _, name in line.evidence)]),
            "state": state + amended,
        }


@cache
def shipped_template(language: str) -> bytes:
    """The template that comes with the house: what an office takes to make its own of."""
    made = _Template(language)
    made.cover()
    made.chapters()
    made.sums()
    made.signatures()
    into = BytesIO()
    made.document.save(into)
    return dated(into.getvalue())


class _Template:
    """A document under way, on its side, in the faces of official papers."""

    def __init__(self, language: str) -> None:
        self.document = Document()
        self._language = language
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(10.5)
        section.top_margin, section.bottom_margin = Mm(18), Mm(15)

    def _said(self, zh: str, en: str) -> str:
        return Said(zh, en).of(self._language)

    def _write(self, paragraph: Any, text: str, size: float, face: str = _BODY, *, red: bool = False) -> Any:
        run = paragraph.add_run(text)
        run.font.size, run.font.name = Pt(size), "Times New Roman"
        run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
        if red:
            run.font.color.rgb = _RED
        paragraph.paragraph_format.space_after = Pt(2)
        return paragraph

    def line(self, text: str, size: float = 12, face: str = _BODY, *, middle: bool = False, red: bool = False) -> None:
        """A paragraph."""
        made = self._write(self.document.add_paragraph(), text, size, face, red=red)
        # a heading stays with what it stands over
        made.paragraph_format.keep_with_next = face == _HEI
        if middle:
            made.alignment = ALIGN.CENTER

    def cover(self) -> None:
        """Whose it is, and what stands in it in all."""
        self.line("{{ office }}", 14, _HEI, middle=True, red=True)
        title = self._said("代表履职档案（一人一册）", "Deputy's yearly file")
        self.line(title, 24, _SONG, middle=True, red=True)
        self.line("{{ name }}　{{ year }}", 18, _SONG, middle=True)
        self.line("{{ facts }}", 12, middle=True)
        self.line("{%p if term %}")
        self.line(self._said("本届：{{ term }}", "Term: {{ term }}"), 12, middle=True)
        self.line("{%p endif %}")
        self.line("{%p if closed %}")
        self.line(
            self._said("{{ closed }} 封账，经办：{{ closed_by }}", "Closed {{ closed }} by {{ closed_by }}"),
            12,
            middle=True,
        )
        self.line("{%p else %}")
        self.line(self._said("本年度尚未封账，内容以封账时为准。", "This year is not closed yet."), 12, middle=True)
        self.line("{%p endif %}")

    def chapters(self) -> None:
        """Every chapter with its lines; of an empty one, that it is."""
        self.line("{%p for chapter in chapters %}")
        self.line("{{ loop.index }}　{{ chapter.title }}", 14, _HEI)
        self.line("{%p if chapter.empty %}")
        self.line(self._said("本年度无记录。", "Nothing in this year."))
        self.line("{%p else %}")
        cells = [f"{{{{ line.{name} }}}}" for _, name, _ in _COLUMNS]
        heads = [head.of(self._language) for head, _, _ in _COLUMNS]
        self._table(heads, "{%tr for line in chapter.lines %}", cells, [width for _, _, width in _COLUMNS])
        self.line("{%p endif %}")
        self.line("{%p endfor %}")

    def sums(self) -> None:
        """How many of each kind, and what was corrected, by whom and why."""
        self.line(self._said("合计", "Sums"), 14, _HEI)
        heads = [self._said("种类", "Kind"), self._said("条数", "Entries"), self._said("半天数", "Half-days")]
        cells = ["{{ one.title }}", "{{ one.count }}", "{{ one.half_days }}"]
        self._table(heads, "{%tr for one in sums %}", cells, [80, 40, 40])
        self.line("{%p if amended %}")
        self.line(self._said("更正和补正", "Corrections and amendments"), 14, _HEI)
        self.line("{%p for one in amended %}")
        text = self._said(
            "第 {{ one.number }} 条：{{ one.reason }}（{{ one.by }}，{{ one.when }}）",
            "No. {{ one.number }}: {{ one.reason }} ({{ one.by }}, {{ one.when }})",
        )
        self.line(text)
        self.line("{%p endfor %}")
        self.line("{%p endif %}")

    def signatures(self) -> None:
        """Who confirms it on paper."""
        self.line("")
        text = self._said(
            "代表（签名）：　　　　　　　　　代表工作机构负责人（签名）：　　　　　　　　　（盖章）　　　　　　年　　月　　日",
            "Deputy: ____________________    Head of the office: ____________________    Seal    Date: ____________",
        )
        self.line(text)

    def _table(self, heads: list[str], loop: str, cells: list[str], widths: list[int]) -> None:
        table = self.document.add_table(rows=4, cols=len(heads))
        table.style, table.autofit = "Table Grid", False
        rows = (heads, [loop], cells, ["{%tr endfor %}"])
        for at, texts in enumerate(rows):
            for place, text in enumerate(texts):
                paragraph = table.rows[at].cells[place].paragraphs[0]
                self._write(paragraph, text, 10.5, _HEI if at == 0 else _BODY)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
            whole = row._tr.get_or_add_trPr()
            whole.append(whole.makeelement(qn("w:cantSplit"), {qn("w:val"): "true"}))
        repeated = table.rows[0]._tr.get_or_add_trPr()
        repeated.append(repeated.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
