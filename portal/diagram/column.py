"""Where everything in a diagram stands: one column of steps from top to bottom, and lanes for the lines on either side of it.

A phone is narrow, so the steps stand below each other in their stages, each with its ways out as rows. What leads down leaves to the left,
what leads up leaves to the right, and all ways to one step share a lane: so no line ever crosses a text, whatever the process.
Lanes are shared by lines that do not meet (the left-edge algorithm of channel routing), short ones inside.

A layered layout in two dimensions (fast-sugiyama) was measured first: with a vertex for each label, the contact station's widest layer takes 600
units in Chinese and 870 in English before any spacing, and a phone has about 340; this column takes 332 in both, and needs no compiled library.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from huying.charts.letters import width, wrap
from huying.charts.svg import Anchor, Rectangle
from portal.diagram.words import Band, Card, Kind, Row, RowKind

Side = Literal["left", "right"]

CARD = 224.0
TITLE, LINE, ROW = 15.0, 12.5, 13.0
PAD = 12.0
GAP = 26.0
#: the point below a step that goes on by itself
POINT = 10.0
LANE = 8.0
#: from a card to the nearest lane: room for an arrow's head
REACH = 16.0
MARGIN = 6.0
_BAND_HEAD = 34.0
_BAND_FOOT = 16.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text, with its baseline, and the box that it fills."""

    text: str
    x: float
    y: float
    size: float
    anchor: Anchor
    bold: bool = False
    kind: RowKind | Literal["title", "line", "stage", "here"] = "title"

    @property
    def box(self) -> Rectangle:
        """What it covers, as measured."""
        wide = width(self.text, self.size, bold=self.bold)
        left = self.x - {"start": 0, "middle": wide / 2, "end": wide}[self.anchor]
        return Rectangle(left, self.y - self.size * 0.9, wide, self.size * 1.15)


@dataclass(frozen=True, slots=True)
class Placed:
    """A step with its place: ``head`` holds title and line, ``rule`` are the heights at which rows are parted."""

    card: Card
    box: Rectangle
    head: Rectangle
    words: tuple[Words, ...]
    rules: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """All ways of one sort to one step on one side: where they leave (heights), the lane, and where they arrive."""

    to: str
    side: Side
    kind: RowKind
    leave: tuple[float, ...]
    arrive: float
    edge: float
    lane: float


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage's band."""

    words: Words
    box: Rectangle


@dataclass(frozen=True, slots=True)
class Column:
    """The whole diagram; ``straight`` are arrows from the foot of one step to the head of the next (x, from, to)."""

    width: float
    height: float
    stages: tuple[Stage, ...]
    placed: tuple[Placed, ...]
    lines: tuple[Track, ...]
    straight: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way out, before lanes are known."""

    to: str
    side: Side
    kind: RowKind
    y: float


def lay_out(bands: Sequence[Band], here: str) -> Column:
    """Place everything; ``here`` is what is said at an active step."""
    order = {card.key: index for index, card in enumerate(card for band in bands for card in band.cards)}
    column = _Stack(order, here)
    heights = [column.band(band) for band in bands]
    entries = {key: head.middle for key, head in column.heads.items()}
    lanes = _lanes(column.ways, entries)
    counts = {side: 1 + max((lane for (s, _, _), lane in lanes.items() if s == side), default=-1) for side in _SIDES}
    left = MARGIN + (REACH + counts["left"] * LANE if counts["left"] else 0)
    right = MARGIN + (REACH + counts["right"] * LANE if counts["right"] else 0)
    total = left + CARD + right
    placed = tuple(piece.at(left) for piece in column.pieces)
    return Column(
        width=total,
        height=column.y,
        stages=tuple(
            Stage(
                Words(wrap(band.title, CARD, LINE, bold=True, most=1)[0], left, top + 21, LINE, "start", True, "stage"),
                Rectangle(0, top, total, bottom - top),
            )
            for band, (top, bottom) in zip(bands, heights, strict=True)
        ),
        placed=placed,
        lines=tuple(_lines(column.ways, entries, lanes, left)),
        straight=_straight(placed, order),
    )


_SIDES: tuple[Side, Side] = ("left", "right")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A step placed from top to bottom, its words not yet from left to right."""

    card: Card
    top: float
    bottom: float
    head: float
    words: tuple[Words, ...]
    rules: tuple[float, ...]

    def at(self, x: float) -> Placed:
        """The step with its card's left edge here."""
        words = tuple(Words(w.text, w.x + x, w.y, w.size, w.anchor, w.bold, w.kind) for w in self.words)
        box = Rectangle(x, self.top, CARD, self.bottom - self.top)
        return Placed(self.card, box, Rectangle(x, self.top, CARD, self.head), words, self.rules)


class _Stack:
    """Puts the steps below each other, and notes every way out with its height."""

    def __init__(self, order: Mapping[str, int], here: str) -> None:
        self.y = 0.0
        self.pieces: list[_Piece] = []
        self.ways: list[_Way] = []
        self.heads: dict[str, Rectangle] = {}
        self._order = order
        self._here = here
        self._words: list[Words] = []

    def band(self, band: Band) -> tuple[float, float]:
        """One stage; where it begins and ends."""
        top = self.y
        self.y += _BAND_HEAD
        for index, card in enumerate(band.cards):
            self.y += GAP if index else 0
            self._card(card)
        self.y += _BAND_FOOT if band.cards else 0
        return top, self.y

    def _card(self, card: Card) -> None:
        top, self._words = self.y, []
        self._head(card)
        head = self.y - top
        self.heads[card.key] = Rectangle(0, top, CARD, head)
        rules = [self._row(card, row) for row in card.rows]
        if card.rows:
            self.y += 4
        if card.onward and self._order[card.onward] != self._order[card.key] + 1:
            self.ways.append(_Way(card.onward, self._side(card, card.onward), "way", top + head - POINT - 6))
        self.pieces.append(_Piece(card, top, self.y, head, tuple(self._words), tuple(rules)))

    def _head(self, card: Card) -> None:
        room, top = CARD * _ROOM[card.kind] - 2 * PAD, self.y
        lines = [(text, LINE, True, "here") for text in ((self._here,) if card.active else ())]
        lines += [(text, TITLE, True, "title") for text in wrap(card.title, room, TITLE, bold=True)]
        lines += [(text, LINE, False, "line") for text in _below_title(card.line, room)]
        tall = sum(size * 1.35 for _, size, _, _ in lines)
        # a diamond is only half as high where its text begins and ends
        full = max(tall * 2.3, 52.0) if card.kind == "choose" else tall + 2 * PAD - 4
        y = top + (full - tall) / 2
        full += POINT if card.kind == "assign" else 0
        for text, size, bold, kind in lines:
            y += size * 1.35
            self._words.append(Words(text, CARD / 2, y - size * 0.33, size, "middle", bold, kind))  # type: ignore[arg-type]
        self.y = top + full

    def _row(self, card: Card, row: Row) -> float:
        """One way out: its words on the side on which its line leaves; the height of the rule above it."""
        rule = self.y
        side: Side = self._side(card, row.to) if row.to else "left"
        lines = wrap(row.text, CARD - 2 * PAD, ROW)
        self.y += 6
        x, anchor = (PAD, "start") if side == "left" else (CARD - PAD, "end")
        for text in lines:
            self.y += ROW * 1.4
            self._words.append(Words(text, x, self.y - ROW * 0.38, ROW, anchor, False, row.kind))  # type: ignore[arg-type]
        self.y += 6
        if row.to:
            self.ways.append(_Way(row.to, side, row.kind, (rule + self.y) / 2))
        return rule

    def _side(self, card: Card, to: str) -> Side:
        return "left" if self._order[to] > self._order[card.key] else "right"


#: How much of the card's width the shape of a kind leaves to its head.
_ROOM: Mapping[Kind, float] = {
    "task": 1.0,
    "each": 1.0,
    "assign": 1.0,
    "choose": 0.66,
    "close": 0.92,
    "parallel": 1.0,
    "wait": 1.0,
}


def _below_title(parts: Sequence[str], room: float) -> tuple[str, ...]:
    """On one line if there is room; else each part on its own, so that a deadline stays whole."""
    joined = " · ".join(parts)
    if not parts or width(joined, LINE) <= room:
        return (joined,) if joined else ()
    return tuple(line for part in parts for line in wrap(part, room, LINE))


_Key = tuple[Side, str, RowKind]


def _gathered(ways: Sequence[_Way]) -> Mapping[_Key, list[float]]:
    gathered: dict[_Key, list[float]] = defaultdict(list)
    for way in ways:
        gathered[way.side, way.to, way.kind].append(way.y)
    return gathered


def _lanes(ways: Sequence[_Way], entries: Mapping[str, float]) -> Mapping[_Key, int]:
    """A lane for each line, counted from the cards outwards; lines in one lane do not touch."""
    spans = {key: (min(*ys, entries[key[1]]), max(*ys, entries[key[1]])) for key, ys in _gathered(ways).items()}
    taken: dict[Side, list[list[tuple[float, float]]]] = {"left": [], "right": []}
    lanes: dict[_Key, int] = {}
    for key in sorted(spans, key=lambda key: (spans[key][1] - spans[key][0], spans[key][0], key)):
        lane = _free(taken[key[0]], spans[key])
        taken[key[0]][lane].append(spans[key])
        lanes[key] = lane
    return lanes


def _free(taken: list[list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The innermost lane in which the span meets no other."""
    for index, spans in enumerate(taken):
        if all(span[1] + 6 < other[0] or other[1] + 6 < span[0] for other in spans):
            return index
    taken.append([])
    return len(taken) - 1


def _lines(
    ways: Sequence[_Way], entries: Mapping[str, float], lanes: Mapping[_Key, int], left: float
) -> Iterator[Track]:
    for key, ys in sorted(_gathered(ways).items()):
        side, to, kind = key
        out = REACH + lanes[key] * LANE
        edge, lane = (left, left - out) if side == "left" else (left + CARD, left + CARD + out)
        yield Track(to, side, kind, tuple(sorted(ys)), entries[to], edge, lane)


def _straight(placed: Sequence[Placed], order: Mapping[str, int]) -> tuple[tuple[float, float, float], ...]:
    return tuple(
        (one.box.centre, one.box.bottom, next_.box.y)
        for one, next_ in pairwise(placed)
        if one.card.onward == next_.card.key
    )
