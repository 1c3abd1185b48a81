"""What has happened in issues becomes lines of yearly files: some moments later, so that no action waits for it."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.files.upkeep import keep_up, waiting


def _due(at: Workplace) -> int:
    return waiting(at.house)


def _carry_on(at: Workplace) -> Portion:
    done = keep_up(at.house)
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已记入履职档案", f"看过 {all_of_it.done} 件事项")


FILES = Chore(
    name="files",
    title=Said("记入履职档案", "writing up the yearly files"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=2.0,
    portions=50,
)
