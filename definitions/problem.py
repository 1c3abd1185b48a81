"""What a check reports: the place in the definition is a path of keys; the loader turns it into line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from definitions.finding import nearest, only_near
from definitions.text import Said

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what would be right, in each language.

    ``position`` and ``length`` (characters, from 0) narrow it to a part of a text, such as a name within an expression.
    """

    rule: str
    path: Path
    message: Mapping[str, str]
    remedy: Mapping[str, str]
    position: int | None = None
    length: int | None = None
    #: The word that is wrong there and what it must have been meant to be, if that is only one; ``check --fix`` writes it.
    instead: tuple[str, str] | None = None


def problem(rule: str, path: Path, message: Said, remedy: Said) -> Problem:
    """A problem with its texts given as (Chinese, English)."""
    return Problem(rule, path, {"zh": message[0], "en": message[1]}, {"zh": remedy[0], "en": remedy[1]})


def unknown(rule: str, path: Path, what: Said, name: str, known: Iterable[str]) -> Problem:
    """A name that nothing bears, with the nearest one that exists."""
    names = list(known)
    near = nearest(name, names)
    listed = "、".join(names[:12]) or "（无）"
    zh = f"是不是“{near}”？" if near else f"现有：{listed}。"
    en = f"Did you mean “{near}”?" if near else f"There are: {', '.join(names[:12]) or 'none'}."
    sure = only_near(name, names)
    said = Said(f"没有名为“{name}”的{what[0]}。", f"There is no {what[1]} called “{name}”.")
    return replace(problem(rule, path, said, Said(zh, en)), instead=(name, sure) if sure else None)
