"""Supplying: giving by hand what failed should have brought."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed
from engine.event import Supply
from engine.rules.outside import supply

DEED = Deed(
    event=Supply,
    rule=supply,
    done=Said("人工补录了结果", "Gave the answer by hand"),
    who="staff",
    reasoned=True,
    inside=True,
)
