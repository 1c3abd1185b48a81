"""Word documents made of templates: filled within bounds, and the same bytes for the same template and values.

``fill`` is the one way in. Values are plain: texts, whole and decimal numbers, ``None``, yes and no to choose by, groups (dictionaries), lists, and
``Picture``. What people wrote is kept as they wrote it, ``<`` and ``&`` included; a new line of theirs is a new paragraph of the paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from engine.refusal import Refusal
from huying.errors import WrongFile
from huying.papers.sandbox import MOST_ROUNDS, CountedList, Sandbox, TooMuch
from huying.papers.template import paragraphs

_LONGEST_TEXT = 200_000
_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
#: Control characters, half characters, and marks that turn the direction of text: XML cannot hold some, and no paper needs any.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
#: By what docxtpl knows a new paragraph, like the one before it.
_PARAGRAPH = "\a"
#: What Word prints for a tag that docxtpl reads as its own within a value.
_ESCAPES = ("{_{", "}_}", "{_%", "%_}")
_DAY = (1980, 1, 1, 0, 0, 0)


class UnfitTemplate(Refusal):
    """A template cannot be filled; the words say what to mend."""

    code = "unfit-template"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a paper: its PNG or JPEG, and how wide it stands there, in millimetres."""

    content: bytes
    width: float


def fill(template: bytes, values: Mapping[str, Any]) -> bytes:
    """A Word document: the template with its gaps filled.

    ``WrongFile`` for what is no template, or would harm somebody; ``UnfitTemplate`` for one that asks for what is not there, does what papers may
    not do, or would come out without measure; ``TypeError`` for values that no paper shows.
    """
    paragraphs(template)
    document = _Document(BytesIO(template))
    rounds = [MOST_ROUNDS]
    try:
        document.render(_Values(document, rounds).group(values), Sandbox(), autoescape=True)
    except (TemplateError, RecursionError) as wrong:
        raise _unfit(wrong) from wrong
    made = BytesIO()
    document.save(made)
    return dated(made.getvalue())


def names(template: bytes) -> frozenset[str]:
    """The names at the top that a template asks for (``issue``, ``rows``); errors as of ``fill``."""
    paragraphs(template)
    document = _Document(BytesIO(template))
    try:
        return frozenset(document.get_undeclared_template_variables(Sandbox()))
    except TemplateError as wrong:
        raise _unfit(wrong) from wrong


def dated(document: bytes) -> bytes:
    """The same document without the moment at which it was packed: its digest speaks of what is in it."""
    made = BytesIO()
    with ZipFile(BytesIO(document)) as old, ZipFile(made, "w", ZIP_DEFLATED, compresslevel=6) as new:
        for entry in old.infolist():
            plain = ZipInfo(entry.filename, _DAY)
            plain.compress_type, plain.create_system, plain.external_attr = ZIP_DEFLATED, 3, 0o600 << 16
            new.writestr(plain, old.read(entry))
    return made.getvalue()


class _Document(DocxTemplate):  # type: ignore[misc]
    """A template whose properties tell nobody who wrote it, and hold nothing to fill."""

    def render_properties(self, context: Mapping[str, Any], jinja_env: Environment | None = None) -> None:
        properties = self.docx.core_properties
        for name in ("author", "last_modified_by", "comments", "keywords", "subject", "title", "category"):
            setattr(properties, name, "")


class _Values:
    """Values as a template may see them: copies, clean, in lists that count who goes through them."""

    def __init__(self, document: DocxTemplate, rounds: list[int]) -> None:
        self._document, self._rounds = document, rounds

    def group(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._value(name, one) for name, one in values.items()}

    def _value(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float | Decimal):
            return value
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, Picture):
            return InlineImage(self._document, BytesIO(value.content), width=Mm(value.width))
        if isinstance(value, Mapping):
            return self.group(value)
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
            return CountedList([self._value(name, one) for one in value], self._rounds)
        raise TypeError(f"{name}: a paper shows texts, numbers and pictures, not {type(value).__name__}")


def clean(text: str) -> str:
    """A text as a paper shows it: nothing hidden in it, lines as paragraphs, nothing that docxtpl would read as a mark."""
    shown = _HIDDEN.sub("", _BREAKS.sub("\n", text[:_LONGEST_TEXT])).strip("\n")
    for mark in _ESCAPES:
        shown = shown.replace(mark, mark.replace("_", "＿"))
    return shown.replace("\n", _PARAGRAPH)


def _unfit(wrong: TemplateError | RecursionError) -> Refusal:
    if isinstance(wrong, TooMuch | RecursionError):
        return WrongFile(
            "模板里的循环太多，成文会异常冗长。请减少循环套循环。",
            "The template goes through lists too often; the paper would come out without measure.",
        )
    if isinstance(wrong, UndefinedError):
        return UnfitTemplate(
            f"模板里有没有的字段：{wrong.message}。", f"The template asks for what there is not: {wrong.message}."
        )
    if isinstance(wrong, SecurityError):
        return UnfitTemplate(
            f"模板里只能写字段、{{%p if %}} 和 {{%tr for %}}，不能写：{wrong.message}。",
            f"A template shows fields, and may use if and for; it may not use: {wrong.message}.",
        )
    said = wrong.message if isinstance(wrong, TemplateSyntaxError) else str(wrong)
    return UnfitTemplate(f"模板里花括号中的写法读不懂：{said}。", f"What stands between braces cannot be read: {said}.")
