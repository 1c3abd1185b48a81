"""Counting an ``each`` step: whether it is complete, can no longer be, or waits; exactly, by persons and by what their votes weigh.

A vote is decided as soon as no vote still to come can change it: passed if it is reached even though everybody else votes against, rejected if it is
not reached although everybody else agrees. At a deadline that ends it, those who have not voted take no part.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Literal

import msgspec

from definitions.model.completion import Amount, Completion
from definitions.model.steps.each import EachStep
from engine.change import Voted
from engine.draft import Draft
from engine.state import Party, State, Visit, WorkItem

Verdict = Literal["passed", "rejected", "too few"]


class Ballot(msgspec.Struct, frozen=True):
    """What is reckoned of persons, or of weights: all who may vote, those who did, and those of them who agree."""

    whole: Amount
    voted: Amount
    agreed: Amount


def verdict(state: State, visit: Visit, step: EachStep, *, over: bool = False) -> Verdict | None:
    """How an ``each`` step ends, ``None`` while it waits; ``over``: nobody can vote any more."""
    tallies = _tallies(state, visit, step)
    if over:
        if step.turnout is not None and not all(step.turnout.reached(one.voted, one.whole) for one in tallies):
            return "too few"
        reached = all(step.until.reached(one.agreed, _base(step.until, one)) for one in tallies)
        return "passed" if reached else "rejected"
    certain = True
    for one in tallies:
        if not step.until.reached(one.agreed + one.whole - one.voted, one.whole):
            return "rejected"
        certain = certain and step.until.reached(one.agreed, one.whole)
    attended = step.turnout is None or all(step.turnout.reached(one.voted, one.whole) for one in tallies)
    return "passed" if certain and attended else None


def _base(until: Completion, tally: Ballot) -> Amount:
    return tally.voted if until.voted else tally.whole


def _tallies(state: State, visit: Visit, step: EachStep) -> list[Ballot]:
    items = _counted(state, visit, step)
    agreed = [item for item in items if (item.vote == "for" if step.voting else item.done)]
    voted = [item for item in items if item.done]
    return [
        Ballot(len(items), len(voted), len(agreed))
        if measure == "persons"
        else Ballot(_weight(items), _weight(voted), _weight(agreed))
        for measure in step.measures
    ]


def _weight(items: list[WorkItem]) -> Fraction:
    return sum((Fraction(item.weight or 0) for item in items), Fraction())


def _counted(state: State, visit: Visit, step: EachStep) -> list[WorkItem]:
    """The items that count towards completion."""
    items = [item for item in state.items if item.visit == visit.number and item.kind == "task"]
    return [item for item in items if item.role == step.each[0]] if step.until.kind == "lead" else items


def record_votes(draft: Draft, visit: Visit, step: EachStep) -> None:
    """Keep how a vote ended: the count of each action, of ``for`` and ``against``, of all who voted and who were asked."""
    if not step.voting:
        return
    items = _counted(draft.state, visit, step)
    done = [item for item in items if item.done]
    counted = Counter(item.action for item in done if item.action) + Counter(item.vote for item in done if item.vote)
    weights = {}
    if step.weight is not None:
        sides = {side: [item for item in done if item.vote == side] for side in ("for", "against")}
        weights = {key: _decimal(_weight(some)) for key, some in {**sides, "voted": done, "all": items}.items()}
    draft.record(Voted(votes={**counted, "voted": len(done), "all": len(items)}, weights=weights))


def weight_of(draft: Draft, step: EachStep, party: Party) -> str | None:
    """What the vote of a party weighs now; ``None`` where votes have no weight."""
    if step.weight is None:
        return None
    table = step.weight.table
    whose, rows = step.weight.whose(draft.definition.data.get(table)), draft.state.data.get(table) or ()
    assert isinstance(rows, tuple)
    return _decimal(sum((_cell(row.get(step.weight.column)) for row in rows if row.get(whose) == party), Fraction()))


def _cell(value: object) -> Fraction:
    """A number as it was written; what is no number, or less than nothing, weighs nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fraction()
    return max(Fraction(str(value)), Fraction())


def _decimal(value: Fraction) -> str:
    """A sum of decimals as one: exact, and without zeros at its end."""
    if value.denominator == 1:
        return str(value.numerator)
    places = 1
    while (10**places) % value.denominator:
        places += 1
    whole, part = divmod(value.numerator * 10**places // value.denominator, 10**places)
    return f"{whole}.{part:0{places}d}"
