"""Rights: what somebody may do at a moment, where, and because of what; the one answer for pages, API, chores and the console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from huying.rights.action import ACTIONS, HouseAction
from huying.rights.entitlement import STAFF, Entitlement, Grant, Serving
from huying.rights.scope import HOUSE, Scope, at_station


@dataclass(frozen=True, slots=True)
class Right:
    """Somebody may do ``action`` in ``scope``, because they serve somewhere, or were granted a role."""

    action: str
    scope: Scope
    because: Serving | Grant


def rights(person: Entitlement, now: datetime) -> frozenset[Right]:
    """All rights of somebody; nothing is looked up, and nothing but what is given here decides."""
    if not person.active:
        return frozenset()
    return frozenset(right for action in ACTIONS.values() for right in _of(action, person, now))


def rights_to(action: str, person: Entitlement, now: datetime) -> tuple[Right, ...]:
    """The rights of somebody to one action; a ``KeyError`` if there is no such action: it is a slip of the pen, not of a person."""
    return tuple(_of(ACTIONS[action], person, now)) if person.active else ()


def rights_today(action: str, person: Entitlement, day: date) -> tuple[Right, ...]:
    """The rights of somebody to one action on a day, for whoever knows no moment."""
    return tuple(_of(ACTIONS[action], person, day)) if person.active else ()


def may(action: str, person: Entitlement, now: datetime, station: int | None = None) -> bool:
    """Whether somebody may do something at a station; without one: anywhere at all."""
    found = rights_to(action, person, now)
    return any(station is None or right.scope.covers(station) for right in found)


def may_everywhere(action: str, person: Entitlement, now: datetime) -> bool:
    """Whether somebody may do something in the whole house."""
    return any(right.scope.whole for right in rights_to(action, person, now))


def _of(action: HouseAction, person: Entitlement, when: datetime | date) -> Iterator[Right]:
    for serving in person.servings:
        if "office" in action.duties and serving.office:
            yield Right(action.key, HOUSE, serving)
        elif "staff" in action.duties and serving.station is not None and serving.function in STAFF:
            yield Right(action.key, at_station(serving.station), serving)
    for grant in person.grants:
        if (
            grant.role in action.roles
            and (grant.scope.whole or not action.whole)
            and (grant.holds(when) if isinstance(when, datetime) else grant.holds_on(when))
        ):
            yield Right(action.key, grant.scope, grant)
