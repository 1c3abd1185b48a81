"""What stations have and what soon has to be looked at again: their staff hear of it in time."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.stations.expiry import ending_untold, tell_of_ends


def _due(at: Workplace) -> int:
    return len(ending_untold(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    done = tell_of_ends(at.house, at.clock())
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已提醒", f"提醒 {all_of_it.done} 条")


HAVES = Chore(
    name="haves",
    title=Said("站点条件到期提醒", "telling of what stations have that ends soon"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=1800.0,
)
