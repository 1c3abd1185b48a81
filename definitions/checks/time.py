"""Every wait for a person has a deadline, and what is said about time does not contradict itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from definitions.checks.terms import check_reminders, check_terms, may_be_empty
from definitions.model.action import BACK, Overdue
from definitions.model.allowance import Extension
from definitions.model.definition import Definition
from definitions.model.duration import Duration, Reminder
from definitions.model.limit import Limit, LimitRung
from definitions.model.question import Questions
from definitions.model.role import REPORTER
from definitions.model.step import TimedStep, WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.term import Terms, field_of
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said


def check(definition: Definition) -> Iterator[Problem]:
    """Waiting steps say how long, and what happens then; terms, reminders and ladders fit together."""
    for name, limit in definition.limits.items():
        yield from _limit(definition, ("limits", name), limit)
    yield from _questions(definition, ("questions",), definition.questions)
    for key, step in definition.steps.items():
        path = (definition.stage_of[key], key)
        if isinstance(step, EachStep):
            yield from _within_each(definition, path, step)
        if isinstance(step, WaitingStep):
            yield from _allowances(definition, path, step)
            yield from _asked_of_others(definition, path, step)
        if isinstance(step, TimedStep):
            yield from _continues(definition, path, step)
            yield from _never_rings(path, step) if step.waits_for_time else _waits(definition, path, step)


def _waits(definition: Definition, path: Path, step: TimedStep) -> Iterator[Problem]:
    """A step that waits for people or others has a deadline, and says what happens when it has passed."""
    key = path[-1]
    if step.within is None:
        yield problem(
            "no-deadline",
            path,
            Said(f"步骤“{key}”一直等下去，却没有期限。", f"The step “{key}” waits without a deadline."),
            Said("请写期限，例如 within: 3 working days。", "Give it one, for example within: 3 working days."),
        )
        return
    yield from _timed(definition, path, step.within, step.remind, step.overdue)
    if not step.overdue and not step.ends_at_the_deadline:
        yield problem(
            "no-overdue",
            path,
            Said(
                f"步骤“{key}”没有写逾期后怎么办。",
                f"The step “{key}” does not say what happens when it is overdue.",
            ),
            Said(
                "请写 overdue，例如 overdue: {tell: clerk} 或 overdue: {escalate: supervisor}。",
                "Say it, for example overdue: {tell: clerk} or overdue: {escalate: supervisor}.",
            ),
        )


def _never_rings(path: Path, step: TimedStep) -> Iterator[Problem]:
    """A wait for a time ends by itself: no deadline counts beside it."""
    given = {"within": step.within, "remind": step.remind, "overdue": step.overdue}
    keys = [key for key, value in given.items() if value]
    if keys:
        yield problem(
            "never-rings",
            (*path, keys[0]),
            Said(
                f"等到时间的步骤自己结束，{'、'.join(keys)} 不起作用。",
                f"A wait for a time ends by itself; {', '.join(keys)} never counts here.",
            ),
            Said(f"请删去 {'、'.join(keys)}。", f"Remove {', '.join(keys)}."),
        )


def _continues(definition: Definition, path: Path, step: TimedStep) -> Iterator[Problem]:
    """A clock that goes on is that of a step to which issues come back."""
    if step.clock != "continues":
        return
    place = (*path, "clock")
    if step.within is None or step.waits_for_time:
        said = Said("这一步没有期限，谈不上接着算。", "The step has no deadline that could go on.")
        yield problem(
            "continues-nothing", place, said, Said("请写 within，或删去 clock。", "Give it within, or remove clock.")
        )
    elif str(path[-1]) not in _comes_back(definition, str(path[-1])):
        yield problem(
            "never-comes-back",
            place,
            Said("事项离开这一步以后不会再回来。", "No issue ever comes back to this step."),
            Said("请删去 clock，或让某一步回到这里。", "Remove clock, or let a step lead back here."),
        )


def _comes_back(definition: Definition, key: str) -> set[str]:
    """All steps that lie behind a step."""
    backs = any(way.to == BACK for step in definition.steps.values() for _, way in step.ways())
    found: set[str] = {key} if backs else set()
    open_ = [key]
    while open_:
        for target in definition.steps[open_.pop()].targets():
            if target in definition.steps and target not in found:
                found.add(target)
                open_.append(target)
    return found


def check_calendar(definition: Definition, known: Sequence[str]) -> Iterator[Problem]:
    """The calendar is one of those that there are."""
    if definition.calendar not in known:
        yield unknown("unknown-calendar", ("calendar",), Said("日历", "calendar"), definition.calendar, known)


def _limit(definition: Definition, path: Path, limit: Limit) -> Iterator[Problem]:
    stage = str(path[-1])
    if stage != "issue" and not definition.stage(stage):  # type: ignore[arg-type]
        said = Said(
            f"“{stage}”阶段没有步骤，期限不起作用。",
            f"The stage “{stage}” has no steps, so its limit has no effect.",
        )
        yield problem("limit-of-nothing", path, said, Said("请删去它。", "Remove it."))
    for key in limit.restarts_at:
        if key not in definition.steps:
            yield unknown("unknown-step", (*path, "restarts at"), Said("步骤", "step"), key, definition.steps)
    yield from _timed(definition, path, limit.within, limit.remind, limit.overdue)
    if not limit.overdue:
        yield problem(
            "no-overdue",
            path,
            Said("没有写逾期后告诉谁。", "It does not say who hears that the time has run out."),
            Said("请写 overdue，例如 overdue: {tell: clerk}。", "Say it, for example overdue: {tell: clerk}."),
        )


def _asked_of_others(definition: Definition, path: Path, step: WaitingStep) -> Iterator[Problem]:
    if step.questions is None:
        return
    yield from _questions(definition, (*path, "questions"), step.questions)
    if not definition.mechanics(step).question:
        yield problem(
            "questions-of-nobody",
            (*path, "questions"),
            Said("这一步不能征询（question: false），写期限没有用。", "Nothing may be asked here (question: false)."),
            Said("请删去 questions，或允许征询。", "Remove questions, or allow them."),
        )


def _questions(definition: Definition, path: Path, rule: Questions) -> Iterator[Problem]:
    """The time to answer fits together; a day that may be empty needs another term beside it, wherever the question is asked."""
    remind = rule.remind if "remind" in rule.model_fields_set else ()
    yield from _timed(definition, path, rule.within, remind, rule.overdue)
    last = field_of(rule.within.choices[-1].is_) if rule.within.choices else None
    if last in definition.data:
        yield may_be_empty(definition, (*path, "within"), last or "", None)


def _within_each(definition: Definition, path: Path, step: EachStep) -> Iterator[Problem]:
    for role, terms in step.within_each.items():
        if role not in step.each:
            yield unknown("unknown-role", (*path, "within each", role), Said("角色", "role"), role, step.each)
        yield from check_terms(definition, (*path, "within each", role), terms)


def _timed(
    definition: Definition,
    path: Path,
    within: Terms,
    remind: tuple[Reminder, ...],
    rungs: tuple[Overdue | LimitRung, ...],
) -> Iterator[Problem]:
    yield from check_terms(definition, (*path, "within"), within)
    yield from check_reminders((*path, "remind"), within, remind)
    yield from _ladder((*path, "overdue"), rungs)


def _ladder(path: Path, rungs: tuple[Overdue | LimitRung, ...]) -> Iterator[Problem]:
    before: Duration | None = None
    for index, rung in enumerate(rungs):
        place = (*path, index) if len(rungs) > 1 else path
        if index and (
            rung.after is None or (before and before.unit == rung.after.unit and before.amount >= rung.after.amount)
        ):
            yield problem(
                "rung-order",
                place,
                Said("这一级不晚于上一级。", "This rung is not later than the one before."),
                Said(
                    "请从早到晚写，例如 after: 5 working days。",
                    "Write the earlier ones first, for example after: 5 working days.",
                ),
            )
        if index < len(rungs) - 1 and isinstance(rung, Overdue) and rung.to is not None:
            yield problem(
                "rung-after-the-way",
                place,
                Said(
                    "事项到这一级就离开本步骤，后面的级别用不上。",
                    "Here the issue leaves the step, so the rungs after it never come.",
                ),
                Said("请把带 to 的一级放到最后。", "Put the rung with a way on last."),
            )
        before = rung.after


def _allowances(definition: Definition, path: Path, step: WaitingStep) -> Iterator[Problem]:
    for name, allowance in (("extend", step.extend), ("shelve", step.shelve)):
        if allowance is None:
            continue
        yield from _approvers(definition, (*path, name, "approved by"), allowance.approved_by)
        for limit in allowance.also if isinstance(allowance, Extension) else ():
            if limit not in definition.limits:
                yield unknown("unknown-limit", (*path, name, "also"), Said("总期限", "limit"), limit, definition.limits)
        if name == "extend" and step.within is None:
            yield problem(
                "extend-nothing",
                (*path, name),
                Said("这一步没有期限，谈不上延期。", "The step has no deadline that could be extended."),
                Said("请写 within，或删去 extend。", "Give it within, or remove extend."),
            )


def _approvers(definition: Definition, path: Path, roles: Iterable[str]) -> Iterator[Problem]:
    for role in roles:
        if role not in definition.roles and role != REPORTER:
            yield unknown("unknown-role", path, Said("角色", "role"), role, definition.roles)
