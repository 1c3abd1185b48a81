"""A figure set: measures (what is counted, at which moment, where), rates of two of them, and by what they are divided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from pydantic import Field as Constrained
from pydantic import ValidationError

from definitions.composition.shape import problems_of_shape
from definitions.figures.condition import ALWAYS, Condition, Every, RefusedCondition, Unless, condition
from definitions.figures.containment import outside
from definitions.figures.names import AXES, HAPPENED, MOMENTS, names_of
from definitions.finding import Finding, in_order
from definitions.model.node import Guard, Key, Names, Node, Text
from definitions.plans.values import Day
from definitions.problem import Problem, problem, unknown
from definitions.source.tree import Document, read
from definitions.text import Said

Counted = Literal[
    "issue",
    "promise",
    "verdict",
    "return",
    "urging",
    "supervision",
    "extension",
    "reopening",
    "handing up",
    "talk",
    "grade",
    "response",
    "settlement",
]
At = Literal["opened", "closed", "due", "in hand", "happened"]


class Measure(Node):
    """A number: so many ``of`` something, counted ``at`` a moment, ``where`` a condition holds, but for those to ``leave out``."""

    title: Text
    help: Text | None = None
    of: Counted
    at: At = "happened"
    where: Guard | None = None
    leave_out: Guard | None = Constrained(default=None, alias="leave out")


class BesideRate(Node):
    """A rate that is always shown beside another: how many took part."""

    title: Text
    of: Key
    over: Key


class FigureRate(Node):
    """One measure over another, in percent; over nothing there is no rate, and it is not ranked."""

    title: Text
    help: Text | None = None
    of: Key
    over: Key
    beside: BesideRate | None = None


class AreaGroup(Node):
    """Areas of one level, or of several that are alike (streets and towns), which may be ranked."""

    title: Text
    level: Names = Constrained(min_length=1)


class FigureSet(Node):
    """Figures that belong together, since a day and for a reason. ``only`` and ``leave out`` hold for every measure."""

    figures: Key
    title: Text
    help: Text | None = None
    valid_from: Day = Constrained(alias="valid from")
    because: Text
    only: Guard | None = None
    leave_out: Guard | None = Constrained(default=None, alias="leave out")
    measures: Mapping[Key, Measure] = Constrained(min_length=1)
    rates: Mapping[Key, FigureRate] = Constrained(default_factory=dict)
    axes: Names = AXES
    groups: Mapping[Key, AreaGroup] = Constrained(default_factory=dict)

    @cached_property
    def base(self) -> Condition:
        """What holds for every measure."""
        known = names_of("issue")
        return _both(condition(self.only, known), condition(self.leave_out, known))

    @cached_property
    def conditions(self) -> Mapping[str, Condition]:
        """What each measure asks besides, by key."""
        return {key: _of_measure(one) for key, one in self.measures.items()}


def _of_measure(one: Measure) -> Condition:
    known = names_of(one.of)
    return _both(condition(one.where, known), condition(one.leave_out, known))


def _both(where: Condition, left_out: Condition) -> Condition:
    parts = [part for part in (where, ALWAYS if left_out == ALWAYS else Unless(left_out)) if part != ALWAYS]
    return parts[0] if len(parts) == 1 else Every(tuple(parts))


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """What became of a text: the set, unless its shape is wrong; its plain body; and the findings."""

    figures: FigureSet | None
    body: Any
    document: Document
    findings: tuple[Finding, ...]


def read_figures(source: str | bytes, name: str) -> ReadFigures:
    """Read a figure set; raises ``Unreadable`` when the text is no YAML that we read."""
    document = read(source, name)
    body = document.plain()
    found, figures = _figures(body)
    return ReadFigures(figures, body, document, in_order([*document.findings, *document.findings_of(found)]))


def restore_figures(body: Any) -> FigureSet:
    """A set that was published, from its body."""
    return FigureSet.model_validate(body)


def _figures(body: Any) -> tuple[tuple[Problem, ...], FigureSet | None]:
    try:
        figures = FigureSet.model_validate(body)
    except ValidationError as error:
        return problems_of_shape(error, body, FigureSet), None
    return tuple(_problems(figures, body)), figures


def _problems(figures: FigureSet, body: Any) -> Iterator[Problem]:
    yield from _spoken(body)
    for key, asked in (("only", figures.only), ("leave out", figures.leave_out)):
        try:
            condition(asked, names_of("issue"), (key,))
        except RefusedCondition as refused:
            yield refused.problem
    for key, one in figures.measures.items():
        yield from _measure(key, one)
    for key, rate in figures.rates.items():
        yield from _rate(figures, ("rates", key), rate)
        if rate.beside:
            yield from _rate(figures, ("rates", key, "beside"), rate.beside)
    for index, axis in enumerate(figures.axes):
        if axis not in AXES:
            yield unknown("unknown-axis", ("axes", index), Said("分组方式", "axis"), axis, AXES)
    for key in figures.rates.keys() & figures.measures.keys():
        yield problem(
            "double-figure",
            ("rates", key),
            Said(f"“{key}”既是数又是率。", f"“{key}” is both a number and a rate."),
            Said("请给其中一个换个名字。", "Give one of them another name."),
        )


def _measure(key: str, one: Measure) -> Iterator[Problem]:
    path = ("measures", key)
    moments = MOMENTS.get(one.of, (HAPPENED,))
    if one.at not in moments:
        possible = "、".join(moments), ", ".join(moments)
        yield problem(
            "wrong-moment",
            (*path, "at") if "at" in one.model_fields_set else path,
            Said(f"{one.of} 不能在“{one.at}”的时候计数。", f"Of {one.of}, nothing is counted when it is “{one.at}”."),
            Said(f"请写 at: {possible[0]}。", f"Write at: {possible[1]}."),
        )
    for name, asked in (("where", one.where), ("leave out", one.leave_out)):
        try:
            condition(asked, names_of(one.of), (*path, name))
        except RefusedCondition as refused:
            yield refused.problem


def _rate(figures: FigureSet, path: tuple[str, ...], rate: FigureRate | BesideRate) -> Iterator[Problem]:
    for key, name in (("of", rate.of), ("over", rate.over)):
        if name not in figures.measures:
            yield unknown("unknown-measure", (*path, key), Said("数", "measure"), name, figures.measures)
    part, whole = figures.measures.get(rate.of), figures.measures.get(rate.over)
    if part is None or whole is None:
        return
    if rate.of == rate.over or (part.of, part.at) != (whole.of, whole.at):
        yield problem(
            "mixed-rate",
            (*path, "of"),
            Said(
                f"“{rate.of}”和“{rate.over}”数的不是同一批（数什么、在什么时候数不同），算出来的率会超过百分之百。",
                f"“{rate.of}” and “{rate.over}” do not count the same (what, or at which moment): the rate could exceed 100 percent.",
            ),
            Said(
                "请让两者的 of 和 at 相同，只是 where 不同。",
                "Let both have the same “of” and “at”, and differ in “where”.",
            ),
        )
        return
    try:
        case = outside(_of_measure(part), _of_measure(whole), names_of(part.of))
    except RefusedCondition:
        # told of already
        return
    if case is not None:
        yield problem(
            "beyond-the-whole",
            (*path, "of"),
            Said(
                f"“{rate.of}”里有不属于“{rate.over}”的（{case}），算出来的率会超过百分之百。",
                f"“{rate.of}” counts what “{rate.over}” does not ({case}): the rate could exceed 100 percent.",
            ),
            Said(f"请在“{rate.of}”的 where 里加上同样的条件。", f"Give “{rate.of}” the same condition in “where”."),
        )


def _spoken(body: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Texts that lack one of the languages."""
    if not isinstance(body, Mapping):
        return
    for key, value in body.items():
        if key in ("title", "help", "because"):
            said = value if isinstance(value, Mapping) else {}
            for language, zh, en in (("zh", "中文", "Chinese"), ("en", "英文", "English")):
                if not said.get(language):
                    yield problem(
                        "missing-language",
                        (*path, key),
                        Said(f"缺少{zh}。", f"The {en} words are missing."),
                        Said(f"请写 {key}: {{zh: …, en: …}}。", f"Write {key}: {{zh: …, en: …}}."),
                    )
        else:
            yield from _spoken(value, (*path, key))
