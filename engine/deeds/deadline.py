"""Moving a deadline."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import MoveDeadline
from engine.rules.extensions import move_deadline

DEED = Deed(
    event=MoveDeadline,
    rule=move_deadline,
    done=Said("调整了期限", "Moved the deadline"),
    who="staff",
    reasoned=True,
    gestures=(
        Gesture(
            made=lambda entered: MoveDeadline(entered.target, entered.day, entered.reason),
            title=Said("调整期限", "Move the deadline"),
            place="staff",
            key="move-deadline",
            offered=lambda prospect: prospect.running,
            form="move-deadline",
            told=("move-deadline",),
            alone=True,
        ),
    ),
)
