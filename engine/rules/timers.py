"""The clock's part: reminders, deadlines that have passed, rungs of ladders, waits that are over, matters taken up again."""

from __future__ import annotations

from definitions.model.action import Overdue
from definitions.model.step import TimedStep
from definitions.model.steps.each import EachStep
from engine.change import ItemClaimed, ItemWidened, TimerFired, TimerHeld, Unheard
from engine.draft import Draft
from engine.effect import Occasion
from engine.event import Fire
from engine.refusal import Gone
from engine.rules.clocks import Alarm, Target, alarms_of, set_timer
from engine.rules.completion import complete
from engine.rules.deferral import take_up_again
from engine.rules.exclusion import left_of
from engine.rules.holders import addressees
from engine.rules.limits import fire_limit
from engine.rules.promises import fire as fire_promise
from engine.rules.promises import waiting_for_promises
from engine.rules.question import fire_question
from engine.rules.reminders import next_after
from engine.rules.roles import hand_up, holders, office, tell_roles
from engine.rules.suspension import still_suspended
from engine.rules.ways import go_onward, lead_on
from engine.state import Party, Timer, Visit, WorkItem

#: A reminder that is repeated is given up after so many times.
_MOST_TIMES = 100


def fire(draft: Draft, event: Fire) -> None:
    """A timer's moment has come; while the issue stands still, it rings when the issue goes on."""
    timer = draft.state.timer(event.timer)
    if timer is None or timer.due_at > draft.now:
        raise Gone
    if draft.state.suspended and timer.purpose != "suspended":
        draft.record(TimerHeld(timer=timer.number))
    else:
        _ring(draft, timer)


def ring_held(draft: Draft) -> None:
    """Let what would have rung while the issue stood still ring now; the clocks of steps, tasks and limits see to theirs themselves."""
    for timer in draft.state.held:
        item = draft.state.item(timer.item)
        if timer.promise is not None or timer.purpose == "shelved" or (item is not None and item.runs_alone):
            _ring(draft, timer)
    settle_promises(draft)


def _ring(draft: Draft, timer: Timer) -> None:
    draft.record(TimerFired(timer=timer.number))
    if timer.promise is not None:
        fire_promise(draft, timer)
        settle_promises(draft)
        return
    if timer.purpose == "remind":
        _once_more(draft, timer)
    if timer.purpose == "suspended":
        still_suspended(draft)
        return
    if timer.limit is not None:
        fire_limit(draft, timer)
        return
    visit, item = draft.state.visit(timer.visit), draft.state.item(timer.item)
    if visit is None:
        return
    if item is not None and item.runs_alone:
        fire_question(draft, item, timer)
        return
    if timer.purpose == "wait":
        go_onward(draft, visit, origin=visit.origin)
    elif timer.purpose == "shelved":
        take_up_again(draft, visit)
    elif timer.purpose == "overdue":
        _overdue(draft, visit, timer)
    else:
        _tell_holders(draft, visit, timer, "reminded")


def settle_promises(draft: Draft) -> None:
    """Let the issue go on from where it waits for promises, if none is open any more and it does not stand still."""
    if draft.state.suspended:
        return
    for visit in waiting_for_promises(draft):
        go_onward(draft, visit, origin=visit.origin)


def _once_more(draft: Draft, timer: Timer) -> None:
    """Set a reminder that is repeated again, later than now: what was missed meanwhile is not made up for."""
    target = Target(timer.visit, timer.item, timer.limit)
    reminders = alarms_of(draft, target).remind
    rule = reminders[timer.index] if timer.index < len(reminders) else None
    if rule is None or not rule.every or rule.offset is None or timer.times >= _MOST_TIMES:
        return
    moment = timer.due_at
    while moment <= draft.now:
        moment = next_after(moment, rule.offset, draft.process.calendar)
    set_timer(draft, Alarm("remind", moment, timer.index, timer.times + 1), target)


def _late(draft: Draft, visit: Visit, timer: Timer) -> tuple[WorkItem, ...]:
    """The open items that a timer is about; those with a deadline of their own are not late with the others."""
    items = [item for item in draft.state.open_items(visit.number) if item.kind == "task" and not item.waiting]
    if timer.item is not None:
        return tuple(item for item in items if item.number == timer.item)
    return tuple(item for item in items if item.deadline is None)


def _tell_holders(draft: Draft, visit: Visit, timer: Timer, occasion: Occasion) -> None:
    for item in _late(draft, visit, timer):
        draft.tell(occasion, addressees(item), step=visit.step, item=item.number)


def _overdue(draft: Draft, visit: Visit, timer: Timer) -> None:
    """One rung: the holders hear of the first, whoever it names hears of it, and it may lead the issue on."""
    step = draft.definition.steps[visit.step]
    assert isinstance(step, TimedStep)
    rung = step.overdue[timer.index] if 0 <= timer.index < len(step.overdue) else None
    if isinstance(step, EachStep) and step.ends_at_the_deadline and timer.item is None:
        if rung is not None:
            tell_roles(draft, "overdue", rung.tell, step=visit.step)
        complete(draft, visit, step, over=True)
        return
    moves = rung is not None and timer.item is None and bool(rung.to or rung.hand_up)
    if not moves and (rung is None or rung.after is None):
        # where the issue moves on by itself, there is nothing left for the holders to hurry with
        _tell_holders(draft, visit, timer, "overdue")
    if rung is None:
        return
    heard = tell_roles(draft, "overdue", rung.tell, step=visit.step)
    if rung.escalate:
        heard = _escalate(draft, visit, timer, holders(draft, rung.escalate)) or heard
    if not heard and not moves and (rung.told or rung.escalate):
        _nobody(draft, visit, rung)
    if rung.hand_up and rung.to is None and rung.then is None:
        hand_up(draft, rung.hand_up, visit.step)
    elif moves:
        lead_on(draft, visit, rung, "overdue", None, "overdue")


def _escalate(draft: Draft, visit: Visit, timer: Timer, parties: tuple[Party, ...]) -> bool:
    """Those one level up may act too, and are told once; a claim no longer keeps them out. Whether there was anybody."""
    heard: dict[Party, int] = {}
    late = _late(draft, visit, timer)
    for item in late:
        allowed = left_of(draft, item, parties)
        if not allowed:
            continue
        draft.record(ItemWidened(item=item.number, candidates=allowed))
        if item.owner is not None:
            draft.record(ItemClaimed(item=item.number, owner=None))
        heard = {**dict.fromkeys(allowed, item.number), **heard}
    if heard:
        draft.tell("escalated", tuple(heard), step=visit.step, item=next(iter(heard.values())))
    return bool(heard or (parties and not late))


def _nobody(draft: Draft, visit: Visit, rung: Overdue) -> None:
    """Nobody holds the roles that a rung names: whoever answers for the issue hears of it, else the office."""
    roles = (*rung.told, *((rung.escalate,) if rung.escalate else ()))
    draft.record(Unheard(step=visit.step, roles=roles))
    answerable = (draft.state.answerable,) if draft.state.answerable else ()
    draft.tell("overdue", answerable or office(draft), step=visit.step)
