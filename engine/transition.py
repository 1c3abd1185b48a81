"""What an event leads to."""

from __future__ import annotations

from datetime import datetime

from definitions import form
from definitions.step import Action, EachStep, TaskStep, WaitingStep
from engine.change import Counted, Filled, ItemClaimed, ItemDone, ItemWidened, TimerFired
from engine.directory import Actor, Directory
from engine.draft import Draft
from engine.entering import enter
from engine.event import Act, Attach, Claim, Comment, Event, Fire, Release
from engine.leaving import leave
from engine.outcome import Occasion, Outcome
from engine.people import holders, told
from engine.process import Process
from engine.refusal import Gone, Invalid, NotAllowed, Taken, Unavailable
from engine.state import Party, State, Visit, WorkItem


def transition(
    process: Process, state: State, event: Event, now: datetime, directory: Directory, actor: Actor | None = None
) -> Outcome:
    """Decide an event; a ``Refusal`` leaves everything as it was. ``actor`` is ``None`` for the clock alone."""
    draft = Draft(process, state, now, directory)
    match event:
        case Fire():
            _fire(draft, event)
        case _ if actor is None:
            raise NotAllowed
        case Act():
            _act(draft, event, actor)
        case Claim():
            _claim(draft, event, actor)
        case Release():
            _release(draft, event, actor)
        case Comment() | Attach():
            _note(draft, event, actor)
    return draft.outcome()


def _open_item(state: State, number: int) -> WorkItem:
    item = state.item(number)
    if item is None or item.done or state.status != "open":
        raise Gone
    return item


def own_item(state: State, number: int, actor: Actor) -> WorkItem:
    """The open item, if this person may act on it; else the refusal that says why not."""
    item = _open_item(state, number)
    if actor.parties.isdisjoint(item.candidates):
        raise NotAllowed
    if item.owner is not None and item.owner != actor.party:
        raise Taken(item.owner)
    return item


def _act(draft: Draft, event: Act, actor: Actor) -> None:
    item = own_item(draft.state, event.item, actor)
    step = draft.process.step(item.step)
    assert isinstance(step, WaitingStep)
    action = step.actions.get(event.action)
    if action is None or (action.when is not None and not draft.holds(action.when, item.step)):
        raise Unavailable(
            "现在不能这样办理，请刷新页面。", f"“{event.action}” cannot be done now; please reload the page."
        )
    checked = form.check(action.ask, event.values, required=True, known=draft.directory.known)
    if checked.errors:
        raise Invalid(checked.errors)
    draft.record(ItemDone(item=item.number, action=event.action, by=actor.party, values=checked.values))
    if checked.values and (isinstance(step, TaskStep) or _leads(step, item) or action.to):
        draft.record(Filled(checked.values))
    draft.tell("informed", told(draft, action.tell), step=item.step, action=event.action)
    _follow(draft, item, step, event.action, action)


def _leads(step: WaitingStep, item: WorkItem) -> bool:
    return isinstance(step, EachStep) and item.role == step.each[0]


def _follow(draft: Draft, item: WorkItem, step: WaitingStep, name: str, action: Action) -> None:
    """Lead on from a finished item: by the action's own way, or by the step's when enough items are done."""
    visit = draft.state.visit(item.visit)
    assert visit is not None
    target = _bounded(draft, item.step, name, action) or _onward(draft, visit, step)
    if target:
        leave(draft, visit)
        enter(draft, target, action.resolution)


def _bounded(draft: Draft, step: str, name: str, action: Action) -> str | None:
    if action.at_most is None or action.to is None:
        return action.to
    key = f"{step}.{name}"
    times = draft.state.counts.get(key, 0) + 1
    draft.record(Counted(action=key, times=times))
    return action.to if times <= action.at_most else action.then


def _onward(draft: Draft, visit: Visit, step: WaitingStep) -> str | None:
    if isinstance(step, TaskStep):
        return step.to
    assert isinstance(step, EachStep)
    items = [item for item in draft.state.items if item.visit == visit.number]
    if step.until == "lead":
        items = [item for item in items if item.role == step.each[0]]
    enough = any if step.until == "any" else all
    return step.to if enough(item.done for item in items) else None


def _claim(draft: Draft, event: Claim, actor: Actor) -> None:
    item = own_item(draft.state, event.item, actor)
    if item.owner is None:
        draft.record(ItemClaimed(item=item.number, owner=actor.party))


def _release(draft: Draft, event: Release, actor: Actor) -> None:
    item = own_item(draft.state, event.item, actor)
    if item.owner is not None:
        draft.record(ItemClaimed(item=item.number, owner=None))


def takes_part(state: State, actor: Actor) -> bool:
    """Whether the person has, or had, anything to do with the issue: reporter, holder of a role, candidate of an open item."""
    parties = {party for given in state.roles.values() for party in given}
    parties.update(party for item in state.items for party in item.candidates)
    if state.facts:
        parties.add(state.facts.reporter)
    return not actor.parties.isdisjoint(parties)


def _note(draft: Draft, event: Comment | Attach, actor: Actor) -> None:
    """Remarks and files change nothing in the process; those who are at work on the issue hear of a remark.

    The reporter hears of every remark that they may read, and of no other.
    """
    if not (actor.oversees or takes_part(draft.state, actor)):
        raise NotAllowed
    if isinstance(event, Comment):
        reporter = draft.state.facts.reporter if draft.state.facts else None
        parties = [party for item in draft.state.items if not item.done for party in _addressees(item)]
        parties = [party for party in parties if party not in (actor.party, reporter)]
        if event.public and reporter is not None and reporter != actor.party:
            parties.append(reporter)
        draft.tell("commented", tuple(dict.fromkeys(parties)))


def _addressees(item: WorkItem) -> tuple[Party, ...]:
    return (item.owner,) if item.owner else item.candidates


def _fire(draft: Draft, event: Fire) -> None:
    timer = draft.state.timer(event.timer)
    if timer is None or timer.due_at > draft.now:
        raise Gone
    draft.record(TimerFired(timer=timer.number))
    visit = draft.state.visit(timer.visit)
    if visit is None:
        return
    if timer.purpose == "overdue":
        _overdue(draft, visit)
    else:
        _tell_holders(draft, visit, "reminded")


def _tell_holders(draft: Draft, visit: Visit, occasion: Occasion) -> None:
    for item in draft.state.open_items(visit.number):
        draft.tell(occasion, _addressees(item), step=visit.step, item=item.number)


def _overdue(draft: Draft, visit: Visit) -> None:
    step = draft.process.step(visit.step)
    assert isinstance(step, WaitingStep)
    if step.overdue is None or step.overdue.to is None:
        # where the issue moves on by itself, there is nothing left for the holders to hurry with
        _tell_holders(draft, visit, "overdue")
    if step.overdue is None:
        return
    draft.tell("overdue", told(draft, step.overdue.tell), step=visit.step)
    if step.overdue.escalate:
        _escalate(draft, visit, holders(draft, step.overdue.escalate))
    if step.overdue.to:
        leave(draft, visit, "overdue")
        enter(draft, step.overdue.to, step.overdue.resolution)


def _escalate(draft: Draft, visit: Visit, parties: tuple[Party, ...]) -> None:
    """Those one level up may act too, and are told; a claim no longer keeps them out."""
    for item in draft.state.open_items(visit.number):
        draft.record(ItemWidened(item=item.number, candidates=parties))
        if item.owner is not None:
            draft.record(ItemClaimed(item=item.number, owner=None))
        draft.tell("escalated", parties, step=visit.step, item=item.number)
