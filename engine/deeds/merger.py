"""Merging: the issue ends in favour of another, which its people follow from now on."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Blank, Deed, Gesture, why
from engine.event import Merge
from engine.rules.staff import merge

DEED = Deed(
    event=Merge,
    rule=merge,
    done=Said("并入另一件事项", "Merged the issue into another"),
    who="staff",
    reasoned=True,
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Merge(entered.other, entered.reason),
            title=Said("并入另一件事项", "Merge into another issue"),
            place="staff",
            key="merge",
            offered=lambda prospect: prospect.running,
            form="merge",
            blanks=(Blank("into", Said("另一件事项的编号", "Number of the other issue")), why()),
            told=("merge",),
            alone=True,
            many=True,
        ),
    ),
)
