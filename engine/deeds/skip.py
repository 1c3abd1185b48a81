"""Going on without what failed."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Skip
from engine.rules.outside import skip

DEED = Deed(
    event=Skip,
    rule=skip,
    done=Said("跳过出错的步骤", "Went on without it"),
    who="staff",
    reasoned=True,
    gestures=(
        Gesture(
            made=lambda entered: Skip(entered.visit, entered.reason),
            title=Said("跳过这一步", "Go on without it"),
            form="skip",
        ),
    ),
)
