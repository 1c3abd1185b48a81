"""The shapes and lines of a definition, as the field's notation (BPMN 2.0) has them; nothing here knows where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from definitions.model.action import BACK, Way
from definitions.model.definition import Definition
from definitions.model.step import STAGES, Branch, Stage, TimedStep, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.model.steps.assign import AssignStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.close import CloseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.link import LinkStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.publish import PublishStep
from definitions.model.steps.receive import ReceiveStep
from definitions.model.steps.register import RegisterStep
from definitions.model.steps.request import RequestStep
from definitions.model.steps.set import SetStep
from definitions.model.steps.start import StartStep
from definitions.model.steps.task import TaskStep
from definitions.model.steps.wait import WaitStep
from definitions.text import COLON, COMMA, Said, words
from huying.words.guards import guard_words

Kind = Literal[
    "start",
    "task",
    "each",
    "decision",
    "fork",
    "join",
    "wait",
    "receive",
    "call",
    "request",
    "script",
    "send",
    "end",
    "late",
    "failed",
]
Words = Mapping[str, str]

_NOTHING: Words = {"zh": "", "en": ""}
_LATE: Words = {"zh": "逾期", "en": "overdue"}
_FAILED: Words = {"zh": "未成", "en": "failed"}
_DONE: Words = {"zh": "全部办完", "en": "all done"}
_REJECTED: Words = {"zh": "未通过", "en": "rejected"}
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
class Line:
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
    lines: tuple[Line, ...]


def chart(definition: Definition) -> Chart:
    """The chart of a definition that the checks found sound."""
    return _Charting(definition).made()


@dataclass(frozen=True, slots=True)
class _Out:
    """A way out of a step that is not a line yet."""

    target: str
    label: Words = field(default_factory=lambda: _NOTHING)
    condition: str = ""
    otherwise: bool = False


class _Charting:
    """A chart on its way."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._shapes: dict[str, Shape] = {}
        self._lines: list[Line] = []
        self._joins = {
            key: _inside(definition, step) for key, step in definition.steps.items() if isinstance(step, ParallelStep)
        }
        self._before = _before(definition)

    def made(self) -> Chart:
        """Everything."""
        first = self._definition.start
        self._shapes[START] = Shape(START, "start", _OPENED, self._definition.stage_of[first])
        for key, step in self._definition.steps.items():
            self._step(key, step)
        self._line(START, "", _Out(first))
        for key, step in self._definition.steps.items():
            self._ways(key, step)
        kept = {(line.source, line.target, str(line.label)): line for line in self._lines}
        return Chart(self._definition.title, self._shapes, tuple(kept.values()))

    def _shape(self, key: str, kind: Kind, step: str, title: Words, host: str | None = None) -> None:
        self._shapes[key] = Shape(key, kind, title, self._definition.stage_of[step], step, host)

    def _step(self, key: str, step: AnyStep) -> None:
        title = step.title or dict.fromkeys(self._definition.languages, key)
        self._shape(key, _kind(step), key, title)
        if isinstance(step, WaitingStep) and len(_distinct(self._outs(key, step))) > 1:
            self._shape(key + DECIDES, "decision", key, _NOTHING)
        if isinstance(step, TimedStep) and any(rung.to or rung.then for rung in step.overdue):
            self._shape(key + LATE, "late", key, _LATE, key)
        if isinstance(step, RequestStep) and step.failed:
            self._shape(key + FAILS, "failed", key, _FAILED, key)
        if isinstance(step, ParallelStep):
            self._shape(key + JOINS, "join", key, _NOTHING)

    def _ways(self, key: str, step: AnyStep) -> None:
        outs = list(self._outs(key, step))
        source = key
        if key + DECIDES in self._shapes:
            source = key + DECIDES
            self._lines.append(Line(key, source))
        for out in outs:
            self._line(source, key, out)
        if isinstance(step, TimedStep):
            for rung in step.overdue:
                for out in self._way(rung, key, _NOTHING, ""):
                    self._line(key + LATE, key, out)
        if isinstance(step, RequestStep) and step.failed:
            for out in self._way(step.failed, key, _NOTHING, step.to):
                self._line(key + FAILS, key, out)
        if isinstance(step, ParallelStep):
            self._line(key + JOINS, "", _Out(step.to))

    def _outs(self, key: str, step: AnyStep) -> Iterator[_Out]:
        if isinstance(step, WaitingStep):
            yield from self._decided(key, step)
        elif isinstance(step, ChooseStep):
            yield from self._chosen(step)
        elif isinstance(step, ParallelStep):
            for branch in step.parallel:
                if branch.to:
                    yield _Out(branch.to, self._said(branch), str(branch.when or ""))
        elif not isinstance(step, CloseStep):
            yield _Out(step.to)

    def _decided(self, key: str, step: WaitingStep) -> Iterator[_Out]:
        onward = getattr(step, "to", None)
        for name, action in step.actions.items():
            if isinstance(step, EachStep) and not action.to:
                continue
            title = action.title or _words(name)
            yield from self._way(action, key, title, onward or "", str(action.when or ""))
        if isinstance(step, EachStep):
            leads = any(action.to for action in step.actions.values()) or step.rejected
            yield _Out(step.to, _DONE if leads else _NOTHING, otherwise=bool(leads))
            if step.rejected:
                yield from self._way(step.rejected, key, _REJECTED, "")

    def _chosen(self, step: ChooseStep) -> Iterator[_Out]:
        for branch in step.choose:
            cells = [f"{name} = {value}" for name, value in branch.if_.items()]
            written = " and ".join([*([str(branch.when)] if branch.when else []), *cells])
            target = branch.to or step.to
            if target:
                yield _Out(target, self._said(branch) if written else _OTHERWISE, written, otherwise=not written)

    def _said(self, branch: Branch) -> Words:
        """The condition of a branch, in words by language."""
        said = {}
        for language in ("zh", "en"):
            parts = [guard_words(self._definition, branch.when, language)] if branch.when else []
            parts += [self._cell(name, value, language) for name, value in branch.if_.items()]
            said[language] = COMMA.of(language).join(parts)
        return said

    def _cell(self, name: str, value: object, language: str) -> str:
        field_ = self._definition.data.get(name)
        several = value if isinstance(value, list | tuple) else [value]
        options = field_.options if field_ else {}
        said = "/".join(words(options.get(str(one)), language, _plain(one, language)) for one in several)
        return f"{words(field_.title, language, name) if field_ else name}{COLON.of(language)}{said}"

    def _way(self, way: Way, key: str, label: Words, onward: str, condition: str = "") -> Iterator[_Out]:
        to = way.to or onward
        if to == BACK:
            for before in self._before.get(key, ()):
                yield _Out(before, label, condition)
        elif to and not (way.hand_up and not way.to):
            yield _Out(to, label, condition)
        elif way.hand_up:
            yield _Out(key, label, condition)
        if way.then:
            yield _Out(way.then, _then(label, way), condition)

    def _line(self, source: str, step: str, out: _Out) -> None:
        target = out.target
        for key, (inside, after) in self._joins.items():
            if target == after and step in inside:
                target = key + JOINS
        self._lines.append(Line(source, target, out.label, out.condition, out.otherwise))


def _then(label: Words, way: Way) -> Words:
    more = _NO_NEXT if way.hand_up else {"zh": f"超过 {way.at_most} 次", "en": f"more than {way.at_most} times"}
    return {
        language: Said(f"{label.get(language, '')}（{said}）", f"{label.get(language, '')} ({said})".strip()).of(
            language
        )
        for language, said in more.items()
    }


def _plain(value: object, language: str) -> str:
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
    return str(value)


def _words(text: str) -> Words:
    return {"zh": text, "en": text}


def _distinct(outs: Iterator[_Out]) -> set[tuple[str, str]]:
    return {(out.target, str(out.label)) for out in outs}


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
        leaves = {way.to for way in _leaving(step)}
        open_ += [one for one in step.targets() if one not in leaves]
    return frozenset(found), parallel.to


def _leaving(step: AnyStep) -> Iterator[Way]:
    if isinstance(step, WaitingStep):
        yield from (action for action in step.actions.values() if action.leaves)


def _before(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    """The steps that lead directly to a step, in their order."""
    found: dict[str, list[str]] = {}
    for key, step in definition.steps.items():
        for target in step.targets():
            found.setdefault(target, []).append(key)
    return {key: tuple(one for one in several if one != key) for key, several in found.items()}


_KINDS: Mapping[type, Kind] = {
    TaskStep: "task",
    EachStep: "each",
    AssignStep: "script",
    ChooseStep: "decision",
    ParallelStep: "fork",
    WaitStep: "wait",
    ReceiveStep: "receive",
    CallStep: "call",
    StartStep: "send",
    LinkStep: "script",
    PublishStep: "send",
    RequestStep: "request",
    RegisterStep: "script",
    SetStep: "script",
    CloseStep: "end",
}


def _kind(step: AnyStep) -> Kind:
    return _KINDS[type(step)]


def stages(made: Chart) -> tuple[Stage, ...]:
    """The stages that have shapes, in their order."""
    there = {shape.stage for shape in made.shapes.values()}
    return tuple(stage for stage in STAGES if stage in there)
