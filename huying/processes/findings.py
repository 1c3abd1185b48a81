"""Findings for people and for programs.

It only shows: what is wrong, and where, the findings know themselves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import TextIO

import orjson

from definitions.finding import Finding, in_order
from definitions.source.excerpt import harmless
from definitions.text import Said

#: The languages of a report, in the order in which they are shown.
LANGUAGES = ("zh", "en")

_BOLD, _RED, _CYAN, _PLAIN = "\x1b[1m", "\x1b[1;31m", "\x1b[36m", "\x1b[0m"


class CheckReport:
    """All findings of a check, in the order of the files, each told once."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = in_order(findings)

    def json(self) -> str:
        """``{"findings": [{rule, file, line, column, length, excerpt, excerpt_column, instead, message: {zh, en}, remedy: {zh, en}}]}``."""
        rows = [{**asdict(f), "message": dict(f.message), "remedy": dict(f.remedy)} for f in self.findings]
        return orjson.dumps({"findings": rows}, option=orjson.OPT_INDENT_2).decode()

    def text(self, languages: Sequence[str] = LANGUAGES, *, coloured: bool = False) -> str:
        """Each place with its line and carets under what is meant, what is wrong there, what would be right, and the count."""
        if not self.findings:
            return ""
        pen = _Pen(coloured)
        places = groupby(self.findings, key=lambda f: (f.file, f.line, f.column, f.length))
        blocks = ["\n".join(_block(tuple(found), languages, pen)) for _, found in places]
        return "\n\n".join([*blocks, pen.red(" ".join(_count(self.findings, languages)))])


class _Pen:
    """Colours words, or does not."""

    def __init__(self, coloured: bool) -> None:
        self._coloured = coloured

    def red(self, text: str) -> str:
        return f"{_RED}{text}{_PLAIN}" if self._coloured else text

    def bold(self, text: str) -> str:
        return f"{_BOLD}{text}{_PLAIN}" if self._coloured else text

    def cyan(self, text: str) -> str:
        return f"{_CYAN}{text}{_PLAIN}" if self._coloured else text


def _block(found: Sequence[Finding], languages: Sequence[str], pen: _Pen) -> list[str]:
    """All findings of one place, under one excerpt."""
    first = found[0]
    rules = ", ".join(dict.fromkeys(finding.rule for finding in found))
    place = harmless(f"{first.file}:{first.line}:{first.column}: ")
    block = [pen.bold(place) + pen.red(rules), *_excerpt(first, pen)]
    for finding in found:
        for language in languages:
            message, remedy = (harmless(texts.get(language, "")) for texts in (finding.message, finding.remedy))
            block.append(f"      {pen.cyan('=')} {message}")
            if remedy:
                block.append(f"      {pen.cyan('→')} {remedy}")
    return block


def _excerpt(finding: Finding, pen: _Pen) -> list[str]:
    if not finding.excerpt:
        return []
    start = finding.column - finding.excerpt_column
    before, meant = finding.excerpt[:start], finding.excerpt[start : start + finding.length]
    # a place behind the end of the line has no character of its own
    left = _cells(before) + max(0, start - len(before))
    carets = pen.red("^" * max(1, _cells(meant)))
    return [
        f"{pen.cyan(f'{finding.line:>5} |')} {finding.excerpt}",
        f"{pen.cyan('      |')} {' ' * left}{carets}",
    ]


def _cells(text: str) -> int:
    """How many cells a terminal gives to a text: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in ("W", "F") else 1 for c in text
    )


def _count(findings: Sequence[Finding], languages: Sequence[str]) -> list[str]:
    faults, files = len(findings), len({finding.file for finding in findings})
    of_files = Said(f"{files} 个文件中有 ", f" in {files} files") if files > 1 else ("", "")
    words = {
        "zh": f"{of_files[0] or '共 '}{faults} 处问题。",
        "en": f"{faults} {'fault' if faults == 1 else 'faults'}{of_files[1]}.",
    }
    return [words[language] for language in languages]


def coloured(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Whether to colour what goes there: only on a terminal that can, and not where ``NO_COLOR`` is set."""
    return stream.isatty() and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
