"""Resuming: a suspended issue goes on."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, why
from engine.event import Resume
from engine.rules.staff import resume

DEED = Deed(
    event=Resume,
    rule=resume,
    done=Said("恢复办理", "Let the issue go on"),
    who="staff",
    gestures=(
        Gesture(
            made=lambda entered: Resume(entered.reason),
            title=Said("恢复办理", "Let it go on"),
            place="staff",
            key="resume",
            offered=lambda prospect: prospect.state.status == "open" and prospect.state.suspended,
            form="resume",
            blanks=(why(required=False),),
            told=("resume",),
            alone=True,
            many=True,
        ),
    ),
)
