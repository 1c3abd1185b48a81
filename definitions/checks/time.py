"""Every wait for a person has a deadline, and what is said about time does not contradict itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from definitions.model.action import Overdue
from definitions.model.definition import Definition, Limit, LimitRung
from definitions.model.duration import Duration, Reminder
from definitions.model.role import REPORTER
from definitions.model.step import TimedStep, WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.term import FieldDay, Terms
from definitions.problem import Path, Problem, problem, unknown
from definitions.text import Said


def check(definition: Definition) -> Iterator[Problem]:
    """Waiting steps say how long, and what happens then; terms, reminders and ladders fit together."""
    for name, limit in definition.limits.items():
        yield from _limit(definition, ("limits", name), limit)
    for key, step in definition.steps.items():
        path = (definition.stage_of[key], key)
        if isinstance(step, EachStep):
            yield from _within_each(definition, path, step)
        if isinstance(step, WaitingStep):
            yield from _allowances(definition, path, step)
        if not isinstance(step, TimedStep) or step.length is not None:
            continue
        if step.within is None:
            yield problem(
                "no-deadline",
                path,
                Said(f"步骤“{key}”一直等下去，却没有期限。", f"The step “{key}” waits without a deadline."),
                Said("请写期限，例如 within: 3 working days。", "Give it one, for example within: 3 working days."),
            )
            continue
        yield from _timed(definition, path, step.within, step.remind, step.overdue)
        if not step.overdue:
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
    yield from _timed(definition, path, limit.within, limit.remind, limit.overdue)
    if not limit.overdue:
        yield problem(
            "no-overdue",
            path,
            Said("没有写逾期后告诉谁。", "It does not say who hears that the time has run out."),
            Said("请写 overdue，例如 overdue: {tell: clerk}。", "Say it, for example overdue: {tell: clerk}."),
        )


def _within_each(definition: Definition, path: Path, step: EachStep) -> Iterator[Problem]:
    for role, terms in step.within_each.items():
        if role not in step.each:
            yield unknown("unknown-role", (*path, "within each", role), Said("角色", "role"), role, step.each)
        yield from _terms(definition, (*path, "within each", role), terms)


def _timed(
    definition: Definition,
    path: Path,
    within: Terms,
    remind: tuple[Reminder, ...],
    rungs: tuple[Overdue | LimitRung, ...],
) -> Iterator[Problem]:
    yield from _terms(definition, (*path, "within"), within)
    yield from _reminders((*path, "remind"), within, remind)
    yield from _ladder((*path, "overdue"), rungs)


def _terms(definition: Definition, path: Path, terms: Terms) -> Iterator[Problem]:
    choices = tuple(terms)
    for index, choice in enumerate(choices):
        place = (*path, index) if len(choices) > 1 else path
        if choice.when is None and index < len(choices) - 1:
            yield problem(
                "term-unreachable",
                place,
                Said(
                    "这一条没有条件，后面的期限永远用不上。",
                    "This entry has no condition, so those after it never count.",
                ),
                Said("请给它写 when，或把它放到最后。", "Give it a condition, or put it last."),
            )
        if isinstance(choice.is_, FieldDay):
            yield from _field_day(definition, place, choice.is_.field)
    if choices and choices[-1].when is not None:
        yield problem(
            "term-no-else",
            path,
            Said("条件都不成立时没有期限。", "There is no term for when none of the conditions holds."),
            Said(
                "请在最后加一条不带条件的期限，例如 7 days。", "Add a last entry without a condition, such as 7 days."
            ),
        )


def _field_day(definition: Definition, path: Path, name: str) -> Iterator[Problem]:
    field = definition.data.get(name)
    if field is None:
        yield unknown("unknown-field", path, Said("字段", "field"), name, definition.data)
    elif field.type not in ("date", "date-time"):
        yield problem(
            "wrong-type",
            path,
            Said(f"字段“{name}”的类型是“{field.type}”。", f"The field “{name}” has the type “{field.type}”."),
            Said("这里要 date 类型。", "Its type must be date or date-time."),
        )


def _reminders(path: Path, within: Terms, remind: tuple[Reminder, ...]) -> Iterator[Problem]:
    terms = [choice.is_ for choice in within]
    for index, reminder in enumerate(remind):
        offset = reminder.offset
        if offset is None or reminder.when != "before":
            continue
        if all(
            isinstance(term, Duration) and term.unit == offset.unit and term.amount <= offset.amount for term in terms
        ):
            yield problem(
                "remind-never",
                (*path, index) if len(remind) > 1 else path,
                Said(
                    "提醒时间早于期限起算，不会发出。",
                    "This reminder lies before the time begins, so it is never sent.",
                ),
                Said("请改小提前的时间，或放宽期限。", "Remind later, or give more time."),
            )


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
