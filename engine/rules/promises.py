"""Promises: made with an action, due on a day, kept or broken, and chased."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from definitions.model.action import Pledge
from definitions.model.steps.wait import WaitStep
from engine.change import PromiseEnded, PromiseMade, TimerEnded
from engine.deadlines.deadline import promised_by
from engine.draft import Draft
from engine.rules.clocks import Alarm, set_timer
from engine.rules.exclusion import held
from engine.rules.reminders import remind_at
from engine.rules.roles import told
from engine.state import Party, Promise, State, Timer, Visit


def promise(draft: Draft, pledge: Pledge, values: Mapping[str, Any], by: Party, role: str, step: str) -> None:
    """Record the promise that an action gave with its answers, if its day was filled in, and have it chased."""
    what, day = values.get(pledge.what), values.get(pledge.by)
    if not day:
        return
    made = Promise(number=draft.next_number(), by=by, role=role, what=str(what or ""), due_on=str(day)[:10])
    draft.record(PromiseMade(made))
    for purpose, moment in _moments(draft, made):
        set_timer(draft, Alarm("promise-remind" if purpose == "remind" else "promise-due", moment), promise=made.number)
    draft.tell("promised", chasers(draft), step=step, promise=made.number)


def _moments(draft: Draft, made: Promise) -> list[tuple[str, datetime]]:
    calendar, rules = draft.process.calendar, draft.definition.promises
    due = promised_by(date.fromisoformat(made.due_on), calendar)
    reminders = [remind_at(due, reminder, calendar) for reminder in (rules.remind if rules else ())]
    return [*(("remind", moment) for moment in reminders if moment > draft.now), ("due", max(due.due_at, draft.now))]


def chasers(draft: Draft) -> tuple[Party, ...]:
    """Those who chase promises: the role that the definition names, else whoever answers for the issue."""
    rules = draft.definition.promises
    if rules is not None:
        return told(draft, (rules.chased_by,))
    return (draft.state.answerable,) if draft.state.answerable else ()


def may_settle(draft: Draft, made: Promise, parties: frozenset[Party]) -> bool:
    """Whether somebody may say what became of a promise: who gave it, who chases it, who answers for the issue."""
    rules = draft.definition.promises
    chasing = (held(draft.definition, draft.state, rules.chased_by) or ()) if rules else ()
    return not parties.isdisjoint((made.by, *chasing, *((draft.state.answerable,) if draft.state.answerable else ())))


def keep(draft: Draft, made: Promise, text: str) -> None:
    """The promise was kept, in time or late."""
    draft.record(PromiseEnded(promise=made.number, status="kept", text=text))
    _stop(draft, made)
    reporter = (draft.state.facts.reporter,) if draft.state.facts else ()
    draft.tell("promise-kept", (*chasers(draft), *reporter), promise=made.number)


def break_(draft: Draft, made: Promise, reason: str = "") -> None:
    """The promise was not kept: whoever chases it and whoever the definition names hear of it."""
    draft.record(PromiseEnded(promise=made.number, status="broken", text=reason))
    _stop(draft, made)
    rules = draft.definition.promises
    named = told(draft, rules.told) if rules else ()
    draft.tell("promise-broken", (made.by, *chasers(draft), *named), promise=made.number)


def _stop(draft: Draft, made: Promise) -> None:
    for timer in draft.state.timers:
        if timer.promise == made.number:
            draft.record(TimerEnded(timer=timer.number))


def fire(draft: Draft, timer: Timer) -> None:
    """The clock's part: a reminder, or the end of the day by which it was promised."""
    made = find(draft.state, timer.promise)
    if made is None or made.status != "open":
        return
    if timer.purpose == "promise-remind":
        draft.tell("promise-due", (made.by,), promise=made.number)
    else:
        break_(draft, made)


def find(state: State, number: int | None) -> Promise | None:
    """The promise of this number."""
    return next((made for made in state.promises if made.number == number), None)


def waiting_for_promises(draft: Draft) -> tuple[Visit, ...]:
    """The visits that wait until no promise is open, if none is."""
    if any(made.status == "open" for made in draft.state.promises):
        return ()
    return tuple(
        visit
        for visit in draft.state.visits
        if isinstance(step := draft.definition.steps[visit.step], WaitStep) and step.until == "promises"
    )
