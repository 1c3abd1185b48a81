"""What the diagram says: each step as a title, a line below it, and a row for every way out. It knows nothing of places on a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from definitions.expressions.expression import Expression
from definitions.model.action import BACK, Action, Overdue, Way
from definitions.model.completion import Completion
from definitions.model.definition import Definition
from definitions.model.step import STAGES, Branch, TimedStep, WaitingStep
from definitions.model.step_kind import AnyStep
from definitions.model.steps.assign import AssignStep
from definitions.model.steps.call import CallStep
from definitions.model.steps.choose import ChooseStep
from definitions.model.steps.close import CloseStep, From
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
from definitions.text import LISTED, SEMICOLON, Said, words
from huying.charts.letters import plain
from huying.words.guards import guard_words
from huying.words.stages import stage_title
from huying.words.terms import TimeWords

#: The shapes: ``assign`` is every step that does something by itself and goes on, ``wait`` every one that waits for no task.
Kind = Literal["task", "each", "assign", "choose", "close", "parallel", "wait"]
#: A way that a person or a rule takes; one that the clock takes; a remark that leads nowhere.
RowKind = Literal["way", "overdue", "remark"]


@dataclass(frozen=True, slots=True)
class Row:
    """One way out of a step; without ``to`` it is only said."""

    text: str
    to: str | None = None
    kind: RowKind = "way"


@dataclass(frozen=True, slots=True)
class Node:
    """A step as it is drawn."""

    key: str
    kind: Kind
    title: str
    #: who, and within what time: one line if there is room
    line: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    #: where it goes by itself, without a row
    onward: str | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """A stage with its steps, in the order in which they are written."""

    title: str
    nodes: tuple[Node, ...]


_WORDS: dict[str, Said] = {
    "diagram of": Said("流程图：", "Diagram: "),
    "list": LISTED,
    "also": SEMICOLON,
    "all": Said("都办完后", "When all are done"),
    "any": Said("有一家办完后", "When one is done"),
    "lead": Said("主办办完后", "When the lead is done"),
    "majority": Said("过半数办完后", "When more than half are done"),
    "votes majority": Said("过半数同意", "More than half agree"),
    "join majority": Said("过半数的各路办完后", "When more than half of the branches are done"),
    "number": Said("有 {} 家办完后", "When {} are done"),
    "share": Said("有 {} % 办完后", "When {} % are done"),
    "votes all": Said("全部同意", "All agree"),
    "votes any": Said("有一票同意", "One agrees"),
    "votes lead": Said("主办同意", "The lead agrees"),
    "votes number": Said("有 {} 票同意", "{} agree"),
    "votes share": Said("有 {} % 同意", "{} % agree"),
    "in order": Said("依次办理", "One after the other"),
    "rejected": Said("通不过", "Rejected"),
    "branch": Said("同时：{}", "At once: {}"),
    "join all": Said("各路都办完后", "When all branches are done"),
    "join any": Said("有一路办完后", "When one branch is done"),
    "join number": Said("有 {} 路办完后", "When {} branches are done"),
    "join share": Said("有 {} % 的各路办完后", "When {} % of the branches are done"),
    "join lead": Said("各路都办完后", "When all branches are done"),
    "leaves": Said("{}（其他各路不再办）", "{} (ends the other branches)"),
    "back": Said("{}（退回上一步）", "{} (back to where it came from)"),
    "handed up": Said("{}（上交上一级）", "{} (to the next level)"),
    "no rung": Said("{}（没有上一级时）", "{} (no further level)"),
    "waits": Said("等待 {}", "Waits {}"),
    "waits until": Said("等到{}", "Waits until {}"),
    "waits for promises": Said("等承诺都有结果", "Waits for the promises"),
    "receives": Said("等消息 {}", "Waits for the message {}"),
    "received": Said("收到后", "When it has come"),
    "over": Said("到时", "Then"),
    "calls": Said("另办一件：{}", "Opens and awaits: {}"),
    "called": Said("办完后", "When that is closed"),
    "requests": Said("调用外部系统 {}", "Calls the system {}"),
    "answered": Said("得到答复后", "When it has answered"),
    "failed": Said("调用不成", "If it fails"),
    "starts": Said("另开一件：{}", "Opens: {}"),
    "links": Said("关联：{}", "Links: {}"),
    "sets": Said("自动填写：{}", "Fills in: {}"),
    "registers": Said("记入履职档案：{}", "Into the yearly file of: {}"),
    "publishes": Said("公开发布", "Publishes"),
    "by field": Said("按“{}”", "As “{}” says"),
    "and": Said("，且", " and "),
    "own part": Said("{}（办完自己这一份）", "{} (own part done)"),
    "then once": Said("{}（超过 {} 次）", "{} (more than once)"),
    "then": Said("{}（超过 {} 次）", "{} (more than {} times)"),
    "if": Said("{}（{}）", "{} (if {})"),
    "otherwise": Said("其余", "Otherwise"),
    "yes": Said("是", "yes"),
    "no": Said("否", "no"),
    "is": Said("{}：{}", "{}: {}"),
    "by itself": Said("自动选定：{}", "Picked: {}"),
    "overdue": Said("逾期：{}", "Overdue: {}"),
    "later": Said("逾期 {}：{}", "{} overdue: {}"),
    "steps in": Said("{}接手", "{} steps in"),
    "told": Said("告知{}", "{} told"),
    "goes to": Said("转到{}", "on to {}"),
    "here": Said("正在这一步", "Now here"),
    "legend way": Said("下一步", "onward"),
    "legend back": Said("退回", "back"),
    "legend overdue": Said("逾期", "overdue"),
}


def say(word: str, language: str, *values: object) -> str:
    """A word of the diagram itself in a language (English for those that we do not speak)."""
    zh, en = _WORDS[word]
    return Said(zh, en).of(language).format(*values)


def bands(definition: Definition, language: str, active: frozenset[str]) -> tuple[Band, ...]:
    """The stages that have steps; above them one without, if the whole issue has a limit."""
    wording, time = _Wording(definition, language), TimeWords(definition, language)
    stages = tuple(
        Band(
            title=" · ".join(filter(None, (stage_title(stage, language), plain(time.limit(stage))))),
            nodes=tuple(wording.node(key, step, key in active) for key, step in definition.stage(stage).items()),
        )
        for stage in STAGES
        if definition.stage(stage)
    )
    whole = plain(time.limit("issue"))
    return (Band(whole, ()), *stages) if whole else stages


class _Wording:
    """A definition put into the words of one language."""

    def __init__(self, definition: Definition, language: str) -> None:
        self._definition = definition
        self._language = language
        self._time = TimeWords(definition, language)

    def node(self, key: str, step: AnyStep, active: bool) -> Node:
        """One step."""
        title = plain(words(step.title, self._language, key)) or key
        match step:
            case TaskStep():
                return Node(key, "task", title, self._who((step.task,), step), tuple(self._task(step)), None, active)
            case EachStep():
                return Node(key, "each", title, self._who(step.each, step), tuple(self._each(step)), None, active)
            case ChooseStep():
                return Node(key, "choose", title, (), tuple(self._choose(step)), None, active)
            case ParallelStep():
                return Node(key, "parallel", title, (), tuple(self._parallel(step)), None, active)
            case CloseStep():
                line = self._resolution(step)
                return Node(key, "close", title, (line,) if line and line != title else (), (), None, active)
            case WaitStep() | ReceiveStep() | CallStep() | RequestStep():
                return Node(key, "wait", title, self._awaited(step), tuple(self._waiting(step)), None, active)
            case _:
                return Node(key, "assign", title, (self._by_itself(step),), (), step.to, active)

    def _by_itself(self, step: AnyStep) -> str:
        """What a step does that needs nobody."""
        match step:
            case AssignStep():
                return self._say("by itself", self._role(step.assign))
            case StartStep():
                return self._say("starts", step.start)
            case LinkStep():
                return self._say("links", self._field(step.link))
            case SetStep():
                return self._say("sets", self._say("list").join(self._field(name) for name in step.set))
            case RegisterStep():
                return self._say("registers", self._roles(step.register_.of))
            case PublishStep():
                return self._say("publishes")
            case _:
                return ""

    def _awaited(self, step: WaitStep | ReceiveStep | CallStep | RequestStep) -> tuple[str, ...]:
        """What a step waits for, and how long at most."""
        within = (step.within.words(self._language),) if step.within else ()
        match step:
            case WaitStep(length=length) if length is not None:
                return (self._say("waits", length.words(self._language)),)
            case WaitStep():
                promises = step.until == "promises"
                what = "waits for promises" if promises else "waits until"
                return (self._say(what, *(() if promises else (self._field(step.until or ""),))), *within)
            case ReceiveStep():
                return (self._say("receives", step.receive), *within)
            case CallStep():
                return (self._say("calls", step.call), *within)
            case RequestStep():
                return (self._say("requests", step.request.to), *within)

    def _waiting(self, step: WaitStep | ReceiveStep | CallStep | RequestStep) -> Iterator[Row]:
        words_ = {WaitStep: "over", ReceiveStep: "received", CallStep: "called", RequestStep: "answered"}
        yield Row(self._say(words_[type(step)]), step.to)
        if isinstance(step, RequestStep) and step.failed:
            yield from self._way(self._say("failed"), step.failed, step.to)
        yield from self._overdue(step)

    def _parallel(self, step: ParallelStep) -> Iterator[Row]:
        for branch in step.parallel:
            title = words(self._definition.steps[branch.to or ""].title, self._language, branch.to or "")
            text = self._say("branch", plain(title))
            yield Row(self._say("if", text, self._cells(branch)) if branch.when or branch.if_ else text, branch.to)
        yield Row(self._complete("join ", step.join), step.to)

    def _complete(self, prefix: str, completion: Completion) -> str:
        word = prefix + completion.kind
        return self._say(word, completion.amount) if completion.amount else self._say(word)

    def _resolution(self, step: CloseStep) -> str:
        if isinstance(step.close, From):
            return self._say("by field", self._field(step.close.from_))
        named = self._definition.resolution_title(step.close) if isinstance(step.close, str) else None
        return plain(words(named, self._language))

    def _field(self, name: str) -> str:
        field = self._definition.data.get(name)
        return plain(words(field.title if field else None, self._language, name))

    def _say(self, word: str, *values: object) -> str:
        return say(word, self._language, *values)

    def _role(self, key: str) -> str:
        return plain(words(self._definition.role_title(key), self._language, key))

    def _roles(self, keys: tuple[str, ...]) -> str:
        return self._say("list").join(self._role(key) for key in keys)

    def _who(self, roles: tuple[str, ...], step: WaitingStep) -> tuple[str, ...]:
        terms = self._time.terms(step.within) if step.within else ()
        return (self._roles(roles), *(terms if len(terms) == 1 else ()))

    def _times(self, step: WaitingStep) -> Iterator[Row]:
        """Terms by condition, the own ones of roles, more time and laying aside."""
        terms = self._time.terms(step.within) if step.within else ()
        said = [*(terms if len(terms) > 1 else ()), *(self._time.own_terms(step) if isinstance(step, EachStep) else ())]
        said += [self._time.extension(step), self._time.shelving(step)]
        yield from (Row(plain(one), None, "remark") for one in said if one)

    def _task(self, step: TaskStep) -> Iterator[Row]:
        yield from self._times(step)
        for key, action in step.actions.items():
            yield from self._way(self._title(key, action), action, step.to)
        yield from self._overdue(step)

    def _each(self, step: EachStep) -> Iterator[Row]:
        yield from self._times(step)
        if step.in_order:
            yield Row(self._say("in order"), None, "remark")
        for key, action in step.actions.items():
            if action.to is None and action.hand_up is None:
                yield Row(self._say("own part", self._title(key, action)), None, "remark")
            else:
                yield from self._way(self._title(key, action), action, None)
        voting = any(action.vote for action in step.actions.values())
        yield Row(self._complete("votes " if voting else "", step.until), step.to)
        if step.rejected:
            yield from self._way(self._say("rejected"), step.rejected, step.to)
        yield from self._overdue(step)

    def _title(self, key: str, action: Action) -> str:
        title = plain(words(action.title, self._language, key)) or key
        return self._say("if", title, self._condition(action.when)) if action.when else title

    def _way(self, title: str, way: Way, default: str | None) -> Iterator[Row]:
        """The rows of one way: where it leads, and where it leads once its bound is used up or its ladder ends."""
        if way.leaves:
            title = self._say("leaves", title)
        if way.to == BACK:
            yield Row(self._say("back", title), None, "remark")
        else:
            yield Row(self._say("handed up", title) if way.hand_up else title, way.to or default)
        if way.hand_up and way.then:
            yield Row(self._say("no rung", title), way.then)
        elif way.at_most and way.then:
            word = "then once" if way.at_most == 1 else "then"
            yield Row(self._say(word, title, way.at_most), way.then)

    def _choose(self, step: ChooseStep) -> Iterator[Row]:
        for branch in step.choose:
            guarded = branch.when or branch.if_
            yield Row(self._cells(branch) if guarded else self._say("otherwise"), branch.to or step.to)

    def _cells(self, branch: Branch) -> str:
        """The conditions of a branch: its guard, and the cells of its row."""
        said = [self._condition(branch.when)] if branch.when else []
        for name, cell in branch.if_.items():
            field, several = self._definition.data.get(name), cell if isinstance(cell, list | tuple) else [cell]
            values = [
                words(field.options.get(one) if field else None, self._language, self._value(one)) for one in several
            ]
            said.append(self._say("is", self._field(name), plain(self._say("list").join(values))))
        return self._say("and").join(said)

    def _value(self, cell: object) -> str:
        """What stands in a cell, for readers."""
        return self._say("yes" if cell else "no") if isinstance(cell, bool) else str(cell)

    def _overdue(self, step: TimedStep) -> Iterator[Row]:
        for rung in step.overdue:
            yield from self._rung(rung)

    def _rung(self, overdue: Overdue) -> Iterator[Row]:
        said = [self._say("steps in", self._role(overdue.escalate))] if overdue.escalate else []
        said += [self._say("told", self._roles(overdue.told))] if overdue.told else []
        if overdue.to and overdue.to != BACK:
            resolution = self._definition.resolution_title(overdue.resolution)
            target = words(self._definition.steps[overdue.to].title, self._language, overdue.to)
            said.append(plain(words(resolution, self._language)) or self._say("goes to", plain(target)))
        text, after = self._say("also").join(said), overdue.after
        text = self._say("later", after.words(self._language), text) if after else self._say("overdue", text)
        text = self._say("handed up", text) if overdue.hand_up else text
        yield Row(text, overdue.to if overdue.to != BACK else None, "overdue")
        if overdue.then:
            yield Row(self._say("no rung" if overdue.hand_up else "otherwise", text), overdue.then, "overdue")

    def _condition(self, guard: Expression) -> str:
        return plain(guard_words(self._definition, guard, self._language))
