"""Releasing: the owner gives a task back to all who could do it."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Release
from engine.rules.handover import release

DEED = Deed(
    event=Release,
    rule=release,
    done=Said("退回了任务", "Gave the task back"),
    inside=True,
    offered=False,
    gestures=(
        Gesture(
            made=lambda entered: Release(entered.item),
            place="item",
            key="release",
            offered=lambda prospect: prospect.own and prospect.item.owner == prospect.actor.party and prospect.several,
            told=("release",),
        ),
    ),
)
