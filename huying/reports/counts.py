"""How figures are counted for a report: at a moment, over a period, by an axis.

What counts them, the figures of the house or its history, is another matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

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

    def figure(self, key: str) -> ReportFigure:
        """A figure of the set; ``NotFound`` if it has none of this name."""
        ...

    def axis(self, key: str) -> ReportPhrase:
        """What an axis is called; ``NotFound`` if there is none of this name."""
        ...

    def counted(self, columns: Sequence[str], first: date, last: date, by: str | None) -> ReportCounts:
        """The figures of the days from first to last, by an axis or in one."""
        ...
