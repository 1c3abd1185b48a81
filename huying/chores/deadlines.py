"""Deadlines are reckoned again where the calendar has changed."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.timers.recalculation import Reckoned, count_behind, reckon_again


def _due(at: Workplace) -> int:
    return count_behind(at.house)


def _carry_on(at: Workplace) -> Portion:
    return portion(reckon_again(at.house, at.clock()))


def portion(reckoned: Reckoned) -> Portion:
    """What staff hear of a batch: `done` is in how many issues a deadline has moved."""
    return Portion(taken=reckoned.looked_at, done=reckoned.moved)


def _progress(so_far: Portion) -> str:
    return f"已核对 {so_far.taken} 件，期限有变 {so_far.done} 件"


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已重算", f"核对 {all_of_it.taken} 件，期限有变 {all_of_it.done} 件")


DEADLINES = Chore(
    name="deadlines",
    title=Said("重算期限", "reckoning deadlines again"),
    run="reckon 重算期限",
    due=_due,
    carry_on=_carry_on,
    progress=_progress,
    ending=_ending,
    pace=1.0,
    portions=None,
)
