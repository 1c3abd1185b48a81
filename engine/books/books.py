"""What other issues have taken already: numbers given, sums over them, resources booked. A port, as people are.

The answers are taken for true while one event is decided; whoever writes the decision down makes sure that they still are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol

import msgspec

from engine.noun import Noun
from engine.state import Booking, Party


class Series(Noun, frozen=True):
    """One sequence of numbers: its name, and the station (code) and year for which it runs; empty and 0 where it runs for all."""

    name: str
    station: str = ""
    year: int = 0


class UniqueValue(Noun, frozen=True, order=True):
    """What a field that stands once holds, as values count as the same (``alike``); ``scope``: among which issues, empty for all."""

    definition: str
    field: str
    scope: str
    alike: str


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """How many other issues of a definition there are, or what a ``field`` of theirs adds up to; ``None`` means: of any.

    ``values``: fields that hold the same there. ``since``: opened at or after this moment. ``name`` is the field that wants to know.
    """

    name: str
    definition: str
    field: str | None = None
    reporter: Party | None = None
    station: int | None = None
    values: tuple[tuple[str, Any], ...] = ()
    resolutions: tuple[str, ...] = ()
    status: Literal["open", "closed"] | None = None
    since: datetime | None = None


class Books(Protocol):
    """What other issues have come to, at this moment. Answers must not change while one event is decided."""

    def last(self, series: Series) -> int:
        """The last number given in a series; 0 if none was."""
        ...

    def total(self, wanted: Sum) -> float:
        """A sum over other issues."""
        ...

    def taken(self, wanted: Booking) -> int:
        """How much of a resource other issues have at once within the time of a booking, at most."""
        ...

    def stands(self, value: UniqueValue) -> bool:
        """Whether another issue has this value, which may stand in one only."""
        ...


class Unwritten:
    """A books in which nothing stands."""

    def last(self, series: Series) -> int:
        """No number was given."""
        return 0

    def total(self, wanted: Sum) -> float:
        """There are no other issues."""
        return 0

    def taken(self, wanted: Booking) -> int:
        """Everything is free."""
        return 0

    def stands(self, value: UniqueValue) -> bool:
        """Nobody has it."""
        return False


UNWRITTEN = Unwritten()


def summed(values: Iterable[Any]) -> float:
    """What values add up to, exactly to ten decimals; what is not filled in adds nothing."""
    total = round(sum((Decimal(str(value)) for value in values if isinstance(value, int | float)), Decimal(0)), 10)
    return int(total) if total == int(total) else float(total)


def most_at_once(spans: Iterable[tuple[datetime, datetime]], begins: datetime, ends: datetime) -> int:
    """How many of these spans lie over one moment between two, at most; whoever ends when another begins is no longer there."""
    inside = [(max(begin, begins), end) for begin, end in spans if begin < ends and end > begins]
    return max((sum(begin <= moment < end for begin, end in inside) for moment, _ in inside), default=0)
