"""What can be done with an issue beside its steps: standing options, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from definitions.exploration.bound import Bounds
from definitions.exploration.graph import Place, Stay
from definitions.exploration.walk import Landing, Trail, Walk
from definitions.expressions.expression import Expression
from definitions.model.option import StandingOption
from definitions.model.step import WaitingStep


@dataclass(frozen=True, slots=True)
class StandingMoves:
    """Follows options and withdrawals from a state; those that lead nowhere leave its visits as they are."""

    walk: Walk
    bounds: Bounds

    def after(self, place: Place, leaves: Sequence[Stay], may: Mapping[Expression, bool]) -> Iterator[Landing]:
        """Where the issue is afterwards, with all of its visits."""
        yield from self._withdrawn(place, leaves)
        stages = self.walk.definition.stage_of
        there = {visit.step: stages[visit.step] for visit in leaves}
        for name, option in self.walk.definition.options.items():
            if option.open_at(there) and (option.when is None or may[option.when]):
                yield from self._taken(place, leaves, name, option)

    def _taken(self, place: Place, leaves: Sequence[Stay], name: str, option: StandingOption) -> Iterator[Landing]:
        counts, model = place.counts, self.walk.model
        if option.at_most is not None:
            after = self.bounds.taken(self.bounds.places["", f"options.{name}"], counts)
            if after is None:
                return
            counts = after
        env = model.assign(model.fill(model.edit(place.env, option.edit), option.ask), option.set)
        moment = Trail(env, counts, (("option", "", name),))
        if option.to is None:
            yield Landing(place.root, False, "", moment)
            return
        waits = isinstance(self.walk.definition.steps[leaves[0].step], WaitingStep)
        yield from self.walk.enter(option.to, leaves[0].step if len(leaves) == 1 and waits else "", (), moment)

    def _withdrawn(self, place: Place, leaves: Sequence[Stay]) -> Iterator[Landing]:
        definition = self.walk.definition
        rule = definition.withdraw
        if not rule or rule.to is None:
            return
        order = list(definition.steps)
        first = next((key for key in order if rule.until in (key, definition.stage_of[key])), None)
        before = order.index(first) if first else len(order)
        if all(order.index(visit.step) < before for visit in leaves):
            yield from self.walk.enter(rule.to, "", (), Trail(place.env, place.counts, (("withdraw", "", ""),)))
