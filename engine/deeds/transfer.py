"""Transferring: the responsibility for a task moves to somebody else."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, to_whom, why
from engine.event import Transfer
from engine.rules.handover import transfer

DEED = Deed(
    event=Transfer,
    rule=transfer,
    done=Said("转办", "Handed the task over"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: Transfer(entered.item, entered.to, entered.reason),
            title=Said("转办", "Hand it over"),
            place="item",
            key="transfer",
            offered=lambda prospect: prospect.own and prospect.rules.transfer != "no" and prospect.item.offered is None,
            form="transfer",
            blanks=(to_whom(), why(Said("转办原因", "Why you hand it over"))),
            hint=Said("责任随之转移。", "The responsibility goes to them."),
            told=("transfer",),
        ),
    ),
)
