"""Commenting: a remark on an issue."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Comment
from engine.rules.participation import note

DEED = Deed(
    event=Comment,
    rule=note,
    done=Said("留言", "Left a remark"),
    offered=False,
    gestures=(Gesture(made=lambda entered: Comment(entered.text or "…"), told=("comment",), alone=True),),
)
