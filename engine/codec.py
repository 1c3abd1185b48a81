"""The one form in which the kernel's nouns are written down, for the state, the history and the outbox: JSON, and back.

An event, change or effect is ``{"kind": "item-done", …fields…}``; moments are ISO 8601 in UTC. The format lives as long as the issues: a field that a
newer version adds is missing in older rows, so it must have a default.
"""

from __future__ import annotations

from typing import Any

from msgspec.json import Decoder, Encoder

from engine.change import Change
from engine.effect import Effect
from engine.event import Happened
from engine.state import State

#: A noun, or several, as JSON.
encode = Encoder().encode

decode_state = Decoder(State).decode
decode_event = Decoder[Happened](Happened).decode
decode_changes = Decoder(tuple[Change, ...]).decode
decode_effect = Decoder[Effect](Effect).decode

_decode_plain = Decoder().decode


def plain(noun: Any) -> Any:
    """A noun, or several, as dicts, lists and scalars: what somebody reads who knows JSON alone."""
    return _decode_plain(encode(noun))
