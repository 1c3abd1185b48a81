"""Questions that stop the clock of a task: they have a time of their own, and when it is up the clock runs on."""

from __future__ import annotations

from definitions.model.clock import NOTICE
from definitions.model.question import Questions
from engine.change import ItemLapsed, Unheard
from engine.deadlines.deadline import Deadline
from engine.draft import Draft
from engine.rules.clocks import begun, run_on
from engine.rules.holders import addressees
from engine.rules.roles import office, tell_roles
from engine.state import Timer, WorkItem


def time_to_answer(draft: Draft, step: str) -> Deadline | None:
    """By when a question that is asked now at a step is to be answered."""
    return begun(draft, draft.definition.questions_at(step).within, f"{step}.questions")


def fire_question(draft: Draft, item: WorkItem, timer: Timer) -> None:
    """A reminder, or a rung: with the first the question no longer holds the clock, though it can still be answered."""
    rule: Questions = draft.definition.questions_at(item.step)
    if timer.purpose == "remind":
        draft.tell("reminded", addressees(item), step=item.step, item=item.number)
        return
    rung = rule.overdue[timer.index] if timer.index != NOTICE and timer.index < len(rule.overdue) else None
    if not item.lapsed:
        _lapse(draft, item)
    if rung is not None and rung.tell and not tell_roles(draft, "overdue", rung.tell, step=item.step):
        draft.record(Unheard(step=item.step, roles=rung.told))
        draft.tell("overdue", office(draft), step=item.step)


def _lapse(draft: Draft, item: WorkItem) -> None:
    draft.record(ItemLapsed(item=item.number))
    draft.tell("overdue", addressees(item), step=item.step, item=item.number)
    about = draft.state.item(item.about)
    # whoever asked may have gone: then it is for those who have the task
    asker = (item.asker,) if item.asker and draft.directory.known(item.asker) else addressees(about) if about else ()
    draft.tell("unanswered", asker, step=item.step, item=about.number if about and not about.done else None)
    visit = draft.state.visit(item.visit)
    if visit is not None:
        run_on(draft, visit)
