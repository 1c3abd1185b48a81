"""What proves something is sealed every other minute."""

from __future__ import annotations

from definitions.text import Said
from huying.chores.chore import Chore, Portion, RunEnding, Workplace
from huying.evidence.notary import notary_of
from huying.evidence.segments import seal, waiting


def _due(at: Workplace) -> int:
    return waiting(at.house)


def _carry_on(at: Workplace) -> Portion:
    done = seal(at.house, notary_of(at.house.database), at.clock())
    return Portion(taken=done, done=done)


def _ending(all_of_it: Portion) -> RunEnding:
    return RunEnding("已封存", f"封存 {all_of_it.done} 条")


EVIDENCE = Chore(
    name="evidence",
    title=Said("封存存证", "sealing what proves something"),
    run=None,
    due=_due,
    carry_on=_carry_on,
    ending=_ending,
    pace=120.0,
    portions=None,
)
