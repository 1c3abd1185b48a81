"""Asking for more time."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import AskExtension
from engine.rules.extensions import ask_extension, may_extend

DEED = Deed(
    event=AskExtension,
    rule=ask_extension,
    done=Said("申请延期", "Asked for more time"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: AskExtension(entered.item, entered.length, entered.reason),
            title=Said("申请延期", "Ask for more time"),
            place="item",
            key="extend",
            offered=lambda prospect: prospect.own and may_extend(prospect.draft, prospect.item),
            form="extend",
            told=("extend",),
        ),
    ),
)
