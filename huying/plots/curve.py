"""A line: how a series went on from place to place; it breaks where a value is not known."""

from __future__ import annotations

from collections.abc import Iterator

from huying.plots.bars import LEFT, RIGHT, WIDTH, axis, edges, height_of, words_of
from huying.plots.palette import Palette
from huying.plots.plot import Plot
from huying.plots.scale import scale_to
from huying.plots.svg import drawing, linked, number


def course(plot: Plot, palette: Palette) -> str:
    """The series as lines with a point at each value."""
    scale = scale_to(max((value or 0 for one in plot.series for value in one.values), default=0))
    each = (WIDTH - LEFT - RIGHT) / max(len(plot.places), 1)
    shapes = [*axis(plot, palette, scale, each)]
    for at, series in enumerate(plot.series):
        colour = palette.of(at)
        points = [
            None if value is None else (LEFT + each * (place + 0.5), height_of(value, scale))
            for place, value in enumerate(series.values)
        ]
        for run in _runs(points):
            way = " ".join(f"{number(x)},{number(y)}" for x, y in run)
            shapes.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        for place, point in enumerate(points):
            if point is None:
                continue
            x, y = point
            shape = f'<circle cx="{number(x)}" cy="{number(y)}" r="4" fill="{colour}"/>'
            around = f'<circle cx="{number(x)}" cy="{number(y)}" r="13" fill="none" pointer-events="all"/>'
            shapes.append(linked(shape, words_of(plot, at, place), plot.addresses.get((at, place)), around))
    return drawing(plot.title, edges(plot), "".join(shapes), leads=bool(plot.addresses))


def _runs(points: list[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    run: list[tuple[float, float]] = []
    for point in [*points, None]:
        if point is not None:
            run.append(point)
        elif run:
            yield run
            run = []
