"""The pages of docs in their two languages: what stands in them, without what is said."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHINESE, ENGLISH = (ROOT / "docs" / language for language in ("zh", "en"))
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def bare(code: str) -> str:
    """An example without its remarks, which each language has of its own."""
    return re.sub(r"(?m)(^|[ \t]+)# .*$", "", code)


def examples(text: str) -> list[tuple[str, str]]:
    """The blocks of code of a page: what they are, and what stands in them but for remarks."""
    return [(kind, bare(code)) for kind, code in _FENCE.findall(text)]


def prose(text: str) -> str:
    """A page without its blocks of code, their places kept."""
    return _FENCE.sub("```", text)


def skeleton(text: str) -> list[str]:
    """The headings, list items, rows, pictures and blocks of a page, in order, without their words."""
    marks = re.findall(r"^(#+|- |\d+\. |\||!\[|```)", prose(text), re.MULTILINE)
    return [re.sub(r"\d+", "1", mark) for mark in marks]


def sections(text: str) -> list[str]:
    """What stands below each heading, from the title on, without blocks of code."""
    return re.split(r"^#+ ", prose(text), flags=re.MULTILINE)[1:]


def terms(section: str) -> set[str]:
    """What a section names in code."""
    return set(re.findall(r"`([^`\n]+)`", section))
