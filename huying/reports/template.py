"""The template of a report in Word, as it is shipped: what an office may change in Word, and give back."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

_BODY, _HEAD, _LABEL = "仿宋_GB2312", "方正小标宋简体", "黑体"
_RED = RGBColor(0xE6, 0, 0)
_USUAL, _SMALL, _CELL = 16, 10.5, 8.5


def shipped_template() -> bytes:
    """The Word file with its gaps; always the same."""
    made = _Template()
    made.line("{{ office }}", font=_HEAD, size=26, colour=_RED, align=ALIGN.CENTER)
    made.ruled("编号 {{ number }}")
    made.line("{{ title }}", font=_HEAD, size=22, align=ALIGN.CENTER)
    made.line("（{{ period }}）", size=16, align=ALIGN.CENTER)
    made.line("{%p if opinion %}")
    made.line("{{ opinion }}", indent=True)
    made.line("{%p endif %}")
    made.line("{%p for part in parts %}")
    made.choice("part.title", font=_LABEL, size=16, keep=True)
    made.choice("part.words", indent=True)
    made.choice("part.chart", align=ALIGN.CENTER, keep=True)
    made.line("{%p if part.rows %}")
    made.table("part")
    made.line("{%p endif %}")
    made.choice("part.note", size=_SMALL)
    made.line("{%p endfor %}")
    made.line("{%p if revised %}")
    made.line("{{ revised_title }}", font=_LABEL, size=16, keep=True)
    made.line("{%p for one in revised %}")
    made.line("{{ one }}", size=_SMALL)
    made.line("{%p endfor %}")
    made.line("{%p endif %}")
    made.line("口径说明", font=_LABEL, size=16, keep=True)
    made.line("{%p for one in legend %}")
    made.line("{{ one }}", size=_SMALL)
    made.line("{%p endfor %}")
    made.line("数据截至 {{ as_of }}；内容摘要 {{ digest }}。", size=_SMALL)
    made.line("签发：{{ issuer }}", align=ALIGN.RIGHT, keep=True)
    made.line("{{ issued_on }}", align=ALIGN.RIGHT)
    return made.bytes()


class _Template:
    """A document under way, by the measures of official documents."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = (
            Mm(37),
            Mm(35),
            Mm(28),
            Mm(26),
        )
        self._number(section.footer.paragraphs[0])

    def line(self, text: str, **how: Any) -> Any:
        """A paragraph; ``how``: ``font``, ``size``, ``align``, ``colour``, ``indent`` (two characters), ``keep`` (with what follows)."""
        return self._write(self.document.add_paragraph(), text, **how)

    def choice(self, name: str, **how: Any) -> None:
        """A paragraph that is there if there is anything to say."""
        self.line(f"{{%p if {name} %}}")
        self.line(f"{{{{ {name} }}}}", **how)
        self.line("{%p endif %}")

    def ruled(self, text: str) -> None:
        """The number of the paper over the red line."""
        made = self.line(text, align=ALIGN.CENTER, size=14)
        borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "18"), ("space", "1"), ("color", "E60000")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
        made._p.get_or_add_pPr().append(borders)

    def table(self, part: str) -> None:
        """A table with as many columns and rows as the part has; its head is repeated on every page."""
        table = self.document.add_table(rows=4, cols=3)
        table.style = "Table Grid"
        rows = (
            (f"{{%tc for one in {part}.heads %}}", "{{ one }}", "{%tc endfor %}"),
            (f"{{%tr for row in {part}.rows %}}", "", ""),
            ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
            ("{%tr endfor %}", "", ""),
        )
        for at, texts in enumerate(rows):
            for cell, text in zip(table.rows[at].cells, texts, strict=True):
                font = _LABEL if at == 0 else _BODY
                self._write(cell.paragraphs[0], text, font=font, size=_CELL, align=ALIGN.CENTER)
        repeated = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeated)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))

    def bytes(self) -> bytes:
        """The file."""
        into = BytesIO()
        for name in ("author", "comments", "last_modified_by", "title", "keywords"):
            setattr(self.document.core_properties, name, "")
        self.document.save(into)
        return into.getvalue()

    def _write(self, made: Any, text: str, **how: Any) -> Any:
        font, size = how.get("font", _BODY), how.get("size", _USUAL)
        run = made.add_run(text)
        run.font.name, run.font.size = "Times New Roman", Pt(size)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if "colour" in how:
            run.font.color.rgb = how["colour"]
        shape = made.paragraph_format
        shape.space_after = Pt(0)
        # what is kept with the next is a heading, and stands off what is above it
        shape.space_before = Pt(8 if how.get("keep") and font == _LABEL else 0)
        if "align" in how:
            made.alignment = how["align"]
        if how.get("indent"):
            shape.first_line_indent = Pt(2 * size)
        shape.keep_with_next = how.get("keep", False)
        return made

    def _number(self, paragraph: Any) -> None:
        paragraph.alignment = ALIGN.CENTER
        for kind, text in (("", "— "), ("field", "PAGE"), ("", " —")):
            run = paragraph.add_run("" if kind else text)
            if kind:
                field = OxmlElement("w:fldSimple")
                field.set(qn("w:instr"), text)
                run._r.addprevious(field)
