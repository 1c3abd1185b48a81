"""With which colours a plot is drawn: names of the page's own on a screen, so that one drawing is right in light and dark; fixed ones on paper.

Colours stand as attributes of each shape: a program that prints does not see the page's classes, and would draw all bars black.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of the series in order, of text, of second text, of axis and lines, of the ground, and the letters (the page's own if empty)."""

    series: tuple[str, ...]
    ink: str
    soft: str
    axis: str
    line: str
    ground: str
    letters: str = ""

    def of(self, number: int) -> str:
        """The colour of a series; after the last the first comes again."""
        return self.series[number % len(self.series)]


SCREEN = Palette(
    series=tuple(f"var(--plot-{letter})" for letter in "abcdef"),
    ink="var(--ink)",
    soft="var(--soft)",
    axis="var(--rule)",
    line="var(--line)",
    ground="var(--sheet)",
)
#: The same as the light ones of ``tokens.css``.
PAPER = Palette(
    series=("#9a8468", "#a3281f", "#1c4e7c", "#2f7a58", "#a06a00", "#6b6490"),
    ink="#000000",
    soft="#333333",
    axis="#777777",
    line="#cccccc",
    ground="#ffffff",
    letters="Noto Sans CJK SC, Microsoft YaHei, SimHei, sans-serif",
)
