"""Taking up a matter again before its day."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Unshelve
from engine.rules.extensions import unshelve
from engine.state import State, WorkItem

DEED = Deed(
    event=Unshelve,
    rule=unshelve,
    done=Said("提前恢复办理", "Took the matter up again"),
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: Unshelve(entered.visit, entered.reason),
            title=Said("现在恢复办理", "Take it up again now"),
            place="item",
            key="unshelve",
            offered=lambda prospect: _shelved(prospect.state, prospect.item),
            form="unshelve",
            told=("unshelve",),
            alone=True,
        ),
    ),
)


def _shelved(state: State, item: WorkItem) -> bool:
    visit = state.visit(item.visit)
    return visit is not None and visit.shelved_until is not None
