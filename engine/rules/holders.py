"""Who may touch a work item, and the refusals that say why somebody may not."""

from __future__ import annotations

from definitions.model.reference import refers_to
from engine.directory import Actor
from engine.draft import Draft
from engine.refusal import Gone, Merged, NotAllowed, StandsStill, Taken, Unavailable
from engine.rules.exclusion import recuse
from engine.state import Party, State, WorkItem

#: What one answers when asked; it moves nothing, so it can be answered while the issue stands still.
ANSWERED = frozenset({"question", "consult", "sign"})


def open_item(state: State, number: int) -> WorkItem:
    """The item, if it is open and its turn has come; ``Gone`` or ``StandsStill`` otherwise."""
    item = state.item(number)
    if item is None or item.done or state.status != "open":
        raise Gone if state.survivor is None else Merged
    if state.suspended and item.kind not in ANSWERED:
        raise StandsStill
    if item.waiting:
        raise Unavailable("还没有轮到这一项。", "The turn of this task has not come yet.")
    return item


def own_item(state: State, number: int, actor: Actor) -> WorkItem:
    """The open item, if it is this person's; else the refusal that says why not."""
    item = open_item(state, number)
    if item.delegate is not None and item.delegate in actor.parties:
        return item
    if actor.parties.isdisjoint(item.candidates):
        raise NotAllowed
    if item.owner is not None and item.owner != actor.party:
        raise Taken(item.owner)
    return item


def item_to_act_on(draft: Draft, number: int, actor: Actor) -> WorkItem:
    """The open item, if it is this person's and they need not leave it to others; else the refusal that says why not."""
    item = own_item(draft.state, number, actor)
    recuse(draft, item, actor)
    return item


def responsible(item: WorkItem, actor: Actor) -> Party:
    """The party for which somebody acts on an item: their department, themself, or whoever delegated to them."""
    mine = [party for party in item.candidates if party in actor.parties]
    if len(mine) == 1:
        return mine[0]
    if mine:
        return next((party for party in mine if refers_to(party, "organisation")), mine[0])
    return item.owner or item.candidates[0]


def addressees(item: WorkItem) -> tuple[Party, ...]:
    """Those who are to act on an item: its owner, else all its candidates, and whoever it was delegated to."""
    asked = (item.owner,) if item.owner else item.candidates
    return (*asked, item.delegate) if item.delegate else asked


def pending_signatures(state: State, item: WorkItem) -> bool:
    """Whether somebody whose signature was asked for before this item has not given it."""
    asked = [other for other in state.items if other.kind == "sign" and other.about == item.number]
    return any(not other.done for other in asked)
