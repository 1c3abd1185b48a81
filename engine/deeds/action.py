"""Acting: somebody takes an action of their task."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed
from engine.event import Act
from engine.rules.actions import act

DEED = Deed(event=Act, rule=act, done=Said("办理", "Acted"), offered=False)
