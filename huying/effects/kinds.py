"""The registry of effects: a new kind is a file of this room, and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.effect import Effect
from huying.effects.kind import EffectKind
from huying.effects.notify import NOTIFY
from huying.effects.open_issue import OPEN_ISSUE
from huying.effects.publish import PUBLISH
from huying.effects.referral import REFERRAL
from huying.effects.register import REGISTER
from huying.effects.request import REQUEST
from huying.effects.tell import TELL

KINDS: tuple[EffectKind[Any], ...] = (
    TELL,
    REGISTER,
    PUBLISH,
    REQUEST,
    OPEN_ISSUE,
    NOTIFY,
    REFERRAL,
)
_BY_TYPE: Mapping[type[Effect], EffectKind[Any]] = {kind.type: kind for kind in KINDS}


def kind_of(effect: Effect) -> EffectKind[Any]:
    """Which kind an effect is of."""
    return _BY_TYPE[type(effect)]
