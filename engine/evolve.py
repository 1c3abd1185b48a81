"""Folding changes into a state: the only place where a state is made.

A rule writes into a state that belongs to the fold alone; ``evolve`` gives it a copy first, a decision under way keeps one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import force_setattr, replace

from engine import change as c
from engine.books import change as books
from engine.state import Party, State
from engine.version import migrated

EMPTY = State()


def _opened(state: State, change: c.Opened) -> None:
    force_setattr(state, "status", "open")
    force_setattr(state, "facts", change.facts)


def _filled(state: State, change: c.Filled) -> None:
    force_setattr(state, "data", {**state.data, **change.values})


def _role_given(state: State, change: c.RoleGiven) -> None:
    before = state.relay.get(change.role, state.roles.get(change.role, ()))
    force_setattr(state, "roles", {**state.roles, change.role: change.parties})
    if change.rung is not None:
        relay = tuple(dict.fromkeys((*before, *change.parties)))
        force_setattr(state, "rungs", {**state.rungs, change.role: change.rung})
        force_setattr(state, "relay", {**state.relay, change.role: relay})


def _made_answerable(state: State, change: c.MadeAnswerable) -> None:
    force_setattr(state, "answerable", change.party)


def _counted(state: State, change: c.Counted) -> None:
    force_setattr(state, "counts", {**state.counts, change.action: change.times})


def _unchanged(
    state: State, change: c.GuardFailed | c.DeadlineMoved | c.Unheard | c.NobodyLeft | books.NumberGiven
) -> None:
    """What is only kept for people to read."""


def _entered(state: State, change: c.Entered) -> None:
    force_setattr(state, "visits", (*state.visits, change.visit))
    force_setattr(state, "last_number", change.visit.number)


def _visit_changed(state: State, change: c.VisitChanged) -> None:
    new = change.visit
    force_setattr(state, "visits", tuple(new if visit.number == new.number else visit for visit in state.visits))


def _branch_joined(state: State, change: c.BranchJoined) -> None:
    visits = (
        replace(visit, joined=change.joined, branches=change.branches) if visit.number == change.visit else visit
        for visit in state.visits
    )
    force_setattr(state, "visits", tuple(visits))


def _item_opened(state: State, change: c.ItemOpened) -> None:
    force_setattr(state, "items", (*state.items, change.item))
    force_setattr(state, "last_number", change.item.number)


def _with_item(state: State, number: int, **fields: Any) -> None:
    items = [replace(item, **fields) if item.number == number else item for item in state.items]
    force_setattr(state, "items", tuple(items))


def _item_claimed(state: State, change: c.ItemClaimed) -> None:
    _with_item(state, change.item, owner=change.owner)


def _item_widened(state: State, change: c.ItemWidened) -> None:
    item = state.item(change.item)
    known = item.candidates if item else ()
    _with_item(state, change.item, candidates=tuple(dict.fromkeys((*known, *change.candidates))))


def _item_given(state: State, change: c.ItemGiven) -> None:
    _with_item(state, change.item, candidates=change.candidates, owner=None, delegate=None, offered=None)


def _item_left(state: State, change: c.ItemLeft) -> None:
    item = state.item(change.item)
    if item is not None:
        owner = None if item.owner == change.party else item.owner
        rest = tuple(party for party in item.candidates if party != change.party)
        _with_item(state, change.item, candidates=rest, owner=owner)


def _item_delegated(state: State, change: c.ItemDelegated) -> None:
    _with_item(state, change.item, delegate=change.to)


def _item_offered(state: State, change: c.ItemOffered) -> None:
    _with_item(state, change.item, offered=change.to)


def _item_turn(state: State, change: c.ItemTurn) -> None:
    _with_item(state, change.item, waiting=False)


def _item_due(state: State, change: c.ItemDue) -> None:
    _with_item(state, change.item, deadline=change.deadline)


def _limit_changed(state: State, change: c.LimitChanged) -> None:
    force_setattr(state, "limits", {**state.limits, change.limit: change.clock})


def _clock_stopped(state: State, change: c.ClockStopped) -> None:
    if change.part is None:
        force_setattr(state, "stopped", {**state.stopped, change.step: change.clock})
        return
    parts = {**state.stopped_parts.get(change.step, {}), change.part: change.clock}
    force_setattr(state, "stopped_parts", {**state.stopped_parts, change.step: parts})


def _shelved(state: State, change: c.Shelved) -> None:
    visits = (
        replace(visit, shelved_until=change.day) if visit.number == change.visit else visit for visit in state.visits
    )
    force_setattr(state, "visits", tuple(visits))


def _item_done(state: State, change: c.ItemDone) -> None:
    _with_item(state, change.item, done=True, vote=change.vote, action=change.action)


def _item_lapsed(state: State, change: c.ItemLapsed) -> None:
    _with_item(state, change.item, lapsed=True)


def _item_ended(state: State, change: c.ItemEnded) -> None:
    force_setattr(state, "items", tuple([item for item in state.items if item.number != change.item]))


def _timer_set(state: State, change: c.TimerSet) -> None:
    _timers_set(state, (change,))


def _timer_gone(state: State, change: c.TimerFired | c.TimerEnded) -> None:
    _timers_gone(state, (change,))


def _timers_set(state: State, changes: Sequence[c.TimerSet]) -> None:
    force_setattr(state, "timers", (*state.timers, *[change.timer for change in changes]))
    force_setattr(state, "last_number", changes[-1].timer.number)


def _timers_gone(state: State, changes: Sequence[c.TimerFired | c.TimerEnded]) -> None:
    gone = {change.timer for change in changes}
    force_setattr(state, "timers", tuple([timer for timer in state.timers if timer.number not in gone]))
    if state.held:
        force_setattr(state, "held", tuple([timer for timer in state.held if timer.number not in gone]))


def _timer_held(state: State, change: c.TimerHeld) -> None:
    held = tuple(timer for timer in state.timers if timer.number == change.timer)
    force_setattr(state, "timers", tuple([timer for timer in state.timers if timer.number != change.timer]))
    force_setattr(state, "held", (*state.held, *held))


def _left(state: State, change: c.Left) -> None:
    force_setattr(state, "visits", tuple([visit for visit in state.visits if visit.number != change.visit]))
    force_setattr(state, "items", tuple([item for item in state.items if item.visit != change.visit]))


def _acted(state: State, change: c.Acted) -> None:
    hands = (*state.hands.get(change.step, ()), change.by, *((change.behalf,) if change.behalf else ()))
    force_setattr(state, "acted", {**state.acted, change.step: change.by})
    force_setattr(state, "hands", {**state.hands, change.step: tuple(dict.fromkeys(hands))})


def _voted(state: State, change: c.Voted) -> None:
    force_setattr(state, "votes", change.votes)
    force_setattr(state, "weights", change.weights)


def _promise_made(state: State, change: c.PromiseMade) -> None:
    force_setattr(state, "promises", (*state.promises, change.promise))
    force_setattr(state, "last_number", change.promise.number)


def _promise_ended(state: State, change: c.PromiseEnded) -> None:
    promises = (
        replace(promise, status=change.status) if promise.number == change.promise else promise
        for promise in state.promises
    )
    force_setattr(state, "promises", tuple(promises))


def _joined(known: tuple[Party, ...], more: tuple[Party, ...]) -> tuple[Party, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _supervisor_named(state: State, change: c.SupervisorNamed) -> None:
    force_setattr(state, "supervisors", _joined(state.supervisors, change.parties))


def _followers_joined(state: State, change: c.FollowersJoined) -> None:
    force_setattr(state, "followers", _joined(state.followers, change.parties))


def _followers_left(state: State, change: c.FollowersLeft) -> None:
    force_setattr(state, "followers", tuple(party for party in state.followers if party not in change.parties))


def _linked(state: State, change: c.Linked) -> None:
    force_setattr(state, "links", tuple(dict.fromkeys((*state.links, change.link))))


def _unlinked(state: State, change: c.Unlinked) -> None:
    force_setattr(state, "links", tuple(link for link in state.links if link != change.link))


def _urged(state: State, change: c.Urged) -> None:
    force_setattr(state, "urged", {**state.urged, change.by: change.at})


def _suspended(state: State, change: c.Suspended) -> None:
    force_setattr(state, "suspended", True)


def _resumed(state: State, change: c.Resumed) -> None:
    force_setattr(state, "suspended", False)
    force_setattr(state, "pending", ())


def _put_by(state: State, change: c.PutBy) -> None:
    force_setattr(state, "pending", (*state.pending, change.pending))


def _reopened(state: State, change: c.Reopened) -> None:
    force_setattr(state, "status", "open")
    force_setattr(state, "resolution", None)
    force_setattr(state, "closed_at", None)
    # a re-handling is a new one: nothing goes on from the old
    force_setattr(state, "stopped", {})
    force_setattr(state, "stopped_parts", {})


def _closed(state: State, change: c.Closed) -> None:
    force_setattr(state, "status", "closed")
    force_setattr(state, "suspended", False)
    force_setattr(state, "pending", ())
    force_setattr(state, "resolution", change.resolution)
    force_setattr(state, "closed_at", change.at)


def _relocated(state: State, change: c.Relocated) -> None:
    if state.facts is not None:
        there = replace(state.facts, station=change.station, station_code=change.code, industry=change.industry)
        force_setattr(state, "facts", there)


def _booked(state: State, change: books.Booked) -> None:
    others = (one for one in state.bookings if one.resource != change.booking.resource)
    force_setattr(state, "bookings", (*others, change.booking))


def _booking_ended(state: State, change: books.BookingEnded) -> None:
    kept = tuple(one for one in state.bookings if one.resource != change.resource)
    force_setattr(state, "bookings", kept)


#: What each kind of change writes into a state that nobody else has seen.
RULES: Mapping[type, Callable[[State, Any], None]] = {
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
    c.ItemLeft: _item_left,
    c.ItemDelegated: _item_delegated,
    c.ItemOffered: _item_offered,
    c.ItemTurn: _item_turn,
    c.ItemDue: _item_due,
    c.LimitChanged: _limit_changed,
    c.ClockStopped: _clock_stopped,
    c.DeadlineMoved: _unchanged,
    c.Shelved: _shelved,
    c.Unheard: _unchanged,
    c.NobodyLeft: _unchanged,
    c.ItemDone: _item_done,
    c.ItemLapsed: _item_lapsed,
    c.ItemEnded: _item_ended,
    c.TimerSet: _timer_set,
    c.TimerFired: _timer_gone,
    c.TimerEnded: _timer_gone,
    c.TimerHeld: _timer_held,
    c.Left: _left,
    c.Acted: _acted,
    c.Voted: _voted,
    c.PromiseMade: _promise_made,
    c.PromiseEnded: _promise_ended,
    c.SupervisorNamed: _supervisor_named,
    c.FollowersJoined: _followers_joined,
    c.FollowersLeft: _followers_left,
    c.Linked: _linked,
    c.Unlinked: _unlinked,
    c.Urged: _urged,
    c.Suspended: _suspended,
    c.Resumed: _resumed,
    c.PutBy: _put_by,
    c.Reopened: _reopened,
    c.Closed: _closed,
    c.Migrated: migrated,
    c.Relocated: _relocated,
    books.NumberGiven: _unchanged,
    books.Booked: _booked,
    books.BookingEnded: _booking_ended,
}


#: The same of several of a kind at once, of one at least.
TOGETHER: Mapping[type, Callable[[State, Sequence[Any]], None]] = {c.TimerSet: _timers_set, c.TimerEnded: _timers_gone}


def apply(state: State, change: c.Change) -> None:
    """Write one change into a state that nobody else has seen."""
    RULES[type(change)](state, change)


def grow_older(state: State) -> None:
    """Count one more event in a state that nobody else has seen."""
    force_setattr(state, "version", state.version + 1)


def evolve(state: State, change: c.Change) -> State:
    """The state after one change."""
    new = replace(state)
    apply(new, change)
    return new


def fold(history: Iterable[Iterable[c.Change]], state: State = EMPTY) -> State:
    """The state after a history, given as the changes of each event; every event counts one version, even without changes."""
    new = replace(state)
    for changes in history:
        for change in changes:
            apply(new, change)
        grow_older(new)
    return new
