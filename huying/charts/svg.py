"""What both pictures are made of: rectangles, and the elements of an SVG, made on the server without scripts or fonts of its own.

Every text passes through an XML tree, and so is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement

from huying.charts.letters import plain

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]
#: Attributes of an element: colours, widths, dashes.
Look = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangle: its left upper corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> float:
        """Half-way across."""
        return self.x + self.width / 2

    @property
    def middle(self) -> float:
        """Half-way down."""
        return self.y + self.height / 2


def picture(width: float, height: float, more: Look) -> Element:
    """An empty picture."""
    wide, high = number(width), number(height)
    size = {"width": wide, "height": high, "viewBox": f"0 0 {wide} {high}"}
    return Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", **size, **more})


def rect(parent: Element, box: Rectangle, radius: float, look: Look) -> None:
    """A rectangle with corners of this radius."""
    place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": radius}
    SubElement(parent, "rect", {**{name: number(value) for name, value in place.items()}, **look})


def circle(parent: Element, centre: Point, radius: float, look: Look) -> None:
    """A circle."""
    place = {"cx": number(centre[0]), "cy": number(centre[1]), "r": number(radius)}
    SubElement(parent, "circle", {**place, **look})


def polygon(parent: Element, points: Iterable[Point], look: Look) -> None:
    """A closed line."""
    path = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    SubElement(parent, "polygon", {"points": path, "stroke-linejoin": "round", **look})


def stroke(
    parent: Element, path: str, colour: str, *, wide: float = 1.6, dashes: str = "", more: Mapping[str, str] = {}
) -> None:
    """A line along a path."""
    dashed = {"stroke-dasharray": dashes} if dashes else {}
    SubElement(parent, "path", {"d": path, "stroke": colour, "stroke-width": number(wide), **dashed, **more})


def text(parent: Element, said: str, at: Point, size: float, anchor: Anchor, look: Look) -> None:
    """One line of text, with its baseline."""
    place = {"x": number(at[0]), "y": number(at[1]), "font-size": number(size), "text-anchor": anchor}
    SubElement(parent, "text", {**place, **look}).text = plain(said)


def number(value: float) -> str:
    """A number as short as it can be."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
