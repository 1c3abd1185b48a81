"""Adding a signer: one more signs beside the others."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture, to_whom, why
from engine.event import AddSigner
from engine.rules.handover import add_signer

DEED = Deed(
    event=AddSigner,
    rule=add_signer,
    done=Said("加签", "Added a signer"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: AddSigner(entered.item, entered.to, entered.reason),
            title=Said("增加会签人", "Add a signer"),
            place="item",
            key="add-signer",
            offered=lambda prospect: prospect.rules.add_signer and prospect.each,
            form="add-signer",
            blanks=(to_whom(), why(Said("加签原因", "Why one more should sign"), required=False)),
            told=("add-signer",),
        ),
    ),
)
