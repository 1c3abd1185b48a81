"""Migration: a running issue goes on by another version of its definition, under a plan.

What people did stays done: votes and answers are kept, branches that have joined stay joined, and nothing that has rung rings again. A deadline
stays as it was promised unless the plan has it reckoned again, from its start, with its pauses and extensions. Only a task whose plan says so
ends, and its step is entered anew; no step that needs nobody is run again.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from definitions.model.step import TimedStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.parallel import ParallelStep
from definitions.model.term import Terms
from engine.change import ItemDue, LimitChanged, Migrated, TimerEnded, VisitChanged
from engine.deadlines.deadline import Deadline, reckon
from engine.directory import Directory
from engine.draft import Draft
from engine.event import Migrate
from engine.migration.check import Obstacle, Versions, obstacles
from engine.migration.plan import MigrationPlan
from engine.outcome import Outcome
from engine.refusal import Unavailable
from engine.rules.clocks import Target, deadline_at, end_timers, set_timers, stands, targets_of, term_of
from engine.rules.completion import complete
from engine.rules.entry import Arrival, enter
from engine.rules.exit import leave
from engine.rules.limits import settle_limits
from engine.rules.votes import verdict
from engine.rules.ways import go_on
from engine.state import State, Visit


class Hindered(Unavailable):
    """The issue cannot go on by the other version, or not now: ``obstacles`` says why."""

    def __init__(self, found: tuple[Obstacle, ...]) -> None:
        self.obstacles = found
        super().__init__("；".join(one.zh for one in found) + "。", "; ".join(one.en for one in found) + ".")


def migrate(
    versions: Versions, plan: MigrationPlan, state: State, event: Migrate, now: datetime, directory: Directory
) -> Outcome:
    """Let an issue go on by the new version; ``Hindered`` if it cannot."""
    hindrances = obstacles(versions, plan, state, now, directory)
    if hindrances:
        raise Hindered(hindrances)
    draft = Draft(versions.new, state, now, directory)
    _rename(draft, versions, plan, event)
    for before in state.visits:
        _clocks(draft, versions, plan, before)
    for limit in tuple(draft.state.limits):
        _limit(draft, versions, plan, limit)
    draft.fill({})
    for before in state.visits:
        if plan.steps[before.step].tasks == "reissue":
            _reissue(draft, before)
    for before in state.visits:
        _settle(draft, before.number)
    settle_limits(draft)
    return draft.outcome()


def _rename(draft: Draft, versions: Versions, plan: MigrationPlan, event: Migrate) -> None:
    gone = tuple(key for key in draft.state.limits if key not in versions.new.definition.limits)
    for timer in (*draft.state.timers, *draft.state.held):
        if timer.limit in gone:
            draft.record(TimerEnded(timer=timer.number))
    draft.record(
        Migrated(
            before=event.before,
            after=event.after,
            steps={old: move.to for old, move in plan.steps.items()},
            fields={old: new for old, new in plan.fields.items() if old != new},
            roles={old: new for old, new in plan.roles.items() if old != new},
            limits=gone,
        )
    )


def _clocks(draft: Draft, versions: Versions, plan: MigrationPlan, before: Visit) -> None:
    """Bring the deadlines of a visit, and what rings for them, to the new version."""
    move, visit = plan.steps[before.step], draft.state.visit(before.number)
    if visit is None or move.tasks == "reissue":
        return
    if move.deadline == "recompute":
        _reckon_again(draft, visit)
    new, old = draft.definition.steps[visit.step], versions.old.definition.steps[before.step]
    for target in targets_of(draft.state, draft.state.visit(visit.number) or visit):
        if move.deadline == "recompute" or _rings_otherwise(old, new):
            _ring(draft, target)
    for timer in (*draft.state.timers, *draft.state.held):
        if _orphan(draft, timer.visit, timer.item) and timer.visit == visit.number and timer.purpose != "shelved":
            draft.record(TimerEnded(timer=timer.number))


def _orphan(draft: Draft, visit: int, item: int | None) -> bool:
    """Whether what a timer rings for has no deadline any more."""
    return deadline_at(draft.state, Target(visit, item)) is None


def _rings_otherwise(old: object, new: object) -> bool:
    if not isinstance(old, TimedStep) or not isinstance(new, TimedStep):
        return False
    return (old.remind, [rung.after for rung in old.overdue]) != (new.remind, [rung.after for rung in new.overdue])


def _ring(draft: Draft, target: Target) -> None:
    """Set anew what is still to ring; what has rung does not ring again, and while a clock stands nothing is set."""
    if not stands(draft.state, target):
        set_timers(draft, target, end_timers(draft, target))


def _reckon_again(draft: Draft, visit: Visit) -> None:
    step = draft.definition.steps[visit.step]
    if not isinstance(step, TimedStep):
        return
    if step.waits_for_time:
        due = visit.deadline
        if step.length is not None and due is not None:
            due = reckon(step.length, due.start, draft.process.calendar, due.pauses, due.extensions)
    else:
        due = _anew(draft, step.within, visit.deadline, visit.entered_at, visit.step)
    if due != visit.deadline:
        draft.record(VisitChanged(replace(visit, deadline=due)))
    if isinstance(step, EachStep):
        for item in draft.state.open_items(visit.number):
            own = _anew(draft, step.within_each.get(item.role), item.deadline, visit.entered_at, visit.step)
            if own != item.deadline and own is not None:
                draft.record(ItemDue(item=item.number, deadline=own))


def _anew(draft: Draft, terms: Terms | None, due: Deadline | None, entered: datetime, step: str) -> Deadline | None:
    """A deadline from where it began, by the rule that holds now, with the pauses and extensions that it had."""
    term = term_of(draft, terms, step) if terms else None
    if term is None:
        return None
    pauses, extensions = (due.pauses, due.extensions) if due else ((), ())
    return reckon(term, due.start if due else entered, draft.process.calendar, pauses, extensions)


def _limit(draft: Draft, versions: Versions, plan: MigrationPlan, key: str) -> None:
    clock, rule = draft.state.limits[key], draft.definition.limits[key]  # type: ignore[index]
    if plan.limits == "recompute":
        due = _anew(draft, rule.within, clock.deadline, clock.deadline.start, f"limits.{key}")
        if due is not None and due != clock.deadline:
            draft.record(LimitChanged(limit=key, clock=replace(clock, deadline=due)))
    old = versions.old.definition.limits[key]  # type: ignore[index]
    same = (old.remind, [rung.after for rung in old.overdue]) == (rule.remind, [rung.after for rung in rule.overdue])
    if plan.limits == "recompute" or not same:
        _ring(draft, Target(limit=key))


def _reissue(draft: Draft, before: Visit) -> None:
    """End the tasks of a visit and enter its step anew; whoever gets them is told."""
    visit = draft.state.visit(before.number)
    if visit is not None:
        leave(draft, visit, "moved")
        enter(draft, visit.step, Arrival(parent=visit.parent, origin=visit.origin))


def _settle(draft: Draft, number: int) -> None:
    """Go on from what the new version holds to be complete: enough votes, enough branches."""
    visit = draft.state.visit(number)
    if visit is None or draft.state.suspended:
        return
    step = draft.definition.steps[visit.step]
    if isinstance(step, EachStep) and visit.paused_at is None and verdict(draft.state, visit, step) is not None:
        complete(draft, visit, step)
    elif isinstance(step, ParallelStep) and 0 < step.join.needed(visit.branches) <= visit.joined:
        go_on(draft, visit, step.to, origin=visit.origin, resolution=step.ended, reason="joined")
