"""A definition as a picture: SVG made on the server, without scripts, styles or fonts of its own.

Colours come from the page's custom properties where it has them, else from the system, so dark mode and print need nothing more; they are
presentation attributes, because our pages allow no inline styles. Every text passes through an XML tree, and so is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from definitions.model.definition import Definition
from definitions.text import words
from huying.charts.letters import plain, width
from portal.diagram.layout import LINE, MARGIN, POINT, Box, Layout, Line, Placed, Words, lay_out
from portal.diagram.words import Band, Card, bands, say

_INK, _SOFT, _SHEET = "var(--ink, CanvasText)", "var(--soft, #767676)", "var(--sheet, Canvas)"
_ACCENT, _BACK, _RULE = "var(--red, #b3261e)", "var(--gold, #9a6412)", "var(--line, #88888866)"
_WASH = "var(--red-wash, Canvas)"
_FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_CORNER = 5.0
_LEGEND = 34.0


def diagram(definition: Definition, language: str, active: frozenset[str] = frozenset()) -> str:
    """The definition as an ``<svg>`` element in a language; the steps in ``active`` are lit up."""
    stages = bands(definition, language, active)
    layout = lay_out(stages, say("here", language))
    title = plain(words(definition.title, language, definition.id))
    root = _root(layout, definition.id, language)
    SubElement(root, "title", id=f"diagram-{definition.id}-title").text = say("diagram of", language) + title
    SubElement(root, "desc", id=f"diagram-{definition.id}-text").text = _in_words(stages)
    # a ground of its own: the picture is also read outside our pages
    _rect(root, Box(0, 0, layout.width, layout.height + _LEGEND), 0, {"fill": _SHEET})
    _draw_stages(root, layout)
    for x, top, bottom in layout.straight:
        _stroke(root, f"M{_n(x)} {_n(top)}V{_n(bottom - 6)}", _SOFT)
        _head(root, (x, bottom), (-4, -8), (4, -8), _SOFT)
    for line in sorted(layout.lines, key=lambda line: line.kind):
        _draw_line(root, line)
    for placed in layout.placed:
        _draw_step(root, placed)
    for line in layout.lines:
        for y in line.leave:
            SubElement(root, "circle", cx=_n(line.edge), cy=_n(y), r="2.6", fill=_colour(line))
    _draw_legend(root, layout, language)
    return ElementTree.tostring(root, encoding="unicode")


def _root(layout: Layout, key: str, language: str) -> Element:
    wide, high = _n(layout.width), _n(layout.height + _LEGEND)
    return Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "process",
            "role": "img",
            "lang": language.replace("_", "-"),
            "aria-labelledby": f"diagram-{key}-title",
            "aria-describedby": f"diagram-{key}-text",
            "width": wide,
            "height": high,
            "viewBox": f"0 0 {wide} {high}",
            "fill": "none",
            "font-family": _FONTS,
            "color": _INK,
        },
    )


def _in_words(stages: Iterable[Band]) -> str:
    """The same in sentences, for those who do not see the picture."""
    titles = {card.key: card.title for band in stages for card in band.cards}
    said = (
        [f"{band.title} — {_card_in_words(card, titles)}" for card in band.cards] or [band.title] for band in stages
    )
    return "\n".join(line for lines in said for line in lines)


def _card_in_words(card: Card, titles: dict[str, str]) -> str:
    head = f"{card.title} ({' · '.join(card.line)})" if card.line else card.title
    ways = [f"{row.text} → {titles[row.to]}" if row.to else row.text for row in card.rows]
    ways += [f"→ {titles[card.onward]}"] if card.onward else []
    return f"{head}: {'; '.join(ways)}." if ways else f"{head}."


def _draw_stages(root: Element, layout: Layout) -> None:
    for index, stage in enumerate(layout.stages):
        group = SubElement(root, "g", {"class": "stage"})
        fill = {"fill": "currentColor", "fill-opacity": "0.06" if index % 2 == 0 else "0.025"}
        _rect(group, stage.box, 0, fill)
        _text(group, stage.words, _SOFT)


def _draw_line(root: Element, line: Line) -> None:
    """One lane with all that runs into it: the farthest way draws the whole line, the others join it at a corner."""
    colour = _colour(line)
    outwards = -1 if line.side == "left" else 1
    group = SubElement(root, "g", {"class": f"way {line.side} {line.kind}", "data-to": line.to})
    farthest = max(line.leave, key=lambda y: abs(y - line.arrive))
    for y in line.leave:
        down = 1 if line.arrive > y else -1
        turn = line.lane - outwards * _CORNER
        path = f"M{_n(line.edge)} {_n(y)}H{_n(turn)}Q{_n(line.lane)} {_n(y)} {_n(line.lane)} {_n(y + down * _CORNER)}"
        if y == farthest:
            path += (
                f"V{_n(line.arrive - down * _CORNER)}Q{_n(line.lane)} {_n(line.arrive)} {_n(turn)} {_n(line.arrive)}"
            )
            path += f"H{_n(line.edge + outwards * 6)}"
        _stroke(group, path, colour, dashed=line.kind == "overdue")
    _head(group, (line.edge, line.arrive), (outwards * 8, -4), (outwards * 8, 4), colour)


def _colour(line: Line) -> str:
    return _SOFT if line.side == "left" else _BACK


def _draw_step(root: Element, placed: Placed) -> None:
    card = placed.card
    group = SubElement(
        root, "g", {"class": f"step {card.kind}{' active' if card.active else ''}", "data-step": card.key}
    )
    SubElement(group, "title").text = " · ".join((card.title, *card.line))
    look = {"fill": _WASH, "stroke": _ACCENT, "stroke-width": "2.5"} if card.active else _PLAIN
    _SHAPES[card.kind](group, placed, look)
    for rule in placed.rules:
        if rule > placed.head.bottom or card.kind in ("task", "each", "parallel", "wait"):
            right = placed.box.right - (4 if card.kind == "each" else 1)
            _stroke(group, f"M{_n(placed.box.x + 1)} {_n(rule)}H{_n(right)}", _RULE, wide="1")
    for line in placed.words:
        _text(group, line, {"here": _ACCENT, "line": _SOFT, "remark": _SOFT, "overdue": _SOFT}.get(line.kind, _INK))


_PLAIN = {"fill": _SHEET, "stroke": "currentColor", "stroke-width": "1.4"}


def _task(group: Element, placed: Placed, look: dict[str, str]) -> None:
    _rect(group, placed.box, 8, look)


def _each(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """Sheets on top of each other: the same for several."""
    box = placed.box
    for shift in (6, 3):
        _rect(group, Box(box.x + shift, box.y + shift, box.width - shift, box.height), 8, look)
    _rect(group, Box(box.x, box.y, box.width - 3, box.height), 8, look)


def _assign(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A signpost: it goes on by itself."""
    box, shoulder = placed.box, placed.box.bottom - POINT
    points = [(box.x, box.y), (box.right, box.y), (box.right, shoulder), (box.middle, box.bottom), (box.x, shoulder)]
    _polygon(group, points, look)


def _choose(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A diamond for the question, and below it the answers."""
    head, middle = placed.head, placed.head.y + placed.head.height / 2
    left, foot = _n(head.x), placed.box.bottom
    answers = f"M{left} {_n(middle)}V{_n(foot - 8)}q0 8 8 8H{_n(head.right - 8)}q8 0 8 -8V{_n(middle)}"
    SubElement(group, "path", {"d": answers, **_PLAIN})
    points = [(head.x, middle), (head.middle, head.y), (head.right, middle), (head.middle, head.bottom)]
    _polygon(group, points, look)


def _close(group: Element, placed: Placed, look: dict[str, str]) -> None:
    box = placed.box
    _rect(group, box, box.height / 2, look)
    inner = Box(box.x + 4, box.y + 4, box.width - 8, box.height - 8)
    _rect(group, inner, inner.height / 2, {"stroke": look["stroke"], "stroke-width": "1"})


def _parallel(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A card between two bars: several ways at once."""
    _rect(group, placed.box, 2, look)
    for x in (placed.box.x, placed.box.right):
        _stroke(group, f"M{_n(x)} {_n(placed.box.y)}V{_n(placed.box.bottom)}", look["stroke"], wide="4")


def _wait(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A card with a dashed edge: nobody has a task."""
    _rect(group, placed.box, 8, {**look, "stroke-dasharray": "6 3"})


_SHAPES = {
    "parallel": _parallel,
    "wait": _wait,
    "task": _task,
    "each": _each,
    "assign": _assign,
    "choose": _choose,
    "close": _close,
}


def _draw_legend(root: Element, layout: Layout, language: str) -> None:
    """What the lines mean, of those that there are."""
    group = SubElement(root, "g", {"class": "legend"})
    x, y = MARGIN, layout.height + _LEGEND / 2 + 2
    samples = {
        "way": (any(line.side == "left" for line in layout.lines), _SOFT, False),
        "back": (any(line.side == "right" for line in layout.lines), _BACK, False),
        "overdue": (any(line.kind == "overdue" for line in layout.lines), _SOFT, True),
    }
    for word, (used, colour, dashed) in samples.items():
        if not used:
            continue
        text = say(f"legend {word}", language)
        _stroke(group, f"M{_n(x)} {_n(y)}H{_n(x + 24)}", colour, dashed=dashed)
        _text(group, Words(text, x + 30, y + 4, LINE, "start", False, "line"), _SOFT)
        x += 30 + width(text, LINE) + 16


def _text(parent: Element, line: Words, colour: str) -> None:
    look = {"font-weight": "600"} if line.bold else {}
    place = {"x": _n(line.x), "y": _n(line.y), "font-size": _n(line.size), "text-anchor": line.anchor}
    SubElement(parent, "text", {**place, "fill": colour, **look}).text = line.text


def _rect(parent: Element, box: Box, radius: float, look: dict[str, str]) -> None:
    place = {"x": _n(box.x), "y": _n(box.y), "width": _n(box.width), "height": _n(box.height), "rx": _n(radius)}
    SubElement(parent, "rect", {**place, **look})


def _polygon(parent: Element, points: Iterable[tuple[float, float]], look: dict[str, str]) -> None:
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    SubElement(parent, "polygon", {"points": path, "stroke-linejoin": "round", **look})


def _stroke(parent: Element, path: str, colour: str, *, wide: str = "1.6", dashed: bool = False) -> None:
    dashes = {"stroke-dasharray": "5 4"} if dashed else {}
    SubElement(parent, "path", {"d": path, "stroke": colour, "stroke-width": wide, **dashes})


def _head(
    parent: Element, tip: tuple[float, float], one: tuple[float, float], other: tuple[float, float], colour: str
) -> None:
    points = [tip, (tip[0] + one[0], tip[1] + one[1]), (tip[0] + other[0], tip[1] + other[1])]
    _polygon(parent, points, {"fill": colour})


def _n(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
