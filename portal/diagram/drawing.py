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
from huying.charts.svg import Rectangle, circle, number, picture, polygon, rect, stroke, text
from portal.diagram.column import LINE, MARGIN, POINT, Column, Placed, Track, Words, lay_out
from portal.diagram.words import Band, Card, bands, say

_INK, _SOFT, _SHEET = "var(--ink, CanvasText)", "var(--soft, #767676)", "var(--sheet, Canvas)"
_ACCENT, _BACK, _RULE = "var(--red, #b3261e)", "var(--gold, #9a6412)", "var(--line, #88888866)"
_WASH = "var(--red-wash, Canvas)"
_FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
_CORNER = 5.0
_DASHES = "5 4"
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
    rect(root, Rectangle(0, 0, layout.width, layout.height + _LEGEND), 0, {"fill": _SHEET})
    _draw_stages(root, layout)
    for x, top, bottom in layout.straight:
        stroke(root, f"M{number(x)} {number(top)}V{number(bottom - 6)}", _SOFT)
        _head(root, (x, bottom), (-4, -8), (4, -8), _SOFT)
    for line in sorted(layout.lines, key=lambda line: line.kind):
        _draw_line(root, line)
    for placed in layout.placed:
        _draw_step(root, placed)
    for line in layout.lines:
        for y in line.leave:
            circle(root, (line.edge, y), 2.6, {"fill": _colour(line)})
    _draw_legend(root, layout, language)
    return ElementTree.tostring(root, encoding="unicode")


def _root(layout: Column, key: str, language: str) -> Element:
    return picture(
        layout.width,
        layout.height + _LEGEND,
        {
            "class": "process",
            "lang": language.replace("_", "-"),
            "aria-labelledby": f"diagram-{key}-title",
            "aria-describedby": f"diagram-{key}-text",
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


def _draw_stages(root: Element, layout: Column) -> None:
    for index, stage in enumerate(layout.stages):
        group = SubElement(root, "g", {"class": "stage"})
        fill = {"fill": "currentColor", "fill-opacity": "0.06" if index % 2 == 0 else "0.025"}
        rect(group, stage.box, 0, fill)
        _text(group, stage.words, _SOFT)


def _draw_line(root: Element, line: Track) -> None:
    """One lane with all that runs into it: the farthest way draws the whole line, the others join it at a corner."""
    colour = _colour(line)
    outwards = -1 if line.side == "left" else 1
    group = SubElement(root, "g", {"class": f"way {line.side} {line.kind}", "data-to": line.to})
    farthest = max(line.leave, key=lambda y: abs(y - line.arrive))
    for y in line.leave:
        down = 1 if line.arrive > y else -1
        turn = line.lane - outwards * _CORNER
        path = f"M{number(line.edge)} {number(y)}H{number(turn)}Q{number(line.lane)} {number(y)} {number(line.lane)} {number(y + down * _CORNER)}"
        if y == farthest:
            path += f"V{number(line.arrive - down * _CORNER)}Q{number(line.lane)} {number(line.arrive)} {number(turn)} {number(line.arrive)}"
            path += f"H{number(line.edge + outwards * 6)}"
        stroke(group, path, colour, dashes=_DASHES if line.kind == "overdue" else "")
    _head(group, (line.edge, line.arrive), (outwards * 8, -4), (outwards * 8, 4), colour)


def _colour(line: Track) -> str:
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
            stroke(group, f"M{number(placed.box.x + 1)} {number(rule)}H{number(right)}", _RULE, wide=1)
    for line in placed.words:
        _text(group, line, {"here": _ACCENT, "line": _SOFT, "remark": _SOFT, "overdue": _SOFT}.get(line.kind, _INK))


_PLAIN = {"fill": _SHEET, "stroke": "currentColor", "stroke-width": "1.4"}


def _task(group: Element, placed: Placed, look: dict[str, str]) -> None:
    rect(group, placed.box, 8, look)


def _each(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """Sheets on top of each other: the same for several."""
    box = placed.box
    for shift in (6, 3):
        rect(group, Rectangle(box.x + shift, box.y + shift, box.width - shift, box.height), 8, look)
    rect(group, Rectangle(box.x, box.y, box.width - 3, box.height), 8, look)


def _assign(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A signpost: it goes on by itself."""
    box, shoulder = placed.box, placed.box.bottom - POINT
    points = [(box.x, box.y), (box.right, box.y), (box.right, shoulder), (box.centre, box.bottom), (box.x, shoulder)]
    polygon(group, points, look)


def _choose(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A diamond for the question, and below it the answers."""
    head, middle = placed.head, placed.head.middle
    left, foot = number(head.x), placed.box.bottom
    answers = f"M{left} {number(middle)}V{number(foot - 8)}q0 8 8 8H{number(head.right - 8)}q8 0 8 -8V{number(middle)}"
    SubElement(group, "path", {"d": answers, **_PLAIN})
    points = [(head.x, middle), (head.centre, head.y), (head.right, middle), (head.centre, head.bottom)]
    polygon(group, points, look)


def _close(group: Element, placed: Placed, look: dict[str, str]) -> None:
    box = placed.box
    rect(group, box, box.height / 2, look)
    inner = Rectangle(box.x + 4, box.y + 4, box.width - 8, box.height - 8)
    rect(group, inner, inner.height / 2, {"stroke": look["stroke"], "stroke-width": "1"})


def _parallel(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A card between two bars: several ways at once."""
    rect(group, placed.box, 2, look)
    for x in (placed.box.x, placed.box.right):
        stroke(group, f"M{number(x)} {number(placed.box.y)}V{number(placed.box.bottom)}", look["stroke"], wide=4)


def _wait(group: Element, placed: Placed, look: dict[str, str]) -> None:
    """A card with a dashed edge: nobody has a task."""
    rect(group, placed.box, 8, {**look, "stroke-dasharray": "6 3"})


_SHAPES = {
    "parallel": _parallel,
    "wait": _wait,
    "task": _task,
    "each": _each,
    "assign": _assign,
    "choose": _choose,
    "close": _close,
}


def _draw_legend(root: Element, layout: Column, language: str) -> None:
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
        stroke(group, f"M{number(x)} {number(y)}H{number(x + 24)}", colour, dashes=_DASHES if dashed else "")
        _text(group, Words(text, x + 30, y + 4, LINE, "start", False, "line"), _SOFT)
        x += 30 + width(text, LINE) + 16


def _text(parent: Element, line: Words, colour: str) -> None:
    look = {"fill": colour, **({"font-weight": "600"} if line.bold else {})}
    text(parent, line.text, (line.x, line.y), line.size, line.anchor, look)


def _head(
    parent: Element, tip: tuple[float, float], one: tuple[float, float], other: tuple[float, float], colour: str
) -> None:
    points = [tip, (tip[0] + one[0], tip[1] + one[1]), (tip[0] + other[0], tip[1] + other[1])]
    polygon(parent, points, {"fill": colour})
