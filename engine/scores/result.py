"""What a table makes of a file: every point with the entry and the rule that gave it, and everything that was cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

#: Why an entry has its points: what it is worth, or why it has none.
Why = Literal["each", "first", "part", "level", "mark", "away", "evidence", "same", "target", "share", "not worth"]
#: How a sum was cut.
Cut = Literal["", "at most", "at least", "lower"]


@dataclass(frozen=True, slots=True)
class ScoreReason:
    """One rule that was applied: which, to what (a part, a level, a mark, another entry), and with how many points."""

    why: Why
    about: str
    points: Fraction


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """What one entry is worth in one item; ``units``: how often it counts (half-days, households)."""

    entry: str
    points: Fraction
    units: int
    reasons: tuple[ScoreReason, ...]

    @property
    def counted(self) -> bool:
        """Whether it counts at all, if only with no points."""
        return not any(one.why in ("away", "evidence", "same", "not worth") for one in self.reasons)


@dataclass(frozen=True, slots=True)
class ItemScore:
    """An item: its entries, their sum, and what is left of that."""

    item: str
    lines: tuple[ScoreLine, ...]
    sum: Fraction
    points: Fraction
    cut: Cut = ""

    @property
    def number(self) -> int:
        """How many entries count."""
        return sum(line.counted for line in self.lines)


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group of items: their sum, and what is left of it."""

    group: str
    sum: Fraction
    points: Fraction
    cut: Cut = ""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Fewer than the minimum: of which item, how many there are, how many are asked for."""

    item: str
    found: int
    wanted: int


@dataclass(frozen=True, slots=True)
class Score:
    """The whole result. ``left_out``: entries that no item counts. ``band`` is empty in a table without bands."""

    base: Fraction
    items: tuple[ItemScore, ...]
    groups: tuple[GroupScore, ...]
    sum: Fraction
    points: Fraction
    cut: Cut
    band: str
    shortfalls: tuple[Shortfall, ...]
    left_out: tuple[str, ...]
