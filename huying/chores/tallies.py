"""Issues from before figures were kept beside them are counted from their histories, portion by portion, while the house is open."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.issues.tally_rows import count_again, uncounted


def _due(at: Workplace) -> int:
    return uncounted(at.house)


def _carry_on(at: Workplace) -> Portion:
    done = count_again(at.house)
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已计入数据", f"计入数据 {all_of_it.done} 件")


TALLIES = Chore(
    name="tallies",
    title=Said("补计数据", "counting issues from before there were figures"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=5.0,
    portions=50,
)
