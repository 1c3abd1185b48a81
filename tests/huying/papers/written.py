"""Word documents as an office would write them, made for tests paragraph by paragraph."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document


def template(*lines: str, rows: tuple[str, ...] = (), header: str = "") -> bytes:
    """A template of some paragraphs, a header, and a table with a row of cells that stand between two rows of marks."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    if rows:
        table = document.add_table(rows=3, cols=len(rows))
        table.cell(0, 0).text = "{%tr for row in rows %}"
        for at, text in enumerate(rows):
            table.cell(1, at).text = text
        table.cell(2, 0).text = "{%tr endfor %}"
    if header:
        document.sections[0].header.paragraphs[0].text = header
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def words(document: bytes) -> list[str]:
    """The paragraphs of a document that say something, those of its tables behind them."""
    opened = Document(BytesIO(document))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return [text for text in [*(one.text for one in opened.paragraphs), *cells] if text]


def with_part(document: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same document with a piece of one of its parts replaced."""
    made = BytesIO()
    with ZipFile(BytesIO(document)) as before, ZipFile(made, "w", ZIP_DEFLATED) as after:
        for entry in before.namelist():
            content = before.read(entry)
            assert entry != name or old in content
            after.writestr(entry, content.replace(old, new) if entry == name else content)
    return made.getvalue()
