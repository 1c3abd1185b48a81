"""How figures are counted for a report: at a moment, over a period, by an axis.

What counts them, the figures of the house or its history, is another matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import Connection

from huying.reports.frozen import Amount, ReportFigure, ReportPhrase, ReportRow, ReportSource


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """An amount for each row of an axis and each column, and for all of it."""

    rows: tuple[ReportRow, ...]
    total: tuple[Amount, ...]


class ReportCounter(Protocol):
    """A set of figures that can be counted, as of one moment."""

    @property
    def source(self) -> ReportSource:
        """The set, as it was published."""
        ...

    @property
    def text(self) -> str:
        """The text of the set."""
        ...

    @property
    def now(self) -> datetime:
        """The moment as of which it counts."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """A connection that sees what it counts."""
        ...

    def at_one_moment(self) -> AbstractContextManager[ReportCounter]:
        """The same counter, that sees the house as of one moment, while others write on; its ``now`` is not before anything that it sees."""
        ...

    def figure(self, key: str) -> ReportFigure:
        """A figure of the set; ``NotFound`` if it has none of this name."""
        ...

    def axis(self, key: str) -> ReportPhrase:
        """What an axis is called; ``NotFound`` if there is none of this name."""
        ...

    def counted(self, columns: Sequence[str], first: date, last: date, by: str | None) -> ReportCounts:
        """The figures of the days from first to last, by an axis or in one."""
        ...
