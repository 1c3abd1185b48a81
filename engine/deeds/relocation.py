"""Relocating: the issue goes on at another station."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Blank, Deed, Gesture, why
from engine.event import Relocate
from engine.rules.relocation import relocate

DEED = Deed(
    event=Relocate,
    rule=relocate,
    done=Said("转到其他站点", "Moved the issue to another station"),
    who="staff",
    reasoned=True,
    heard=True,
    gestures=(
        Gesture(
            made=lambda entered: Relocate(entered.station, entered.reason),
            title=Said("转到其他站点", "Move to another station"),
            place="staff",
            key="relocate",
            offered=lambda prospect: prospect.state.status == "open",
            form="relocate",
            blanks=(
                Blank("station", Said("转到哪个站点", "To which station")),
                why(Said("转办理由", "Why it is moved")),
            ),
            hint=Said(
                "编号、期限和已办内容不变，由新站点接着办；反映人会收到通知，也会看到理由。",
                "Number, deadlines and what was done stay; the new station carries on. The reporter is told, and reads why.",
            ),
            told=("relocate",),
            alone=True,
            many=True,
        ),
    ),
)
