"""Reassigning: a task, or a role, goes to others."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Reassign
from engine.rules.staff import reassign

DEED = Deed(
    event=Reassign,
    rule=reassign,
    done=Said("改派", "Gave the task to others"),
    who="staff",
    reasoned=True,
    gestures=(
        Gesture(
            made=lambda entered: Reassign((entered.to,), entered.reason, item=entered.item),
            title=Said("改派", "Give to others"),
            place="staff",
            key="reassign",
            offered=lambda prospect: prospect.running,
            form="reassign",
            told=("reassign",),
        ),
    ),
)
