"""Delegating: somebody else acts on one's behalf, until that is taken back."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, to_whom, why
from engine.event import Delegate
from engine.rules.handover import delegate

DEED = Deed(
    event=Delegate,
    rule=delegate,
    done=Said("委托他人代办", "Had somebody else act"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: Delegate(entered.item, entered.to or None, entered.reason),
            title=Said("委托他人代办", "Have somebody act for me"),
            place="item",
            key="delegate",
            offered=lambda prospect: prospect.own and prospect.rules.delegate and prospect.item.delegate is None,
            form="delegate",
            blanks=(to_whom(), why(Said("委托原因", "Why you have somebody else act"), required=False)),
            hint=Said("责任仍在您。", "You stay responsible."),
            told=("delegate",),
        ),
        Gesture(
            made=lambda entered: Delegate(entered.item, None),
            title=Said("收回委托", "Take the delegation back"),
            place="item",
            key="recall",
            offered=lambda prospect: prospect.own and prospect.item.delegate is not None,
            form="recall",
            told=("recall",),
        ),
    ),
)
