"""Cancelling: the issue ends without a result."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, why
from engine.event import Cancel
from engine.rules.staff import cancel

DEED = Deed(
    event=Cancel,
    rule=cancel,
    done=Said("终止办理", "Cancelled the issue"),
    who="staff",
    reasoned=True,
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Cancel(entered.reason),
            title=Said("终止办理", "Cancel"),
            place="staff",
            key="cancel",
            offered=lambda prospect: prospect.state.status == "open",
            form="cancel",
            blanks=(why(),),
            told=("cancel",),
            alone=True,
            many=True,
        ),
    ),
)
