"""Folding changes into a state: the only place where a state is made.

A rule writes into a state that belongs to the fold alone; ``evolve`` gives it a copy first, a decision under way keeps one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine import change as c
from engine.frozen import changed, copied, set_in
from engine.state import Party, State

EMPTY = State()


def _opened(state: State, change: c.Opened) -> None:
    set_in(state, "status", "open")
    set_in(state, "facts", change.facts)


def _filled(state: State, change: c.Filled) -> None:
    set_in(state, "data", {**state.data, **change.values})


def _role_given(state: State, change: c.RoleGiven) -> None:
    before = state.relay.get(change.role, state.roles.get(change.role, ()))
    set_in(state, "roles", {**state.roles, change.role: change.parties})
    if change.rung is not None:
        relay = tuple(dict.fromkeys((*before, *change.parties)))
        set_in(state, "rungs", {**state.rungs, change.role: change.rung})
        set_in(state, "relay", {**state.relay, change.role: relay})


def _made_answerable(state: State, change: c.MadeAnswerable) -> None:
    set_in(state, "answerable", change.party)


def _counted(state: State, change: c.Counted) -> None:
    set_in(state, "counts", {**state.counts, change.action: change.times})


def _unchanged(state: State, change: c.GuardFailed | c.DeadlineMoved | c.Unheard) -> None:
    """What is only kept for people to read."""


def _entered(state: State, change: c.Entered) -> None:
    set_in(state, "visits", (*state.visits, change.visit))
    set_in(state, "last_number", change.visit.number)


def _visit_changed(state: State, change: c.VisitChanged) -> None:
    new = change.visit
    set_in(state, "visits", tuple(new if visit.number == new.number else visit for visit in state.visits))


def _branch_joined(state: State, change: c.BranchJoined) -> None:
    visits = (
        changed(visit, joined=change.joined, branches=change.branches) if visit.number == change.visit else visit
        for visit in state.visits
    )
    set_in(state, "visits", tuple(visits))


def _item_opened(state: State, change: c.ItemOpened) -> None:
    set_in(state, "items", (*state.items, change.item))
    set_in(state, "last_number", change.item.number)


def _with_item(state: State, number: int, **fields: Any) -> None:
    items = (changed(item, **fields) if item.number == number else item for item in state.items)
    set_in(state, "items", tuple(items))


def _item_claimed(state: State, change: c.ItemClaimed) -> None:
    _with_item(state, change.item, owner=change.owner)


def _item_widened(state: State, change: c.ItemWidened) -> None:
    item = state.item(change.item)
    known = item.candidates if item else ()
    _with_item(state, change.item, candidates=tuple(dict.fromkeys((*known, *change.candidates))))


def _item_given(state: State, change: c.ItemGiven) -> None:
    _with_item(state, change.item, candidates=change.candidates, owner=None, delegate=None, offered=None)


def _item_delegated(state: State, change: c.ItemDelegated) -> None:
    _with_item(state, change.item, delegate=change.to)


def _item_offered(state: State, change: c.ItemOffered) -> None:
    _with_item(state, change.item, offered=change.to)


def _item_turn(state: State, change: c.ItemTurn) -> None:
    _with_item(state, change.item, waiting=False)


def _item_due(state: State, change: c.ItemDue) -> None:
    _with_item(state, change.item, deadline=change.deadline)


def _limit_changed(state: State, change: c.LimitChanged) -> None:
    set_in(state, "limits", {**state.limits, change.limit: change.clock})


def _shelved(state: State, change: c.Shelved) -> None:
    visits = (
        changed(visit, shelved_until=change.day) if visit.number == change.visit else visit for visit in state.visits
    )
    set_in(state, "visits", tuple(visits))


def _item_done(state: State, change: c.ItemDone) -> None:
    _with_item(state, change.item, done=True, vote=change.vote, action=change.action)


def _item_ended(state: State, change: c.ItemEnded) -> None:
    set_in(state, "items", tuple(item for item in state.items if item.number != change.item))


def _timer_set(state: State, change: c.TimerSet) -> None:
    set_in(state, "timers", (*state.timers, change.timer))
    set_in(state, "last_number", change.timer.number)


def _timer_gone(state: State, change: c.TimerFired | c.TimerEnded) -> None:
    set_in(state, "timers", tuple([timer for timer in state.timers if timer.number != change.timer]))
    if state.held:
        set_in(state, "held", tuple(timer for timer in state.held if timer.number != change.timer))


def _timer_held(state: State, change: c.TimerHeld) -> None:
    held = tuple(timer for timer in state.timers if timer.number == change.timer)
    set_in(state, "timers", tuple(timer for timer in state.timers if timer.number != change.timer))
    set_in(state, "held", (*state.held, *held))


def _left(state: State, change: c.Left) -> None:
    set_in(state, "visits", tuple(visit for visit in state.visits if visit.number != change.visit))
    set_in(state, "items", tuple(item for item in state.items if item.visit != change.visit))


def _acted(state: State, change: c.Acted) -> None:
    set_in(state, "acted", {**state.acted, change.step: change.by})


def _voted(state: State, change: c.Voted) -> None:
    set_in(state, "votes", change.votes)


def _promise_made(state: State, change: c.PromiseMade) -> None:
    set_in(state, "promises", (*state.promises, change.promise))
    set_in(state, "last_number", change.promise.number)


def _promise_ended(state: State, change: c.PromiseEnded) -> None:
    promises = (
        changed(promise, status=change.status) if promise.number == change.promise else promise
        for promise in state.promises
    )
    set_in(state, "promises", tuple(promises))


def _joined(known: tuple[Party, ...], more: tuple[Party, ...]) -> tuple[Party, ...]:
    return tuple(dict.fromkeys((*known, *more)))


def _supervisor_named(state: State, change: c.SupervisorNamed) -> None:
    set_in(state, "supervisors", _joined(state.supervisors, change.parties))


def _followers_joined(state: State, change: c.FollowersJoined) -> None:
    set_in(state, "followers", _joined(state.followers, change.parties))


def _linked(state: State, change: c.Linked) -> None:
    set_in(state, "links", tuple(dict.fromkeys((*state.links, change.link))))


def _urged(state: State, change: c.Urged) -> None:
    set_in(state, "urged", {**state.urged, change.by: change.at})


def _suspended(state: State, change: c.Suspended) -> None:
    set_in(state, "suspended", True)


def _resumed(state: State, change: c.Resumed) -> None:
    set_in(state, "suspended", False)


def _reopened(state: State, change: c.Reopened) -> None:
    set_in(state, "status", "open")
    set_in(state, "resolution", None)
    set_in(state, "closed_at", None)


def _closed(state: State, change: c.Closed) -> None:
    set_in(state, "status", "closed")
    set_in(state, "suspended", False)
    set_in(state, "resolution", change.resolution)
    set_in(state, "closed_at", change.at)


def _migrated(state: State, change: c.Migrated) -> None:
    steps, roles = change.steps, change.roles
    set_in(state, "data", _renamed(state.data, change.fields))
    set_in(state, "roles", _united(state.roles, roles))
    set_in(state, "relay", _united(state.relay, roles))
    set_in(state, "rungs", {roles.get(role, role): level for role, level in state.rungs.items()})
    set_in(state, "acted", {steps.get(step, step): by for step, by in state.acted.items()})
    set_in(state, "counts", _counted_anew(state.counts, steps))
    # a step that has no place in the new version is nowhere to go back to
    visits = (changed(v, step=steps.get(v.step, v.step), origin=steps.get(v.origin or "")) for v in state.visits)
    set_in(state, "visits", tuple(visits))
    items = (changed(i, step=steps.get(i.step, i.step), role=roles.get(i.role, i.role)) for i in state.items)
    set_in(state, "items", tuple(items))
    set_in(state, "promises", tuple(changed(one, role=roles.get(one.role, one.role)) for one in state.promises))
    set_in(state, "limits", {key: clock for key, clock in state.limits.items() if key not in change.limits})


def _renamed(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The values by their new names; one whose name another value takes is gone."""
    taken = set(names.values())
    kept = {name: value for name, value in data.items() if name not in names and name not in taken}
    return {**kept, **{new: data[old] for old, new in names.items() if old in data}}


def _united(parties: Mapping[str, tuple[Party, ...]], roles: Mapping[str, str]) -> dict[str, tuple[Party, ...]]:
    """Those who hold a role, by its new name; those of two roles that became one hold it together."""
    united: dict[str, tuple[Party, ...]] = {}
    for role, several in parties.items():
        name = roles.get(role, role)
        united[name] = _joined(united.get(name, ()), several)
    return united


def _counted_anew(counts: Mapping[str, int], steps: Mapping[str, str]) -> dict[str, int]:
    """How often each step was entered and each action taken (``step.action``), by the new names of the steps."""
    anew: dict[str, int] = {}
    for key, times in counts.items():
        step, dot, action = key.partition(".")
        name = f"{steps.get(step, step)}{dot}{action}"
        anew[name] = anew.get(name, 0) + times
    return anew


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
    c.ItemDelegated: _item_delegated,
    c.ItemOffered: _item_offered,
    c.ItemTurn: _item_turn,
    c.ItemDue: _item_due,
    c.LimitChanged: _limit_changed,
    c.DeadlineMoved: _unchanged,
    c.Shelved: _shelved,
    c.Unheard: _unchanged,
    c.ItemDone: _item_done,
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
    c.Linked: _linked,
    c.Urged: _urged,
    c.Suspended: _suspended,
    c.Resumed: _resumed,
    c.Reopened: _reopened,
    c.Closed: _closed,
    c.Migrated: _migrated,
}


def apply(state: State, change: c.Change) -> None:
    """Write one change into a state that nobody else has seen."""
    RULES[type(change)](state, change)


def evolve(state: State, change: c.Change) -> State:
    """The state after one change."""
    new = copied(state)
    apply(new, change)
    return new


def fold(history: Iterable[Iterable[c.Change]], state: State = EMPTY) -> State:
    """The state after a history, given as the changes of each event; every event counts one version, even without changes."""
    new = copied(state)
    for changes in history:
        for change in changes:
            apply(new, change)
        set_in(new, "version", new.version + 1)
    return new
