"""A Word template as it came: what is in it, and what would harm whoever fills, opens or converts it.

Nothing from elsewhere is drawn in: no picture, no other document, no field that fetches or starts something. Whatever stands between braces begins
and ends in one paragraph, so that filling it takes no longer than reading it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from lxml import etree

from huying.errors import WrongFile
from huying.shelf.archive import inside

LARGEST = 5 * 1024 * 1024
#: So large may one part be, and so many marks may stand in all of them.
_LARGEST_PART, _MOST_MARKS = 4 * 1024 * 1024, 2_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FILLED = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes)\.xml")
#: What is shown and chosen: ``{{ … }}``, ``{% … %}``, and remarks ``{# … #}``.
MARK = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{#[^{}]*#\}")
#: How a part in UTF-8 begins; another encoding would hide from what is looked for below.
_BEGUN = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<(?:\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']*)["'])?""")
_UTF8 = (None, b"utf-8", b"us-ascii")
#: What leads out of the document, whatever is said of its mode; and what may: a link that a reader follows, if they want to.
_OUTWARD = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\")
_LINK = re.compile(r"https?://|mailto:|#")
#: What Word reckons by itself while it prints; every other field could fetch or start something.
_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES", "TOC", "REF", "PAGEREF", "SEQ", "HYPERLINK", "STYLEREF"})


class Paragraph(NamedTuple):
    """A paragraph of a template: in which part it stands, its place there (from 1), and its text."""

    part: str
    place: int
    text: str

    @property
    def marks(self) -> list[str]:
        """What stands in it between braces."""
        return MARK.findall(self.text)


def paragraphs(template: bytes) -> list[Paragraph]:
    """What a template says, paragraph by paragraph; ``WrongFile`` if it is none, or would harm somebody."""
    found: list[Paragraph] = []
    for name, content in _parts(template):
        if _FILLED.fullmatch(name):
            part = name.removeprefix("word/").removesuffix(".xml")
            tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
            _assure_attributes(tree)
            found += [Paragraph(part, at, _text(one)) for at, one in enumerate(tree.iter(f"{W}p"), start=1)]
    if sum(len(one.marks) for one in found) > _MOST_MARKS:
        raise WrongFile(
            f"模板里的填空处超过 {_MOST_MARKS} 个，不收。", f"The template has more than {_MOST_MARKS} gaps to fill."
        )
    for one in found:
        _assure_closed(one)
    return found


def assure_self_contained(document: bytes) -> None:
    """``WrongFile`` for a document that is none, or draws anything in from elsewhere."""
    for _ in _parts(document):
        pass


def _parts(document: bytes) -> Iterator[tuple[str, bytes]]:
    if len(document) > LARGEST or inside(document) != "docx":
        raise WrongFile(
            f"这不是 Word 文档（.docx），或者超过 {LARGEST >> 20} MB。请在 Word 或 WPS 里另存为 .docx 再传。",
            f"This is no Word document (.docx), or larger than {LARGEST >> 20} MB. Save it as .docx in Word or WPS, and send that.",
        )
    with ZipFile(BytesIO(document)) as archive:
        for entry in archive.infolist():
            if entry.filename.lower().endswith((".xml", ".rels")):
                content = archive.read(entry)
                _assure_plain(entry.filename, content)
                yield entry.filename, content


def _assure_plain(name: str, content: bytes) -> None:
    if len(content) > _LARGEST_PART or not _is_utf8(content) or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise WrongFile(
            "文档里有异常庞大或不规范的部分，不收。请把内容复制到新文档里再传。",
            "A part of the document is irregular or without measure. Copy what is in it into a new one, and send that.",
        )
    if name.lower().endswith(".rels"):
        _assure_inward(content)
    if name.startswith("word/") and b"instr" in content:
        _assure_fields(content)


def _is_utf8(content: bytes) -> bool:
    begun = _BEGUN.match(content)
    if begun is None or b"\0" in content or (begun[1] and begun[1].lower()) not in _UTF8:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _assure_inward(content: bytes) -> None:
    try:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        raise WrongFile(
            "文档已损坏，请在 Word 或 WPS 里重新保存再传。",
            "The document is damaged; save it again in Word, and send that.",
        ) from None
    for one in tree.iter("{*}Relationship"):
        target = one.get("Target", "").strip().casefold()
        outward = one.get("TargetMode", "").strip().casefold() == "external" or _OUTWARD.match(target)
        if outward and not (one.get("Type", "").strip().endswith("/hyperlink") and _LINK.match(target)):
            raise WrongFile(
                "文档里的图片或内容是从别处链接来的，不收。请改为嵌入：在 Word 里断开链接，重新插入图片再保存。",
                "The document links to pictures or content elsewhere. Break the links in Word, insert the pictures, and save it again.",
            )


def _assure_fields(content: bytes) -> None:
    tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    said = [one.get(f"{W}instr") or "" for one in tree.iter(f"{W}fldSimple")]
    for paragraph in tree.iter(f"{W}p"):
        # Word may split an instruction into pieces; each begins after its own mark
        text = "".join(
            "\0" if one.tag == f"{W}fldChar" else one.text or ""
            for one in paragraph.iter(f"{W}fldChar", f"{W}instrText")
        )
        said += text.split("\0")
    unknown = sorted({one.split()[0].upper() for one in said if one.strip()} - _FIELDS)
    if unknown:
        raise WrongFile(
            f"文档里有会取用外部内容的域（{unknown[0][:20]}），不收。请在 Word 里按 Ctrl+Shift+F9 把它变成普通文字再传。",
            f"A field of the document ({unknown[0][:20]}) may draw something in. Turn it into plain text (Ctrl+Shift+F9 in Word).",
        )


def _assure_attributes(tree: etree._Element) -> None:
    for one in tree.iter():
        if any(mark in value for value in one.attrib.values() for mark in ("{{", "{%", "{#")):
            raise WrongFile(
                "模板里有花括号写在了看不见的地方（书签、样式或图片说明），请删去。",
                "Braces stand where nobody sees them (a bookmark, a style, the text of a picture); take them out.",
            )


def _assure_closed(one: Paragraph) -> None:
    left = MARK.sub("", one.text)
    if "{" in left or "}" in left:
        quoted = one.text.strip()[:40]
        raise WrongFile(
            f"“{quoted}”：花括号不成对，或者没有在同一段里写完。应写成 {{{{ 字段 }}}}。",
            f"“{quoted}”: braces do not match, or are not closed in the same paragraph. Write {{{{ field }}}}.",
        )


def _text(paragraph: etree._Element) -> str:
    own = (one for one in paragraph.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is paragraph)
    return "".join(one.text or "" for one in own)
