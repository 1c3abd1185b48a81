"""The characters of a source file: what is refused before any parser sees it."""

from __future__ import annotations

import re

from definitions.finding import Finding, Unreadable
from definitions.source.excerpt import excerpted, lines_of
from definitions.source.words import FAULTS

#: The largest file, in bytes of UTF-8.
LARGEST = 256 * 1024

#: Control characters, lone surrogates, line ends that editors do not count, characters that turn the direction of reading or show nothing
REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
#: More findings of one kind than this help nobody.
_MOST = 20


def checked_text(text: str | bytes, name: str) -> str:
    """The text without a byte order mark; ``Unreadable`` if it is too large, not UTF-8, or holds hidden characters."""
    if len(text) > LARGEST:
        raise Unreadable([_finding("yaml-too-large", name, 1, 1, str(LARGEST // 1024))])
    decoded = _decoded(text, name) if isinstance(text, bytes) else text
    if decoded.startswith("\ufeff"):
        decoded = decoded[1:]
    findings = [
        _hidden(decoded, found, name) for found, _ in zip(REFUSED.finditer(decoded), range(_MOST), strict=False)
    ]
    if findings:
        lines = lines_of(decoded)
        raise Unreadable(excerpted(finding, lines, 1) for finding in findings)
    if len(decoded.encode()) > LARGEST:
        raise Unreadable([_finding("yaml-too-large", name, 1, 1, str(LARGEST // 1024))])
    return decoded


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line, column = _place(raw[: error.start].decode("utf-8"))
        fault = _finding("yaml-encoding", name, line, column)
        raise Unreadable([excerpted(fault, lines_of(raw.decode("utf-8", "replace")), 1)]) from None


def _hidden(text: str, found: re.Match[str], name: str) -> Finding:
    line, column = _place(text[: found.start()])
    return _finding("yaml-character", name, line, column, f"U+{ord(found[0]):04X}")


def _place(before: str) -> tuple[int, int]:
    lines = lines_of(before)
    return len(lines), len(lines[-1]) + 1


def _finding(rule: str, name: str, line: int, column: int, *details: str) -> Finding:
    message, remedy = FAULTS[rule]
    return Finding(rule, name, line, column, {k: v.format(*details) for k, v in message.items()}, remedy)
