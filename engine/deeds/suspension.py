"""Suspending: nothing can be done, and no clock runs."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, why
from engine.event import Suspend
from engine.rules.staff import suspend

DEED = Deed(
    event=Suspend,
    rule=suspend,
    done=Said("暂停办理", "Suspended the issue"),
    who="staff",
    reasoned=True,
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Suspend(entered.reason),
            title=Said("暂停办理", "Suspend"),
            place="staff",
            key="suspend",
            offered=lambda prospect: prospect.running,
            form="suspend",
            blanks=(why(),),
            told=("suspend",),
            alone=True,
            many=True,
        ),
    ),
)
