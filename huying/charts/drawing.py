"""A chart as SVG: lanes, shapes and lines, in one language; with counts of open and overdue issues where they are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from definitions.model.step import Stage
from huying.charts.flow import Chart, Shape
from huying.charts.lanes import HEAD, Layout, Place, Route, lay_out
from huying.charts.letters import plain, wrap

_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_INK, _PALE, _LINE, _RED, _AMBER = "#2b2119", "#fffdf8", "#8b7f70", "#8f1d17", "#b7791f"
_LANES = ("#f7f1e6", "#fbf7ef")


@dataclass(frozen=True, slots=True)
class Count:
    """How many issues are at a step now, and how many of them are overdue."""

    open: int
    overdue: int


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
    parts = [*_lanes(layout, stage_titles), *_routes(chart, layout, language)]
    for shape in chart.shapes.values():
        parts += _shape(
            shape, layout.places[shape.key], language, (counts or {}).get(shape.key), (marks or {}).get(shape.step)
        )
    wide, high = round(layout.width), round(layout.height)
    body = "\n".join(parts)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {wide} {high}' width='{wide}' height='{high}' "
        f"font-family={quoteattr(_FONT)} role='img' aria-label={quoteattr(title)}>\n<title>{escape(title)}</title>\n"
        "<defs><marker id='arrow' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
        f"<path d='M0 0L8 4L0 8z' fill='{_LINE}'/></marker></defs>\n"
        f"<rect width='{wide}' height='{high}' fill='{_PALE}'/>\n{body}\n</svg>\n"
    )


def _text(x: float, y: float, said: str, size: float, anchor: str = "middle", more: str = "") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size:g}' fill='{_INK}' text-anchor='{anchor}' {more}>{escape(plain(said))}</text>"


def _lanes(layout: Layout, titles: Mapping[Stage, str]) -> Iterator[str]:
    for n, (stage, lane) in enumerate(layout.lanes.items()):
        yield (
            f"<rect x='{lane.x}' y='{lane.y:.1f}' width='{lane.width:.1f}' height='{lane.height:.1f}' "
            f"fill='{_LANES[n % 2]}' stroke='#e4d9c6'/>"
        )
        yield f"<rect x='{lane.x}' y='{lane.y:.1f}' width='{HEAD}' height='{lane.height:.1f}' fill='{_RED}'/>"
        x, y = lane.x + HEAD / 2 + 5, lane.y + lane.height / 2
        turned = f"transform='rotate(-90 {x:.1f} {y:.1f})' font-weight='bold'"
        yield _text(x, y, titles[stage], 14, "middle", turned).replace(_INK, "#fff")


def _routes(chart: Chart, layout: Layout, language: str) -> Iterator[str]:
    """The lines; those that lead back are dashed."""
    order = {key: n for n, key in enumerate(chart.shapes)}
    for route in layout.routes:
        back = order[route.line.target] < order[route.line.source]
        drawn = f"stroke='{_AMBER}' stroke-dasharray='6 3'" if back else f"stroke='{_LINE}'"
        path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in route.points)
        yield f"<path d='{path}' fill='none' {drawn} stroke-width='1.3' marker-end='url(#arrow)'/>"
        yield from _route_label(route, language)


def _route_label(route: Route, language: str) -> Iterator[str]:
    said = route.line.label.get(language) or route.line.label.get("zh", "")
    if said:
        yield _text(*route.label_at, said, 11, "start")


def _shape(shape: Shape, place: Place, language: str, count: Count | None, mark: str | None) -> Iterator[str]:
    colour = mark or _INK
    match shape.kind:
        case "start" | "end":
            yield from _round(shape, place, language, colour)
        case "decision" | "fork" | "join":
            yield from _diamond(shape, place, colour)
            if shape.kind == "decision" and shape.key == shape.step:
                yield _text(place.x + place.width / 2, place.y - 4, _said(shape, language), 11)
        case "late" | "failed":
            x, y = place.x + 11, place.y + 11
            yield f"<circle cx='{x:.1f}' cy='{y:.1f}' r='10' fill='{_PALE}' stroke='{_AMBER}' stroke-width='1.5'/>"
            cross = f"M{x - 3:.1f} {y - 4:.1f}L{x + 3:.1f} {y + 4:.1f}"
            hand = f"M{x:.1f} {y - 6:.1f}V{y:.1f}H{x + 4:.1f}" if shape.kind == "late" else cross
            yield f"<path d='{hand}' fill='none' stroke='{_AMBER}' stroke-width='1.5'/>"
        case _:
            yield from _card(shape, place, language, count, mark)


def _said(shape: Shape, language: str) -> str:
    return shape.title.get(language) or next(iter(shape.title.values()), "")


def _round(shape: Shape, place: Place, language: str, colour: str) -> Iterator[str]:
    x, y, wide = place.x + place.width / 2, place.middle, 1.5 if shape.kind == "start" else 3.5
    yield f"<circle cx='{x:.1f}' cy='{y:.1f}' r='14' fill='{_PALE}' stroke='{colour}' stroke-width='{wide}'/>"
    yield _text(x, y + 28, _said(shape, language), 11)


def _diamond(shape: Shape, place: Place, colour: str) -> Iterator[str]:
    x, y, r = place.x + place.width / 2, place.middle, place.width / 2
    path = f"M{x - r:.1f} {y:.1f}L{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f}L{x:.1f} {y + r:.1f}z"
    yield f"<path d='{path}' fill='{_PALE}' stroke='{colour}' stroke-width='1.5'/>"
    if shape.kind == "decision":
        cross = f"M{x - 5:.1f} {y - 5:.1f}L{x + 5:.1f} {y + 5:.1f}M{x + 5:.1f} {y - 5:.1f}L{x - 5:.1f} {y + 5:.1f}"
        yield f"<path d='{cross}' stroke='{colour}' stroke-width='1.5'/>"
    else:
        plus = f"M{x - 7:.1f} {y:.1f}H{x + 7:.1f}M{x:.1f} {y - 7:.1f}V{y + 7:.1f}"
        yield f"<path d='{plus}' stroke='{colour}' stroke-width='1.8'/>"


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


def _card(shape: Shape, place: Place, language: str, count: Count | None, mark: str | None) -> Iterator[str]:
    late = count.overdue if count else 0
    edge = mark or (_RED if late else _INK)
    fill = "#fbe9e7" if late else "#fff"
    thin = (
        "" if shape.kind in ("task", "each") else "stroke-dasharray='5 3'" if shape.kind in ("wait", "receive") else ""
    )
    yield (
        f"<rect x='{place.x:.1f}' y='{place.y:.1f}' width='{place.width:.1f}' height='{place.height:.1f}' rx='8' "
        f"fill='{fill}' stroke='{edge}' stroke-width='{2.4 if mark or late else 1.4}' {thin}/>"
    )
    yield _text(place.x + 8, place.y + 14, _SIGNS.get(shape.kind, ""), 10, "start")
    lines = wrap(_said(shape, language), place.width - 16, 13, most=3)
    top = place.middle - (len(lines) - 1) * 8.5 + 7
    for n, line in enumerate(lines):
        yield _text(place.x + place.width / 2, top + n * 17, line, 13)
    if count and count.open:
        yield from _badge(place, count)


def _badge(place: Place, count: Count) -> Iterator[str]:
    said = f"{count.open}" + (f" / {count.overdue}!" if count.overdue else "")
    wide = 14 + len(said) * 7.0
    x, y, colour = place.right - wide + 8, place.y - 10, _RED if count.overdue else "#3c6e4f"
    yield f"<rect x='{x:.1f}' y='{y:.1f}' width='{wide:.1f}' height='20' rx='10' fill='{colour}'/>"
    yield _text(x + wide / 2, y + 14, said, 12, "middle", "font-weight='bold'").replace(_INK, "#fff")
