"""Asking to lay a matter aside until its time comes."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import AskShelving
from engine.rules.extensions import ask_shelving, may_shelve

DEED = Deed(
    event=AskShelving,
    rule=ask_shelving,
    done=Said("申请挂账", "Asked to lay the matter aside"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: AskShelving(entered.item, entered.day, entered.reason),
            title=Said("申请挂账", "Lay it aside"),
            place="item",
            key="shelve",
            offered=lambda prospect: prospect.own and may_shelve(prospect.draft, prospect.item),
            form="shelve",
            told=("shelve",),
        ),
    ),
)
