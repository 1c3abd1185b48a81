"""Supervising: somebody sees and hears of every step from now on."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, to_whom, why
from engine.event import Supervise
from engine.rules.staff import supervise

DEED = Deed(
    event=Supervise,
    rule=supervise,
    done=Said("指定督办人", "Named a supervisor"),
    who="staff",
    reasoned=True,
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: Supervise(entered.to, entered.reason),
            title=Said("指定督办人", "Name a supervisor"),
            place="staff",
            key="supervise",
            offered=lambda prospect: prospect.running,
            form="supervise",
            blanks=(to_whom(), why()),
            told=("supervise",),
            alone=True,
        ),
    ),
)
