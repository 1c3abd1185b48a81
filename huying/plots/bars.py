"""Bars: beside each other, upon each other, or lying under each other with their names before them."""

from __future__ import annotations

from collections.abc import Iterator

from huying.plots.palette import Palette
from huying.plots.plot import Plot, said
from huying.plots.scale import Scale, scale_to
from huying.plots.svg import Edges, box, drawing, fitted, line, linked, number, text, width_of

WIDTH = 720.0
LEFT, RIGHT = 52.0, 8.0
TOP, FLOOR, FOOT = 44.0, 224.0, 20.0
_WIDEST = 34.0
#: Lying bars are narrower: their letters stay as large where there is half the room.
_NAMES, _FIGURES, _ROW, _BETWEEN, _LYING = 136.0, 52.0, 15.0, 12.0, 480.0


def standing(plot: Plot, palette: Palette) -> str:
    """Bars over an axis, with what is written above and the names below."""
    scale = scale_to(_most(plot))
    each = (WIDTH - LEFT - RIGHT) / max(len(plot.places), 1)
    shapes = [*axis(plot, palette, scale, each)]
    draw = _upon if plot.form == "upon" else _beside
    for place in range(len(plot.places)):
        shapes += draw(plot, palette, place, LEFT + each * place, each, scale)
    return drawing(plot.title, edges(plot), "".join(shapes), leads=bool(plot.addresses))


def lying(plot: Plot, palette: Palette) -> str:
    """A row for each place: its name, a bar for each series, and the figure after it."""
    most = max((value or 0 for series in plot.series for value in series.values), default=0) or 1
    room, rows = _LYING - _NAMES - _FIGURES, len(plot.series)
    each, shapes = _ROW * rows + _BETWEEN, list[str]()
    for place, name in enumerate(plot.places):
        top, strong = each * place + _BETWEEN / 2, place == plot.strong
        shapes.append(
            text(palette, _NAMES - 10, top + _ROW * rows / 2 + 4, fitted(name, _NAMES - 14), "end", strong=strong)
        )
        for at in range(rows):
            y, value = top + _ROW * at, plot.value(at, place)
            long = room * value / most
            shape = box(palette.of(at), _NAMES, y + 1, long, _ROW - 3, pale=place in plot.pale)
            around = _pressed(0, y, _LYING, _ROW)
            shapes.append(linked(shape, words_of(plot, at, place), plot.addresses.get((at, place)), around))
            shapes.append(text(palette, _NAMES + long + 6, y + 11, said(plot.series[at].values[place]), "start"))
    height = each * len(plot.places)
    shapes.append(line(palette.axis, (_NAMES, 0), (_NAMES, height)))
    return drawing(plot.title, Edges(_LYING, 0, height), "".join(shapes), leads=bool(plot.addresses))


def edges(plot: Plot) -> Edges:
    """Where standing bars and lines begin and end: without words above them they begin lower."""
    return Edges(WIDTH, 0 if plot.above else TOP - 20, FLOOR + FOOT)


def axis(plot: Plot, palette: Palette, scale: Scale, each: float) -> Iterator[str]:
    """The lines with their numbers, the names below and the words above."""
    for mark in scale.marks:
        y = height_of(mark, scale)
        yield line(palette.line if mark else palette.axis, (LEFT - 6, y), (WIDTH - RIGHT, y))
        yield text(palette, LEFT - 12, y + 4, said(mark), "end")
    wide = max((width_of(name) for name in plot.places), default=0)
    # names that would run into each other are told for every second or third place alone
    apart = max(1, -int(-(wide + 8) // each)) if each else 1
    for place, name in enumerate(plot.places):
        middle, strong = LEFT + each * (place + 0.5), place == plot.strong
        if place % apart == 0 or strong:
            yield text(palette, middle, FLOOR + 17, fitted(name, each * apart), strong=strong)
        if place < len(plot.above) and width_of(plot.above[place]) <= each:
            yield text(palette, middle, 12, plot.above[place], strong=strong)
        if place in plot.pale and plot.pale_words:
            yield text(palette, middle, _peak(plot, place, scale) - 6, plot.pale_words)
        elif strong:
            yield text(palette, middle, _peak(plot, place, scale) - 6, said(_tall(plot, place)), strong=True)
    # longer words stand beside the legend alone
    if plot.above and width_of(plot.above_words) < LEFT - 8:
        yield text(palette, LEFT - 12, 12, plot.above_words, "end")


def height_of(value: float, scale: Scale) -> float:
    """Where a value stands."""
    return FLOOR - (FLOOR - TOP) * value / scale.top


def words_of(plot: Plot, series: int, place: int) -> str:
    """What a bar says of itself."""
    one = plot.series[series]
    return f"{plot.places[place]} · {one.words} · {said(one.values[place])}"


def _beside(plot: Plot, palette: Palette, place: int, x: float, each: float, scale: Scale) -> Iterator[str]:
    many = len(plot.series)
    wide = min(_WIDEST, each * 0.76 / many)
    slot = each / many
    for at in range(many):
        left = x + (each - wide * many) / 2 + wide * at
        y = height_of(plot.value(at, place), scale)
        shape = box(palette.of(at), left, y, wide - 1, FLOOR - y, pale=place in plot.pale)
        around = _pressed(x + slot * at, TOP, slot, FLOOR - TOP)
        yield linked(shape, words_of(plot, at, place), plot.addresses.get((at, place)), around)


def _upon(plot: Plot, palette: Palette, place: int, x: float, each: float, scale: Scale) -> Iterator[str]:
    wide = min(_WIDEST * 1.4, each * 0.7)
    floor = 0.0
    for at in range(len(plot.series)):
        value = plot.value(at, place)
        if not value:
            continue
        low, high = height_of(floor, scale), height_of(floor + value, scale)
        left = x + (each - wide) / 2
        # a hairline of the ground parts what lies upon each other
        shape = box(palette.of(at), left, high, wide, max(low - high - 1, 0.5), pale=place in plot.pale)
        yield linked(shape, words_of(plot, at, place), plot.addresses.get((at, place)))
        floor += value


def _pressed(x: float, y: float, width: float, height: float) -> str:
    """Room that can be pressed, for a bar may be low."""
    corner = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect {corner} fill="none" pointer-events="all"/>'


def _tall(plot: Plot, place: int) -> float:
    values = [plot.value(at, place) for at in range(len(plot.series))]
    return sum(values) if plot.form == "upon" else max(values, default=0)


def _peak(plot: Plot, place: int, scale: Scale) -> float:
    return height_of(_tall(plot, place), scale)


def _most(plot: Plot) -> float:
    return max((_tall(plot, place) for place in range(len(plot.places))), default=0)
