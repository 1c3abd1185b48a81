"""The layout of official documents as Word has it: GB/T 9704, by the measures of its figures.

A4; above 37 mm, left 28 mm; text of 156 × 225 mm; 22 lines of 28 characters, which size 3 (16 pt) gives with 0.25 pt taken from each character and
lines of 28.9 pt; a red head over a red line, the number below it; pages numbered ``— 1 —``, right on odd pages and left on even ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT as TAB
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from huying.papers.word import dated

MIDDLE = WD_TABLE_ALIGNMENT.CENTER
BODY, HEAD, TITLE, LABEL = "仿宋_GB2312", "方正小标宋简体", "方正小标宋简体", "黑体"
_LATIN = "Times New Roman"
_RED = "E60000"
#: Sizes as offices name them, in points.
SIZE_1, SIZE_2, SIZE_3, SIZE_4 = 26.0, 22.0, 16.0, 14.0
_LINE = 578
#: Two characters, as an indent, and four, from the right.
_TWO, _FOUR = Pt(31.5), Pt(63)


class PaperLayout:
    """A document under way: what is added stands below what was added before. Gaps to fill are written as they stand in templates."""

    def __init__(self, *, form: bool = False) -> None:
        """``form``: a form in one table, which has the page nearly to itself."""
        self.document = Document()
        self._set_page(form)
        self._set_style()
        self._number_pages()
        self._first = True

    def line(self, text: str = "", **how: Any) -> Any:
        """A paragraph. ``how``: ``align``, ``font``, ``size``, ``red``, ``bold``, ``indent`` (characters: 2 or 0), ``right`` (an indent)."""
        made = (
            self.document.paragraphs[0] if self._first and self.document.paragraphs else self.document.add_paragraph()
        )
        self._first = False
        return self._write(made, text, **how)

    def mark(self, text: str) -> None:
        """A line that chooses or repeats what follows; nothing of it is left in the paper."""
        self.line(text)

    def head(self, organ: str, number: str) -> None:
        """The red head, the number of the paper, and the red line below it."""
        self.line(organ, align=ALIGN.CENTER, font=HEAD, size=SIZE_1, red=True, free=True)
        below = self.line(number, align=ALIGN.CENTER)
        below.paragraph_format.space_before = Pt(14)
        _border(below, "bottom", 18, _RED)
        self.line(size=SIZE_4)

    def title(self, text: str) -> None:
        """The title, in the middle."""
        made = self.line(text, align=ALIGN.CENTER, font=TITLE, size=SIZE_2, free=True)
        made.paragraph_format.space_after = Pt(14)

    def body(self, *texts: str) -> None:
        """Paragraphs of the text, each moved in by two characters."""
        for text in texts:
            self.line(text, indent=True)

    def signature(self, *lines: str, room: int = 2) -> None:
        """Who signs and the day, to the right, with ``room`` for the seal over them (in lines); all of it stays on one page."""
        every = [*[""] * room, *lines]
        for at, text in enumerate(every):
            made = self.line(text, align=ALIGN.RIGHT, right=_FOUR if text else None)
            made.paragraph_format.keep_with_next = at < len(every) - 1

    def copies(self, *lines: str) -> None:
        """The closing lines of a paper between two rules: to whom copies go, and who issued it."""
        for at, text in enumerate(lines):
            made = self.line(text, size=SIZE_4)
            made.paragraph_format.tab_stops.add_tab_stop(Mm(150), TAB.RIGHT)
            made.paragraph_format.left_indent = made.paragraph_format.right_indent = Pt(14)
            made.paragraph_format.keep_with_next = at < len(lines) - 1
            made.paragraph_format.keep_together = True
            if at == 0:
                made.paragraph_format.space_before = Pt(29)
                _border(made, "top", 8, "000000")
            _border(made, "bottom", 4 if at < len(lines) - 1 else 8, "000000")

    def grid(self, *rows: Sequence[str], widths: Sequence[float], tall: Sequence[int] = ()) -> None:
        """A form: labels and what stands beside them; a row of fewer cells ends in a wide one. ``tall``: rows with room for handwriting."""
        table = self._table(len(widths))
        for at, row in enumerate(rows):
            cells = table.add_row().cells
            if len(row) < len(cells):
                cells[len(row) - 1].merge(cells[-1])
            for place, text in enumerate(row):
                label = place % 2 == 0 and len(row) > 1
                self._cell(cells[place], text, label=label, centred=label or len(row) > 2)
            if at in tall:
                _height(table.rows[-1], 40)
            _keep(table.rows[-1])
        _widen(table, widths)

    def rows(self, heads: Sequence[str], loop: str, cells: Sequence[str], widths: Sequence[float]) -> None:
        """A table with one row for each of a list (``loop``: ``row in rows``); its head is repeated on every page."""
        table = self._table(len(heads))
        for cell, text in zip(table.add_row().cells, heads, strict=True):
            self._cell(cell, text, label=True, centred=True)
        _repeat(table.rows[0])
        for texts in ((f"{{%tr for {loop} %}}",), cells, ("{%tr endfor %}",)):
            made = table.add_row()
            for cell, text in zip(made.cells, texts, strict=False):
                self._cell(cell, text, centred=len(text) < 20)
            _keep(made)
        _widen(table, widths)

    def made(self) -> bytes:
        """The template."""
        into = BytesIO()
        for name in ("author", "comments", "last_modified_by", "title", "keywords"):
            setattr(self.document.core_properties, name, "")
        self.document.save(into)
        return dated(into.getvalue())

    def _table(self, columns: int) -> Any:
        table = self.document.add_table(rows=0, cols=columns)
        table.style = "Table Grid"
        table.autofit, table.alignment = False, MIDDLE
        return table

    def _cell(self, cell: Any, text: str, *, label: bool = False, centred: bool = False) -> None:
        made = cell.paragraphs[0]
        self._write(
            made,
            text,
            size=SIZE_4,
            font=LABEL if label else BODY,
            free=True,
            align=ALIGN.CENTER if centred else ALIGN.LEFT,
        )
        made.paragraph_format.space_before = made.paragraph_format.space_after = Pt(3)
        shape = cell._tc.get_or_add_tcPr()
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        shape.append(middle)

    def _write(self, made: Any, text: str, **how: Any) -> Any:
        made.alignment = how.get("align")
        shape = made.paragraph_format
        shape.first_line_indent = _TWO if how.get("indent") else None
        if how.get("right") is not None:
            shape.right_indent = how["right"]
        size = how.get("size", SIZE_3)
        if how.get("free"):
            shape.line_spacing = Pt(round(size * 1.45))
        run = made.add_run(text)
        _font(run._element, how.get("font", BODY), size)
        run.font.size, run.font.bold = Pt(size), how.get("bold")
        if how.get("red"):
            run.font.color.rgb = RGBColor.from_string(_RED)
        return made

    def _set_page(self, form: bool) -> None:
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        above, below = (22, 22) if form else (37, 35)
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(above), Mm(below), Mm(28), Mm(26)
        page.header_distance, page.footer_distance = Mm(15), Mm(12 if form else 25.5)
        grid = page._sectPr.find(qn("w:docGrid"))
        if grid is not None:
            page._sectPr.remove(grid)

    def _set_style(self) -> None:
        normal = self.document.styles["Normal"]
        _font(normal.element, BODY, SIZE_3)
        normal.font.size = Pt(SIZE_3)
        shape = normal.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        spacing = normal.element.get_or_add_pPr().get_or_add_spacing()
        spacing.set(qn("w:line"), str(_LINE))
        spacing.set(qn("w:lineRule"), "exact")

    def _number_pages(self) -> None:
        self.document.settings.odd_and_even_pages_header_footer = True
        page = self.document.sections[0]
        for footer, align in ((page.footer, ALIGN.RIGHT), (page.even_page_footer, ALIGN.LEFT)):
            made = footer.paragraphs[0]
            made.alignment = align
            made.paragraph_format.left_indent = made.paragraph_format.right_indent = Pt(14)
            for piece in ("— ", None, " —"):
                run = made.add_run(piece or "")
                _font(run._element, "宋体", SIZE_4)
                run.font.size = Pt(SIZE_4)
                if piece is None:
                    _page_number(run._element)


def _font(element: Any, font: str, size: float) -> None:
    """Latin letters and digits in Times, all else in the font named; a quarter of a point taken from each character of the text's own size."""
    shape = element.get_or_add_rPr()
    fonts = shape.get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{name}"), _LATIN)
    fonts.set(qn("w:eastAsia"), font)
    # quotation marks are those of the text around them
    fonts.set(qn("w:hint"), "eastAsia")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    if size == SIZE_3:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), "-5")
        shape.append(spacing)


def _page_number(run: Any) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        made = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            made.set(qn("w:fldCharType"), kind)
        else:
            made.text = text
        run.append(made)


def _border(paragraph: Any, side: str, eighths: int, colour: str) -> None:
    shape = paragraph._p.get_or_add_pPr()
    borders = shape.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        shape.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    one = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "6"), ("color", colour)):
        one.set(qn(f"w:{name}"), value)
    borders.append(one)


def _widen(table: Any, widths: Sequence[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=False):
            if row.cells.count(cell) == 1 and len(row._tr.tc_lst) == len(widths):
                cell.width = Mm(width)


def _height(row: Any, millimetres: float) -> None:
    row.height = Mm(millimetres)


def _repeat(row: Any) -> None:
    made = OxmlElement("w:tblHeader")
    made.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(made)


def _keep(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
