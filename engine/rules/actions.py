"""Acting on a task: the form is checked, the item is done, and the issue moves on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from definitions.model.action import Action
from definitions.model.field import Field
from definitions.model.option import StandingOption
from definitions.model.reference import refers_to
from definitions.model.step import WaitingStep
from definitions.model.steps.each import EachStep
from definitions.model.steps.task import TaskStep
from engine.change import Acted, ItemDone, ItemEnded
from engine.directory import Actor
from engine.draft import Draft
from engine.event import Act
from engine.refusal import Unavailable
from engine.rules.automatic import enter_in_file, set_values
from engine.rules.booking import book, follow, release
from engine.rules.clocks import Target, end_clock, paused_by_question, run_on
from engine.rules.completion import complete
from engine.rules.continuation import stop_part
from engine.rules.holders import item_to_act_on, pending_signatures, responsible
from engine.rules.number import give
from engine.rules.promises import promise
from engine.rules.roles import tell_roles
from engine.rules.rows import answered, row_of, seen
from engine.rules.supervision import name_supervisor
from engine.rules.ways import lead_on
from engine.state import WorkItem


def act(draft: Draft, event: Act, actor: Actor) -> None:
    """Take an action on an item."""
    item = item_to_act_on(draft, event.item, actor)
    step = draft.definition.steps[item.step]
    assert isinstance(step, WaitingStep)
    if item.row is not None:
        draft.row = seen(row_of(draft.state, step, item))
    action = step.offers(event.action, item.role) if item.kind == "task" else None
    if action is None or (action.when is not None and not draft.holds(action.when, item.step)):
        raise Unavailable(
            "现在不能这样办理，请刷新页面。", f"“{event.action}” cannot be done now; please reload the page."
        )
    if pending_signatures(draft.state, item):
        raise Unavailable("加签的意见还没有回来，请稍候。", "A signature that was asked for is still missing.")
    values = checked_answers(draft, action, event.values)
    by = responsible(item, actor)
    behalf = by if item.delegate in actor.parties and actor.parties.isdisjoint(item.candidates) else None
    draft.record(
        ItemDone(item=item.number, action=event.action, by=actor.party, values=values, vote=action.vote, behalf=behalf)
    )
    if item.deadline is not None:
        stop_part(draft, item)
        end_clock(draft, Target(item.visit, item.number))
    if item.step in draft.definition.watched:
        person = behalf if behalf and refers_to(behalf, "participant") else None
        draft.record(Acted(step=item.step, by=actor.party, behalf=person))
    _fill(draft, step, item, action, values)
    _take(draft, item, action)
    _also(draft, item, event.action, action, values, by)
    _end_questions(draft, item)
    _follow(draft, item, step, event.action, action)


def form_of(draft_fields: Mapping[str, Field], action: Action | StandingOption) -> Mapping[str, Field]:
    """The fields of an action's form: those of the issue that it may change, then those that it asks for."""
    if not action.edit:
        return action.ask
    return {**{name: _optional(draft_fields[name]) for name in action.edit}, **action.ask}


def _optional(field: Field) -> Field:
    """A field that is changed may stay as empty as it was allowed to be when the issue was opened."""
    return field if field.required is not None else field.model_copy(update={"required": False})


def checked_answers(draft: Draft, action: Action | StandingOption, entered: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers of an action's form, cleaned; what it may change and was not sent stays as it is."""
    fields = form_of(draft.definition.fields, action)
    if action.edit:
        # what is not sent stays as it is
        entered = {**{name: draft.state.data.get(name) for name in action.edit}, **entered}
    return draft.checked(fields, entered)


def _fill(draft: Draft, step: WaitingStep, item: WorkItem, action: Action, values: Mapping[str, Any]) -> None:
    """The answers become the issue's data, or the row's that the task is about, unless they are one voice of several."""
    if item.row is not None:
        draft.fill(answered(draft.state, step, item, {name: values[name] for name in action.ask if name in values}))
        draft.fill({name: values[name] for name in action.edit})
    elif isinstance(step, TaskStep) or action.to or action.hand_up or (action.vote is None and _leads(step, item)):
        draft.fill(values)
    elif action.edit:
        draft.fill({name: values[name] for name in action.edit})
    if action.set:
        set_values(draft, action.set, item.step)


def _take(draft: Draft, item: WorkItem, action: Action) -> None:
    """What an action takes of what other issues want too: numbers, and resources for a time."""
    if action.release is not None:
        release(draft, action.release)
    if draft.state.bookings:
        follow(draft)
    if action.book is not None:
        book(draft, action.book)
    if action.give:
        give(draft, action.give, item.step)


def _leads(step: WaitingStep, item: WorkItem) -> bool:
    return isinstance(step, EachStep) and item.role == step.each[0]


def _also(draft: Draft, item: WorkItem, name: str, action: Action, values: Mapping[str, Any], by: str) -> None:
    """What else an action brings: people told, a promise, an entry in a file, a supervisor."""
    if action.tell:
        tell_roles(draft, "informed", action.tell, step=item.step, action=name)
    if action.promise is not None:
        promise(draft, action.promise, values, by, item.role, item.step)
    if action.register_ is not None:
        enter_in_file(draft, action.register_, item.step)
    if action.supervised_by is not None:
        name_supervisor(draft, action.supervised_by, item.step)


def _end_questions(draft: Draft, item: WorkItem) -> None:
    """Questions about an item that is done need no answer any more, and its clock runs on for the others."""
    ended = [other for other in draft.state.items if other.about == item.number and not other.done]
    for other in ended:
        draft.record(ItemEnded(item=other.number, reason="left"))
    visit = draft.state.visit(item.visit)
    if ended and visit is not None and not paused_by_question(draft, visit):
        run_on(draft, visit)


def _follow(draft: Draft, item: WorkItem, step: WaitingStep, name: str, action: Action) -> None:
    """Lead on from a finished item: by the action's own way, or by the step's when enough items are done."""
    visit = draft.state.visit(item.visit)
    assert visit is not None
    if isinstance(step, TaskStep):
        lead_on(draft, visit, action, name, step.to)
    elif not lead_on(draft, visit, action, name, None):
        assert isinstance(step, EachStep)
        complete(draft, visit, step)
