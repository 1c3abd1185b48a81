"""Which one address of somebody a message goes to, and when: by the order of their addresses, their wishes, and what the office sets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from definitions.model.definition import Definition
from definitions.model.message_rule import MessageRule
from definitions.text import Said
from engine.effect import Tell
from huying.messages.addresses import OwnAddress, nowhere, usable
from huying.messages.quiet import next_daily, next_hour
from huying.messages.senders import SaidAbout, all_senders, has_way
from huying.messages.topics import PROMPT, may_be_off, topic_of
from huying.messages.wishes import TopicWish, quiet_of, wish_of

NOT_WANTED = Said("本人选择不接收这类消息。", "They chose not to be told of this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToBeSaid:
    """What is to be said: on which occasion, ``sooner`` than when it may not be, whether it is ``urgent``, is about a task, can stand in a digest.

    ``language`` is the reader's.
    """

    occasion: str
    sooner: datetime
    urgent: bool = False
    task: bool = False
    gathers: bool = False
    only: tuple[str, ...] = ()
    language: str = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRoute:
    """Where to and when; ``status`` is that of a new message: pending, gathered, or skipped because they do not want it."""

    address: OwnAddress
    available_at: datetime
    status: str = "pending"
    wait_until: datetime | None = None
    urgent: bool = False

    def row(self, now: datetime) -> dict[str, Any]:
        """What of it stands in the message."""
        skipped = self.status == "skipped"
        return {
            "address_id": self.address.number or None,
            "channel": self.address.channel,
            "target": self.address.target,
            "target_index": self.address.target,
            "status": self.status,
            "available_at": self.available_at,
            "wait_until": self.wait_until,
            "urgent": self.urgent,
            "ended_at": now if skipped else None,
            "reason": " ".join(NOT_WANTED) if skipped else None,
        }


def to_be_said(definition: Definition, effect: Tell, sooner: datetime, language: str) -> ToBeSaid:
    """What an effect of a process has people told, with what its definition says of how."""
    rule = definition.messages.get(effect.occasion, MessageRule())
    return ToBeSaid(
        occasion=effect.occasion,
        sooner=sooner,
        task=effect.item is not None,
        gathers=True,
        only=rule.by,
        urgent=rule.urgent,
        language=language,
    )


def route(
    connection: Connection, person: int, kind: str, telling: ToBeSaid, zone: ZoneInfo | None = None
) -> MessageRoute:
    """Where somebody is told this, and when. ``zone``: in which the office reads clocks, where there may be a digest."""
    wish = wish_of(connection, person, kind, topic_of(telling.occasion))
    about = SaidAbout(telling.occasion, telling.language)
    ways = ordered(connection, person, about, telling.only or wish.channels)
    address = ways[0] if ways else nowhere(person)
    if wish.off and may_be_off(telling.occasion):
        return MessageRoute(address=address, available_at=telling.sooner, status="skipped")
    prompt = telling.occasion in PROMPT
    if prompt or telling.urgent:
        return MessageRoute(
            address=address, available_at=telling.sooner, urgent=True, wait_until=_wait(wish, telling, ways)
        )
    moment, status = telling.sooner, "pending"
    if telling.gathers and zone is not None and wish.digest != "once":
        hourly = wish.digest == "hourly"
        moment, status = next_hour(moment) if hourly else next_daily(moment, wish.daily_at, zone), "gathered"
    quiet = quiet_of(connection, person, kind)
    moment = quiet.until(moment) if quiet is not None else moment
    wait = _wait(wish, telling, ways, moment)
    return MessageRoute(address=address, available_at=moment, status=status, wait_until=wait)


def ordered(
    connection: Connection,
    person: int,
    about: SaidAbout,
    channels: Sequence[str] = (),
    without: Collection[int] = (),
) -> list[OwnAddress]:
    """Somebody's addresses on which what it is ``about`` can leave, the first to be tried first; ``without`` those that were tried."""
    known = all_senders(connection)
    open_ones = [
        one
        for one in usable(connection, person)
        if one.number not in without and has_way(known, one.channel, person, about)
    ]
    place = {channel: position for position, channel in enumerate(channels)}
    return sorted(open_ones, key=lambda one: (one.unconfirmed, place.get(one.channel, len(place))))


def _wait(
    wish: TopicWish, telling: ToBeSaid, ways: Sequence[OwnAddress], begins: datetime | None = None
) -> datetime | None:
    """Until when it may stay unread, if there is another address, and something is to be done."""
    if not wish.wait_minutes or not telling.task or len(ways) < 2:
        return None
    return (begins or telling.sooner) + timedelta(minutes=wish.wait_minutes)
