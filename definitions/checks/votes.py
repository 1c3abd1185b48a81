"""Where several are asked, somebody is: a list that can be empty has a way of its own, and nobody passes no vote."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.passage import deeds_to, passage, title
from definitions.exploration.levels import Explored
from definitions.model.definition import Definition
from definitions.model.steps.each import EachStep
from definitions.problem import Problem, problem
from definitions.text import Said


def check(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Steps at which there may be nobody to ask, and which do not say what then."""
    for key, last in explored.noted.unasked.items():
        step = definition.steps[key]
        if not isinstance(step, EachStep) or step.unasked is not None:
            continue
        way = passage(definition, deeds_to(explored.graph, explored.noted, "unasked", key, last))
        name = title(definition, key)
        rule, said = ("vote-of-nobody", _VOTE) if step.voting else ("work-of-nobody", _WORK)
        yield problem(
            rule,
            (definition.stage_of[key], key, "each"),
            Said(said.zh.format(name=name.zh, way=way.zh), said.en.format(name=name.en, way=way.en)),
            Said(
                "请写 nobody，例如 nobody: {to: 下一步}；或让这一栏必填。",
                "Say it, for example nobody: {to: the next step}; or have the field filled in.",
            ),
        )


_VOTE = Said(
    "“{name}”可能一个投票人也没有，却没有写这时怎么办：{way}。",
    "At “{name}” there may be nobody who votes, and it does not say what then: {way}.",
)
_WORK = Said(
    "“{name}”可能一个办理人也没有，事项就当作办完往下走：{way}。",
    "At “{name}” there may be nobody to do it, and the issue would go on as if it were done: {way}.",
)
