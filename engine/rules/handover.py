"""What people do with a work item besides acting on it: claim, release, delegate, transfer, ask, answer, add a signer."""

from __future__ import annotations

from msgspec.structs import replace

from definitions.model.action import Mechanics
from definitions.model.reference import refers_to
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from definitions.model.steps.each import EachStep
from engine.change import ItemClaimed, ItemDelegated, ItemDone, ItemGiven, ItemOffered, ItemOpened, RoleGiven
from engine.directory import Actor
from engine.draft import Draft
from engine.event import AddSigner, Answer, Ask, Claim, Comment, Delegate, Release, Reply, Transfer
from engine.refusal import VACANT, Invalid, NotAllowed, Taken, Unavailable
from engine.rules.clocks import Target, end_clock, pause, run_on, start_timers
from engine.rules.exclusion import left_of, recuse, stands_for
from engine.rules.extensions import decided
from engine.rules.holders import addressees, item_to_act_on, open_item
from engine.rules.participation import note
from engine.rules.question import time_to_answer
from engine.rules.votes import weight_of
from engine.state import Party, WorkItem

#: What is answered with yes or no.
_DECIDED = frozenset({"sign", "extension", "shelving"})
#: The role of somebody who was only asked.
ASKED = "asked"


def mechanics(draft: Draft, item: WorkItem) -> Mechanics:
    """What may be done with an item besides its actions; with a mere question, nothing."""
    step = draft.definition.steps[item.step]
    if item.kind != "task" or not isinstance(step, WaitingStep):
        return Mechanics(delegate=False, transfer="no", question=False, consult=False, add_signer=False)
    return draft.definition.mechanics(step)


def _permitted(allowed: bool) -> None:
    if not allowed:
        raise Unavailable("这一步不允许这样做。", "This step does not allow that.")


def _somebody(draft: Draft, party: Party, item: WorkItem, *, decides: bool = True) -> None:
    """The other party exists, does not hold the item already, and need not leave it to others if they are to decide."""
    if not refers_to(party, "participant", "organisation") or not draft.directory.known(party):
        raise Invalid({"to": {"zh": "没有这个人或单位，请重新选择。", "en": "There is no such person or department."}})
    if draft.directory.vacant(party):
        raise Invalid({"to": VACANT})
    if party in addressees(item):
        raise Invalid({"to": {"zh": "这项任务已经在该人（单位）名下。", "en": "They have this task already."}})
    if decides:
        who_may(draft, item, (party,))


def who_may(draft: Draft, item: WorkItem, parties: tuple[Party, ...]) -> None:
    """Refuse to give an item to somebody who must leave it to others."""
    if len(left_of(draft, item, parties)) < len(parties):
        raise Invalid(
            {
                "to": {
                    "zh": "该人（单位）须回避这项任务，请另选。",
                    "en": "This matter concerns them; please choose somebody else.",
                }
            }
        )


def claim(draft: Draft, event: Claim, actor: Actor) -> None:
    """Take an item for oneself."""
    item = item_to_act_on(draft, event.item, actor)
    if item.owner is None and actor.party != item.delegate:
        draft.record(ItemClaimed(item=item.number, owner=actor.party))


def release(draft: Draft, event: Release, actor: Actor) -> None:
    """Give a claimed item back."""
    item = open_item(draft.state, event.item)
    if item.owner == actor.party:
        draft.record(ItemClaimed(item=item.number, owner=None))
        others = tuple(party for party in item.candidates if party != actor.party)
        draft.tell("task", others, step=item.step, item=item.number)
    elif actor.parties.isdisjoint(item.candidates):
        raise NotAllowed
    elif item.owner is not None:
        raise Taken(item.owner)


def delegate(draft: Draft, event: Delegate, actor: Actor) -> None:
    """Let somebody else act on one's behalf, or take that back."""
    item = item_to_act_on(draft, event.item, actor)
    if actor.parties.isdisjoint(item.candidates):
        raise NotAllowed
    if event.to is None:
        draft.record(ItemDelegated(item=item.number, to=None))
        return
    _permitted(mechanics(draft, item).delegate)
    _somebody(draft, event.to, item)
    draft.record(ItemDelegated(item=item.number, to=event.to))
    draft.tell("delegated", (event.to,), step=item.step, item=item.number)


def transfer(draft: Draft, event: Transfer, actor: Actor) -> None:
    """Hand an item over, or offer it where consent is needed."""
    item = item_to_act_on(draft, event.item, actor)
    rule = mechanics(draft, item).transfer
    _permitted(rule != "no" and not actor.parties.isdisjoint(item.candidates))
    _somebody(draft, event.to, item)
    if rule == "with consent":
        draft.record(ItemOffered(item=item.number, to=event.to))
        draft.tell("offered", (event.to,), step=item.step, item=item.number)
    else:
        hand_over(draft, item, (event.to,))


def reply(draft: Draft, event: Reply, actor: Actor) -> None:
    """Accept or refuse an item that was offered."""
    item = open_item(draft.state, event.item)
    if item.offered is None or item.offered not in actor.parties:
        raise NotAllowed
    if event.accept:
        recuse(draft, item, actor)
        hand_over(draft, item, (item.offered,))
        draft.tell("informed", addressees(item), step=item.step)
    else:
        draft.record(ItemOffered(item=item.number, to=None))
        draft.tell("refused", addressees(item), step=item.step, item=item.number)


def hand_over(draft: Draft, item: WorkItem, parties: tuple[Party, ...]) -> None:
    """The item is somebody else's from now on, and so is its role if one person held it for the issue."""
    draft.record(ItemGiven(item=item.number, candidates=parties))
    role = stands_for(draft.definition, draft.state, item.role)
    held = draft.state.roles.get(role, ())
    if held and not set(held).isdisjoint(item.candidates):
        draft.record(RoleGiven(role=role, parties=parties, rung=draft.state.rungs.get(role)))
    draft.tell("transferred", parties, step=item.step, item=item.number)


def ask(draft: Draft, event: Ask, actor: Actor) -> None:
    """Ask somebody: the clock stands while a question is open; it runs on while others are consulted or sign."""
    item = item_to_act_on(draft, event.item, actor)
    allowed = mechanics(draft, item)
    _permitted({"question": allowed.question, "consult": allowed.consult, "sign": allowed.add_signer}[event.how])
    reporter = draft.state.facts.reporter if draft.state.facts else None
    whom = reporter if event.of == REPORTER and reporter is not None else event.of
    _somebody(draft, whom, item, decides=event.how == "sign")
    asked = WorkItem(
        number=draft.next_number(),
        visit=item.visit,
        step=item.step,
        role=REPORTER if whom == reporter else ASKED,
        candidates=(whom,),
        kind=event.how,
        about=item.number,
        text=event.text,
        asker=actor.party,
        deadline=time_to_answer(draft, item.step) if event.how == "question" else None,
    )
    draft.record(ItemOpened(asked))
    draft.tell("asked", (whom,), step=item.step, item=asked.number)
    visit = draft.state.visit(item.visit)
    if event.how == "question" and visit is not None:
        pause(draft, visit)
        start_timers(draft, Target(visit.number, asked.number))


def answer(draft: Draft, event: Answer, actor: Actor) -> None:
    """Answer what one was asked; whoever asked is told. What was asked of an issue that was merged meanwhile is heard where it goes on."""
    if draft.state.survivor is not None:
        note(draft, Comment(event.text), actor)
        return
    item = item_to_act_on(draft, event.item, actor)
    _permitted(item.kind != "task")
    said = ("agree" if event.agree else "disagree") if item.kind in _DECIDED else "answer"
    draft.record(ItemDone(item=item.number, action=said, by=actor.party, values={"text": event.text}))
    end_clock(draft, Target(item.visit, item.number))
    about = draft.state.item(item.about)
    asker = (item.asker,) if item.asker else ()
    draft.tell("answered", asker, step=item.step, item=about.number if about and not about.done else None)
    if item.kind in ("extension", "shelving"):
        decided(draft, item, event.agree)
    visit = draft.state.visit(item.visit)
    if visit is not None:
        run_on(draft, visit)


def add_signer(draft: Draft, event: AddSigner, actor: Actor) -> None:
    """One more party signs beside the others; they count like the others."""
    item = item_to_act_on(draft, event.item, actor)
    step = draft.definition.steps[item.step]
    _permitted(isinstance(step, EachStep) and mechanics(draft, item).add_signer)
    _somebody(draft, event.party, item)
    signing = [other for other in draft.state.items if other.visit == item.visit and event.party in other.candidates]
    if signing:
        raise Invalid({"to": {"zh": "该人（单位）已在会签名单中。", "en": "They sign already."}})
    waiting = isinstance(step, EachStep) and step.in_order
    added = replace(
        item,
        number=draft.next_number(),
        candidates=(event.party,),
        owner=None,
        delegate=None,
        offered=None,
        waiting=waiting,
        weight=weight_of(draft, step, event.party) if isinstance(step, EachStep) else None,
    )
    draft.record(ItemOpened(added))
    if not waiting:
        draft.tell("task", (event.party,), step=item.step, item=added.number)
