"""Folding changes into a state: the only place where a state is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine import change as c
from engine.state import Party, State

EMPTY = State()


def _opened(state: State, change: c.Opened) -> State:
    return replace(state, status="open", facts=change.facts)


def _filled(state: State, change: c.Filled) -> State:
    return replace(state, data={**state.data, **change.values})


def _role_given(state: State, change: c.RoleGiven) -> State:
    given = replace(state, roles={**state.roles, change.role: change.parties})
    if change.rung is None:
        return given
    before = state.relay.get(change.role, state.roles.get(change.role, ()))
    relay = tuple(dict.fromkeys((*before, *change.parties)))
    return replace(given, rungs={**state.rungs, change.role: change.rung}, relay={**state.relay, change.role: relay})


def _made_answerable(state: State, change: c.MadeAnswerable) -> State:
    return replace(state, answerable=change.party)


def _counted(state: State, change: c.Counted) -> State:
    return replace(state, counts={**state.counts, change.action: change.times})


def _unchanged(state: State, change: c.GuardFailed) -> State:
    return state


def _entered(state: State, change: c.Entered) -> State:
    return replace(state, visits=(*state.visits, change.visit), last_number=change.visit.number)


def _visit_changed(state: State, change: c.VisitChanged) -> State:
    new = change.visit
    return replace(state, visits=tuple(new if visit.number == new.number else visit for visit in state.visits))


def _branch_joined(state: State, change: c.BranchJoined) -> State:
    return replace(
        state,
        visits=tuple(
            replace(visit, joined=change.joined, branches=change.branches) if visit.number == change.visit else visit
            for visit in state.visits
        ),
    )


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


def _item_given(state: State, change: c.ItemGiven) -> State:
    return _with_item(state, change.item, candidates=change.candidates, owner=None, delegate=None, offered=None)


def _item_delegated(state: State, change: c.ItemDelegated) -> State:
    return _with_item(state, change.item, delegate=change.to)


def _item_offered(state: State, change: c.ItemOffered) -> State:
    return _with_item(state, change.item, offered=change.to)


def _item_turn(state: State, change: c.ItemTurn) -> State:
    return _with_item(state, change.item, waiting=False)


def _item_done(state: State, change: c.ItemDone) -> State:
    return _with_item(state, change.item, done=True, vote=change.vote, action=change.action)


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


def _acted(state: State, change: c.Acted) -> State:
    return replace(state, acted={**state.acted, change.step: change.by})


def _voted(state: State, change: c.Voted) -> State:
    return replace(state, votes=change.votes)


def _promise_made(state: State, change: c.PromiseMade) -> State:
    return replace(state, promises=(*state.promises, change.promise), last_number=change.promise.number)


def _promise_ended(state: State, change: c.PromiseEnded) -> State:
    return replace(
        state,
        promises=tuple(
            replace(promise, status=change.status) if promise.number == change.promise else promise
            for promise in state.promises
        ),
    )


def _joined(known: tuple[Party, ...], more: tuple[Party, ...]) -> tuple[Party, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _supervisor_named(state: State, change: c.SupervisorNamed) -> State:
    return replace(state, supervisors=_joined(state.supervisors, change.parties))


def _followers_joined(state: State, change: c.FollowersJoined) -> State:
    return replace(state, followers=_joined(state.followers, change.parties))


def _linked(state: State, change: c.Linked) -> State:
    return replace(state, links=tuple(dict.fromkeys((*state.links, change.link))))


def _urged(state: State, change: c.Urged) -> State:
    return replace(state, urged={**state.urged, change.by: change.at})


def _suspended(state: State, change: c.Suspended) -> State:
    return replace(state, suspended=True)


def _resumed(state: State, change: c.Resumed) -> State:
    return replace(state, suspended=False)


def _reopened(state: State, change: c.Reopened) -> State:
    return replace(state, status="open", resolution=None, closed_at=None)


def _closed(state: State, change: c.Closed) -> State:
    return replace(state, status="closed", resolution=change.resolution, closed_at=change.at)


_RULES: Mapping[type, Callable[[State, Any], State]] = {
    c.Opened: _opened,
    c.Filled: _filled,
    c.RoleGiven: _role_given,
    c.MadeAnswerable: _made_answerable,
    c.Counted: _counted,
    c.GuardFailed: _unchanged,
    c.Entered: _entered,
    c.VisitChanged: _visit_changed,
    c.BranchJoined: _branch_joined,
    c.ItemOpened: _item_opened,
    c.ItemClaimed: _item_claimed,
    c.ItemWidened: _item_widened,
    c.ItemGiven: _item_given,
    c.ItemDelegated: _item_delegated,
    c.ItemOffered: _item_offered,
    c.ItemTurn: _item_turn,
    c.ItemDone: _item_done,
    c.ItemEnded: _item_ended,
    c.TimerSet: _timer_set,
    c.TimerFired: _timer_gone,
    c.TimerEnded: _timer_gone,
    c.Left: _left,
    c.Acted: _acted,
    c.Voted: _voted,
    c.PromiseMade: _promise_made,
    c.PromiseEnded: _promise_ended,
    c.SupervisorNamed: _supervisor_named,
    c.FollowersJoined: _followers_joined,
    c.Linked: _linked,
    c.Urged: _urged,
    c.Suspended: _suspended,
    c.Resumed: _resumed,
    c.Reopened: _reopened,
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
