"""Replying: whether one takes over a task that was offered."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, why
from engine.event import Reply
from engine.rules.handover import reply

DEED = Deed(
    event=Reply,
    rule=reply,
    done=Said("答复是否接办", "Answered whether to take the task over"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: Reply(entered.item, accept=True),
            title=Said("接办", "Take it over"),
            form="accept",
            told=("accept-transfer",),
        ),
        Gesture(
            made=lambda entered: Reply(entered.item, accept=False, reason=entered.reason),
            title=Said("不接办", "Do not take it over"),
            form="refuse",
            blanks=(why(Said("不接办的原因", "Why you do not take it")),),
            told=("refuse-transfer",),
        ),
    ),
)
