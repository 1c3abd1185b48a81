"""Why somebody may not do something: the nearest condition that is missing, so that whoever is asked knows what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from huying.rights.action import ACTIONS
from huying.rights.entitlement import Entitlement, Grant, Serving
from huying.rights.right import may, rights_to

#: The account is disabled; a grant begins later; holds elsewhere; does not hold in the whole house; is over; or nothing was ever granted.
Lack = Literal["disabled", "later", "elsewhere", "bounded", "over", "nothing"]


@dataclass(frozen=True, slots=True)
class MissingCondition:
    """What is missing, and in what there is instead: the grant or the service that nearly does."""

    lack: Lack
    instead: Grant | Serving | None = None


def why_not(action: str, person: Entitlement, now: datetime, station: int | None = None) -> MissingCondition | None:
    """The nearest condition that is missing; ``None`` for who may do it."""
    if may(action, person, now, station):
        return None
    if not person.active:
        return MissingCondition("disabled")
    elsewhere = next((right.because for right in rights_to(action, person, now)), None)
    if elsewhere is not None:
        return MissingCondition("elsewhere", elsewhere)
    asked = ACTIONS[action]
    held = [grant for grant in person.grants if grant.role in asked.roles]
    in_force = next((grant for grant in held if grant.holds(now)), None)
    if in_force is not None:
        return MissingCondition("bounded", in_force)
    later = min((grant for grant in held if not grant.ended(now)), key=lambda grant: grant.since, default=None)
    if later is not None:
        return MissingCondition("later", later)
    over = max(held, key=lambda grant: grant.until or grant.since, default=None)
    return MissingCondition("over", over) if over is not None else MissingCondition("nothing")
