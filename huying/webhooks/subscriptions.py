"""Subscriptions: made, looked at, stopped and let go on, their secrets changed; events sent again by hand, and trials."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, and_, func, insert, or_, select, update

from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.connections import Writing
from huying.database.tables import definition_versions, issues, stations
from huying.database.tables import event_deliveries as deliveries
from huying.database.tables import event_subscriptions as subscriptions
from huying.errors import NotFound
from huying.house.house import House
from huying.webhooks.happenings import KINDS, TRIAL, payload
from huying.webhooks.patience import OVERLAP
from notifications import refused_at_once


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription as its keepers see it; ``place`` is the host alone, since an address can hold a secret.

    ``waiting`` and ``failed`` count events.
    """

    id: int
    name: str
    place: str
    definitions: tuple[str, ...]
    happenings: tuple[str, ...]
    station: str | None
    active: bool
    stopped: str | None
    failing_since: datetime | None
    two_secrets_until: datetime | None
    created_at: datetime
    created_by: str
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class ToldEvent:
    """One event of a subscription, and what became of it."""

    id: int
    kind: str
    number: str
    sequence: int
    status: str
    attempts: int
    created_at: datetime
    available_at: datetime
    ended_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSubscription:
    """What is asked for; nothing named means everything. Without a secret one is made."""

    name: str
    url: str
    definitions: Sequence[str] = ()
    happenings: Sequence[str] = ()
    station: str | None = None
    secret: str | None = None


def subscribe(
    house: House,
    new: NewSubscription,
    *,
    by: str,
    allow_private: bool,
    now: datetime,
    beside: Writing | None = None,
) -> tuple[Subscription, str]:
    """Make a subscription; it and its secret, which is shown this once. ``Invalid`` names what is wrong with it.

    ``beside`` is written in the same transaction.
    """
    secret = new.secret or new_secret()
    row = _fresh(house, new, secret, by, allow_private, now)
    with house.database.writing() as connection:
        if beside is not None:
            beside(connection)
        number = _inserted(connection, row)
    house.subscriptions.forget()
    return subscription(house, number), secret


def subscribing(house: House, new: NewSubscription, *, by: str, allow_private: bool, now: datetime) -> Writing:
    """The same in a transaction of one's own; the secret is the one that was given, or is made anew on the subscription's page."""
    row = _fresh(house, new, new.secret or new_secret(), by, allow_private, now)

    def write(connection: Connection) -> None:
        _inserted(connection, row)

    return write


def _inserted(connection: Connection, row: dict[str, Any]) -> int:
    number = int(connection.execute(insert(subscriptions).returning(subscriptions.c.id), row).scalar_one())
    _note(connection, number, "subscribe", row["created_at"])
    return number


def _note(connection: Connection, number: int, how: str, at: datetime | None = None) -> None:
    note(connection, AuditNote(what="subscription-changed", object=f"webhook:{number}", detail={"how": how}, at=at))


def _fresh(
    house: House, new: NewSubscription, secret: str, by: str, allow_private: bool, now: datetime
) -> dict[str, Any]:
    return {
        "name": new.name.strip(),
        "url": new.url.strip(),
        "secret": secret,
        "definitions": sorted(set(new.definitions)),
        "happenings": [kind for kind in KINDS if kind in new.happenings],
        "station_id": assure_fits(house, new, secret, allow_private=allow_private),
        "active": True,
        "failures": 0,
        "created_at": now,
        "created_by": by[:100],
    }


def assure_fits(house: House, new: NewSubscription, secret: str, *, allow_private: bool) -> int | None:
    """The id of the station that is meant; ``Invalid`` names what is wrong."""
    with house.database.reading() as connection:
        station_id = _station(connection, new.station)
        faults = _faults(connection, new, secret, station_id, allow_private)
    if faults:
        raise Invalid(faults)
    return station_id


def new_secret() -> str:
    """A secret after the Standard Webhooks convention."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def subscription_list(house: House) -> tuple[Subscription, ...]:
    """All subscriptions, in the order in which they were made."""
    with house.database.reading() as connection:
        return tuple(_seen(row) for row in connection.execute(_listed().order_by(subscriptions.c.id)))


def subscription(house: House, number: int) -> Subscription:
    """The subscription of this number; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        row = connection.execute(_listed().where(subscriptions.c.id == number)).one_or_none()
    if row is None:
        raise _none_such()
    return _seen(row)


def told(house: House, number: int, limit: int = 50) -> tuple[ToldEvent, ...]:
    """The newest events of a subscription."""
    columns = [deliveries.c[name] for name in ("id", "kind", "sequence", "status", "attempts")]
    times = [deliveries.c[name] for name in ("created_at", "available_at", "ended_at", "reason")]
    query = (
        select(*columns[:2], func.coalesce(issues.c.number, ""), *columns[2:], *times)
        .select_from(deliveries.outerjoin(issues, issues.c.id == deliveries.c.issue_id))
        .where(deliveries.c.subscription_id == number)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    with house.database.reading() as connection:
        rows: Iterable[Row[*tuple[Any, ...]]] = connection.execute(query)
        return tuple(ToldEvent(*row) for row in rows)


def rotate(house: House, number: int, now: datetime) -> str:
    """Give a subscription a new secret, shown this once; the old one signs beside it for a day."""
    secret = new_secret()
    with house.database.writing() as connection:
        old = connection.execute(
            select(subscriptions.c.secret).where(subscriptions.c.id == number).with_for_update()
        ).scalar_one_or_none()
        if old is None:
            raise _none_such()
        values = {"secret": secret, "old_secret": old, "old_secret_until": now + OVERLAP}
        connection.execute(update(subscriptions).where(subscriptions.c.id == number).values(**values))
        _note(connection, number, "rotate", now)
    return secret


def stop(house: House, number: int, why: str) -> None:
    """Send a subscription nothing more; what already waits keeps waiting."""
    _set(house, number, active=False, stopped=why[:1000])


def go_on(house: House, number: int) -> None:
    """Send to a subscription again, from what waits on; what happened meanwhile was not written down for it."""
    _set(house, number, active=True, stopped=None, failures=0, failing_since=None, not_before=None)


def send_again(
    house: House, number: int, now: datetime, *, only: int | None = None, since: datetime | None = None
) -> int:
    """Have events sent again with the keys that they had: the one named, those since a moment, or all that failed; how many."""
    subscription(house, number)
    which = [deliveries.c.subscription_id == number, deliveries.c.status != "pending"]
    if only is not None:
        which.append(deliveries.c.id == only)
    elif since is not None:
        which.append(deliveries.c.created_at >= since)
    else:
        which.append(deliveries.c.status == "failed")
    values = {"status": "pending", "attempts": 0, "available_at": now, "ended_at": None, "reason": None}
    with house.database.writing() as connection:
        return connection.execute(update(deliveries).where(*which).values(**values)).rowcount


def try_out(house: House, number: int, now: datetime) -> int:
    """Send a trial, which is about no issue; its number."""
    subscription(house, number)
    row = {
        "subscription_id": number,
        "sequence": 0,
        "position": 0,
        "kind": TRIAL,
        "payload": payload(TRIAL, now, {"subscription": number}),
        "status": "pending",
        "attempts": 0,
        "available_at": now,
        "created_at": now,
    }
    with house.database.writing() as connection:
        return int(connection.execute(insert(deliveries).returning(deliveries.c.id), row).scalar_one())


def _set(house: House, number: int, **values: Any) -> None:
    with house.database.writing() as connection:
        done = connection.execute(update(subscriptions).where(subscriptions.c.id == number).values(**values))
        _note(connection, number, "go on" if values.get("active") else "stop")
    house.subscriptions.forget()
    if done.rowcount == 0:
        raise _none_such()


def _none_such() -> NotFound:
    return NotFound("没有这个订阅。", "There is no such subscription.")


def _listed() -> Any:
    def counted(status: str) -> Any:
        theirs = and_(deliveries.c.subscription_id == subscriptions.c.id, deliveries.c.status == status)
        return select(func.count()).select_from(deliveries).where(theirs).scalar_subquery()

    return select(
        subscriptions, stations.c.code, counted("pending").label("waiting"), counted("failed").label("failed")
    ).outerjoin(stations, stations.c.id == subscriptions.c.station_id)


def _seen(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        name=row.name,
        place=place_of(row.url),
        definitions=tuple(row.definitions),
        happenings=tuple(row.happenings),
        station=row.code,
        active=row.active,
        stopped=row.stopped,
        failing_since=row.failing_since,
        two_secrets_until=row.old_secret_until,
        created_at=row.created_at,
        created_by=row.created_by,
        waiting=row.waiting,
        failed=row.failed,
    )


def place_of(url: str) -> str:
    """The scheme and host of an address; its path may be a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _station(connection: Connection, code: str | None) -> int | None:
    if not code:
        return None
    return connection.execute(select(stations.c.id).where(stations.c.code == code)).scalar_one_or_none()


_Faults = dict[str, dict[str, str]]


def _faults(
    connection: Connection, new: NewSubscription, secret: str, station_id: int | None, allow_private: bool
) -> _Faults:
    faults: _Faults = {}
    if not 1 <= len(new.name.strip()) <= 100:
        faults["name"] = {"zh": "请写名称，最多 100 个字。", "en": "Give a name of at most 100 characters."}
    refused = refused_at_once(new.url.strip(), allow_private=allow_private)
    if refused == "private":
        faults["url"] = {
            "zh": "地址在内网。确需发往内网的，请设置 HUYING_ALLOW_PRIVATE_WEBHOOKS=true。",
            "en": "The address is in a private network. If that is meant, set HUYING_ALLOW_PRIVATE_WEBHOOKS=true.",
        }
    elif refused is not None:
        faults["url"] = {
            "zh": "网址不正确，应为 https://主机/路径 的形式，不含用户名和空格。",
            "en": f"This is no address such as https://host/path ({refused}).",
        }
    if not 24 <= len(secret.encode()) <= 200:
        faults["secret"] = {"zh": "密钥应为 24 至 200 字节。", "en": "A secret has 24 to 200 bytes."}
    known = set(connection.execute(select(definition_versions.c.key).distinct()).scalars())
    if unknown := sorted(set(new.definitions) - known):
        faults["definitions"] = {
            "zh": f"没有这些流程：{'、'.join(unknown)}。",
            "en": f"There are no such definitions: {', '.join(unknown)}.",
        }
    if unknown := sorted(set(new.happenings) - set(KINDS)):
        faults["happenings"] = {
            "zh": f"没有这些事件：{'、'.join(unknown)}；可选：{'、'.join(KINDS)}。",
            "en": f"There are no such happenings: {', '.join(unknown)}; there are: {', '.join(KINDS)}.",
        }
    if new.station and station_id is None:
        faults["station"] = {
            "zh": f"没有代码为“{new.station}”的站点。",
            "en": f"There is no station with the code “{new.station}”.",
        }
    return faults


def old_events(before: datetime) -> Any:
    """The condition for events that ended before a moment, for the daily housekeeping."""
    return and_(or_(deliveries.c.status == "accepted", deliveries.c.status == "failed"), deliveries.c.ended_at < before)
