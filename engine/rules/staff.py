"""What staff may do outside the rules, always with a reason: move, reassign, suspend, resume, cancel, reopen, merge, supervise, connect."""

from __future__ import annotations

from definitions.finding import nearest
from definitions.model.definition import Definition
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.text import Said
from engine.change import Linked, MadeAnswerable, Resumed, RoleGiven, SupervisorNamed, Suspended
from engine.directory import Actor
from engine.draft import Draft
from engine.event import Cancel, Connect, Forsake, Merge, Move, Reassign, Reopen, Resume, Supervise, Suspend
from engine.refusal import VACANT, Gone, Invalid, NotAllowed, StandsStill, Unavailable
from engine.rules.clocks import pause, run_on
from engine.rules.closure import finish
from engine.rules.departure import recount
from engine.rules.entry import Arrival, enter
from engine.rules.exit import leave, leave_everything
from engine.rules.handover import hand_over, who_may
from engine.rules.holders import open_item
from engine.rules.merger import merge_into
from engine.rules.outside import take_up as take_up_pending
from engine.rules.participation import busy, take_up
from engine.rules.suspension import unwatch, watch
from engine.rules.timers import ring_held
from engine.state import Link, Party, WorkItem


def by_staff(actor: Actor) -> None:
    """Refuse who does not look after the issue."""
    if not actor.manages:
        raise NotAllowed


def with_reason(reason: str) -> None:
    """Refuse a move without a reason."""
    if not reason.strip():
        raise Invalid({"reason": {"zh": "请写明理由。", "en": "Please give the reason."}})


def _open(draft: Draft) -> None:
    if draft.state.status != "open":
        raise Gone


def _step(definition: Definition, key: str) -> None:
    if key not in definition.steps:
        near = nearest(key, definition.steps)
        zh, en = (
            Said(f"是不是“{near}”？", f"did you mean “{near}”?")
            if near
            else Said("请重新选择。", "please choose another.")
        )
        raise Invalid({"to": {"zh": f"没有步骤“{key}”，{zh}", "en": f"There is no step “{key}”; {en}"}})


def move(draft: Draft, event: Move, actor: Actor) -> None:
    """Lead the issue, or one of its branches, to another step; those whose tasks end are told."""
    _open(draft)
    if draft.state.suspended:
        raise StandsStill
    _step(draft.definition, event.to)
    before = busy(draft.state)
    if event.visit is None:
        leave_everything(draft, "moved")
        enter(draft, event.to)
    else:
        visit = draft.state.visit(event.visit)
        if visit is None:
            raise Gone
        leave(draft, visit, "moved")
        enter(draft, event.to, Arrival(parent=visit.parent, origin=visit.step))
    after = busy(draft.state)
    draft.tell("moved", [party for party in before if party not in after], step=event.to)


def reassign(draft: Draft, event: Reassign, actor: Actor) -> None:
    """Give an item, or a role with all its open items, to others."""
    _open(draft)
    unknown = [party for party in event.parties if not draft.directory.known(party)]
    if unknown or not event.parties:
        raise Invalid({"to": {"zh": "请从名单中选择由谁办理。", "en": "Please choose who is to have it."}})
    if any(draft.directory.vacant(party) for party in event.parties):
        raise Invalid({"to": VACANT})
    if event.item is not None:
        item = open_item(draft.state, event.item)
        who_may(draft, item, event.parties)
        _reassigned(draft, (item.number,), event.parties)
    elif event.role in draft.definition.roles:
        role = event.role or ""
        shared = [item for item in draft.state.items if _shared(draft, item, role)]
        for item in shared:
            who_may(draft, item, event.parties)
        draft.record(RoleGiven(role=role, parties=event.parties, rung=draft.state.rungs.get(role)))
        if draft.definition.roles[role].answerable:
            draft.record(MadeAnswerable(event.parties[0]))
        _reassigned(draft, tuple(item.number for item in shared), event.parties)
    else:
        raise Invalid({"role": {"zh": "没有这个角色。", "en": "There is no such role."}})


def _shared(draft: Draft, item: WorkItem, role: str) -> bool:
    """Whether an open item is for all holders of a role together; those of an ``each`` step are for one holder each."""
    return item.role == role and not item.done and not isinstance(draft.definition.steps[item.step], EachStep)


def _reassigned(draft: Draft, items: tuple[int, ...], parties: tuple[Party, ...]) -> None:
    for number in items:
        item = draft.state.item(number)
        if item is not None:
            hand_over(draft, item, parties)
            draft.tell("moved", [party for party in item.candidates if party not in parties], step=item.step)


def suspend(draft: Draft, event: Suspend, actor: Actor) -> None:
    """Stop the issue: nothing can be done, and no clock runs."""
    _open(draft)
    if draft.state.suspended:
        raise Unavailable("这件事项已经暂停。", "This issue is suspended already.")
    for visit in draft.state.visits:
        if not isinstance(draft.definition.steps[visit.step], ParallelStep):
            pause(draft, visit)
    draft.record(Suspended(event.reason))
    watch(draft)
    _tell_all(draft, "suspended")


def resume(draft: Draft, event: Resume, actor: Actor) -> None:
    """Let a stopped issue go on; deadlines are later by the time for which it stood."""
    _open(draft)
    if not draft.state.suspended:
        raise Unavailable("这件事项没有暂停。", "This issue is not suspended.")
    came = draft.state.pending
    draft.record(Resumed())
    unwatch(draft)
    for visit in draft.state.visits:
        run_on(draft, visit)
    recount(draft)
    _tell_all(draft, "resumed")
    for pending in came:
        take_up_pending(draft, pending)
    ring_held(draft)


def _tell_all(draft: Draft, occasion: str) -> None:
    state = draft.state
    reporter = (state.facts.reporter,) if state.facts else ()
    answerable = (state.answerable,) if state.answerable else ()
    draft.tell(occasion, (*reporter, *answerable, *state.supervisors, *busy(state)))  # type: ignore[arg-type]


def cancel(draft: Draft, event: Cancel, actor: Actor) -> None:
    """End the issue without a result."""
    _open(draft)
    _end(draft, "cancelled")


def forsake(draft: Draft, event: Forsake, actor: Actor | None) -> None:
    """The issue that called this one no longer waits for it: whoever works on it and its reporter hear so, and it may end with that."""
    _open(draft)
    if event.ends:
        _end(draft, "cancelled")
    else:
        reporter = (draft.state.facts.reporter,) if draft.state.facts else ()
        draft.tell("informed", (*reporter, *busy(draft.state)))


def merge(draft: Draft, event: Merge, actor: Actor) -> None:
    """End the issue in favour of another."""
    _open(draft)
    merge_into(draft, event.into)
    _end(draft, "merged")


def _end(draft: Draft, resolution: str) -> None:
    before = busy(draft.state)
    leave_everything(draft, "closed")
    reporter = draft.state.facts.reporter if draft.state.facts else None
    draft.tell("closed", [party for party in before if party != reporter])
    finish(draft, resolution)


def reopen(draft: Draft, event: Reopen, actor: Actor) -> None:
    """Take a closed issue up again at a step."""
    if draft.state.status != "closed":
        raise Unavailable("这件事项还没有办结。", "This issue is not closed.")
    rule = draft.definition.reopen
    to = event.to or (rule.to if rule else None) or draft.definition.start
    _step(draft.definition, to)
    take_up(draft, to)


def supervise(draft: Draft, event: Supervise, actor: Actor) -> None:
    """Name somebody who sees and hears of every step from now on (督办)."""
    _open(draft)
    if not draft.directory.known(event.party):
        raise Invalid({"to": {"zh": "没有这个人，请重新选择。", "en": "There is no such person."}})
    if event.party not in draft.state.supervisors:
        draft.record(SupervisorNamed(parties=(event.party,), reason=event.reason))
        draft.tell("supervised", (event.party,))


def connect(draft: Draft, event: Connect, actor: Actor | None) -> None:
    """Note that another issue has to do with this one."""
    draft.record(Linked(Link(kind=event.relation, issue=event.issue)))
