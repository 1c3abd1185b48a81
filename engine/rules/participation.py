"""What those who take part may do with the issue as a whole: withdraw, urge, reopen, remark."""

from __future__ import annotations

from datetime import datetime

from definitions.model.role import REPORTER
from engine.change import Counted, FollowersJoined, Reopened, Urged
from engine.deadlines.deadline import reckon
from engine.directory import Actor
from engine.draft import Draft
from engine.event import Attach, Comment, Follow, Reopen, Urge, Withdraw
from engine.process import Process
from engine.refusal import Gone, NotAllowed, TooSoon, Unavailable
from engine.rules.closure import finish
from engine.rules.entry import Arrival, enter
from engine.rules.exclusion import held
from engine.rules.exit import leave_everything
from engine.rules.holders import addressees
from engine.rules.merger import follow_no_more, part_again, refer
from engine.rules.roles import station_staff, told
from engine.state import Party, State


def takes_part(state: State, actor: Actor) -> bool:
    """Whether a person has to do with an issue."""
    return not actor.parties.isdisjoint(involved(state))


def involved(state: State) -> set[Party]:
    """All who have to do with an issue: raised, follow, answer for or supervise it, hold a role, or are asked something."""
    found = {party for given in state.roles.values() for party in given} | {*state.supervisors, *state.followers}
    found.update(party for given in state.relay.values() for party in given)
    for item in state.items:
        found.update(item.candidates)
        found.update(party for party in (item.delegate, item.offered) if party)
    found.update(promise.by for promise in state.promises)
    if state.facts is not None:
        found.add(state.facts.reporter)
    if state.answerable is not None:
        found.add(state.answerable)
    return found


def busy(state: State) -> tuple[Party, ...]:
    """Everybody who has an open item."""
    return tuple(dict.fromkeys(party for item in state.items if not item.done for party in addressees(item)))


def note(draft: Draft, event: Comment | Attach, actor: Actor) -> None:
    """Whoever takes part may add to an issue, and so may those who look after it; those who have an open task in it are told of a remark.

    After the end, whoever answers for it and its station are.

    The reporter hears of every remark that they may read, and of no other.
    """
    if not (actor.oversees or takes_part(draft.state, actor)):
        raise NotAllowed
    if isinstance(event, Comment):
        reporter = draft.state.facts.reporter if draft.state.facts else None
        there = busy(draft.state) if draft.state.status == "open" else _afterwards(draft)
        parties = [party for party in there if party not in (actor.party, reporter)]
        if event.public and reporter is not None and reporter != actor.party:
            parties.append(reporter)
        draft.tell("commented", parties)
    refer(draft, event, actor)


def _afterwards(draft: Draft) -> tuple[Party, ...]:
    """Who hears of what is said after the end: whoever answers for the issue, and those who look after it at its station."""
    answerable = (draft.state.answerable,) if draft.state.answerable else ()
    return tuple(dict.fromkeys((*answerable, *station_staff(draft))))


def withdraw(draft: Draft, event: Withdraw, actor: Actor) -> None:
    """The reporter takes the issue back, as long as the definition lets them; of one that was merged, they may always."""
    if draft.state.facts is None or actor.party != draft.state.facts.reporter:
        if draft.state.facts is None or not follow_no_more(draft, actor):
            raise NotAllowed
        answerable = (draft.state.answerable,) if draft.state.answerable else ()
        draft.tell("commented", [party for party in (*busy(draft.state), *answerable) if party != actor.party])
        return
    if refer(draft, event, actor):
        return
    if draft.state.status != "open":
        raise Gone
    if not may_withdraw(draft.process, draft.state, draft):
        raise Unavailable("事项已进入办理，不能再撤回。", "The issue has gone too far to be withdrawn.")
    rule = draft.definition.withdraw
    parties = (*busy(draft.state), *(told(draft, rule.told) if rule else ()))
    leave_everything(draft, "withdrawn")
    draft.tell("withdrawn", [party for party in parties if party != actor.party])
    if rule and rule.to is not None:
        enter(draft, rule.to, Arrival(resolution="withdrawn"))
    else:
        finish(draft, "withdrawn")


def may_withdraw(process: Process, state: State, draft: Draft) -> bool:
    """Whether every open visit lies before the step or stage up to which the issue may be withdrawn, and the guard holds."""
    rule = process.definition.withdraw
    if rule is False:
        return False
    order = list(process.definition.steps)
    first = next((key for key in order if rule.until in (key, process.definition.stage_of[key])), None)
    before = order.index(first) if first else len(order)
    early = all(order.index(visit.step) < before for visit in state.visits)
    return early and (rule.when is None or draft.holds(rule.when, "withdraw"))


def urge(draft: Draft, event: Urge, actor: Actor) -> None:
    """Urge those who have the open tasks; one person does so only every so often."""
    if draft.state.status != "open" and draft.state.survivor is None:
        raise Gone
    if not may_urge(draft, actor):
        raise NotAllowed
    if urged_until(draft, actor) is not None:
        raise TooSoon
    draft.record(Urged(by=actor.party, at=draft.now))
    if refer(draft, event, actor):
        return
    for item in draft.state.items:
        if not item.done and not item.waiting and item.role != "reporter":
            parties = [party for party in addressees(item) if party not in actor.parties]
            draft.tell("urged", parties, step=item.step, item=item.number)


def follow(draft: Draft, event: Follow, actor: Actor) -> None:
    """Whoever has the same matter follows the issue instead of reporting it again, where the definition shows it to others."""
    state = draft.state
    if draft.definition.alike is None:
        raise NotAllowed
    if state.status != "open":
        raise Gone
    if actor.party in state.followers or (state.facts is not None and actor.party == state.facts.reporter):
        raise Unavailable(
            "您已经跟上这件事，有进展会通知您。", "You follow this already, and hear of it when there is news."
        )
    draft.record(FollowersJoined((actor.party,)))


def urged_until(draft: Draft, actor: Actor) -> datetime | None:
    """Until when somebody who has urged gives it some time; ``None`` if they may urge."""
    rule, before = draft.definition.urge, draft.state.urged.get(actor.party)
    again = reckon(rule.every, before, draft.process.calendar).due_at if rule and before is not None else None
    return again if again is not None and again > draft.now else None


def may_urge(draft: Draft, actor: Actor) -> bool:
    """Whether the definition lets a person urge; supervisors, whoever answers for the issue, and its staff always may."""
    rule, state = draft.definition.urge, draft.state
    if actor.manages or not actor.parties.isdisjoint((*state.supervisors, state.answerable or "")):
        return True
    if rule is False:
        return False
    named = {party for role in rule.by for party in held(draft.definition, draft.state, role) or ()}
    if REPORTER in rule.by:
        # whose issue was merged into this one, may urge as they could before
        named.update(state.followers)
    return not actor.parties.isdisjoint(named)


def reopen(draft: Draft, event: Reopen, actor: Actor) -> None:
    """A participant has a closed issue taken up again, within the time and as often as the definition says."""
    if not may_reopen(draft, actor):
        raise Unavailable("这件事项不能再重开。", "This issue cannot be reopened any more.")
    rule = draft.definition.reopen
    assert rule is not None
    values = draft.checked(rule.ask, event.values)
    take_up(draft, rule.to)
    draft.fill(values)


def may_reopen(draft: Draft, actor: Actor) -> bool:
    """Whether a participant may reopen the issue now."""
    rule, state = draft.definition.reopen, draft.state
    if rule is None or state.status != "closed" or state.closed_at is None:
        return False
    named = {party for role in rule.by for party in held(draft.definition, draft.state, role) or ()}
    over = reckon(rule.within, state.closed_at, draft.process.calendar).due_at
    times = state.counts.get("reopen", 0)
    return not actor.parties.isdisjoint(named) and draft.now < over and times < rule.at_most


def take_up(draft: Draft, step: str) -> None:
    """Open a closed issue again at a step: its clocks start anew."""
    state = draft.state
    part_again(draft)
    draft.record(Reopened())
    draft.record(Counted(action="reopen", times=state.counts.get("reopen", 0) + 1))
    reporter = (state.facts.reporter,) if state.facts else ()
    draft.tell("reopened", (*reporter, *((state.answerable,) if state.answerable else ()), *state.supervisors))
    enter(draft, step, Arrival())
