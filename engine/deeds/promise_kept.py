"""Saying that a promise was kept."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.directory import Actor
from engine.draft import Draft
from engine.event import KeepPromise
from engine.refusal import Gone, NotAllowed
from engine.rules import promises
from engine.rules.timers import settle_promises
from engine.state import Promise


def settling(draft: Draft, number: int, actor: Actor) -> Promise:
    """The promise, if it is this person's to say what became of it."""
    made = promises.find(draft.state, number)
    if made is None:
        raise Gone
    if not actor.manages and not promises.may_settle(draft, made, actor.parties):
        raise NotAllowed
    return made


def _keep(draft: Draft, event: KeepPromise, actor: Actor) -> None:
    made = settling(draft, event.promise, actor)
    if made.status == "kept":
        raise Gone
    promises.keep(draft, made, event.text)
    settle_promises(draft)


DEED = Deed(
    event=KeepPromise,
    rule=_keep,
    done=Said("登记承诺已兑现", "Said that a promise was kept"),
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: KeepPromise(entered.promise, entered.text),
            title=Said("已兑现", "It was kept"),
            form="keep-promise",
            told=("keep-promise",),
            alone=True,
        ),
    ),
)
