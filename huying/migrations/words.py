"""A plan and its tally in words, Chinese first, as the command line says them."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from definitions.text import Said, words
from huying.database.tables import issues
from huying.house.house import House
from huying.migrations.batches import Tally
from huying.migrations.plans import Prepared, definition_of

_KINDS = {"step": Said("步骤", "step"), "field": Said("字段", "field"), "role": Said("角色", "role")}


def plan_lines(house: House, prepared: Prepared) -> Iterator[str]:
    """What the plan says beyond names that stay as they are, and what it leaves open."""
    old, new, plan = definition_of(house, prepared.leaving), definition_of(house, prepared.entering), prepared.plan
    yield f"{old.id} v{prepared.leaving.version} → v{prepared.entering.version}  {words(new.title, 'zh', new.id)}"
    for key, move in plan.steps.items():
        marks = [
            *(("期限重算 deadline recomputed",) if move.deadline == "recompute" else ()),
            *(("任务重发 tasks reissued",) if move.tasks == "reissue" else ()),
        ]
        if move.to != key or marks:
            title = words(old.steps[key].title, "zh", key) if old.steps[key].title else key
            yield f"  步骤 step {title} {key} → {move.to}{'：' if marks else ''}{'、'.join(marks)}"
    for kind, names in (("field", plan.fields), ("role", plan.roles)):
        for before, after in names.items():
            if before != after:
                yield f"  {_KINDS[kind][0]} {kind} {before} → {after}"
    for question in prepared.questions:
        near = f"（{question.nearest}？）" if question.nearest else ""
        yield f"  新版没有这个{_KINDS[question.kind][0]} the new version has no such {question.kind}: {question.name}{near}"


def tally_line(counted: Tally) -> str:
    """The numbers, which add up to all that were asked for."""
    said = f"{counted.asked} 件：已转 moved {counted.moves}、待补对应 need a mapping {counted.mapping}、不能转 blocked {counted.blocked}"
    more = f"、稍后再转 waiting {counted.waiting}" if counted.waiting else ""
    return said + more + (f"、已不在 gone {counted.gone}" if counted.gone else "")


def tally_lines(house: House, counted: Tally, *, would: bool) -> Iterator[str]:
    """The numbers, and why some issues stay, each reason with a few of their numbers."""
    yield tally_line(counted).replace("已转 moved", "可转 would move" if would else "已转 moved")
    for why, many in counted.reasons:
        with house.database.reading() as connection:
            query = select(issues.c.number).where(issues.c.id.in_(counted.examples[why])).order_by(issues.c.id)
            numbers = "、".join(connection.execute(query).scalars())
        yield f"  {many} 件：{why.zh}。 {why.en}. （{numbers}{'…' if many > len(counted.examples[why]) else ''}）"
