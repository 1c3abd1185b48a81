"""Findings: what is wrong with a definition, where, and what would be right.

Every check reports in this one form, whatever looks for the fault; it decides nothing and reads no file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

#: Words longer than this are compared by their beginning; the comparison is quadratic.
_LONGEST_WORD = 80


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: its rule (a kebab-case code that stays stable), place (from 1), message and remedy by language.

    ``length`` counts the characters that are meant, ``excerpt`` is their line (or, of a very long one, a part that starts with
    ``excerpt_column``); it is empty where there is no line to show. ``instead`` is what should stand there if only one thing can be meant.
    """

    rule: str
    file: str
    line: int
    column: int
    message: Mapping[str, str]
    remedy: Mapping[str, str]
    length: int = 1
    excerpt: str = ""
    excerpt_column: int = 1
    instead: str | None = None

    def __str__(self) -> str:
        """The fault as one line of English, as compilers print it."""
        remedy = self.remedy.get("en", "")
        return f"{self.file}:{self.line}:{self.column}: {self.message.get('en', '')} [{self.rule}] {remedy}".rstrip()


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings by file (in the order given) and place, each told once."""
    told: dict[tuple[object, ...], Finding] = {}
    files: dict[str, int] = {}
    for f in findings:
        told.setdefault((f.file, f.line, f.column, f.rule, f.message.get("en")), f)
        files.setdefault(f.file, len(files))
    return tuple(sorted(told.values(), key=lambda f: (files[f.file], f.line, f.column)))


class Unreadable(Exception):
    """A file cannot be read as a definition at all."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings) or self.__doc__)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one was probably meant to be; ``None`` if none is near."""
    choices = {name[:_LONGEST_WORD]: name for name in known}
    found = get_close_matches(word[:_LONGEST_WORD], choices, n=1)
    return choices[found[0]] if found else None


def only_near(word: str, known: Iterable[str]) -> str | None:
    """The known word that this one must have been meant to be: very near, and no other nearly as near."""
    names = [name for name in known if len(name) <= _LONGEST_WORD]
    near = get_close_matches(word[:_LONGEST_WORD], names, n=2, cutoff=0.75)
    likeness = [SequenceMatcher(None, name, word).ratio() for name in near]
    return near[0] if near and (len(near) == 1 or likeness[0] - likeness[1] > 0.1) else None
