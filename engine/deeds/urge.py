"""Urging those who have the open tasks."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Blank, Deed, Gesture, Prospect
from engine.event import Urge
from engine.rules.participation import may_urge, urge, urged_until

DEED = Deed(
    event=Urge,
    rule=urge,
    done=Said("催办", "Urged"),
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Urge(entered.text),
            title=Said("催办", "Urge"),
            place="issue",
            key="urge",
            offered=lambda prospect: _possible(prospect) and urged_until(prospect.draft, prospect.actor) is None,
            form="urge",
            blanks=(Blank("text", Said("想说的话", "What you want to say"), required=False),),
            told=("urge",),
            alone=True,
            many=True,
        ),
    ),
)


def _possible(prospect: Prospect) -> bool:
    """While it runs, by whom the definition lets; of an issue that was merged, those who have the one that goes on are urged."""
    running = prospect.running or prospect.state.survivor is not None
    return running and may_urge(prospect.draft, prospect.actor)
