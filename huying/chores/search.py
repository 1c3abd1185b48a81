"""What has changed in issues is read for the search: some moments after it happened, so that no action waits for it."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.search.upkeep import keep_up, waiting


def _due(at: Workplace) -> int:
    return waiting(at.house)


def _carry_on(at: Workplace) -> Portion:
    done = keep_up(at.house)
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已编入检索", f"编入检索 {all_of_it.done} 件")


SEARCH = Chore(
    name="search",
    title=Said("编入检索", "reading for the search what has changed"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=1.0,
    portions=50,
)
