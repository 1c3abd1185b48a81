"""``publish``: a text becomes public."""

from __future__ import annotations

from engine.effect import Publish
from huying.effects.kind import EffectKind
from huying.publicity.publications import publish_text

PUBLISH = EffectKind(type=Publish, carry=publish_text)
