"""Following: somebody has the same matter, and hears of this issue what its reporter hears."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed, Gesture
from engine.event import Follow
from engine.rules.participation import follow

DEED = Deed(
    event=Follow,
    rule=follow,
    done=Said("跟上了这件事", "Followed the issue"),
    offered=False,
    gestures=(Gesture(made=lambda entered: Follow(), title=Said("跟上", "Follow it"), told=("follow",), alone=True),),
)
