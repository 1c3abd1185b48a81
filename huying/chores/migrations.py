"""Running issues go on by another version of their process, where staff have asked for it."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.migrations.batches import carry_on, is_waiting


def _due(at: Workplace) -> int:
    return int(is_waiting(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    return Portion(taken=carry_on(at.house, at.clock()))


def _progress(so_far: Portion) -> str:
    return f"已处理 {so_far.taken} 件"


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已转换", f"处理 {all_of_it.taken} 件，结果见门户“转换版本”")


MIGRATIONS = Chore(
    name="migrations",
    title=Said("转换版本", "moving issues to another version"),
    run="migrate 转换版本",
    due=_due,
    carry_on=_carry_on,
    progress=_progress,
    ending=_ending,
    pace=5.0,
    portions=None,
)
