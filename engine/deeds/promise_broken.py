"""Saying that a promise will not be kept."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.deeds.promise_kept import settling
from engine.directory import Actor
from engine.draft import Draft
from engine.event import BreakPromise
from engine.refusal import Gone
from engine.rules import promises
from engine.rules.staff import with_reason
from engine.rules.timers import settle_promises


def _break(draft: Draft, event: BreakPromise, actor: Actor) -> None:
    made = settling(draft, event.promise, actor)
    if made.status != "open":
        raise Gone
    with_reason(event.reason)
    promises.break_(draft, made, event.reason)
    settle_promises(draft)


DEED = Deed(
    event=BreakPromise,
    rule=_break,
    done=Said("说明承诺不能兑现", "Said that a promise will not be kept"),
    gestures=(
        Gesture(
            made=lambda entered: BreakPromise(entered.promise, entered.reason),
            title=Said("不能兑现", "It will not be kept"),
            form="break-promise",
            told=("break-promise",),
            alone=True,
        ),
    ),
)
