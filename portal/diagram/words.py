"""What the diagram says: each step as a title, a line below it, and a row for every way out. It knows nothing of places on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from definitions.expressions.expression import Expression
from definitions.model.action import BACK, Action, Overdue, Way
from definitions.model.completion import Completion
from definitions.model.definition import Definition
from definitions.model.step import STAGES, Branch, Shape, Step, TimedStep, WaitingStep
from definitions.model.steps.close import CloseStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.steps.task import TaskStep
from definitions.text import LISTED, SEMICOLON, Said, words
from huying.charts.graph import Exit, Vertex, graph_of
from huying.charts.letters import plain
from huying.words.guards import branch_words, guard_words
from huying.words.stages import stage_title
from huying.words.terms import TimeWords
from huying.words.titles import Titles

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
class Card:
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
    cards: tuple[Card, ...]


_WORDS: dict[str, Said] = {
    "diagram of": Said("流程图：", "Diagram: "),
    "all": Said("都办完后", "When all are done"),
    "any": Said("有一家办完后", "When one is done"),
    "lead": Said("主办办完后", "When the lead is done"),
    "majority": Said("过半数办完后", "When more than half are done"),
    "votes majority": Said("过半数同意", "More than half agree"),
    "join majority": Said("过半数的各路办完后", "When more than half of the branches are done"),
    "number": Said("有 {} 家办完后", "When {} are done"),
    "share": Said("有 {} 办完后", "When {} are done"),
    "votes all": Said("全部同意", "All agree"),
    "votes any": Said("有一票同意", "One agrees"),
    "votes lead": Said("主办同意", "The lead agrees"),
    "votes number": Said("有 {} 票同意", "{} agree"),
    "votes share": Said("有 {} 同意", "{} agree"),
    "voted": Said("{}（按参加表决的计算）", "{} (of those who voted)"),
    "measured weight": Said("按权重计票", "Counted by weight"),
    "measured persons weight": Said(
        "按人数和权重计票，都要达到", "Counted by persons and by weight; both must be reached"
    ),
    "measured weight persons": Said(
        "按人数和权重计票，都要达到", "Counted by persons and by weight; both must be reached"
    ),
    "turnout all": Said("全部参加才有效", "Valid if all take part"),
    "turnout majority": Said("过半数参加才有效", "Valid if more than half take part"),
    "turnout number": Said("有 {} 人参加才有效", "Valid if {} take part"),
    "turnout share": Said("有 {} 参加才有效", "Valid if {} take part"),
    "in order": Said("依次办理", "One after the other"),
    "rejected": Said("通不过", "Rejected"),
    "nobody": Said("没有人", "Nobody to ask"),
    "too few": Said("参加的不足", "Too few took part"),
    "branch": Said("同时：{}", "At once: {}"),
    "join all": Said("各路都办完后", "When all branches are done"),
    "join any": Said("有一路办完后", "When one branch is done"),
    "join number": Said("有 {} 路办完后", "When {} branches are done"),
    "join share": Said("有 {} 的各路办完后", "When {} of the branches are done"),
    "join lead": Said("各路都办完后", "When all branches are done"),
    "leaves": Said("{}（其他各路不再办）", "{} (ends the other branches)"),
    "back": Said("{}（退回上一步）", "{} (back to where it came from)"),
    "handed up": Said("{}（上交上一级）", "{} (to the next level)"),
    "no rung": Said("{}（没有上一级时）", "{} (no further level)"),
    "failed": Said("调用不成", "If it fails"),
    "by field": Said("按“{}”", "As “{}” says"),
    "and": Said("，且", " and "),
    "by": Said("{}：{}", "{}: {}"),
    "own part": Said("{}（办完自己这一份）", "{} (own part done)"),
    "then once": Said("{}（超过 {} 次）", "{} (more than once)"),
    "then": Said("{}（超过 {} 次）", "{} (more than {} times)"),
    "if": Said("{}（{}）", "{} (if {})"),
    "otherwise": Said("其余", "Otherwise"),
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


def _part(step: Step, action: Action) -> bool:
    """Whether somebody does their own part by an action, and the step waits for the others."""
    if isinstance(step, TaskStep):
        return step.parted(action)
    return isinstance(step, EachStep) and action.to is None and action.hand_up is None


def bands(definition: Definition, language: str, active: frozenset[str]) -> tuple[Band, ...]:
    """The stages that have steps; above them one without, if the whole issue has a limit."""
    wording, time = _Wording(definition, language), TimeWords(definition, language)
    vertices = graph_of(definition).vertices.values()
    stages = tuple(
        Band(
            title=" · ".join(filter(None, (stage_title(stage, language), plain(time.limit(stage))))),
            cards=tuple(wording.card(vertex, vertex.key in active) for vertex in vertices if vertex.stage == stage),
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
        self._titles = Titles(definition, language)
        self._time = TimeWords(definition, language)

    def card(self, vertex: Vertex, active: bool) -> Card:
        """One step."""
        step = vertex.step
        kind = _KINDS[step.step_kind.shape]
        title = plain(words(step.title, self._language, vertex.key)) or vertex.key
        line = tuple(said for said in self._line(step) if said != title or kind != "close")
        rows = () if kind == "assign" else tuple(self._rows(vertex))
        return Card(vertex.key, kind, title, line, rows, step.onward if kind == "assign" else None, active)

    def _line(self, step: Step) -> Iterator[str]:
        """Who acts, what the step does or waits for, or how the issue ends; and within what time."""
        if step.acting:
            yield plain(self._titles.roles(step.acting))
        said = self._resolution(step) if isinstance(step, CloseStep) else step.does(self._titles)
        if said:
            yield plain(said)
        if isinstance(step, WaitingStep):
            terms = self._time.terms(step.within) if step.within else ()
            yield from terms if len(terms) == 1 else ()
        elif isinstance(step, TimedStep) and step.within and step.length is None:
            yield from self._time.terms(step.within)

    def _resolution(self, step: CloseStep) -> str:
        if step.field is not None:
            return self._say("by field", self._titles.field(step.field))
        named = self._definition.resolution_title(step.close) if isinstance(step.close, str) else None
        return words(named, self._language)

    def _rows(self, vertex: Vertex) -> Iterator[Row]:
        step = vertex.step
        if isinstance(step, WaitingStep):
            yield from self._times(step)
        if isinstance(step, EachStep) and step.in_order:
            yield Row(self._say("in order"), None, "remark")
        if isinstance(step, EachStep):
            yield from (Row(said, None, "remark") for said in self._counted(step))
        for exit_ in vertex.exits:
            yield self._row(step, exit_)

    def _times(self, step: WaitingStep) -> Iterator[Row]:
        """Terms by condition, the own ones of roles, more time and laying aside."""
        terms = self._time.terms(step.within) if step.within else ()
        said = [*(terms if len(terms) > 1 else ()), *(self._time.own_terms(step) if isinstance(step, EachStep) else ())]
        said += [self._time.continues(step), self._time.extension(step), self._time.shelving(step)]
        said.append(self._time.questions(step))
        yield from (Row(plain(one), None, "remark") for one in said if one)

    def _row(self, step: Step, exit_: Exit) -> Row:
        """One way out: what it is called, and where it leads."""
        way = exit_.way
        match exit_.how:
            case "on":
                return Row(self._over(step), exit_.to)
            case "branch" if exit_.branch is not None:
                return Row(self._branch(step, exit_.branch, exit_.to), exit_.to)
            case "overdue" if isinstance(way, Overdue):
                return self._rung(exit_, way)
            case "action" if isinstance(way, Action):
                title = plain(words(way.title, self._language, exit_.name)) or exit_.name
                title = self._say("if", title, self._condition(way.when)) if way.when else title
                title = self._say("by", plain(self._titles.roles(way.by)), title) if way.by else title
                if _part(step, way):
                    return Row(self._say("own part", title), None, "remark")
            case _:
                title = self._say(exit_.how)
        assert way is not None
        return self._way(exit_, way, title)

    def _way(self, exit_: Exit, way: Way, title: str) -> Row:
        """Where a way leads, or where it leads once its bound is used up or its ladder ends."""
        if way.leaves:
            title = self._say("leaves", title)
        if exit_.then:
            word = "no rung" if way.hand_up else "then once" if way.at_most == 1 else "then"
            return Row(self._say(word, title, way.at_most), exit_.to)
        if exit_.to == BACK:
            return Row(self._say("back", title), None, "remark")
        return Row(self._say("handed up", title) if way.hand_up else title, exit_.to)

    def _over(self, step: Step) -> str:
        """When a step goes on by itself."""
        if isinstance(step, EachStep):
            return self._complete("votes " if step.voting else "", step.until)
        if isinstance(step, ParallelStep):
            return self._complete("join ", step.join)
        return step.step_kind.over.of(self._language) if step.step_kind.over else ""

    def _complete(self, prefix: str, completion: Completion) -> str:
        word = prefix + completion.kind
        said = self._say(word, completion.portion().of(self._language)) if completion.amount else self._say(word)
        return self._say("voted", said) if completion.voted else said

    def _counted(self, step: EachStep) -> Iterator[str]:
        """What of the votes is counted, and how many must take part."""
        if step.weight is not None:
            yield self._say("measured " + " ".join(step.measures))
        if step.turnout is not None:
            yield self._complete("turnout ", step.turnout)

    def _branch(self, step: Step, branch: Branch, to: str | None) -> str:
        conditions = branch_words(self._definition, branch, self._language, LISTED.of(self._language))
        guarded = plain(self._say("and").join(conditions))
        if step.step_kind.shape == "decision":
            return guarded or self._say("otherwise")
        title = self._say("branch", self._title_of(to or ""))
        return self._say("if", title, guarded) if guarded else title

    def _rung(self, exit_: Exit, overdue: Overdue) -> Row:
        roles = self._titles.roles
        said = [self._say("steps in", plain(roles((overdue.escalate,))))] if overdue.escalate else []
        said += [self._say("told", plain(roles(overdue.told)))] if overdue.told else []
        if overdue.to and overdue.to != BACK:
            resolution = self._definition.resolution_title(overdue.resolution)
            said.append(plain(words(resolution, self._language)) or self._say("goes to", self._title_of(overdue.to)))
        text, after = SEMICOLON.of(self._language).join(said), overdue.after
        text = self._say("later", after.words(self._language), text) if after else self._say("overdue", text)
        text = self._say("handed up", text) if overdue.hand_up else text
        if exit_.then:
            return Row(self._say("no rung" if overdue.hand_up else "otherwise", text), exit_.to, "overdue")
        return Row(text, exit_.to if exit_.to != BACK else None, "overdue")

    def _title_of(self, key: str) -> str:
        return plain(words(self._definition.steps[key].title, self._language, key))

    def _condition(self, guard: Expression) -> str:
        return plain(guard_words(self._definition, guard, self._language))

    def _say(self, word: str, *values: object) -> str:
        return say(word, self._language, *values)


#: How each shape of a step is drawn here.
_KINDS: Mapping[Shape, Kind] = {
    "task": "task",
    "each": "each",
    "decision": "choose",
    "fork": "parallel",
    "end": "close",
    "script": "assign",
    "send": "assign",
    "wait": "wait",
    "receive": "wait",
    "call": "wait",
    "request": "wait",
}
