"""The reporter's voice: what they tell somebody who may take issues for residents, and who notes it, counts as theirs alone."""

from __future__ import annotations

from engine.directory import Actor
from engine.draft import Draft
from engine.event import Event
from engine.refusal import NotAllowed
from engine.rules.exclusion import recuse
from engine.rules.roles import found_for
from engine.state import Party


def may_take(draft: Draft, parties: frozenset[Party]) -> bool:
    """Whether one of these may take such an issue for a resident: the roles that the definition names, at the issue's station, whoever is picked."""
    return any(not parties.isdisjoint(found_for(draft, role)) for role in draft.definition.taken_by)


def refuse_strangers(draft: Draft, parties: frozenset[Party]) -> None:
    """Refuse whoever may not take such an issue."""
    if not may_take(draft, parties):
        raise NotAllowed


def reporter_of(draft: Draft, event: Event, noting: Actor) -> Actor:
    """The reporter, as whom that is decided which somebody notes for them; what one must leave to others, one does not note either."""
    facts = draft.state.facts
    if facts is None:
        raise NotAllowed
    refuse_strangers(draft, noting.parties)
    item = draft.state.item(getattr(event, "item", None))
    if item is not None:
        recuse(draft, item, noting)
    return Actor(facts.reporter, frozenset({facts.reporter}))
