"""Attaching: a file for an issue."""

from __future__ import annotations

from definitions.text import Said
from engine.deeds.deed import Deed
from engine.event import Attach
from engine.rules.participation import note

DEED = Deed(event=Attach, rule=note, done=Said("上传了文件", "Added a file"), offered=False)
