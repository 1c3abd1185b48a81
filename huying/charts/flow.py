"""The shapes and lines of a definition, as the field's notation (BPMN 2.0) has them; nothing here knows where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from definitions.model.action import BACK, Action, Way
from definitions.model.definition import Definition
from definitions.model.step import STAGES, Branch, Stage, Step, WaitingStep
from definitions.model.step import Shape as StepShape
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.text import COMMA, Said
from huying.charts.graph import Exit, How, StepGraph, Vertex, graph_of
from huying.words.guards import branch_words

#: What a step is drawn as, and what is drawn besides.
Kind = StepShape | Literal["start", "join", "late", "failed"]
Words = Mapping[str, str]

_NOTHING: Words = {"zh": "", "en": ""}
_LATE: Words = {"zh": "逾期", "en": "overdue"}
_FAILED: Words = {"zh": "未成", "en": "failed"}
_DONE: Words = {"zh": "全部办完", "en": "all done"}
_REJECTED: Words = {"zh": "未通过", "en": "rejected"}
_TOO_FEW: Words = {"zh": "参加的不足", "en": "too few took part"}
_NOBODY: Words = {"zh": "没有人", "en": "nobody to ask"}
_OTHERWISE: Words = {"zh": "其余", "en": "otherwise"}
_NO_NEXT: Words = {"zh": "没有上一级", "en": "no next rung"}
_OPENED: Words = {"zh": "登记", "en": "Opened"}

#: Decisions, and steps before them, are told apart by what follows the step's key; no key can hold these.
DECIDES, LATE, FAILS, JOINS, START = "?", "!", "~", "+", "^"


@dataclass(frozen=True, slots=True)
class Shape:
    """A node; ``step`` is the definition's step that it belongs to, ``host`` the shape on whose edge it sits."""

    key: str
    kind: Kind
    title: Words
    stage: Stage
    step: str = ""
    host: str | None = None

    @property
    def beside(self) -> bool:
        """Whether it stands right beside the step whose actions lead on from it."""
        return self.kind == "decision" and self.key != self.step


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one shape to another; ``condition`` is the guard as written, ``otherwise`` the one that is taken when no other is."""

    source: str
    target: str
    label: Words = field(default_factory=lambda: _NOTHING)
    condition: str = ""
    otherwise: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """All shapes by key, in the order of the definition, and all lines."""

    title: Words
    shapes: Mapping[str, Shape]
    lines: tuple[Arrow, ...]


def chart(definition: Definition) -> Chart:
    """The chart of a definition that the checks found sound."""
    return _Charting(graph_of(definition)).made()


@dataclass(frozen=True, slots=True)
class _Out:
    """A way out of a step that is not a line yet."""

    target: str
    label: Words = field(default_factory=lambda: _NOTHING)
    condition: str = ""
    otherwise: bool = False


class _Charting:
    """A chart on its way."""

    def __init__(self, graph: StepGraph) -> None:
        self._graph = graph
        self._definition = graph.definition
        self._shapes: dict[str, Shape] = {}
        self._lines: list[Arrow] = []
        steps = self._definition.steps
        self._joins = {
            key: _inside(self._definition, step) for key, step in steps.items() if isinstance(step, ParallelStep)
        }

    def made(self) -> Chart:
        """Everything."""
        first = self._definition.start
        self._shapes[START] = Shape(START, "start", _OPENED, self._definition.stage_of[first])
        for vertex in self._graph.vertices.values():
            self._stand(vertex)
        self._line(START, "", _Out(first))
        for vertex in self._graph.vertices.values():
            self._lead(vertex)
        kept = {(line.source, line.target, str(line.label)): line for line in self._lines}
        return Chart(self._definition.title, self._shapes, tuple(kept.values()))

    def _stand(self, vertex: Vertex) -> None:
        """The step itself, the decision beside it, and what sits on its edge."""
        step, key = vertex.step, vertex.key
        self._shape(vertex, "", step.step_kind.shape, step.title or dict.fromkeys(self._definition.languages, key))
        outs = {(out.target, str(out.label)) for out in self._outs(vertex, *_MAIN)}
        if isinstance(step, WaitingStep) and len(outs) > 1:
            self._shape(vertex, DECIDES, "decision", _NOTHING)
        if any(self._outs(vertex, "overdue")):
            self._shape(vertex, LATE, "late", _LATE, key)
        if any(self._outs(vertex, "failed")):
            self._shape(vertex, FAILS, "failed", _FAILED, key)
        if key in self._joins:
            self._shape(vertex, JOINS, "join", _NOTHING)

    def _shape(self, vertex: Vertex, end: str, kind: Kind, title: Words, host: str | None = None) -> None:
        key = vertex.key + end
        self._shapes[key] = Shape(key, kind, title, vertex.stage, vertex.key, host)

    def _lead(self, vertex: Vertex) -> None:
        """The lines that begin at a step, at its decision, and at what sits on its edge."""
        key = vertex.key
        source = key
        if key + DECIDES in self._shapes:
            source = key + DECIDES
            self._lines.append(Arrow(key, source))
        for begin, how in ((source, _MAIN), (key + LATE, ("overdue",)), (key + FAILS, ("failed",))):
            for out in self._outs(vertex, *how):
                self._line(begin, key, out)
        if key in self._joins:
            self._line(key + JOINS, "", _Out(self._joins[key][1]))

    def _outs(self, vertex: Vertex, *how: How) -> Iterator[_Out]:
        for exit_ in vertex.exits:
            if exit_.how not in how or (exit_.how == "on" and vertex.key in self._joins):
                continue
            said = self._said(vertex, exit_)
            if exit_.to == BACK:
                yield from (replace(said, target=before) for before in self._graph.before.get(vertex.key, ()))
            elif exit_.to:
                yield replace(said, target=exit_.to)
            elif exit_.way is not None and exit_.way.hand_up and not isinstance(vertex.step, EachStep):
                yield replace(said, target=vertex.key)

    def _said(self, vertex: Vertex, exit_: Exit) -> _Out:
        """A way out with its words, and its condition as written."""
        way = exit_.way
        match exit_.how:
            case "action" if isinstance(way, Action):
                title = way.title or {"zh": exit_.name, "en": exit_.name}
                out = _Out("", title, str(way.when or ""))
            case "branch" if exit_.branch is not None:
                return self._of_branch(vertex.step, exit_.branch)
            case "on" if isinstance(vertex.step, EachStep):
                leads = any(
                    other.to and other.how in ("action", "rejected", "nobody", "too few") for other in vertex.exits
                )
                return _Out("", _DONE if leads else _NOTHING, otherwise=leads)
            case "rejected":
                out = _Out("", _REJECTED)
            case "nobody":
                out = _Out("", _NOBODY)
            case "too few":
                out = _Out("", _TOO_FEW)
            case _:
                out = _Out("")
        return replace(out, label=_then(out.label, way)) if exit_.then and way is not None else out

    def _of_branch(self, step: Step, branch: Branch) -> _Out:
        cells = [f"{name} = {value}" for name, value in branch.if_.items()]
        written = " and ".join([*([str(branch.when)] if branch.when else []), *cells])
        if not written:
            chosen = step.step_kind.shape == "decision"
            return _Out("", _OTHERWISE if chosen else _NOTHING, otherwise=chosen)
        label = {
            language: COMMA.of(language).join(branch_words(self._definition, branch, language, "/"))
            for language in ("zh", "en")
        }
        return _Out("", label, written)

    def _line(self, source: str, step: str, out: _Out) -> None:
        target = out.target
        for key, (inside, after) in self._joins.items():
            if target == after and step in inside:
                target = key + JOINS
        self._lines.append(Arrow(source, target, out.label, out.condition, out.otherwise))


#: The ways out that begin at the step itself, or at the decision beside it.
_MAIN: tuple[How, ...] = ("action", "branch", "on", "rejected", "nobody", "too few")


def _then(label: Words, way: Way) -> Words:
    more = _NO_NEXT if way.hand_up else {"zh": f"超过 {way.at_most} 次", "en": f"more than {way.at_most} times"}
    return {
        language: Said(f"{label.get(language, '')}（{said}）", f"{label.get(language, '')} ({said})".strip()).of(
            language
        )
        for language, said in more.items()
    }


def _inside(definition: Definition, parallel: ParallelStep) -> tuple[frozenset[str], str]:
    """The steps between a parallel step and where its branches meet, and that step."""
    found: set[str] = set()
    open_ = [branch.to for branch in parallel.parallel if branch.to]
    while open_:
        key = open_.pop()
        if key == parallel.to or key in found or definition.stage_of.get(key) is None:
            continue
        found.add(key)
        step = definition.steps[key]
        leaves = {way.to for _, way in step.ways() if way.leaves and isinstance(way, Action)}
        open_ += [one for one in step.targets() if one not in leaves]
    return frozenset(found), parallel.to


def stages(made: Chart) -> tuple[Stage, ...]:
    """The stages that have shapes, in their order."""
    there = {shape.stage for shape in made.shapes.values()}
    return tuple(stage for stage in STAGES if stage in there)
