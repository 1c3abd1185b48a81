"""Which routes a machine's key opens: those that say so, each with what the key must be made for. All others refuse every key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from sqlalchemy import select

from engine.refusal import NotAllowed
from huying.access.api_keys import ApiKey
from huying.database.tables import issues, stations
from huying.house.by import By
from huying.house.house import House
from huying.issues.record import no_issue
from huying.rights.key_scope import SCOPES
from portal.frame.here import portal


class NotByKey(NotAllowed):
    """A key was not made for this."""

    def __init__(self, zh: str, en: str) -> None:
        self.message = {"zh": zh, "en": en}
        Exception.__init__(self, en)


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What a key must be made for; ``bounded``: the route keeps to the area or station of a key, so that bounded ones may come too."""

    scope: str
    bounded: bool

    async def __call__(self) -> None:
        """Nothing: it is asked when the key is read."""


def by_key(scope: str, *, bounded: bool = False) -> Any:
    """For keys that are made for this; the words are a line of ``huying/rights/key_scope.py``."""
    return Depends(KeyUse(SCOPES[scope].key, bounded))


def use_of(route: object) -> KeyUse | None:
    """What a route says of keys; ``None``: none opens it."""
    if not isinstance(route, APIRoute):
        return None
    return next((one.call for one in route.dependant.dependencies if isinstance(one.call, KeyUse)), None)


def admit(request: Request, key: ApiKey) -> None:
    """Let a key in where it was made for it; ``NotByKey`` otherwise."""
    use = use_of(request.scope.get("route"))
    if use is None:
        raise NotByKey("这个接口不能用密钥，请用本人登录。", "No key opens this address; a person logs in for it.")
    if use.scope not in key.scopes:
        title = SCOPES[use.scope].title
        raise NotByKey(f"这个密钥没有“{title.zh}”的用途。", f"This key was not made to {title.en}.")
    if not use.bounded and not key.scope.whole:
        raise NotByKey(
            "这个密钥限于一个范围，这个接口要全机构的密钥。", "This key is bounded; this takes one for the whole house."
        )
    request.state.key = key


def key_of(request: Request) -> ApiKey | None:
    """The key by which this request came in, if it did."""
    return getattr(request.state, "key", None)


def called(request: Request, person: int | None, request_id: str | None) -> By:
    """By whom something is done that a program asks for: a person, through a key if it came by one."""
    key = key_of(request)
    return By(person, portal(request).clock(), request_id, via=key.via if key else None)


def assure_reach(house: House, key: ApiKey | None, issue_id: int) -> None:
    """An issue lies where the key holds; else it is answered as one that is not there."""
    if key is not None and issue_id not in reached(house, key, (issue_id,)):
        raise no_issue()


def assure_station(house: House, key: ApiKey | None, code: str) -> None:
    """The same of a station, by its code."""
    if key is None or key.scope.whole:
        return
    with house.database.reading() as connection:
        number = connection.execute(select(stations.c.id).where(stations.c.code == code)).scalar_one_or_none()
    if number is None or not key.scope.covers(number):
        raise NotByKey("这个密钥不包括这个站点。", "This key does not hold for that station.")


def reached(house: House, key: ApiKey | None, found: Collection[int]) -> Collection[int]:
    """Those of these issues that lie where the key holds."""
    if key is None or key.scope.whole:
        return found
    query = select(issues.c.id).where(issues.c.id.in_(found), issues.c.station_id.in_(key.scope.stations))
    with house.database.reading() as connection:
        return frozenset(connection.execute(query).scalars())
