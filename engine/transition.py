"""What an event leads to: what a person causes is decided by its deed, what the clock and other systems cause here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import event as e
from engine.deeds.registry import BY_EVENT
from engine.directory import Actor, Directory
from engine.draft import Draft
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Gone, NotAllowed, Unavailable
from engine.rules import clocks, departure, merger, outside, relocation, staff, timers, voice
from engine.rules.limits import settle_limits
from engine.rules.uniqueness import refuse_taken, taken
from engine.state import State


def transition(
    process: Process, state: State, event: e.Event, now: datetime, directory: Directory, actor: Actor | None = None
) -> Outcome:
    """Decide an event; a ``Refusal`` leaves everything as it was. ``actor`` is ``None`` for the clock and for other systems."""
    draft = Draft(process, state, now, directory)
    if process.definition.counted and state.status == "open":
        # what is counted over other issues is brought up to date, and stands in the history as it was used
        draft.fill({})
    kind = type(event)
    if kind is e.Fire:
        timers.fire(draft, event)  # type: ignore[arg-type]
    elif actor is None:
        if kind not in _SYSTEM:
            raise NotAllowed
        _SYSTEM[kind](draft, event, None)
    else:
        _do(draft, event, actor)
    settle_limits(draft)
    if process.definition.unique:
        refuse_taken(process, taken(process, state, draft.state, directory.books))
    return draft.outcome()


def _do(draft: Draft, event: e.Event, actor: Actor) -> None:
    """What a person causes."""
    deed = BY_EVENT.get(type(event))
    if deed is None:
        raise NotAllowed
    if actor.notes:
        actor = voice.reporter_of(draft, event, actor)
    if deed.who == "staff":
        staff.by_staff(actor)
    if deed.reasoned:
        staff.with_reason(event.reason)  # type: ignore[union-attr]
    deed.rule(draft, event, actor)


def _reckon_again(draft: Draft, event: e.ReckonAgain, actor: Actor | None) -> None:
    if draft.state.status != "open":
        raise Gone
    if not clocks.reckon_again(draft):
        raise Unavailable("各项期限都没有变化。", "No deadline has changed.")


_SYSTEM: Mapping[type, Callable[[Draft, Any, Actor | None], None]] = {
    e.Message: outside.message,
    e.Result: outside.result,
    e.Absorb: merger.absorb,
    e.Connect: staff.connect,
    e.Forsake: staff.forsake,
    e.ReckonAgain: _reckon_again,
    e.Depart: departure.depart,
    e.Relocate: relocation.relocate,
}
