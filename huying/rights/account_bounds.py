"""Whose accounts somebody cares for: those of the people in the scope of their grant, and never of anybody with more rights than they could give.

A link that sets a passphrase is the person themself to whoever holds it; so is the second factor that is taken off.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_, select

from engine.refusal import Refusal
from huying.database.tables import memberships, participants
from huying.database.tenure import Today
from huying.errors import NotFound
from huying.house.by import By
from huying.rights.entitlement import Entitlement, Grant, grants_of, serving_of
from huying.rights.grants import can_give
from huying.rights.refusal import Unentitled
from huying.rights.right import rights_to
from huying.rights.role import ROLES
from huying.rights.scope import Scope

ACTION = "invite people"


class OutOfCare(Refusal):
    """This account is not theirs to care for."""

    code = "account"


def assure_cares_for(connection: Connection, person: int, by: By) -> None:
    """Whether somebody may invite this person, reset them, or shut them out; else ``OutOfCare`` says why. The clock and the command line may."""
    if by.person is None:
        return
    carer = _entitlement(connection, by.person)
    scopes = _scopes(carer, by.now)
    if not scopes:
        raise Unentitled(ACTION)
    name = connection.execute(select(participants.c.name).where(participants.c.id == person)).scalar_one_or_none()
    if name is None:
        raise NotFound("没有这个人。", "There is no such person.")
    if not _lies_in(connection, person, scopes):
        # no name: whoever may not see them in a list does not learn by numbers who they are
        raise OutOfCare(
            "这个人不在您管理的范围内，请找全机构的名册管理员。",
            "This person is not of the area that you look after; ask a registrar of the whole house.",
        )
    for held in grants_of(connection, person):
        if not held.ended(by.now) and not _could_give(carer, held, by.now):
            title = ROLES[held.role].title
            raise OutOfCare(
                f"{name}有“{title.zh}”的权限，须由能授予这一权限的人办理。",
                f"{name} holds “{title.en}”: somebody who could grant that does this.",
            )


def cared_for(connection: Connection, by: By) -> frozenset[int] | None:
    """The people whose accounts somebody sees in lists; ``None``: everybody's, for whoever cares for the whole house."""
    scopes = _scopes(_entitlement(connection, by.somebody), by.now)
    if any(scope.whole for scope in scopes):
        return None
    inside, outside = set[int](), set[int]()
    for person, station in _stations_of(connection):
        (inside if any(station in scope.stations for scope in scopes) else outside).add(person)
    return frozenset(inside - outside)


def _entitlement(connection: Connection, person: int) -> Entitlement:
    active = connection.execute(select(participants.c.active).where(participants.c.id == person)).scalar_one()
    return Entitlement(person, active, serving_of(connection, person), grants_of(connection, person))


def _scopes(carer: Entitlement, now: datetime) -> tuple[Scope, ...]:
    return tuple(right.scope for right in rights_to(ACTION, carer, now))


def _could_give(carer: Entitlement, held: Grant, now: datetime) -> bool:
    return can_give(carer.grants, held.role, held.scope, now)


def _lies_in(connection: Connection, person: int, scopes: tuple[Scope, ...]) -> bool:
    """Whether all places where somebody serves, or is to serve, lie in the scopes; nobody lies in an area without serving there."""
    if any(scope.whole for scope in scopes):
        return True
    at = [station for _, station in _stations_of(connection, person)]
    return bool(at) and all(any(station in scope.stations for scope in scopes) for station in at)


def _stations_of(connection: Connection, person: int | None = None) -> list[tuple[int, int | None]]:
    """Who serves, or is to serve, at which station; a department is at none."""
    m = memberships.c
    query = select(m.participant_id, m.station_id).where(or_(m.until.is_(None), m.until >= Today()))
    if person is not None:
        query = query.where(m.participant_id == person)
    return [(row[0], row[1]) for row in connection.execute(query)]
