"""Documents as people send them, and as somebody makes them who means harm."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

_TYPES = '<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/></Types>'
WORD: Mapping[str, str | bytes] = {
    "[Content_Types].xml": _TYPES,
    "word/document.xml": "<w:document>路灯不亮</w:document>",
}
SHEET: Mapping[str, str | bytes] = {"[Content_Types].xml": _TYPES, "xl/workbook.xml": "<workbook/>"}
OFD: Mapping[str, str | bytes] = {"OFD.xml": '<ofd:OFD DocType="OFD"/>', "Doc_0/Document.xml": "<ofd:Document/>"}
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def packed(entries: Mapping[str, str | bytes], **more: str | bytes) -> bytes:
    """An archive of these entries; names of ``more`` are written with ``__`` for a slash and ``_dot_`` for a dot."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, content in {**entries, **{_name(key): value for key, value in more.items()}}.items():
            archive.writestr(name, content)
    return made.getvalue()


def _name(key: str) -> str:
    return key.replace("__", "/").replace("_dot_", ".")
