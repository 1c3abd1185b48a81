"""Connecting: the issue has to do with another, which was split off it."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Connect
from engine.rules.staff import connect

DEED = Deed(
    event=Connect,
    rule=connect,
    done=Said("关联了另一件事项", "Linked another issue"),
    who="staff",
    offered=False,
    gestures=(
        Gesture(
            made=lambda entered: Connect("split", entered.other, entered.reason),
            title=Said("拆分", "Split"),
            place="staff",
            key="split",
            offered=lambda prospect: prospect.running,
            told=("split",),
            alone=True,
        ),
    ),
)
