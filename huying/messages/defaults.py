"""What the office sets for kinds of people about messages: which channel first, how often, how long unread, and when not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from definitions.text import Said
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.tables import preferences, quiet_hours
from huying.house.by import By
from huying.house.house import House
from huying.messages.quiet import QuietHours
from huying.messages.topics import TITLES, TOPICS, Topic
from huying.messages.ways import GATHERED, chosen_digest, clock, zone_named
from huying.messages.wishes import TopicWish, quiet_of, wish_of
from notifications import CHANNELS

#: For whom the office sets something.
KINDS: Mapping[str, Said] = {
    "citizen": Said("居民", "Residents"),
    "deputy": Said("代表", "Deputies"),
    "liaison": Said("联络员", "Liaison officers"),
    "staff": Said("工作人员", "Staff"),
    "handler": Said("部门经办", "Departments"),
    "administrator": Said("管理员", "Administrators"),
}
#: A person that nobody is: what is found for them is what the office sets.
_NOBODY = 0
#: The longest that something may stay unread, in minutes.
_LONGEST = 14 * 24 * 60


@dataclass(frozen=True, slots=True)
class TopicDefault:
    """What the office sets for a topic."""

    topic: Topic
    title: Said
    wish: TopicWish
    gathers: bool


@dataclass(frozen=True, slots=True)
class OfficeDefaults:
    """What the office sets for a kind of people."""

    topics: tuple[TopicDefault, ...]
    quiet: QuietHours | None
    zone: str


def defaults_for(house: House, kind: str) -> OfficeDefaults:
    """What the office sets for them."""
    with house.database.reading() as connection:
        topics = tuple(
            TopicDefault(one, TITLES[one], wish_of(connection, _NOBODY, kind, one), one in GATHERED) for one in TOPICS
        )
        return OfficeDefaults(topics, quiet_of(connection, _NOBODY, kind), house.zone.key)


def set_defaults(house: House, kind: str, entered: Mapping[str, str], by: By) -> None:
    """Set it: ``order_…`` (keys of channels), ``digest_…``, ``wait_…`` by topic; ``quiet_from``, ``quiet_to``."""
    if kind not in KINDS:
        raise Invalid({"kind": {"zh": "请选择一类人。", "en": "Please choose a kind of people."}})
    starts, ends = (entered.get(name) or "" for name in ("quiet_from", "quiet_to"))
    rows = {topic: _row(entered, topic, by.now) for topic in TOPICS}
    hours = {"zone": zone_named(house.zone.key), "changed_at": by.now}
    if starts or ends:
        hours |= {"starts": clock(starts, "quiet_from"), "ends": clock(ends, "quiet_to")}
    with house.database.writing() as connection:
        for topic, row in rows.items():
            _keep(connection, kind, topic, row)
        connection.execute(delete(quiet_hours).where(quiet_hours.c.kind == kind))
        if "starts" in hours:
            connection.execute(insert(quiet_hours).values(kind=kind, **hours))
        note(connection, AuditNote(what="message-defaults-set", object=f"kind:{kind}", by=by.somebody, at=by.now))


def _row(entered: Mapping[str, str], topic: Topic, now: datetime) -> dict[str, Any]:
    order = [one for one in (entered.get(f"order_{topic}") or "").replace("，", " ").replace(",", " ").split() if one]
    if unknown := [one for one in order if one not in CHANNELS]:
        words = {"zh": f"没有这种方式：{unknown[0]}", "en": f"There is no such channel: {unknown[0]}"}
        raise Invalid({f"order_{topic}": words})
    wait = (entered.get(f"wait_{topic}") or "0").strip()
    if not wait.isascii() or not wait.isdigit() or int(wait) > _LONGEST:
        raise Invalid({f"wait_{topic}": {"zh": "请填写分钟数。", "en": "These are minutes."}})
    digest = chosen_digest(entered.get(f"digest_{topic}") or "once", topic)
    return {"channels": order, "digest": digest, "wait_minutes": int(wait), "changed_at": now}


def _keep(connection: Connection, kind: str, topic: Topic, row: Mapping[str, Any]) -> None:
    mine = preferences.c.kind == kind, preferences.c.topic == topic
    if not connection.execute(update(preferences).where(*mine).values(**row)).rowcount:
        connection.execute(insert(preferences).values(kind=kind, topic=topic, off=False, daily_at="09:00", **row))


def first_channels(connection: Connection, kind: str, topic: Topic) -> tuple[str, ...]:
    """In which order the office has a kind of people told of a topic, if it says so."""
    query = select(preferences.c.channels).where(preferences.c.kind == kind, preferences.c.topic == topic)
    return tuple(connection.execute(query).scalars().first() or ())
