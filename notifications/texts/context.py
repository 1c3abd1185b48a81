"""The values that a message may show, made harmless: plain, short, one line each, without marks that change how text reads.

People write subjects and replies; what they write is shown as their words, and can neither start a new header or line of ours,
nor turn the direction of the text, nor stand where the recipient's own link will be put.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from notifications.texts.placeholder import BRACKETS, is_placeholder, is_web_address

Context = Mapping[str, Any]

#: Only these values keep their line breaks: what a person wrote, and what the process says.
_LONG = ("note", "said")
_LONGEST = 1000
_LONGEST_LINE = 200

#: Control characters, zero-width joiners of lines, and marks that override the direction of text.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def harmless(context: Context) -> dict[str, Any]:
    """The same context with every text cleaned.

    ``TypeError`` for anything but texts, whole numbers, ``None``, dictionaries of them and lists of such dictionaries.
    """
    return {key: _value(key, value) for key, value in context.items()}


def one_line(text: str, longest: int = _LONGEST_LINE) -> str:
    """The text on one line, without hidden characters, cut with an ellipsis."""
    return _cut(_SPACES.sub(" ", _HIDDEN.sub("", _BREAKS.sub(" ", text))).strip(), longest)


def _value(key: str, value: object) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return harmless(value)
    if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        return [harmless(one) for one in value]
    if not isinstance(value, str):
        raise TypeError(f"{key}: a message shows texts, not {type(value).__name__}")
    if key == "link":
        return _link(value)
    text = value.translate(BRACKETS)
    return _paragraph(text) if key in _LONG else one_line(text)


def _link(value: str) -> str:
    if not is_placeholder(value) and not is_web_address(value):
        raise ValueError("link: the placeholder, or an http or https address")
    return value


def _paragraph(text: str) -> str:
    lines = (one_line(line, _LONGEST) for line in _BREAKS.split(text))
    return _cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), _LONGEST)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
