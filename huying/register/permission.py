"""Who may read and change what of the register: the one place that is asked, with what the rights of the house say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from huying.access.viewer import Viewer
from huying.database.tables import grants, memberships
from huying.register.shapes import Value
from huying.rights.right import may_everywhere, rights_to
from huying.rights.scope import Scope

KEEP, READ = "keep register", "read register"
#: Tables that are about people, wherever those serve.
_OF_PEOPLE = ("participant", "participant_code", "address", "mandate", "absence")


def may_keep_all(person: Viewer, now: datetime) -> bool:
    """Whether somebody keeps the register of the whole house: codes, departments, areas at the top."""
    return may_everywhere(KEEP, person.entitlement, now)


def may_keep_station(person: Viewer, now: datetime, station: int) -> bool:
    """Whether somebody keeps what belongs to a station."""
    return person.may(KEEP, now, station)


def readable(person: Viewer, now: datetime) -> Collection[int] | None:
    """The stations whose register somebody may read; ``None``: all of them."""
    scopes = [right.scope for action in (KEEP, READ) for right in rights_to(action, person.entitlement, now)]
    if any(scope.whole for scope in scopes):
        return None
    return frozenset().union(*(scope.stations for scope in scopes))


def may_change(connection: Connection, person: Viewer, now: datetime, of: str, row: Mapping[str, Value]) -> bool:
    """Whether somebody may write a row (by word, references as numbers), as it is or as it shall be."""
    if may_keep_all(person, now):
        return True
    scopes = [right.scope for right in rights_to(KEEP, person.entitlement, now)]
    if of == "station" and "id" not in row:
        return _covers_area(scopes, row.get("area"))
    station = row.get("id") if of == "station" else row.get("station")
    if station is not None:
        return any(scope.covers(int(str(station))) for scope in scopes)
    if of == "area":
        return _covers_area(scopes, row.get("parent"))
    if of in _OF_PEOPLE:
        number = row.get("id") if of == "participant" else row.get("participant")
        return number is None or _serves_in(connection, scopes, int(str(number)))
    return False


def _covers_area(scopes: list[Scope], area: Any) -> bool:
    return area is not None and any(scope.covers_area(int(area)) for scope in scopes)


def _serves_in(connection: Connection, scopes: list[Scope], person: int) -> bool:
    """Whether somebody serves, or served, at stations of the scopes alone, or nowhere yet, and was granted nothing: else whoever may change
    their address could take what they may do.
    """
    if connection.execute(select(grants.c.id).where(grants.c.participant_id == person)).first() is not None:
        return False
    m = memberships.c
    places = connection.execute(select(m.station_id, m.organisation_id).where(m.participant_id == person)).all()
    return all(
        place.station_id is not None and any(scope.covers(place.station_id) for scope in scopes) for place in places
    )
