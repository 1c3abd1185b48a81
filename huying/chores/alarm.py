"""Whoever keeps the house hears that the backup of the day is late, even where the chore that makes it stands still."""

from __future__ import annotations

from definitions.text import Said
from huying.backups.alarm import late_untold, tell_late
from huying.chores.chore import Chore, Portion, RunEnding, Workplace


def _due(at: Workplace) -> int:
    return int(at.backups is not None and late_untold(at.house, at.clock()))


def _carry_on(at: Workplace) -> Portion:
    done = tell_late(at.house, at.clock())
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已提醒", f"提醒 {all_of_it.done} 条")


ALARM = Chore(
    name="alarm",
    title=Said("备份未做的提醒", "telling of a backup that is late"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=1800.0,
)
