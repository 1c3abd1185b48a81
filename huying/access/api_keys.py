"""Keys of the API, by which a machine acts for a person: made once, shown once, bounded, and over at a day that is known from the beginning.

A key reads ``hy_<id>_<secret>_<check>``: found by its id, compared by its hash in constant time; the check tells a key that was cut or mistyped,
and lets searches for lost secrets recognise one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from engine.refusal import Invalid
from huying.access.journal import noted, noted_failure
from huying.database.tables import api_keys, areas, participants, stations
from huying.errors import NotFound
from huying.house.by import KEY, By
from huying.house.house import House
from huying.rights.key_scope import SCOPES
from huying.rights.scope import HOUSE, Scope, at_station

#: No key lives longer.
MOST = timedelta(days=366)
_PREFIX = "hy_"
_LETTERS = string.digits + string.ascii_letters
_ID, _SECRET = 8, 32
_SHAPE = re.compile(rf"(hy_([0-9A-Za-z]{{{_ID}}})_[0-9A-Za-z]{{{_SECRET}}})_([0-9a-f]{{8}})")
_USED_EVERY = timedelta(minutes=1)
_k = api_keys.c


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made: for whom it acts (a log-in), what it is called, what it opens, where, and the moment from which it opens nothing."""

    name: str
    login: str
    scopes: Collection[str]
    scope: Scope
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that opens something now: for whom it acts, what it opens, and where."""

    id: str
    person: int
    scopes: frozenset[str]
    scope: Scope

    @property
    def via(self) -> str:
        """By which histories name it."""
        return f"{KEY}{self.id}"

    def brings(self, action: str) -> bool:
        """Whether an action of the house lies in what it opens."""
        return any(action in SCOPES[one].actions for one in self.scopes if one in SCOPES)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as pages list it; nothing in it opens anything. ``state``: works, waits (for its owner), over."""

    id: str
    name: str
    owner: str
    made_by: str
    scopes: tuple[str, ...]
    scope: str
    expires_at: datetime
    used_at: datetime | None
    state: str


def is_key(token: str) -> bool:
    """Whether a token is meant as a key, and not as that of a log-in."""
    return token.startswith(_PREFIX)


def make_key(house: House, wish: NewKey, by: By) -> str:
    """Make a key: its text, which is shown this once. ``Invalid`` says at which entry what cannot be.

    One that is made for somebody else opens nothing before they have agreed: nobody acts in another one's name by making a key.
    """
    with house.database.writing() as connection:
        owner = connection.execute(
            select(participants.c.id).where(participants.c.login == wish.login, participants.c.active)
        ).scalar_one_or_none()
        errors = _wrong_with(connection, wish, owner, by.now)
        if errors or owner is None:
            raise Invalid(errors)
        number, text = _text()
        row: dict[str, Any] = {
            "id": number,
            "secret_hash": _hashed(text),
            "name": wish.name.strip(),
            "participant_id": owner,
            "scopes": sorted(wish.scopes),
            "area_id": wish.scope.number if wish.scope.kind == "area" else None,
            "station_id": wish.scope.number if wish.scope.kind == "station" else None,
            "made_at": by.now,
            "made_by_id": by.somebody,
            "expires_at": wish.expires_at,
            "agreed_at": by.now if owner == by.person else None,
        }
        connection.execute(insert(api_keys), row)
        noted(connection, "key-made", owner, by=by.person, how=number)
    return text


def open_key(house: House, text: str, now: datetime) -> ApiKey | None:
    """What a key opens; ``None`` for one that is unknown, mistyped, not agreed to, over, or whose owner is not in service."""
    shape = _SHAPE.fullmatch(text)
    if shape is None or _check(shape[1]) != shape[3]:
        return None
    query = select(api_keys).join(participants, participants.c.id == _k.participant_id)
    with house.database.reading() as connection:
        row = connection.execute(query.where(_k.id == shape[2], participants.c.active)).one_or_none()
        # an unknown one takes as long as a wrong one
        right = hmac.compare_digest(_hashed(text), row.secret_hash if row else "0" * 64)
        if row is None or not right or _state(row, now) != "works":
            noted_failure(house.database.engine, "key-refused", row.participant_id if row else None, shape[2])
            return None
        scope = _scope(connection, row)
    if row.used_at is None or now - row.used_at >= _USED_EVERY:
        with house.database.at_once() as connection:
            connection.execute(update(api_keys).where(_k.id == row.id).values(used_at=now))
    return ApiKey(row.id, row.participant_id, frozenset(row.scopes), scope)


def agree_to_key(house: House, number: str, by: By) -> None:
    """Let a key act for oneself that somebody else made; ``NotFound`` if there is none that waits for it."""
    theirs = update(api_keys).where(_k.id == number, _k.participant_id == by.somebody)
    with house.database.writing() as connection:
        waiting = theirs.where(_k.agreed_at.is_(None), _k.ended_at.is_(None), _k.expires_at > by.now)
        if not connection.execute(waiting.values(agreed_at=by.now)).rowcount:
            raise _no_key()
        noted(connection, "key-agreed", by.somebody, how=number)


def end_key(house: House, number: str, by: By, *, own: bool = False) -> None:
    """End a key at once, by those who keep keys or (``own``) by its owner; ``NotFound`` if there is none."""
    ended = update(api_keys).where(_k.id == number, _k.ended_at.is_(None))
    if own:
        ended = ended.where(_k.participant_id == by.somebody)
    with house.database.writing() as connection:
        values = {"ended_at": by.now, "ended_by_id": by.somebody}
        owner = connection.execute(ended.values(**values).returning(_k.participant_id)).scalar_one_or_none()
        if owner is None:
            raise _no_key()
        noted(connection, "key-ended", owner, by=by.person, how=number)


def end_keys_of(connection: Connection, person: int, now: datetime, by: int | None) -> None:
    """End all keys that act for somebody."""
    theirs = update(api_keys).where(_k.participant_id == person, _k.ended_at.is_(None))
    connection.execute(theirs.values(ended_at=now, ended_by_id=by))


def keys(house: House, now: datetime, owner: int | None = None) -> list[KeyLine]:
    """All keys, or those of one owner, the newest first; none that was over a year ago."""
    owners, makers = participants.alias("owner"), participants.alias("maker")
    query = (
        select(api_keys, owners.c.name.label("owner"), makers.c.name.label("made_by"))
        .join(owners, owners.c.id == _k.participant_id)
        .join(makers, makers.c.id == _k.made_by_id)
        .where(_k.expires_at > now - MOST)
        .order_by(_k.made_at.desc(), _k.id)
    )
    if owner is not None:
        query = query.where(_k.participant_id == owner)
    with house.database.reading() as connection:
        return [_line(row, now) for row in connection.execute(query)]


def key_names(connection: Connection, ids: Collection[str]) -> Mapping[str, str]:
    """What keys are called, by their ids."""
    if not ids:
        return {}
    return {row.id: row.name for row in connection.execute(select(_k.id, _k.name).where(_k.id.in_(ids)))}


def _line(row: Row[Any], now: datetime) -> KeyLine:
    scope = HOUSE
    if row.station_id is not None:
        scope = at_station(row.station_id)
    elif row.area_id is not None:
        scope = Scope("area", row.area_id)
    return KeyLine(
        row.id,
        row.name,
        row.owner,
        row.made_by,
        tuple(row.scopes),
        str(scope),
        row.expires_at,
        row.used_at,
        _state(row, now),
    )


def _state(row: Row[Any], now: datetime) -> str:
    if row.ended_at is not None or row.expires_at <= now:
        return "over"
    return "works" if row.agreed_at is not None else "waits"


def _scope(connection: Connection, row: Row[Any]) -> Scope:
    """Where it holds, with all that lies there today."""
    if row.station_id is not None:
        return at_station(row.station_id)
    if row.area_id is None:
        return HOUSE
    tree = select(areas.c.id).where(areas.c.id == row.area_id).cte("below", recursive=True)
    tree = tree.union(select(areas.c.id).join(tree, areas.c.parent_id == tree.c.id))
    within = frozenset(connection.execute(select(tree.c.id)).scalars())
    lying = select(stations.c.id).where(stations.c.area_id.in_(select(tree.c.id)))
    return Scope("area", row.area_id, within, frozenset(connection.execute(lying).scalars()))


def _wrong_with(connection: Connection, wish: NewKey, owner: int | None, now: datetime) -> dict[str, Mapping[str, str]]:
    errors: dict[str, Mapping[str, str]] = {}
    if not 0 < len(wish.name.strip()) <= 100:
        errors["name"] = _say("请写清是哪个系统用，最多 100 字。", "Say which machine uses it, in 100 characters.")
    if owner is None:
        errors["login"] = _say("没有这个在用的用户名。", "Nobody in service has this log-in.")
    if not wish.scopes or not set(wish.scopes) <= set(SCOPES):
        errors["scopes"] = _say("请至少勾选一项用途。", "Tick at least one thing that it may do.")
    if wish.expires_at is None or not now < wish.expires_at <= now + MOST:
        errors["until"] = _say("请选一天，从明天起到一年以内。", "Choose a day from tomorrow on, within a year.")
    table = areas if wish.scope.kind == "area" else stations
    if not wish.scope.whole and not connection.execute(select(table.c.id).where(table.c.id == wish.scope.number)).all():
        errors["scope"] = _say("没有这个站点或区域。", "There is no such station or area.")
    return errors


def _text() -> tuple[str, str]:
    number, secret = ("".join(secrets.choice(_LETTERS) for _ in range(length)) for length in (_ID, _SECRET))
    whole = f"{_PREFIX}{number}_{secret}"
    return number, f"{whole}_{_check(whole)}"


def _check(whole: str) -> str:
    return f"{zlib.crc32(whole.encode()):08x}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _no_key() -> NotFound:
    return NotFound("没有这个密钥，或已经停用。", "There is no such key, or it is over already.")


def _say(zh: str, en: str) -> Mapping[str, str]:
    return {"zh": zh, "en": en}
