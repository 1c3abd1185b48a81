"""Work items of ``task`` and ``each`` steps: opened for those who hold the roles, counted when they are done."""

from __future__ import annotations

from definitions.model.role import REPORTER
from definitions.model.steps.each import EachStep
from definitions.model.steps.task import TaskStep
from engine.change import ItemOpened, ItemTurn
from engine.draft import Draft
from engine.rules.clocks import waiting_for_turn
from engine.rules.continuation import own_begun_or_continued
from engine.rules.exclusion import barred, held, left
from engine.rules.roles import holders, others, with_stand_ins
from engine.rules.rows import named_in, rows_at
from engine.rules.votes import weight_of
from engine.state import Party, Visit, WorkItem


def open_items(draft: Draft, visit: Visit, step: TaskStep | EachStep) -> None:
    """Open one item for all holders of a role (``task``), or one for each holder of the roles (``each``)."""
    key = visit.step
    if isinstance(step, TaskStep):
        for role in step.task:
            parties = holders(draft, role, key) or others(draft, role, key)
            open_item(draft, visit, role, with_stand_ins(draft, role, parties, key))
        return
    if step.rows is not None:
        _open_rows(draft, visit, step)
        return
    asked = ask_holders(draft, visit, step, frozenset(step.each))
    if not asked and step.unasked is None and (step.voting or _emptied(draft, step)):
        # nobody passes no vote and does nobody's part, and what then is not said: the office does
        open_item(draft, visit, step.each[0], others(draft, step.each[0], key), step=step)


def ask_holders(draft: Draft, visit: Visit, step: EachStep, roles: frozenset[str]) -> bool:
    """Ask the holders of roles who were not asked at this visit yet, one item for each; whether anybody is asked by now."""
    key = visit.step
    # whoever holds several of the roles has one task, with the part of the role named first
    there = [item for item in draft.state.items if item.visit == visit.number and item.kind == "task"]
    asked = {item.candidates[0] for item in there}
    for role in step.each:
        found = (holders(draft, role, key) or _instead(draft, role, key)) if role in roles else ()
        for party in [party for party in found if party not in asked]:
            asked.add(party)
            open_item(draft, visit, role, with_stand_ins(draft, role, (party,), key), step=step)
    return bool(asked)


def _emptied(draft: Draft, step: EachStep) -> bool:
    """Whether there were those to ask, and none of them may."""
    return any(held(draft.definition, draft.state, role) != () for role in step.each)


def _open_rows(draft: Draft, visit: Visit, step: EachStep) -> None:
    """One item for each row of the table: for whom the row names, else for all holders of the role; never for nobody."""
    role, key = step.each[0], visit.step
    named_not = barred(draft.definition, draft.state, key, role)
    for number, row in enumerate(rows_at(draft.state, step), 1):
        named = named_in(draft.definition, role, row)
        there = holders(draft, role, key) if named is None else left(draft, named, named_not)
        parties = there or _instead(draft, role, key) or others(draft, role, key)
        open_item(draft, visit, role, with_stand_ins(draft, role, parties, key), step=step, row=number)


def _instead(draft: Draft, role: str, step: str) -> tuple[Party, ...]:
    """Those who step in for a role whose holders may not act."""
    spec = draft.definition.roles.get(role)
    away = held(draft.definition, draft.state, role) != ()
    return holders(draft, spec.fallback, step) if spec and spec.fallback and away else ()


def open_item(
    draft: Draft,
    visit: Visit,
    role: str,
    candidates: tuple[Party, ...],
    *,
    step: EachStep | None = None,
    row: int | None = None,
) -> None:
    """Ask somebody to do something; who waits for their turn is told when it comes."""
    waiting = step is not None and step.in_order and bool(draft.state.open_items(visit.number))
    own = step if step and step.within_each else None
    item = WorkItem(
        number=draft.next_number(),
        visit=visit.number,
        step=visit.step,
        role=role,
        candidates=candidates,
        waiting=waiting,
        deadline=own_begun_or_continued(draft, own, visit.step, (role, candidates[0], row)) if own else None,
        weight=weight_of(draft, step, candidates[0]) if step else None,
        row=row,
    )
    draft.record(ItemOpened(item))
    if not waiting:
        draft.tell("task", candidates, step=visit.step, item=item.number)
    if role == REPORTER:
        # one matter has one verdict, its reporter's; those whose issues were merged into it hear that it is asked for
        draft.tell("informed", draft.state.followers, step=visit.step)


def waits_for_nobody(draft: Draft, visit: Visit) -> bool:
    """Whether a visit has no open item."""
    return not draft.state.open_items(visit.number)


def next_turn(draft: Draft, visit: Visit) -> None:
    """Where people are asked one after the other, ask the next."""
    items = draft.state.open_items(visit.number)
    following = waiting_for_turn(items)
    if following and all(item.waiting or item.kind != "task" for item in items):
        draft.record(ItemTurn(following.number))
        draft.tell("task", following.candidates, step=visit.step, item=following.number)
