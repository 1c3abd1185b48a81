"""Claiming: one of several takes a task for themself."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Claim
from engine.rules.handover import claim

DEED = Deed(
    event=Claim,
    rule=claim,
    done=Said("领取了任务", "Took on the task"),
    inside=True,
    offered=False,
    gestures=(
        Gesture(
            made=lambda entered: Claim(entered.item),
            place="item",
            key="claim",
            offered=lambda prospect: prospect.own and prospect.item.owner is None and prospect.several,
            told=("claim",),
        ),
    ),
)
