"""Where a chart's shapes stand: a lane a stage, one below the other, each from left to right; lines run in channels between the columns and lanes.

No line crosses a shape or a label: horizontal parts lie between lanes, vertical ones between columns, each in a track of its own; ways to the
same shape share their tracks. Units are those of the drawing (pixels at its natural size).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from definitions.model.step import Stage
from huying.charts.flow import DECIDES, Arrow, Chart, Shape, stages
from huying.charts.letters import width, wrap
from huying.charts.svg import Point, Rectangle

HEAD = 34.0
_TITLE, _LABEL = 13.0, 11.0
_CARD = 132.0
_ROUND, _DIAMOND = 30.0, 32.0
_PAD, _TRACK, _STUB = 14.0, 7.0, 12.0
_EDGE = 24.0
#: From a card to its decision.
_BESIDE = 18.0


@dataclass(frozen=True, slots=True)
class Route:
    """A line with its corners, and where its label begins."""

    line: Arrow
    points: tuple[Point, ...]
    label_at: Point


@dataclass(frozen=True, slots=True)
class Lanes:
    """Everything with its place; ``lanes`` by stage."""

    width: float
    height: float
    lanes: Mapping[Stage, Rectangle]
    places: Mapping[str, Rectangle]
    routes: tuple[Route, ...]


def lay_out(chart: Chart, language: str) -> Lanes:
    """Rectangle a chart for texts in one language."""
    return _Laying(chart, language).done()


class _Laying:
    """A layout on its way."""

    def __init__(self, chart: Chart, language: str) -> None:
        self._chart = chart
        self._language = language
        self._order = {key: n for n, key in enumerate(chart.shapes)}
        self._column: dict[str, int] = {}
        self._places: dict[str, Rectangle] = {}
        self._outs: dict[str, list[Arrow]] = defaultdict(list)
        for line in chart.lines:
            self._outs[line.source].append(line)

    def done(self) -> Lanes:
        for stage in stages(self._chart):
            self._columns([shape for shape in self._standing() if shape.stage == stage])
        self._channels()
        lanes = self._rows()
        routes = tuple(self._route(line) for line in self._chart.lines)
        return Lanes(self._width, self._height, lanes, self._places, routes)

    def _standing(self) -> list[Shape]:
        """Shapes with a place of their own; those on another's edge, or right beside it, have none."""
        return [shape for shape in self._chart.shapes.values() if shape.host is None and not shape.beside]

    def _columns(self, shapes: Sequence[Shape]) -> None:
        """The column of each shape of a lane: one further than all that lead to it within the lane, in the order written."""
        here = {shape.key for shape in shapes}
        column = dict.fromkeys(here, 0)
        for shape in shapes:
            for line in self._leading_from(shape.key):
                if line.target in here and self._order[line.target] > self._order[shape.key]:
                    column[line.target] = max(column[line.target], column[shape.key] + 1)
        self._column |= column

    def _leading_from(self, key: str) -> Iterable[Arrow]:
        """The ways out of a shape, of what sits on its edge, and of its decision."""
        yield from self._ways(key)
        for shape in self._chart.shapes.values():
            if shape.host == key:
                yield from self._outs[shape.key]

    def _ways(self, key: str) -> list[Arrow]:
        """The ways out of a shape, or of the decision beside it."""
        return self._outs.get(key + DECIDES) or self._outs[key]

    def _size(self, shape: Shape) -> tuple[float, float]:
        rows = max(1, len(self._ways(shape.key)))
        if shape.kind in ("start", "end"):
            return _ROUND, max(_ROUND, rows * 18.0)
        if shape.kind in ("decision", "fork", "join"):
            return _DIAMOND, _DIAMOND
        lines = len(self.title(shape))
        late = 16.0 if any(one.host == shape.key for one in self._chart.shapes.values()) else 0.0
        return _CARD, max(52.0, lines * 17.0 + 22.0) + late

    def title(self, shape: Shape) -> Sequence[str]:
        """The title in lines."""
        said = shape.title.get(self._language) or next(iter(shape.title.values()), "")
        return wrap(said, _CARD - 16, _TITLE, most=3)

    def _label(self, line: Arrow) -> str:
        return line.label.get(self._language) or line.label.get("zh", "")

    def _room_of(self, shape: Shape) -> float:
        """How much height a shape needs with its labelled ways and what hangs on it."""
        below = 24.0 if any(one.host == shape.key for one in self._chart.shapes.values()) else 0.0
        return max(self._size(shape)[1], len(self._ways(shape.key)) * 18.0) + below + _PAD

    def _wide(self, shape: Shape) -> float:
        """The width of a shape with its decision."""
        more = _BESIDE + _DIAMOND if shape.key + DECIDES in self._chart.shapes else 0.0
        return self._size(shape)[0] + more

    def _channels(self) -> None:
        """How wide each column is, and the channel to its right: room for labels, then a track for each line that turns there."""
        last = max(self._column.values(), default=0)
        self._cards = [0.0] * (last + 1)
        self._labels = [0.0] * (last + 1)
        self._tracks: list[dict[str, int]] = [{} for _ in range(last + 2)]
        for shape in self._standing():
            column = self._column[shape.key]
            self._cards[column] = max(self._cards[column], self._wide(shape))
            hung = [one.key for one in self._chart.shapes.values() if one.host == shape.key]
            lines = [*self._ways(shape.key), *(line for key in hung for line in self._outs[key])]
            said = [width(self._label(line), _LABEL) for line in lines if self._label(line)]
            self._labels[column] = max([self._labels[column], *said])
        for line in self._turning():
            source, target = self._column_of(line.source), self._column_of(line.target)
            self._tracks[source + 1].setdefault(f"from {line.source}", len(self._tracks[source + 1]))
            self._tracks[target].setdefault(f"to {line.target}", len(self._tracks[target]))
        self._left = [_EDGE + HEAD + _STUB + len(self._tracks[0]) * _TRACK + _STUB]
        for column in range(last + 1):
            channel = self._labels[column] + 3 * _STUB + len(self._tracks[column + 1]) * _TRACK
            self._left.append(self._left[-1] + self._cards[column] + channel)
        self._width = self._left[-1] + _EDGE

    def _column_of(self, key: str) -> int:
        shape = self._chart.shapes[key]
        return self._column[shape.host or (shape.step if shape.beside else key)]

    def _turning(self) -> list[Arrow]:
        """The lines but those from a step to the decision beside it."""
        return [line for line in self._chart.lines if not self._chart.shapes[line.target].beside]

    def _rows(self) -> dict[Stage, Rectangle]:
        """Stand the shapes of each column of a lane below each other; between lanes lies a gutter with a track for each target."""
        lanes: dict[Stage, Rectangle] = {}
        self._gutters: dict[tuple[Stage, bool], dict[str, int]] = defaultdict(dict)
        for line in self._turning():
            if not self._direct(line):
                tracks = self._gutters[self._gutter(line)]
                tracks.setdefault(line.target, len(tracks))
        self._gutter_y: dict[tuple[Stage, bool], float] = {}
        y = _EDGE
        for stage in stages(self._chart):
            top = y
            self._gutter_y[stage, False] = y + _PAD
            y += _PAD + len(self._gutters[stage, False]) * _TRACK + _PAD
            y = self._stand(stage, y)
            self._gutter_y[stage, True] = y
            y += len(self._gutters[stage, True]) * _TRACK + _PAD
            lanes[stage] = Rectangle(_EDGE, top, self._width - _EDGE, y - top)
        self._height = y + _EDGE
        return lanes

    def _stand(self, stage: Stage, top: float) -> float:
        """Give the shapes of a lane their places; where it ends."""
        columns: dict[int, list[Shape]] = defaultdict(list)
        for shape in self._standing():
            if shape.stage == stage:
                columns[self._column[shape.key]].append(shape)
        tall = max((sum(map(self._room_of, several)) for several in columns.values()), default=0.0)
        for column, several in columns.items():
            y = top + (tall - sum(map(self._room_of, several))) / 2
            for shape in several:
                wide, high = self._size(shape)
                room = self._room_of(shape)
                x = self._left[column]
                place = self._places[shape.key] = Rectangle(x, y + (room - high) / 2 - _PAD / 2, wide, high)
                if shape.key + DECIDES in self._chart.shapes:
                    beside = Rectangle(place.right + _BESIDE, place.middle - _DIAMOND / 2, _DIAMOND, _DIAMOND)
                    self._places[shape.key + DECIDES] = beside
                y += room
        for shape in self._chart.shapes.values():
            if shape.host is not None and shape.host in self._places and shape.stage == stage:
                self._hang(shape)
        return top + tall

    def _hang(self, shape: Shape) -> None:
        assert shape.host is not None
        host = self._places[shape.host]
        others = [one.key for one in self._chart.shapes.values() if one.host == shape.host]
        x = host.right - 30.0 - others.index(shape.key) * 34.0
        self._places[shape.key] = Rectangle(x, host.y + host.height - 11.0, 22.0, 22.0)

    def _direct(self, line: Arrow) -> bool:
        """Whether a line needs no gutter: its target stands in the next column, so one vertical part will do."""
        return self._column_of(line.target) == self._column_of(line.source) + 1

    def _gutter(self, line: Arrow) -> tuple[Stage, bool]:
        """The gutter in which a line runs: above (False) or below (True) the lane of its source."""
        source, target = self._chart.shapes[line.source], self._chart.shapes[line.target]
        order = list(stages(self._chart))
        down = order.index(target.stage) - order.index(source.stage)
        forward = self._column_of(line.target) > self._column_of(line.source)
        return source.stage, down > 0 or (down == 0 and forward)

    def _track(self, column: int, key: str) -> float:
        """The x of a vertical track in the channel left of a column."""
        end = self._left[column] - _STUB if column < len(self._left) else self._width
        return end - (len(self._tracks[column]) - self._tracks[column][key]) * _TRACK

    def _route(self, line: Arrow) -> Route:
        shape, source, target = self._chart.shapes[line.source], self._places[line.source], self._places[line.target]
        if self._chart.shapes[line.target].beside:
            return Route(line, ((source.right, source.middle), (target.x, target.middle)), (0.0, 0.0))
        ways = self._outs[line.source]
        y = source.middle + (ways.index(line) - (len(ways) - 1) / 2) * 18.0
        begin, column = (source.right, source.middle), self._column_of(line.source)
        out = self._track(column + 1, f"from {line.source}")
        if shape.host is not None:
            host = self._places[shape.host]
            y = source.y + source.height + 8.0 + ways.index(line) * 12.0
            points: list[Point] = [(source.x + 11.0, source.y + source.height), (source.x + 11.0, y)]
            label = (max(host.right, source.right) + 4.0, y - 3.0)
            end = self._places.get(f"{shape.host}{DECIDES}")
            if end is not None and y < end.y + end.height + len(self._ways(shape.host)) * 9.0:
                # below the labels of the decision
                y = end.middle + len(self._ways(shape.host)) * 9.0 + 12.0
                points[-1], label = (source.x + 11.0, y), (end.right + 6.0, y - 3.0)
        else:
            turn = source.right + _STUB / 2
            points = [begin, (turn, source.middle), (turn, y)] if abs(y - source.middle) > 1 else [begin]
            label = (turn + 5.0, y - 3.0)
        into = self._track(self._column_of(line.target), f"to {line.target}")
        if self._direct(line):
            points += [(into, y), (into, target.middle), (target.x, target.middle)]
        else:
            across = self._gutter_y[self._gutter(line)] + self._gutters[self._gutter(line)][line.target] * _TRACK
            points += [(out, y), (out, across), (into, across), (into, target.middle), (target.x, target.middle)]
        return Route(line, _straight(points), label)


def _straight(points: Sequence[Point]) -> tuple[Point, ...]:
    """The corners alone: a point between two in the same direction is none."""
    kept: list[Point] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)
