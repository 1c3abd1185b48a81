"""Moving the issue, or one of its branches, to another step."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Move
from engine.rules.staff import move

DEED = Deed(
    event=Move,
    rule=move,
    done=Said("改到另一步骤", "Moved the issue to another step"),
    who="staff",
    reasoned=True,
    gestures=(
        Gesture(
            made=lambda entered: Move(entered.step, entered.reason),
            title=Said("改到另一步骤", "Move to another step"),
            place="staff",
            key="move",
            offered=lambda prospect: prospect.running,
            form="move",
            told=("move",),
            alone=True,
        ),
    ),
)
