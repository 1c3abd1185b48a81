"""Exclusion (回避): who may not act on a task, whichever way it came to them; and who holds a role without anybody being looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from definitions.model.definition import Definition
from definitions.model.exclusion import excluded
from definitions.model.reference import refers_to
from definitions.model.role import REPORTER
from definitions.model.step import WaitingStep
from engine.directory import Actor
from engine.draft import Draft
from engine.refusal import FourEyes, Recused
from engine.state import Party, State, WorkItem

NOBODY: frozenset[Party] = frozenset()
#: What decides a matter; to be asked for information or an opinion is no decision.
_DECIDING = frozenset({"task", "sign"})


def held(definition: Definition, state: State, role: str) -> tuple[Party, ...] | None:
    """Who holds a role without anybody being looked for; ``None`` if somebody has to be."""
    if role == REPORTER:
        return (state.facts.reporter,) if state.facts else ()
    spec = definition.roles[role]
    if spec.chosen_by is not None:
        chosen = stands_for(definition, state, role)
        return state.roles.get(role) or (held(definition, state, chosen) if chosen != role else None)
    named = spec.departments or spec.people
    if named is not None:
        return _named(state, named)
    if spec.who_did is not None:
        party = state.acted.get(spec.who_did)
        return (party,) if party else ()
    return state.roles.get(role) or None


def stands_for(definition: Definition, state: State, role: str) -> str:
    """The role that a role is in this issue: where a field chooses it, what stands for the option there; else itself."""
    spec = definition.roles.get(role)
    if spec is None or spec.chosen_by is None:
        return role
    chosen = spec.standing_for(state.data.get(spec.chosen_by))
    return stands_for(definition, state, chosen) if chosen is not None else role


def _named(state: State, field: str) -> tuple[Party, ...]:
    table, _, column = field.partition(".")
    value = state.data.get(table) or ()
    if column:
        rows = value if isinstance(value, tuple) else ()
        cells = (row.get(column) for row in rows if isinstance(row, Mapping))
        return tuple(dict.fromkeys(str(cell) for cell in cells if cell))
    return value if isinstance(value, tuple) else (str(value),)


def concerned(definition: Definition, state: State) -> frozenset[Party]:
    """The people and departments that a matter is about, so that they may not decide it: those in fields that an exclusion names."""
    if not definition.excludes:
        return NOBODY
    steps = (step for step in definition.steps.values() if isinstance(step, WaitingStep))
    named = {name for part in (definition, *definition.roles.values(), *steps) for name in part.other_than}
    fields = (name for name in named if name.partition(".")[0] in definition.data)
    return frozenset(party for name in fields for party in _named(state, name))


def barred(definition: Definition, state: State, step: str, role: str) -> frozenset[Party]:
    """Who may not act in a role at a step now; without a step (``""``): in the role at all."""
    return _those(definition, state, excluded(definition, step, role)) if definition.excludes else NOBODY


def _those(definition: Definition, state: State, names: Iterable[str]) -> frozenset[Party]:
    return frozenset(party for name in names for party in _meant(definition, state, name))


def _meant(definition: Definition, state: State, name: str) -> Iterable[Party]:
    """The parties that a name stands for: as a step, as a role, and as a field."""
    if name in definition.steps:
        yield from _hands(state, name)
    if name == REPORTER or name in definition.roles:
        yield from held(definition, state, name) or ()
    elif name in definition.data:
        yield from _named(state, name)


def _hands(state: State, step: str) -> tuple[Party, ...]:
    """All who acted at a step; of an issue from before all were kept, who acted last."""
    return state.hands.get(step) or ((state.acted[step],) if step in state.acted else ())


def may_not(definition: Definition, state: State, item: WorkItem, actor: Actor) -> bool:
    """Whether somebody must leave an item to others: they themself are named, or a department to which they belong."""
    return bool(_against(definition, state, item, actor))


def _against(definition: Definition, state: State, item: WorkItem, actor: Actor) -> tuple[str, ...]:
    """What ``other than`` comes to for an item that somebody must leave to others; nothing if they need not."""
    if not definition.excludes or item.kind not in _DECIDING:
        return ()
    names = excluded(definition, item.step, item.role)
    named = _those(definition, state, names)
    away = actor.party in named or any(refers_to(party, "organisation") for party in actor.parties & named)
    return names if away else ()


def recuse(draft: Draft, item: WorkItem, actor: Actor) -> None:
    """Refuse who must leave an item to others."""
    names = _against(draft.definition, draft.state, item, actor)
    if names:
        raise FourEyes if any(actor.party in _hands(draft.state, name) for name in names) else Recused


def left(draft: Draft, parties: Iterable[Party], named: frozenset[Party]) -> tuple[Party, ...]:
    """Those of several parties who may act; a department as long as it has somebody who may."""
    if not named:
        return tuple(parties)
    away = {
        *named,
        *(one for party in named if refers_to(party, "organisation") for one in draft.directory.members(party)),
    }
    return tuple(party for party in parties if party not in away and not _emptied(draft, party, away))


def _emptied(draft: Draft, party: Party, away: set[Party]) -> bool:
    members = draft.directory.members(party) if refers_to(party, "organisation") else ()
    return bool(members) and away.issuperset(members)


def left_of(draft: Draft, item: WorkItem, parties: Iterable[Party]) -> tuple[Party, ...]:
    """Those of several parties who may act on an item."""
    return left(draft, parties, barred(draft.definition, draft.state, item.step, item.role))
