"""What a check reports: the place in the definition is a path of keys; the loader turns it into line and column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from definitions.finding import nearest, only_near
from definitions.text import LISTED, Said

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


def unknown(
    rule: str,
    path: Path,
    what: Said,
    name: str,
    known: Iterable[str],
    titles: Mapping[str, Iterable[str]] | None = None,
) -> Problem:
    """A name that nothing bears, with the one that exists and must be meant: the nearest, or the one with this title (``titles`` by name)."""
    names = list(known)
    titled = [key for key, several in (titles or {}).items() if name in several]
    near = nearest(name, names)
    if len(titled) == 1:
        right = Said(f"请写它的名字“{titled[0]}”。", f"Write its name, “{titled[0]}”.")
    elif near:
        right = Said(f"是不是“{near}”？", f"Did you mean “{near}”?")
    else:
        listed = [between.join(names[:12]) for between in LISTED]
        right = Said(f"现有：{listed[0] or '（无）'}。", f"There are: {listed[1] or 'none'}.")
    sure = titled[0] if len(titled) == 1 else only_near(name, names)
    said = Said(f"没有名为“{name}”的{what.zh}。", f"There is no {what.en} called “{name}”.")
    return replace(problem(rule, path, said, right), instead=(name, sure) if sure else None)
