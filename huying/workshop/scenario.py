"""How the scenarios of a draft go: what takes another course, before and after, in the reader's words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from definitions.finding import Unreadable
from definitions.loader import Examined, examine
from definitions.model.definition import Definition
from definitions.model.role import REPORTER
from definitions.text import LISTED, Said, words
from definitions.trials.scenario import Expected, Happening, Scenario, parse_scenarios
from engine import Process
from engine.rehearsal.play import STAFF, Discrepancy, Rehearsed
from huying.house.house import House
from huying.processes.drafts import Manuscript
from huying.trials.rehearsal import play
from huying.words.moments import date_words
from huying.words.occasions import OCCASION_TITLES
from huying.workshop.way import SECTIONS, limit_title

_SOURCE, _SCENARIOS = "definition.yaml", "scenarios.yaml"
_STATUS: Mapping[str, Said] = {
    "open": Said("在办", "open"),
    "closed": Said("已办结", "closed"),
    "suspended": Said("暂停", "suspended"),
    "cancelled": Said("已取消", "cancelled"),
}
_NOBODY = Said("没有收到消息", "not told")
_NONE = Said("没有", "none")
_WHAT: Mapping[str, Said] = {
    "step": Said("办到哪一步", "Where it is"),
    "status": Said("状态", "How it stands"),
    "resolution": Said("办理结果", "How it ends"),
    "due": Said("最后一天", "Last day"),
    "answerable": Said("负责到底的人", "Who answers for it"),
    "effects": Said("系统做的事", "What the system does"),
    "opening": Said("登记", "Taking it in"),
    "event": Said("发生的事", "What happens"),
}


@dataclass(frozen=True, slots=True)
class CourseChange:
    """One thing that is other than a scenario says: at which of its steps (from 1), what, and how it was and is."""

    step: int
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ScenarioCourse:
    """One scenario: its number (from 1), and what is other; ``acceptable``: whether the scenario can say so instead."""

    number: int
    title: str
    changes: tuple[CourseChange, ...] = ()
    acceptable: bool = False


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """All scenarios of a draft; ``faults``: why they could not be played, ``left``: what none of them comes by, and what does, by step."""

    definition: Definition | None = None
    courses: tuple[ScenarioCourse, ...] = ()
    faults: int = 0
    unread: bool = False
    left: tuple[str, ...] = ()
    steps_left: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    late_left: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[ScenarioCourse, ...]:
        """Those that take another course."""
        return tuple(one for one in self.courses if one.changes)

    @property
    def same(self) -> int:
        """How many go as before."""
        return len(self.courses) - len(self.changed)

    @property
    def acceptable(self) -> int:
        """How many of those that changed can be made to say so."""
        return sum(one.acceptable for one in self.changed)


def scenario_run(house: House, written: Manuscript, language: str, now: datetime) -> ScenarioRun:
    """Play the scenarios of a text, and say how they go; a text with faults is not played."""
    try:
        examined = _examined(written.source, tuple(house.calendars.known()))
    except Unreadable as error:
        return ScenarioRun(faults=len(error.findings))
    if examined.findings or examined.definition is None:
        return ScenarioRun(faults=len(examined.findings))
    definition = examined.definition
    try:
        told = parse_scenarios(written.scenarios, _SCENARIOS) if written.scenarios.strip() else ()
    except Unreadable:
        return ScenarioRun(definition, unread=True)
    played = play(Process(definition, house.calendars.in_force(definition.calendar)), told)
    say = CourseWords(definition, language, now)
    courses = tuple(say.course(number, one) for number, one in enumerate(played.played, start=1))
    return ScenarioRun(
        definition,
        courses,
        left=tuple(say.left(played.actions_left)),
        steps_left=played.steps_left,
        late_left=tuple(say.step(key) for key in played.deadlines_left),
        partly=tuple({one.partition(".")[0] for one in played.actions_left} - set(played.steps_left)),
    )


def process_of(house: House, source: str) -> Process | None:
    """The process that a text says; nothing, while it has faults."""
    try:
        examined = _examined(source, tuple(house.calendars.known()))
    except Unreadable:
        return None
    definition = examined.definition
    if examined.findings or definition is None:
        return None
    return Process(definition, house.calendars.in_force(definition.calendar))


@lru_cache(maxsize=8)
def _examined(source: str, calendars: Sequence[str]) -> Examined:
    """What a text says; remembered, since a draft is looked at again and again between two changes."""
    return examine(source, _SOURCE, calendars=calendars)


class CourseWords:
    """What a scenario says of a definition, as people call it."""

    def __init__(self, definition: Definition, language: str, now: datetime) -> None:
        self._definition = definition
        self._language = language
        self._today = now.date()

    def course(self, number: int, one: Rehearsed) -> ScenarioCourse:
        """How one scenario went."""
        changes = tuple(self._change(one.scenario, parting) for parting in one.differences)
        acceptable = bool(changes) and all(parting.instead is not None for parting in one.differences)
        return ScenarioCourse(number, words(one.scenario.title, self._language), changes, acceptable)

    def left(self, actions: Iterable[str]) -> Iterator[str]:
        """Actions that no scenario comes by."""
        for one in actions:
            step, _dot, name = one.partition(".")
            yield f"{self.step(step)} · {self.action(step, name)}"

    def step(self, key: str) -> str:
        """What a step is called."""
        found = self._definition.steps.get(key)
        return words(found.title, self._language, key) if found is not None else key

    def action(self, step: str, name: str) -> str:
        """What an action of a step is called."""
        actions = getattr(self._definition.steps.get(step), "actions", {})
        return words(actions[name].title, self._language, name) if name in actions else _deed(name, self._language)

    def role(self, key: str) -> str:
        """What a role is called."""
        found = self._definition.roles.get(key)
        if found is not None:
            return words(found.title, self._language, key)
        others = {REPORTER: Said("反映人", "the reporter"), STAFF: Said("管理人员", "the office")}
        return others[key].of(self._language) if key in others else key

    def _change(self, scenario: Scenario, parting: Discrepancy) -> CourseChange:
        kind, _dot, name = parting.what.partition(".")
        happening = scenario.steps[parting.step - 1] if parting.step else None
        if happening is None or happening.then is None:
            return self._stopped(happening, parting)
        expected = _expected(happening.then, kind, name)
        after = self.value(kind, parting.instead) if parting.instead is not None else parting.found
        return CourseChange(parting.step, self.what(kind, name), self.value(kind, expected), after)

    def _stopped(self, happening: Happening | None, parting: Discrepancy) -> CourseChange:
        """Where a scenario cannot go on as it says."""
        what = self.what(parting.what, "")
        if happening is not None and happening.by is not None:
            what = f"{self.role(happening.by)} · {self.done(happening.do or '')}"
        return CourseChange(parting.step, what, parting.expected, parting.found)

    def done(self, name: str) -> str:
        """What somebody does, by what a scenario calls it."""
        steps = [key for key, step in self._definition.steps.items() if name in getattr(step, "actions", {})]
        return self.action(steps[0], name) if steps else _deed(name, self._language)

    def what(self, kind: str, name: str) -> str:
        """What is looked at, such as the last day of a step."""
        said: Said
        match kind:
            case "due" if name:
                where = self._timed(name)
                said = Said(f"“{where}”的最后一天", f"Last day of “{where}”")
            case "told":
                said = Said(f"{self.role(name)}收到的消息", f"What {self.role(name)} is told")
            case "data":
                field = self._definition.data.get(name)
                title = words(field.title, self._language, name) if field is not None else name
                said = Said(f"“{title}”", f"“{title}”")
            case "rung":
                said = Said(f"{self.role(name)}的层级", f"Level of {self.role(name)}")
            case "promises":
                said = Said("承诺", "Promises")
            case _:
                said = _WHAT.get(kind) or Said(self.done(kind), self.done(kind))
        return said.of(self._language)

    def _timed(self, name: str) -> str:
        if name in self._definition.steps:
            return self.step(name)
        return limit_title(name, self._language) if name == "issue" or name in SECTIONS else self.role(name)

    def value(self, kind: str, value: Any) -> str:
        """A value that is expected, or found."""
        if isinstance(value, Collection) and not isinstance(value, str):
            nothing = (_NOBODY if kind == "told" else _NONE).of(self._language)
            return LISTED.of(self._language).join(self.value(kind, one) for one in value) or nothing
        if value is None:
            return _NONE.of(self._language)
        match kind:
            case "step":
                return self.step(str(value))
            case "status" if value in _STATUS:
                return _STATUS[value].of(self._language)
            case "resolution":
                return words(self._definition.resolution_title(value), self._language, value)
            case "due":
                return self._day(str(value))
            case "told" if value in OCCASION_TITLES:
                return OCCASION_TITLES[value].of(self._language)
            case "answerable":
                return self.role(str(value))
        return str(value)

    def _day(self, value: str) -> str:
        try:
            return date_words(date.fromisoformat(value), self._language)
        except ValueError:
            return value


def _expected(then: Expected, kind: str, name: str) -> Any:
    value = getattr(then, kind, None)
    return value.get(name) if name and isinstance(value, Mapping) else value


def _deed(name: str, language: str) -> str:
    """What can be done besides the actions of a step."""
    known = {
        "extend": Said("申请延期", "ask for more time"),
        "shelve": Said("申请列入计划", "ask to lay it aside"),
        "claim": Said("领取", "claim"),
        "release": Said("退回待领", "release"),
        "delegate": Said("委托", "delegate"),
        "transfer": Said("转办", "transfer"),
        "question": Said("征询", "ask for information"),
        "answer": Said("答复征询", "answer"),
        "urge": Said("催办", "urge"),
        "supervise": Said("督办", "supervise"),
        "withdraw": Said("撤回", "withdraw"),
        "reopen": Said("重新办理", "reopen"),
        "approve": Said("同意", "agree"),
        "refuse": Said("不同意", "refuse"),
    }
    return known[name].of(language) if name in known else name
