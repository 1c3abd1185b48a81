"""Who holds a grant that ends soon, and who gave it, hear of it in time."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.messages.grants import ending_untold, tell_of_ends


def _due(at: Workplace) -> int:
    return len(ending_untold(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    done = tell_of_ends(at.house, at.clock())
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已提醒", f"提醒 {all_of_it.done} 条")


GRANTS = Chore(
    name="grants",
    title=Said("权限到期提醒", "telling of grants that end soon"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=600.0,
)
