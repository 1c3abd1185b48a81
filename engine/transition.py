"""What an event leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from engine import acting, allowing, clock, firing, handing, moving, outside, promising, taking_part
from engine import event as e
from engine.directory import Actor, Directory
from engine.draft import Draft
from engine.limits import settle_limits
from engine.outcome import Outcome
from engine.process import Process
from engine.refusal import Gone, NotAllowed, Unavailable
from engine.state import Promise, State

Rule = Callable[[Draft, Any, Actor], None]


def transition(
    process: Process, state: State, event: e.Event, now: datetime, directory: Directory, actor: Actor | None = None
) -> Outcome:
    """Decide an event; a ``Refusal`` leaves everything as it was. ``actor`` is ``None`` for the clock and for other systems."""
    draft = Draft(process, state, now, directory)
    kind = type(event)
    if kind is e.Fire:
        firing.fire(draft, event)  # type: ignore[arg-type]
    elif kind in _SYSTEM:
        if actor is not None and not (kind is e.Connect and actor.manages):
            raise NotAllowed
        _SYSTEM[kind](draft, event, actor)
    elif actor is None:
        raise NotAllowed
    elif kind is e.Reopen and not actor.manages:
        taking_part.reopen(draft, event, actor)  # type: ignore[arg-type]
    elif kind in _STAFF:
        moving.by_staff(actor)
        if kind in _REASONED:
            moving.with_reason(event.reason)  # type: ignore[union-attr]
        _STAFF[kind](draft, event, actor)
    else:
        _RULES[kind](draft, event, actor)
    settle_limits(draft)
    return draft.outcome()


def _reckon_again(draft: Draft, event: e.ReckonAgain, actor: Actor | None) -> None:
    if draft.state.status != "open":
        raise Gone
    if not clock.reckon_again(draft):
        raise Unavailable("各项期限都没有变化。", "No deadline has changed.")


def _keep_promise(draft: Draft, event: e.KeepPromise, actor: Actor) -> None:
    made = _promise(draft, event.promise, actor)
    if made.status == "kept":
        raise Gone
    promising.keep(draft, made, event.text)
    firing.settle_promises(draft)


def _break_promise(draft: Draft, event: e.BreakPromise, actor: Actor) -> None:
    made = _promise(draft, event.promise, actor)
    if made.status != "open":
        raise Gone
    moving.with_reason(event.reason)
    promising.break_(draft, made, event.reason)
    firing.settle_promises(draft)


def _promise(draft: Draft, number: int, actor: Actor) -> Promise:
    made = promising.find(draft.state, number)
    if made is None:
        raise Gone
    if not actor.manages and not promising.may_settle(draft, made, actor.parties):
        raise NotAllowed
    return made


_SYSTEM: Mapping[type, Callable[[Draft, Any, Actor | None], None]] = {
    e.Message: outside.message,
    e.Result: outside.result,
    e.Absorb: outside.absorb,
    e.Connect: moving.connect,
    e.ReckonAgain: _reckon_again,
}
_STAFF: Mapping[type, Rule] = {
    e.Move: moving.move,
    e.Reassign: moving.reassign,
    e.Suspend: moving.suspend,
    e.Resume: moving.resume,
    e.Cancel: moving.cancel,
    e.Reopen: moving.reopen,
    e.Merge: moving.merge,
    e.Supervise: moving.supervise,
    e.Retry: outside.retry,
    e.Skip: outside.skip,
    e.Supply: outside.supply,
    e.MoveDeadline: allowing.move_deadline,
}
_REASONED = frozenset(
    {e.Move, e.Reassign, e.Suspend, e.Cancel, e.Reopen, e.Merge, e.Supervise, e.Skip, e.Supply, e.MoveDeadline}
)
_RULES: Mapping[type, Rule] = {
    e.Act: acting.act,
    e.Claim: handing.claim,
    e.Release: handing.release,
    e.Delegate: handing.delegate,
    e.Transfer: handing.transfer,
    e.Reply: handing.reply,
    e.Ask: handing.ask,
    e.Answer: handing.answer,
    e.AddSigner: handing.add_signer,
    e.Comment: taking_part.note,
    e.Attach: taking_part.note,
    e.Withdraw: taking_part.withdraw,
    e.Urge: taking_part.urge,
    e.AskExtension: allowing.ask_extension,
    e.AskShelving: allowing.ask_shelving,
    e.Unshelve: allowing.unshelve,
    e.KeepPromise: _keep_promise,
    e.BreakPromise: _break_promise,
}
