"""Having what failed tried again."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import TryAgain
from engine.rules.outside import retry

DEED = Deed(
    event=TryAgain,
    rule=retry,
    done=Said("重新执行", "Had it tried again"),
    who="staff",
    inside=True,
    gestures=(
        Gesture(
            made=lambda entered: TryAgain(entered.visit, entered.reason),
            title=Said("重新执行", "Try it again"),
            form="retry",
        ),
    ),
)
