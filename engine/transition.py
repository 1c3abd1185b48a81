"""What an event leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import event as e
from engine.directory import Actor, Directory
from engine.draft import Draft
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Gone, NotAllowed, Unavailable
from engine.rules import actions, clocks, extensions, handover, outside, participation, promises, staff, timers
from engine.rules.limits import settle_limits
from engine.state import Promise, State

Rule = Callable[[Draft, Any, Actor], None]


def transition(
    process: Process, state: State, event: e.Event, now: datetime, directory: Directory, actor: Actor | None = None
) -> Outcome:
    """Decide an event; a ``Refusal`` leaves everything as it was. ``actor`` is ``None`` for the clock and for other systems."""
    draft = Draft(process, state, now, directory)
    kind = type(event)
    if kind is e.Fire:
        timers.fire(draft, event)  # type: ignore[arg-type]
    elif kind in _SYSTEM:
        if actor is not None and not (kind is e.Connect and actor.manages):
            raise NotAllowed
        _SYSTEM[kind](draft, event, actor)
    elif actor is None:
        raise NotAllowed
    elif kind is e.Reopen and not actor.manages:
        participation.reopen(draft, event, actor)  # type: ignore[arg-type]
    elif kind in _STAFF:
        staff.by_staff(actor)
        if kind in _REASONED:
            staff.with_reason(event.reason)  # type: ignore[union-attr]
        _STAFF[kind](draft, event, actor)
    else:
        _RULES[kind](draft, event, actor)
    settle_limits(draft)
    return draft.outcome()


def _reckon_again(draft: Draft, event: e.ReckonAgain, actor: Actor | None) -> None:
    if draft.state.status != "open":
        raise Gone
    if not clocks.reckon_again(draft):
        raise Unavailable("各项期限都没有变化。", "No deadline has changed.")


def _keep_promise(draft: Draft, event: e.KeepPromise, actor: Actor) -> None:
    made = _promise(draft, event.promise, actor)
    if made.status == "kept":
        raise Gone
    promises.keep(draft, made, event.text)
    timers.settle_promises(draft)


def _break_promise(draft: Draft, event: e.BreakPromise, actor: Actor) -> None:
    made = _promise(draft, event.promise, actor)
    if made.status != "open":
        raise Gone
    staff.with_reason(event.reason)
    promises.break_(draft, made, event.reason)
    timers.settle_promises(draft)


def _promise(draft: Draft, number: int, actor: Actor) -> Promise:
    made = promises.find(draft.state, number)
    if made is None:
        raise Gone
    if not actor.manages and not promises.may_settle(draft, made, actor.parties):
        raise NotAllowed
    return made


_SYSTEM: Mapping[type, Callable[[Draft, Any, Actor | None], None]] = {
    e.Message: outside.message,
    e.Result: outside.result,
    e.Absorb: outside.absorb,
    e.Connect: staff.connect,
    e.ReckonAgain: _reckon_again,
}
_STAFF: Mapping[type, Rule] = {
    e.Move: staff.move,
    e.Reassign: staff.reassign,
    e.Suspend: staff.suspend,
    e.Resume: staff.resume,
    e.Cancel: staff.cancel,
    e.Reopen: staff.reopen,
    e.Merge: staff.merge,
    e.Supervise: staff.supervise,
    e.Retry: outside.retry,
    e.Skip: outside.skip,
    e.Supply: outside.supply,
    e.MoveDeadline: extensions.move_deadline,
}
_REASONED = frozenset(
    {e.Move, e.Reassign, e.Suspend, e.Cancel, e.Reopen, e.Merge, e.Supervise, e.Skip, e.Supply, e.MoveDeadline}
)
_RULES: Mapping[type, Rule] = {
    e.Act: actions.act,
    e.Claim: handover.claim,
    e.Release: handover.release,
    e.Delegate: handover.delegate,
    e.Transfer: handover.transfer,
    e.Reply: handover.reply,
    e.Ask: handover.ask,
    e.Answer: handover.answer,
    e.AddSigner: handover.add_signer,
    e.Comment: participation.note,
    e.Attach: participation.note,
    e.Withdraw: participation.withdraw,
    e.Urge: participation.urge,
    e.AskExtension: extensions.ask_extension,
    e.AskShelving: extensions.ask_shelving,
    e.Unshelve: extensions.unshelve,
    e.KeepPromise: _keep_promise,
    e.BreakPromise: _break_promise,
}
