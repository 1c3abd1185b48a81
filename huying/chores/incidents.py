"""Incidents whose cause is over are closed. There is nothing to see in that: the incident itself says how it ended."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.incidents.settlement import count_over, settle


def _due(at: Workplace) -> int:
    return count_over(at.house)


def _carry_on(at: Workplace) -> Portion:
    closed = settle(at.house, at.clock())
    return Portion(taken=closed, done=closed)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已结束", f"结束 {all_of_it.done} 项")


INCIDENTS = Chore(
    name="incidents",
    title=Said("结束故障", "closing incidents"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=5.0,
)
