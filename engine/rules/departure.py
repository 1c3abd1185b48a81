"""People who go: what they had falls back, is found anew or is the office's, and votes are counted again without them."""

from __future__ import annotations

from definitions.model.reference import refers_to
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from definitions.model.steps.each import EachStep
from engine.change import (
    ItemClaimed,
    ItemDelegated,
    ItemEnded,
    ItemGiven,
    ItemLeft,
    ItemOffered,
    MadeAnswerable,
    RoleGiven,
)
from engine.directory import Actor
from engine.draft import Draft
from engine.event import Depart
from engine.refusal import Refusal, Unavailable
from engine.rules.clocks import run_on
from engine.rules.completion import complete
from engine.rules.exclusion import held, stands_for
from engine.rules.handover import who_may
from engine.rules.holders import addressees
from engine.rules.roles import found_for, holders, office, others
from engine.rules.votes import verdict
from engine.state import Party, WorkItem


def depart(draft: Draft, event: Depart, actor: Actor | None) -> None:
    """Somebody has gone, or has left a place where they served; refused where nothing of theirs is open."""
    if draft.state.status == "open":
        _roles(draft, event)
        for item in draft.state.items:
            if not item.done:
                _item(draft, event, item)
        recount(draft)
    if draft.unchanged:
        raise Unavailable("这件事项与该人（单位）无关。", "Nothing of theirs is open in this issue.")


def recount(draft: Draft) -> None:
    """Count again where several are asked: what is decided without those who have gone goes on, unless the issue is suspended."""
    if draft.state.suspended:
        return
    for visit in draft.state.visits:
        step = draft.definition.steps[visit.step]
        still = draft.state.visit(visit.number)
        if isinstance(step, EachStep) and still is not None:
            asked = any(item.visit == visit.number and item.kind == "task" for item in draft.state.items)
            if not asked or verdict(draft.state, still, step) is not None or _turn_is_over(draft, visit.number):
                complete(draft, still, step)


def _turn_is_over(draft: Draft, visit: int) -> bool:
    """Whether those who are left all wait for their turn."""
    left = [item for item in draft.state.open_items(visit) if item.kind == "task"]
    return bool(left) and all(item.waiting for item in left)


# -- roles


def _roles(draft: Draft, event: Depart) -> None:
    """Give the roles that they held to whoever the rule of each finds now, and so what they answer for."""
    for role, parties in draft.state.roles.items():
        if event.party in parties and role in draft.definition.roles and not _holds(draft, event, role):
            rest = tuple(party for party in parties if party != event.party)
            draft.record(RoleGiven(role=role, parties=rest, rung=draft.state.rungs.get(role)))
            chosen = _chosen_for(draft, event, role)
            if chosen is not None:
                draft.record(RoleGiven(role=role, parties=(*rest, chosen), rung=draft.state.rungs.get(role)))
            elif not rest:
                holders(draft, role)
    answering = next((key for key, spec in draft.definition.roles.items() if spec.answerable), None)
    if draft.state.answerable == event.party and (event.gone or (answering and not _holds(draft, event, answering))):
        found = (holders(draft, answering) if answering else ()) or office(draft)
        following = next((party for party in found if party != event.party), None)
        if following is not None:
            draft.record(MadeAnswerable(following))


def _chosen_for(draft: Draft, event: Depart, role: str) -> Party | None:
    """The one successor to all open tasks of a role, if each of them has the same."""
    open_items = [
        item
        for item in draft.state.items
        if not item.done
        and event.party in item.candidates
        and stands_for(draft.definition, draft.state, item.role) == role
    ]
    chosen = {_successor(draft, event, item) for item in open_items}
    return chosen.pop() if len(chosen) == 1 else None


def _successor(draft: Draft, event: Depart, item: WorkItem) -> Party | None:
    """Who was chosen to go on with a task; nobody, if they are not in service themselves by now, or may not have it."""
    party = next((one.party for one in event.successors if one.item == item.number), None)
    if party is None or party == event.party or not draft.directory.known(party) or draft.directory.vacant(party):
        return None
    try:
        who_may(draft, item, (party,))
    except Refusal:
        return None
    return party


def _holds(draft: Draft, event: Depart, role: str) -> bool:
    """Whether whoever has left something else still holds a role: they are named for it, or its source still finds them."""
    if event.gone:
        return False
    meant = stands_for(draft.definition, draft.state, role)
    spec = draft.definition.roles.get(meant)
    if spec is None or spec.chosen_by or spec.people or spec.departments or spec.who_did:
        return True
    return event.party in found_for(draft, meant)


# -- tasks


def _item(draft: Draft, event: Depart, item: WorkItem) -> None:
    party = event.party
    if event.gone and item.delegate == party:
        draft.record(ItemDelegated(item=item.number, to=None))
        draft.tell("refused", [one for one in addressees(item) if one != party], step=item.step, item=item.number)
    if event.gone and item.offered == party:
        draft.record(ItemOffered(item=item.number, to=None))
        draft.tell("refused", addressees(item), step=item.step, item=item.number)
    if party in item.candidates and not _holds(draft, event, item.role):
        _without(draft, item, event)
    elif item.owner == party and party not in item.candidates and not _belongs(draft, event, item):
        draft.record(ItemClaimed(item=item.number, owner=None))
        draft.tell("task", item.candidates, step=item.step, item=item.number)


def _belongs(draft: Draft, event: Depart, item: WorkItem) -> bool:
    """Whether whoever claimed an item for a department still belongs to one of its departments."""
    departments = [party for party in item.candidates if refers_to(party, "organisation")]
    return not event.gone and any(event.party in draft.directory.members(one) for one in departments)


def _without(draft: Draft, item: WorkItem, event: Depart) -> None:
    """What becomes of an item one of whose candidates has gone."""
    party, step = event.party, draft.definition.steps[item.step]
    if item.kind in ("question", "consult", "sign"):
        _unanswered(draft, item)
        return
    own = isinstance(step, EachStep) and item.kind == "task" and item.candidates[0] == party
    if own and isinstance(step, EachStep) and _counts_no_more(draft, item, step):
        draft.record(ItemEnded(item=item.number, reason="departed"))
        return
    chosen = _successor(draft, event, item)
    if chosen is not None:
        _given(draft, item, (chosen,))
        return
    rest = tuple(one for one in item.candidates if one != party and not draft.directory.vacant(one))
    if rest and not own:
        claimed = item.owner == party
        draft.record(ItemLeft(item=item.number, party=party))
        if claimed:
            draft.tell("task", rest, step=item.step, item=item.number)
        return
    following = _instead(draft, item, party)
    if not following:
        # in a register with nobody at all the task waits where it is, and verifying finds it
        return
    _given(draft, item, following)


def _given(draft: Draft, item: WorkItem, parties: tuple[Party, ...]) -> None:
    draft.record(ItemGiven(item=item.number, candidates=parties))
    if not item.waiting:
        draft.tell("task", parties, step=item.step, item=item.number)


def _counts_no_more(draft: Draft, item: WorkItem, step: EachStep) -> bool:
    """Whether nobody else has to do the part of somebody who has gone: a vote, or the part of one of several who were looked for."""
    if step.voting:
        return True
    beside = any(
        other.number != item.number and other.role == item.role and other.visit == item.visit
        for other in draft.state.items
    )
    return beside and held(draft.definition, draft.state, item.role) is None


def _instead(draft: Draft, item: WorkItem, party: Party) -> tuple[Party, ...]:
    """Whoever has a task now: those whom the role's rule finds, its fallback, else the office."""
    step = item.step if isinstance(draft.definition.steps[item.step], WaitingStep) else ""
    known = item.role == REPORTER or item.role in draft.definition.roles
    found = (holders(draft, item.role, step) or others(draft, item.role, step)) if known else office(draft)
    rest = tuple(one for one in found if one != party)
    return rest or tuple(one for one in office(draft) if one != party)


def _unanswered(draft: Draft, item: WorkItem) -> None:
    """Nobody will answer any more: whoever asked hears of it, and the clock runs on."""
    draft.record(ItemEnded(item=item.number, reason="departed"))
    about = draft.state.item(item.about)
    if item.asker:
        draft.tell("refused", (item.asker,), step=item.step, item=about.number if about and not about.done else None)
    visit = draft.state.visit(item.visit)
    if visit is not None:
        run_on(draft, visit)
