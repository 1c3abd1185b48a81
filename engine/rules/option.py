"""Standing options: done with an issue besides its tasks, by those whose role the definition names."""

from __future__ import annotations

from definitions.model.option import StandingOption
from definitions.model.step import WaitingStep
from engine.directory import Actor
from engine.draft import Draft
from engine.event import TakeOption
from engine.refusal import Gone, NotAllowed, StandsStill, Unavailable
from engine.rules.actions import checked_answers
from engine.rules.automatic import set_values
from engine.rules.entry import Arrival, enter
from engine.rules.exclusion import barred
from engine.rules.exit import leave_everything
from engine.rules.participation import busy
from engine.rules.roles import seat, tell_roles
from engine.state import Visit


def may_take(draft: Draft, key: str, actor: Actor) -> bool:
    """Whether somebody can take an option now."""
    option = draft.definition.options[key]
    if draft.state.status != "open" or draft.state.suspended or not _is_open(draft, key, option):
        return False
    return _theirs(draft, option, actor) and (option.when is None or draft.holds(option.when, f"options.{key}"))


def take(draft: Draft, event: TakeOption, actor: Actor) -> None:
    """Take an option: the answers become the issue's data, and the issue goes where it leads, if it leads anywhere."""
    if draft.state.status != "open":
        raise Gone
    if draft.state.suspended:
        raise StandsStill
    option = draft.definition.options.get(event.option)
    if option is not None and not _theirs(draft, option, actor):
        raise NotAllowed
    if option is None or not may_take(draft, event.option, actor):
        raise Unavailable(
            "现在不能这样办理，请刷新页面。", f"“{event.option}” cannot be done now; please reload the page."
        )
    values = checked_answers(draft, option, event.values)
    if option.at_most is not None or draft.definition.counts_steps:
        draft.count(counted(event.option))
    draft.fill(values)
    if option.set:
        set_values(draft, option.set, f"options.{event.option}")
    leaf = _leaves(draft)
    tell_roles(draft, "informed", option.tell, step=leaf[0].step)
    if option.to is not None:
        _lead(draft, option, option.to, leaf)


def counted(key: str) -> str:
    """Under which name it is counted how often an option was taken."""
    return f"options.{key}"


def _is_open(draft: Draft, key: str, option: StandingOption) -> bool:
    stages = draft.definition.stage_of
    there = {visit.step: stages[visit.step] for visit in _leaves(draft) if visit.step in stages}
    used = draft.state.counts.get(counted(key), 0)
    return option.open_at(there) and (option.at_most is None or used < option.at_most)


def _theirs(draft: Draft, option: StandingOption, actor: Actor) -> bool:
    """Whether somebody holds one of the roles that it is for, and need not leave the matter to others."""
    for role in option.by:
        named = frozenset().union(
            *(barred(draft.definition, draft.state, visit.step, role) for visit in _leaves(draft))
        )
        if actor.parties.isdisjoint(named) and not actor.parties.isdisjoint(seat(draft, role)):
            return True
    return False


def _leaves(draft: Draft) -> tuple[Visit, ...]:
    """The visits that wait; a parallel step waits in its branches."""
    return tuple(visit for visit in draft.state.visits if not draft.state.children(visit.number))


def _lead(draft: Draft, option: StandingOption, to: str, leaves: tuple[Visit, ...]) -> None:
    """Lead the whole issue to a step; whose tasks end by it hears of it."""
    before = busy(draft.state)
    waits = isinstance(draft.definition.steps[leaves[0].step], WaitingStep)
    origin = leaves[0].step if len(leaves) == 1 and waits else None
    leave_everything(draft, "left")
    enter(draft, to, Arrival(resolution=option.resolution, origin=origin))
    after = busy(draft.state)
    draft.tell("moved", [party for party in before if party not in after], step=to)
