"""``referral``: what was said of an issue that was merged is said of the one that goes on."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select

from definitions.model.reference import Reference
from engine import State
from engine.effect import Referral
from engine.refusal import Refusal
from huying.database.tables import issues
from huying.effects.kind import EffectKind
from huying.effects.outcome import mark_done
from huying.house.by import MERGED, By
from huying.house.house import House
from huying.issues.decision import Capacity, change
from huying.outbox.claims import Errand


def survivor_of(house: House, issue_id: int) -> int | None:
    """The issue that goes on in the place of this one, which may be itself: the last of the chain of those merged; ``None`` for a circle."""
    seen: set[int] = set()
    while issue_id not in seen:
        seen.add(issue_id)
        with house.database.reading() as connection:
            state: State = connection.execute(select(issues.c.state).where(issues.c.id == issue_id)).scalar_one()
        if state.survivor is None:
            return issue_id
        issue_id = Reference.parse(state.survivor).number
    return None


def _refer(house: House, errand: Errand[Referral], now: datetime) -> None:
    """Say it there, by whoever said it; what is refused there, such as urging twice within a day, was said here all the same."""
    effect = errand.effect
    other = survivor_of(house, Reference.parse(effect.issue).number)
    if other is not None:
        by = By(Reference.parse(effect.by).number, now, f"effect-{errand.id}", via=MERGED)
        with suppress(Refusal):
            change(house, other, effect.event, by, capacity=Capacity(oversees=True))
    mark_done(house, errand, now)


REFERRAL = EffectKind(type=Referral, carry=_refer)
