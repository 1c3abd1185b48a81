"""The letters and shapes of a drawing: text that fits, and links with what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from huying.plots.palette import Palette

SIZE = 12
_WIDE, _NARROW = 12.0, 6.8
_WIDE_DRAWING = 600.0


@dataclass(frozen=True, slots=True)
class Edges:
    """Where a drawing begins and ends, and how wide it is."""

    width: float
    top: float
    foot: float


def width_of(text: str) -> float:
    """About how wide a text is: a Han character is as wide as it is high, a letter about half."""
    return sum(_NARROW if ord(letter) < 0x2E80 else _WIDE for letter in text)


def fitted(text: str, most: float) -> str:
    """The text, or as much of its beginning as fits; the whole of it stands in a title."""
    if width_of(text) <= most:
        return text
    kept = text
    while kept and width_of(kept) + _WIDE > most:
        kept = kept[:-1]
    return kept + "…"


def number(value: float) -> str:
    """A length in a drawing."""
    return f"{value:.1f}".removesuffix(".0")


def text(palette: Palette, x: float, y: float, words: str, anchor: str = "middle", *, strong: bool = False) -> str:
    """Words at a point."""
    weight = ' font-weight="600"' if strong else ""
    letters = f' font-family="{palette.letters}" font-size="{SIZE}"' if palette.letters else ""
    fill = palette.ink if strong else palette.soft
    return (
        f'<text x="{number(x)}" y="{number(y)}" text-anchor="{anchor}" fill="{fill}"{weight}{letters}>'
        f"{escape(words)}</text>"
    )


def line(colour: str, start: tuple[float, float], end: tuple[float, float]) -> str:
    """A hairline."""
    (x1, y1), (x2, y2) = start, end
    ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
    return f'<line {ends} stroke="{colour}"/>'


def box(colour: str, x: float, y: float, width: float, height: float, *, pale: bool = False) -> str:
    """A bar; nothing has no height."""
    faint = ' fill-opacity="0.45"' if pale else ""
    corner = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(max(height, 0))}"'
    return f'<rect {corner} fill="{colour}"{faint}/>'


def linked(shape: str, words: str, address: str | None, around: str = "") -> str:
    """A shape that says what it shows, and leads somewhere if there is an address; ``around`` is what can be pressed beside it."""
    named = f"<title>{escape(words)}</title>{around}{shape}"
    return f'<a href="{escape(address)}">{named}</a>' if address else f"<g>{named}</g>"


def legend(palette: Palette, words: Sequence[str], y: float) -> str:
    """Which colour is what, for paper, where nothing stands beside the drawing."""
    shapes, x = list[str](), 52.0
    for at, one in enumerate(words):
        shapes += [box(palette.of(at), x, y - SIZE + 2, SIZE, SIZE), text(palette, x + SIZE + 6, y, one, "start")]
        x += SIZE + width_of(one) + 30
    return "".join(shapes)


def drawing(title: str, edges: Edges, shapes: str, *, leads: bool) -> str:
    """The whole of it. Where bars lead somewhere it is a group: what is an image as a whole can hold no links."""
    role = "group" if leads else "img"
    view = f"0 {number(edges.top)} {number(edges.width)} {number(edges.foot - edges.top)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot{" plot-narrow" if edges.width < _WIDE_DRAWING else ""}" viewBox="{view}" '
        f'role="{role}" aria-label="{escape(title)}">{shapes}</svg>'
    )
