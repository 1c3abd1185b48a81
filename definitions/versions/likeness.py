"""How alike two names or texts are, and which of one side go best with which of the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

_One = TypeVar("_One", bound=str)
_Other = TypeVar("_Other", bound=str)
#: What stands before a name to put it in order, such as ``T02`` or ``3.1``.
_ORDER = re.compile(r"^(?:[A-Za-z]?\d+(?:[-.]\d+)*)[\s.、:：_-]+")
_BETWEEN = re.compile(r"[\s_\-.·,，。、]+")


def alike(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same but for case, order numbers and what stands between words)."""
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _plain(text: str) -> str:
    return _BETWEEN.sub(" ", _ORDER.sub("", text.strip())).strip().casefold()


def pairs(
    ones: Iterable[_One], others: Iterable[_Other], likeness: Callable[[_One, _Other], float], least: float
) -> Mapping[_One, _Other]:
    """Who goes with whom: the most alike first, each once, and none who are less alike than ``least``; ties in the order given."""
    several = list(others)
    scored = [(likeness(one, other), one, other) for one in ones for other in several]
    found: dict[_One, _Other] = {}
    for score, one, other in sorted(scored, key=lambda each: -each[0]):
        if score >= least and one not in found and other not in found.values():
            found[one] = other
    return found
