"""Reopening: a closed issue goes on, where the definition says (participants) or at any step (staff)."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Entries, Gesture
from engine.directory import Actor
from engine.draft import Draft
from engine.event import Reopen
from engine.rules import participation, staff


def _reopen(draft: Draft, event: Reopen, actor: Actor) -> None:
    if not actor.manages:
        participation.reopen(draft, event, actor)
        return
    staff.with_reason(event.reason)
    staff.reopen(draft, event, actor)


def _made(entered: Entries) -> Reopen:
    return Reopen(entered.reason, entered.step or None, entered.values)


DEED = Deed(
    event=Reopen,
    rule=_reopen,
    done=Said("重新办理", "Had the issue taken up again"),
    heard=True,
    gestures=(
        Gesture(
            made=_made,
            title=Said("要求重新办理", "Have it taken up again"),
            place="issue",
            key="reopen",
            offered=lambda prospect: participation.may_reopen(prospect.draft, prospect.actor),
            form="reopen",
            told=("reopen",),
            alone=True,
        ),
        Gesture(
            made=_made,
            title=Said("重新办理", "Take it up again"),
            place="staff",
            key="reopen",
            offered=lambda prospect: prospect.state.status != "open",
        ),
    ),
)
