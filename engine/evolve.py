"""Folding changes into a state: the only place where a state is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine import change as c
from engine.state import State

EMPTY = State()


def _opened(state: State, change: c.Opened) -> State:
    return replace(state, status="open", facts=change.facts)


def _filled(state: State, change: c.Filled) -> State:
    return replace(state, data={**state.data, **change.values})


def _role_given(state: State, change: c.RoleGiven) -> State:
    return replace(state, roles={**state.roles, change.role: change.parties})


def _counted(state: State, change: c.Counted) -> State:
    return replace(state, counts={**state.counts, change.action: change.times})


def _unchanged(state: State, change: c.GuardFailed) -> State:
    return state


def _entered(state: State, change: c.Entered) -> State:
    return replace(state, visits=(*state.visits, change.visit), last_number=change.visit.number)


def _item_opened(state: State, change: c.ItemOpened) -> State:
    return replace(state, items=(*state.items, change.item), last_number=change.item.number)


def _with_item(state: State, number: int, **fields: Any) -> State:
    return replace(
        state, items=tuple(replace(item, **fields) if item.number == number else item for item in state.items)
    )


def _item_claimed(state: State, change: c.ItemClaimed) -> State:
    return _with_item(state, change.item, owner=change.owner)


def _item_widened(state: State, change: c.ItemWidened) -> State:
    item = state.item(change.item)
    known = item.candidates if item else ()
    return _with_item(state, change.item, candidates=tuple(dict.fromkeys((*known, *change.candidates))))


def _item_done(state: State, change: c.ItemDone) -> State:
    return _with_item(state, change.item, done=True)


def _item_ended(state: State, change: c.ItemEnded) -> State:
    return replace(state, items=tuple(item for item in state.items if item.number != change.item))


def _timer_set(state: State, change: c.TimerSet) -> State:
    return replace(state, timers=(*state.timers, change.timer), last_number=change.timer.number)


def _timer_gone(state: State, change: c.TimerFired | c.TimerEnded) -> State:
    return replace(state, timers=tuple(timer for timer in state.timers if timer.number != change.timer))


def _left(state: State, change: c.Left) -> State:
    return replace(
        state,
        visits=tuple(visit for visit in state.visits if visit.number != change.visit),
        items=tuple(item for item in state.items if item.visit != change.visit),
    )


def _closed(state: State, change: c.Closed) -> State:
    return replace(state, status="closed", resolution=change.resolution)


_RULES: Mapping[type, Callable[[State, Any], State]] = {
    c.Opened: _opened,
    c.Filled: _filled,
    c.RoleGiven: _role_given,
    c.Counted: _counted,
    c.GuardFailed: _unchanged,
    c.Entered: _entered,
    c.ItemOpened: _item_opened,
    c.ItemClaimed: _item_claimed,
    c.ItemWidened: _item_widened,
    c.ItemDone: _item_done,
    c.ItemEnded: _item_ended,
    c.TimerSet: _timer_set,
    c.TimerFired: _timer_gone,
    c.TimerEnded: _timer_gone,
    c.Left: _left,
    c.Closed: _closed,
}


def evolve(state: State, change: c.Change) -> State:
    """The state after one change."""
    return _RULES[type(change)](state, change)


def fold(history: Iterable[Iterable[c.Change]], state: State = EMPTY) -> State:
    """The state after a history, given as the changes of each event; every event counts one version, even without changes."""
    for changes in history:
        for change in changes:
            state = evolve(state, change)
        state = replace(state, version=state.version + 1)
    return state
