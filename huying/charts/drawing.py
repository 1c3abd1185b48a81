"""A chart as SVG: lanes, shapes and lines, in one language; with counts of open and overdue issues where they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from definitions.model.step import Stage
from huying.charts.flow import Chart, Shape
from huying.charts.lanes import HEAD, Lanes, Route, lay_out
from huying.charts.letters import plain, wrap
from huying.charts.svg import Anchor, Point, Rectangle, circle, number, picture, rect, stroke, text

_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_INK, _PALE, _LINE, _RED, _AMBER = "#2b2119", "#fffdf8", "#8b7f70", "#8f1d17", "#b7791f"
_LANES = ("#f7f1e6", "#fbf7ef")


@dataclass(frozen=True, slots=True)
class Count:
    """How many issues are at a step now, and how many of them are overdue."""

    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is said of steps besides, by key: how many issues are there, and a colour (for differences of two versions)."""

    counts: Mapping[str, Count] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)


def draw(
    chart: Chart,
    language: str,
    stage_titles: Mapping[Stage, str],
    counts: Mapping[str, Count] | None = None,
    marks: Mapping[str, str] | None = None,
) -> str:
    """The SVG; ``counts`` by step, ``marks`` a colour by step (for differences of two versions)."""
    layout = lay_out(chart, language)
    title = plain(chart.title.get(language) or next(iter(chart.title.values())))
    wide, high = round(layout.width), round(layout.height)
    root = picture(wide, high, {"font-family": _FONT, "aria-label": title})
    SubElement(root, "title").text = title
    _arrow(root)
    rect(root, Rectangle(0, 0, wide, high), 0, {"fill": _PALE})
    _lanes(root, layout, stage_titles)
    _routes(root, chart, layout, language)
    shown = _Shown(counts or {}, marks or {})
    for shape in chart.shapes.values():
        _shape(root, shape, layout.places[shape.key], language, shown)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _arrow(root: Element) -> None:
    """The head of every line."""
    size = {"viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "7", "markerHeight": "7"}
    marker = SubElement(SubElement(root, "defs"), "marker", {"id": "arrow", **size, "orient": "auto"})
    SubElement(marker, "path", {"d": "M0 0L8 4L0 8z", "fill": _LINE})


def _write(
    parent: Element, said: str, at: Point, size: float, anchor: Anchor = "middle", more: Mapping[str, str] = {}
) -> None:
    text(parent, said, at, size, anchor, {"fill": _INK, **more})


def _lanes(root: Element, layout: Lanes, titles: Mapping[Stage, str]) -> None:
    for n, (stage, lane) in enumerate(layout.lanes.items()):
        rect(root, lane, 0, {"fill": _LANES[n % 2], "stroke": "#e4d9c6"})
        rect(root, Rectangle(lane.x, lane.y, HEAD, lane.height), 0, {"fill": _RED})
        x, y = lane.x + HEAD / 2 + 5, lane.middle
        turned = {"transform": f"rotate(-90 {number(x)} {number(y)})", "font-weight": "bold", "fill": "#fff"}
        _write(root, titles[stage], (x, y), 14, "middle", turned)


def _routes(root: Element, chart: Chart, layout: Lanes, language: str) -> None:
    """The lines; those that lead back are dashed."""
    order = {key: n for n, key in enumerate(chart.shapes)}
    for route in layout.routes:
        back = order[route.line.target] < order[route.line.source]
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in route.points)
        more = {"fill": "none", "marker-end": "url(#arrow)"}
        stroke(root, path, _AMBER if back else _LINE, wide=1.3, dashes="6 3" if back else "", more=more)
        _route_label(root, route, language)


def _route_label(root: Element, route: Route, language: str) -> None:
    said = route.line.label.get(language) or route.line.label.get("zh", "")
    if said:
        _write(root, said, route.label_at, 11, "start")


def _shape(root: Element, shape: Shape, place: Rectangle, language: str, shown: _Shown) -> None:
    colour = shown.marks.get(shape.step) or _INK
    match shape.kind:
        case "start" | "end":
            _round(root, shape, place, language, colour)
        case "decision" | "fork" | "join":
            _diamond(root, shape, place, colour)
            if shape.kind == "decision" and shape.key == shape.step:
                _write(root, _said(shape, language), (place.centre, place.y - 4), 11)
        case "late" | "failed":
            _on_the_edge(root, shape, place)
        case _:
            _card(root, shape, place, language, shown)


def _said(shape: Shape, language: str) -> str:
    return shape.title.get(language) or next(iter(shape.title.values()), "")


def _on_the_edge(root: Element, shape: Shape, place: Rectangle) -> None:
    """A clock, or a bolt, on the edge of a step."""
    x, y = place.x + 11, place.y + 11
    circle(root, (x, y), 10, {"fill": _PALE, "stroke": _AMBER, "stroke-width": "1.5"})
    bolt = f"M{number(x - 3)} {number(y - 4)}L{number(x + 3)} {number(y + 4)}"
    hands = f"M{number(x)} {number(y - 6)}V{number(y)}H{number(x + 4)}"
    stroke(root, hands if shape.kind == "late" else bolt, _AMBER, wide=1.5, more={"fill": "none"})


def _round(root: Element, shape: Shape, place: Rectangle, language: str, colour: str) -> None:
    x, y, wide = place.centre, place.middle, "1.5" if shape.kind == "start" else "3.5"
    circle(root, (x, y), 14, {"fill": _PALE, "stroke": colour, "stroke-width": wide})
    _write(root, _said(shape, language), (x, y + 28), 11)


def _diamond(root: Element, shape: Shape, place: Rectangle, colour: str) -> None:
    x, y, r = place.centre, place.middle, place.width / 2
    corners = ((x - r, y), (x, y - r), (x + r, y), (x, y + r))
    path = "M" + "L".join(f"{number(a)} {number(b)}" for a, b in corners) + "z"
    stroke(root, path, colour, wide=1.5, more={"fill": _PALE})
    if shape.kind == "decision":
        left, right, up, down = number(x - 5), number(x + 5), number(y - 5), number(y + 5)
        stroke(root, f"M{left} {up}L{right} {down}M{right} {up}L{left} {down}", colour, wide=1.5)
    else:
        plus = f"M{number(x - 7)} {number(y)}H{number(x + 7)}M{number(x)} {number(y - 7)}V{number(y + 7)}"
        stroke(root, plus, colour, wide=1.8)


#: What stands in a card's corner, so that kinds are told apart without colour.
_SIGNS: Mapping[str, str] = {
    "task": "☻",
    "each": "☻☻",
    "wait": "◷",
    "receive": "✉",
    "send": "✉",
    "call": "⊞",
    "request": "⚙",
    "script": "⚙",
}


def _card(root: Element, shape: Shape, place: Rectangle, language: str, shown: _Shown) -> None:
    count, mark = shown.counts.get(shape.key), shown.marks.get(shape.step)
    late = count.overdue if count else 0
    look = {
        "fill": "#fbe9e7" if late else "#fff",
        "stroke": mark or (_RED if late else _INK),
        "stroke-width": "2.4" if mark or late else "1.4",
    }
    rect(root, place, 8, {**look, **({"stroke-dasharray": "5 3"} if shape.kind in ("wait", "receive") else {})})
    _write(root, _SIGNS.get(shape.kind, ""), (place.x + 8, place.y + 14), 10, "start")
    lines = wrap(_said(shape, language), place.width - 16, 13, most=3)
    top = place.middle - (len(lines) - 1) * 8.5 + 7
    for n, line in enumerate(lines):
        _write(root, line, (place.centre, top + n * 17), 13)
    if count and count.open:
        _badge(root, place, count)


def _badge(root: Element, place: Rectangle, count: Count) -> None:
    said = f"{count.open}" + (f" / {count.overdue}!" if count.overdue else "")
    wide = 14 + len(said) * 7.0
    x, y, colour = place.right - wide + 8, place.y - 10, _RED if count.overdue else "#3c6e4f"
    rect(root, Rectangle(x, y, wide, 20), 10, {"fill": colour})
    _write(root, said, (x + wide / 2, y + 14), 12, "middle", {"font-weight": "bold", "fill": "#fff"})
