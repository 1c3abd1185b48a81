"""A plot as it is shown: as SVG on a page or on paper, or as a PNG in a document that takes no drawings."""

from __future__ import annotations

from dataclasses import replace

import resvg_py

from huying.plots.bars import edges, lying, standing
from huying.plots.curve import course
from huying.plots.palette import PAPER, SCREEN, Palette
from huying.plots.plot import Plot
from huying.plots.svg import legend

#: A picture is so much larger than it will stand on paper, for printers.
_ZOOM = 3
_LEGEND = 26.0


def drawn(plot: Plot, palette: Palette = SCREEN) -> str:
    """The plot as SVG: the same for the same plot, always."""
    if plot.form == "line":
        return course(plot, palette)
    return lying(plot, palette) if plot.form == "lying" else standing(plot, palette)


def on_paper(plot: Plot) -> str:
    """The plot as SVG for paper: fixed colours, no links, and its legend in it."""
    drawing = drawn(replace(plot, addresses={}), PAPER)
    if len(plot.series) < 2:
        return drawing
    head, _, shapes = drawing.partition(">")
    top = 0.0 if plot.form == "lying" else edges(plot).top
    before, _, view = head.partition(' viewBox="')
    box, _, after = view.partition('"')
    width, height = (float(part) for part in box.split()[2:])
    words = legend(PAPER, [one.words for one in plot.series], top - 8)
    return f'{before} viewBox="0 {top - _LEGEND:g} {width:g} {height + _LEGEND:g}"{after}>{words}{shapes}'


def pictured(plot: Plot) -> bytes:
    """The plot as PNG on white, for paper."""
    return bytes(resvg_py.svg_to_bytes(svg_string=on_paper(plot), background="#ffffff", zoom=_ZOOM))
