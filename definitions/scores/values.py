"""The small values that scoring tables are written with: points, which are exact fractions, and shares of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator

from definitions.text import Said

_FRACTION = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,4})?(?:/[1-9][0-9]{0,3})?", re.ASCII)
_SHARE = re.compile(r"([1-9][0-9]{0,2})\s?%|([1-9][0-9]{0,2})/([1-9][0-9]{0,2})", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
#: No table needs more for one thing; a slip of the finger does.
_MOST = 10_000


class ScoreError(ValueError):
    """A value of a scoring table is wrong; ``message`` and ``remedy`` say it in each language."""

    def __init__(self, message: Said, remedy: Said) -> None:
        super().__init__(f"{message[1]} {remedy[1]}")
        self.message: Mapping[str, str] = {"zh": message[0], "en": message[1]}
        self.remedy: Mapping[str, str] = {"zh": remedy[0], "en": remedy[1]}


@dataclass(frozen=True, slots=True)
class PartWorth:
    """What somebody's part in a thing is worth: so many points, a share of the thing's, or an equal part of what the others leave."""

    points: Fraction | None = None
    share: Fraction | None = None

    @property
    def rest(self) -> bool:
        """Whether those of this part divide what is left among them."""
        return self.points is None and self.share is None


def _points(value: Any) -> Any:
    if isinstance(value, Fraction):
        return value
    text = str(value).strip() if isinstance(value, int | float | str) and not isinstance(value, bool) else ""
    if not _FRACTION.fullmatch(text):
        raise ScoreError(
            Said("这里应是分数。", "This must be points."),
            Said("例如：3、1.5、-0.5、1/3。", "Such as: 3, 1.5, -0.5, 1/3."),
        )
    over, _, under = text.partition("/")
    found = Fraction(over) / int(under or 1)
    if abs(found) > _MOST:
        raise ScoreError(
            Said(f"{text} 分太多了。", f"{text} are too many points."),
            Said(f"一项最多 {_MOST} 分。", f"No more than {_MOST} for one thing."),
        )
    return found


def _part(value: Any) -> Any:
    """Points; ``half``, ``1/2``, ``50 %`` of the thing's points; or ``the rest``, divided among all of this part."""
    if not isinstance(value, str):
        return value if isinstance(value, PartWorth) else PartWorth(points=_points(value))
    words = " ".join(value.lower().split())
    if words in ("rest", "the rest"):
        return PartWorth()
    if words == "half":
        return PartWorth(share=Fraction(1, 2))
    found = _SHARE.fullmatch(words)
    share = (Fraction(int(found[1]), 100) if found[1] else Fraction(int(found[2]), int(found[3]))) if found else None
    if share is None or share > 1:
        raise ScoreError(
            Said(f"“{value[:20]}”不是分数，也不是份额。", f"“{value[:20]}” are no points, and no share."),
            Said(
                "请写分数（3）、份额（half、1/3、50 %），或 the rest（其余人平分）。",
                "Write points (3), a share (half, 1/3, 50 %), or the rest (divided among them).",
            ),
        )
    return PartWorth(share=share)


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError:
        raise ScoreError(
            Said(f"“{str(value)[:20]}”不是日期。", f"“{str(value)[:20]}” is no day."),
            Said("例如：2026-01-01。", "Such as: 2026-01-01."),
        ) from None


Points = Annotated[Fraction, BeforeValidator(_points)]
Worth = Annotated[PartWorth, BeforeValidator(_part)]
Day = Annotated[date, BeforeValidator(_day)]
