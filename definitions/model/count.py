"""Counts and sums over other issues, such as the days of leave that somebody has had this year."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Constrained

from definitions.model.node import Key, Names, Node

#: What ``same`` can name besides fields.
REPORTERS, STATIONS = "reporter", "station"
Period = Literal["today", "this month", "this quarter", "this year"]


class Counting(Node):
    """How many other issues there are, or what a field of theirs adds up to (``sum``).

    Counted are those of this process, or of another (``of``), that have the ``same`` reporter, station or fields; that were opened ``in`` a
    period (left out: ever); that have ended with one of the ``resolution``\\ s, or are still open or closed (``status``).
    """

    sum: Key | None = None
    of: Key | None = None
    same: Names = Constrained(min_length=1)
    in_: Period | None = Constrained(default=None, alias="in")
    resolution: Names = ()
    status: Literal["open", "closed"] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that both issues have to hold alike."""
        return tuple(name for name in self.same if name not in (REPORTERS, STATIONS))
