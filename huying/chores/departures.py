"""Issues go on without people who have gone: what they had is given to others."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.issues.departures import count_departed, see_off


def _due(at: Workplace) -> int:
    return count_departed(at.house)


def _carry_on(at: Workplace) -> Portion:
    done = see_off(at.house, at.clock())
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已交接", f"交接 {all_of_it.done} 件")


DEPARTURES = Chore(
    name="departures",
    title=Said("离岗交接", "handing over what people who have gone had"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=5.0,
)
