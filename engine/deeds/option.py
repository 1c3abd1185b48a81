"""Standing options: what the definition lets somebody do besides the tasks."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import TakeOption
from engine.rules.option import may_take, take

DEED = Deed(
    event=TakeOption,
    rule=take,
    done=Said("另行办理", "Did something besides"),
    gestures=(
        Gesture(
            made=lambda entered: TakeOption(entered.option, entered.values),
            title=Said("另行办理", "Something besides"),
            place="issue",
            key="option",
            offered=lambda prospect: any(
                may_take(prospect.draft, key, prospect.actor) for key in prospect.draft.definition.options
            ),
            form="option",
        ),
    ),
)
