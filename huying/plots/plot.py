"""The noun: what a plot says. How it is drawn, ``bars``, ``line`` and ``picture`` decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: ``beside``: bars for each place next to each other; ``upon``: parts of a whole; ``lying``: rows with long names; ``line``: how it went on.
Form = Literal["beside", "upon", "lying", "line"]


@dataclass(frozen=True, slots=True)
class Bars:
    """What is counted, in words, and how much at each place; ``None`` where it is not known, which is not nothing."""

    words: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Some series over the same places.

    ``title`` says to whoever does not see it what it shows. ``addresses``: by (series, place) where a bar leads. ``above``: a row of words over the
    places, with its name. ``pale``: places that are not yet complete, and in which word; ``strong``: the place that the page is about.
    """

    title: str
    places: tuple[str, ...]
    series: tuple[Bars, ...]
    form: Form = "beside"
    addresses: Mapping[tuple[int, int], str] = field(default_factory=dict)
    above: tuple[str, ...] = ()
    above_words: str = ""
    pale: frozenset[int] = frozenset()
    pale_words: str = ""
    strong: int | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be seen."""
        return not any(value for series in self.series for value in series.values)

    def value(self, series: int, place: int) -> float:
        """How long a bar is."""
        return self.series[series].values[place] or 0


def said(value: float | None) -> str:
    """A value as it is written: whole numbers without a point."""
    if value is None:
        return "—"
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"
