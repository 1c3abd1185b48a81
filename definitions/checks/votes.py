"""Votes: somebody is asked, a list that can be empty has a way of its own, and what is counted is there and says the same as the rest."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.checks.passage import deeds_to, passage, title
from definitions.exploration.levels import Explored
from definitions.model.definition import Definition
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.weight import Weight
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said


def check(definition: Definition, explored: Explored) -> Iterator[Problem]:
    """Steps at which there may be nobody to ask, and which do not say what then."""
    for key, last in explored.noted.unasked.items():
        step = definition.steps[key]
        if not isinstance(step, EachStep) or step.unasked is not None or step.rows is not None:
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


def check_counting(definition: Definition) -> Iterator[Problem]:
    """What each step says of weights, turnout and shares fits together."""
    for key, step in definition.steps.items():
        path: Path = (definition.stage_of[key], key)
        if isinstance(step, ParallelStep) and step.join.voted:
            said = Said("并行的各路没有“参加表决的”。", "Branches do not vote.")
            yield problem("join-of-voters", (*path, "join"), said, Said("请写 join: 2/3。", "Write join: 2/3."))
        if isinstance(step, EachStep):
            if step.voting:
                yield from _measures(path, step)
                yield from _deadline(path, step)
            else:
                yield from _nothing_counted(path, step)
            if step.weight is not None:
                yield from _weight(definition, (*path, "weight"), step.weight)


def _nothing_counted(path: Path, step: EachStep) -> Iterator[Problem]:
    """Keys that mean nothing where nobody votes."""
    keys = {
        "weight": step.weight,
        "counted by": step.counted_by,
        "turnout": step.turnout,
        "too few": step.too_few,
        "until": step.until.voted,
    }
    for key in [key for key, value in keys.items() if value]:
        yield problem(
            "counts-without-votes",
            (*path, key),
            Said(f"这一步没有表决，“{key}”不起作用。", f"Nobody votes at this step, so “{key}” has no effect."),
            Said(
                "请给办理方式写 vote: for 或 vote: against，或删去它。",
                "Give the actions vote: for or vote: against, or remove it.",
            ),
        )


def _measures(path: Path, step: EachStep) -> Iterator[Problem]:
    if "weight" in step.counted_by and step.weight is None:
        yield problem(
            "counted-by-nothing",
            (*path, "counted by"),
            Said("没有写 weight，就没有权重可计。", "Without weight there are no weights to count."),
            Said("请写 weight，例如 weight: units.area。", "Say weight, for example weight: units.area."),
        )
    if step.weight is not None and "weight" not in step.measures:
        yield problem(
            "weight-not-counted",
            (*path, "weight"),
            Said("counted by 里没有 weight，权重不起作用。", "counted by does not name weight, so it has no effect."),
            Said(
                "请写 counted by: [persons, weight]，或删去 weight。",
                "Write counted by: [persons, weight], or remove weight.",
            ),
        )
    counts = {"until": step.until, "turnout": step.turnout}
    for key in [key for key, one in counts.items() if one and one.kind == "number" and "weight" in step.measures]:
        yield problem(
            "number-of-weight",
            (*path, key),
            Said("按权重计的，不能写人数。", "What is counted by weight needs a share, not a number of persons."),
            Said("请写比例，例如 2/3。", "Write a share, for example 2/3."),
        )


def _deadline(path: Path, step: EachStep) -> Iterator[Problem]:
    """What follows from a deadline that ends the vote."""
    if step.too_few is not None and step.turnout is None:
        yield problem(
            "too-few-of-what",
            (*path, "too few"),
            Said("没有写 turnout，就不会有“人数不足”。", "Without turnout there are never too few."),
            Said("请写 turnout，例如 turnout: 2/3。", "Say turnout, for example turnout: 2/3."),
        )
    if not step.ends_at_the_deadline:
        return
    if step.rejected is None and not any(action.vote == "against" for action in step.actions.values()):
        yield problem(
            "no-rejected",
            path,
            Said("没有写到期通不过时怎么办。", "It does not say what happens when the deadline finds it not passed."),
            Said("请写 rejected，例如 rejected: {to: closed}。", "Say it, for example rejected: {to: closed}."),
        )
    for at, rung in enumerate(step.overdue):
        if rung.to or rung.hand_up or rung.escalate or rung.after:
            yield problem(
                "overdue-after-the-vote",
                (*path, "overdue", at) if len(step.overdue) > 1 else (*path, "overdue"),
                Said("到期就计票，这里写的不会发生。", "The deadline ends the vote, so this never happens."),
                Said(
                    "请写在 rejected 或 too few 里；到期只想告知，写 overdue: {tell: 角色}。",
                    "Say it in rejected or too few; to tell somebody only, write overdue: {tell: a role}.",
                ),
            )


def _weight(definition: Definition, path: Path, weight: Weight) -> Iterator[Problem]:
    field = definition.data.get(weight.table)
    tables = [f"{name}.{column}" for name, one in definition.data.items() for column in one.columns]
    if field is None or weight.column not in field.columns:
        yield unknown("unknown-field", path, Said("表格的栏目", "column of a table"), str(weight), tables)
        return
    kind = field.columns[weight.column].type
    if kind not in ("integer", "number", "money"):
        yield problem(
            "wrong-type",
            path,
            Said(f"“{weight}”的类型是 {kind}，不能当权重。", f"“{weight}” is a {kind}; it cannot weigh anything."),
            Said("它的类型应为 integer、number 或 money。", "Its type must be integer, number or money."),
        )
    if weight.whose(field) is None:
        yield problem(
            "weight-of-whom",
            path,
            Said(
                f"表格“{weight.table}”里要有一栏（只一栏）写明是谁的。",
                f"The table “{weight.table}” needs one column, and only one, that says whose row it is.",
            ),
            Said(
                "请给表格加一栏，类型为 person 或 department。", "Give the table a column of type person or department."
            ),
        )
