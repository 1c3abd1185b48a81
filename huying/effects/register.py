"""``register``: entries are made in the yearly files of people."""

from __future__ import annotations

from engine.effect import Register
from huying.effects.kind import EffectKind
from huying.files.registration import register

REGISTER = EffectKind(type=Register, carry=register)
