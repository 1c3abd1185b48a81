"""How somebody is told, as they see and choose it themselves: their addresses in order, their wishes by topic, quiet hours, language."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from definitions.text import Said
from engine.refusal import Invalid
from huying.database.tables import addresses, participants, preferences, quiet_hours
from huying.errors import NotFound
from huying.house.house import House
from huying.messages.addresses import OwnAddress
from huying.messages.notices import PersonalNotice, write_to
from huying.messages.quiet import QuietHours
from huying.messages.senders import SaidAbout, all_senders, has_way
from huying.messages.topics import TITLES, TOPICS, Topic
from huying.messages.unconfirmed import enough_for
from huying.messages.wishes import TopicWish, quiet_of, wish_of
from huying.words.mask import mask
from notifications import CHANNELS

OCCASION = "address-code"
DIGESTS: Mapping[str, Said] = {
    "once": Said("随时", "As it comes"),
    "hourly": Said("每小时汇总", "Once an hour"),
    "daily": Said("每天汇总", "Once a day"),
}
#: What can stand in a digest.
GATHERED: tuple[Topic, ...] = ("tasks", "progress")
#: Of these somebody may want nothing; what the law demands of them comes all the same.
MAY_BE_OFF: tuple[Topic, ...] = ("progress", "digests", "notices")
#: So many addresses somebody has at most.
MOST = 8
_LIVES, _TRIES = timedelta(minutes=30), 5
_a = addresses.c


@dataclass(frozen=True, slots=True)
class OwnWay:
    """An address of somebody, as they see it."""

    number: int
    channel: Said
    target: str
    state: str


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """What somebody chose for a topic, and what they may choose."""

    topic: Topic
    title: Said
    wish: TopicWish
    may_be_off: bool
    gathers: bool


@dataclass(frozen=True, slots=True)
class OwnWays:
    """All of it. ``channels``: on which something leaves to them; ``new``: of which they may enter an address themselves."""

    addresses: Sequence[OwnWay]
    topics: Sequence[TopicChoice]
    quiet: QuietHours | None
    zone: str
    language: str
    channels: Mapping[str, Said]
    new: Mapping[str, Said]


def own_ways(house: House, person: int, *, veiled: bool = False) -> OwnWays:
    """How somebody is told; ``veiled``: addresses can be known again, and not be read."""
    with house.database.reading() as connection:
        row = connection.execute(select(participants).where(participants.c.id == person)).one()
        found = connection.execute(_own(person)).all()
        known = all_senders(connection)
        open_ones = {key: one for key, one in CHANNELS.items() if has_way(known, key, person)}
        held = {one.channel for one in found}
        # where no code can be sent, no address can be confirmed
        code = SaidAbout(OCCASION, row.language)
        return OwnWays(
            addresses=[_way(one, veiled) for one in found],
            topics=[_choice(connection, row, topic) for topic in TOPICS],
            quiet=quiet_of(connection, person, row.kind),
            zone=house.zone.key,
            language=row.language,
            channels={key: one.title for key, one in open_ones.items() if key in held},
            new={key: one.title for key, one in CHANNELS.items() if one.own and has_way(known, key, person, code)},
        )


def _own(person: int) -> Any:
    return select(addresses).where(_a.participant_id == person).order_by(_a.rank, _a.id)


def _way(row: Row[Any], veiled: bool) -> OwnWay:
    known = CHANNELS.get(row.channel)
    title = known.title if known else Said(row.channel, row.channel)
    return OwnWay(row.id, title, mask(row.target) if veiled else row.target, row.state)


def _choice(connection: Connection, row: Row[Any], topic: Topic) -> TopicChoice:
    wish = wish_of(connection, row.id, row.kind, topic)
    return TopicChoice(topic, TITLES[topic], wish, topic in MAY_BE_OFF, topic in GATHERED)


def add_address(house: House, person: int, channel: str, target: str, now: datetime) -> int:
    """Somebody names a new address of theirs: a code goes there, and nothing else before it is typed in; its number."""
    known, cleaned = CHANNELS.get(channel), target.strip()
    if known is None or not known.own or len(cleaned) > 254 or not known.fits(cleaned):
        raise Invalid({"target": {"zh": "请填写完整、正确的地址。", "en": "Please enter a whole and right address."}})
    with house.database.writing() as connection:
        found = connection.execute(_own(person)).all()
        if any(one.channel == channel and one.target.lower() == cleaned.lower() for one in found):
            raise Invalid({"target": {"zh": "这个地址已经有了。", "en": "You have this address already."}})
        if len(found) >= MOST or enough_for(connection, cleaned, now):
            raise Invalid(
                {"target": {"zh": "地址太多，请先删去不用的。", "en": "Too many addresses; please remove some."}}
            )
        highest = max((one.rank for one in found), default=-1)
        row = {"participant_id": person, "channel": channel, "target": cleaned, "state": "unconfirmed"}
        made = insert(addresses).values(**row, rank=highest + 1).returning(_a.id)
        number = int(connection.execute(made).scalar_one())
        _send_code(connection, person, OwnAddress(number, channel, cleaned, True), now)
        return number


def _send_code(connection: Connection, person: int, at: OwnAddress, now: datetime) -> None:
    code = f"{secrets.randbelow(1_000_000):06d}"
    kept = {"code_hash": _hash(at.number, code), "code_until": now + _LIVES, "code_tries": 0}
    connection.execute(update(addresses).where(_a.id == at.number).values(**kept))
    event = f"address-code.{secrets.token_hex(8)}"
    write_to(connection, PersonalNotice(OCCASION, event, lambda language: {"note": code}), person, now, at)


def confirm_address(house: House, person: int, number: int, code: str, now: datetime) -> None:
    """Take the code that came to an address; ``Invalid`` where it is another, is over, or was tried too often."""
    with house.database.writing() as connection:
        mine = _a.id == number, _a.participant_id == person
        row = connection.execute(select(addresses).where(*mine)).one_or_none()
        if row is None:
            raise _none()
        open_still = row.code_until is not None and row.code_until > now and row.code_tries < _TRIES
        right = open_still and hmac.compare_digest(row.code_hash or "", _hash(number, code.strip()))
        values: dict[str, Any] = {"code_tries": row.code_tries + 1}
        if right:
            values = {"state": "usable", "confirmed_at": now, "code_hash": None, "failures": 0, "reason": None}
        connection.execute(update(addresses).where(*mine).values(**values))
    if not right:
        raise Invalid({"code": {"zh": "验证码不对，或已过期。", "en": "The code is wrong or over."}})


def send_code_again(house: House, person: int, number: int, now: datetime) -> None:
    """Have another code sent to an address that is not confirmed, or at which messages failed."""
    with house.database.writing() as connection:
        row = connection.execute(select(addresses).where(_a.id == number, _a.participant_id == person)).one_or_none()
        if row is None:
            raise _none()
        if enough_for(connection, row.target, now):
            raise Invalid({"code": {"zh": "今天发得太多，请明天再试。", "en": "Too many today; please try tomorrow."}})
        _send_code(connection, person, OwnAddress(number, row.channel, row.target, True), now)


def put_first(house: House, person: int, number: int) -> None:
    """Have an address tried before all others."""
    with house.database.writing() as connection:
        ids = [one.id for one in connection.execute(_own(person))]
        if number not in ids:
            raise _none()
        for rank, one in enumerate([number, *(other for other in ids if other != number)]):
            connection.execute(update(addresses).where(_a.id == one).values(rank=rank))


def remove_address(house: House, person: int, number: int) -> None:
    """Somebody is not to be told at an address any more; one that can be used stays."""
    with house.database.writing() as connection:
        mine = _a.participant_id == person
        others = select(func.count()).where(mine, _a.id != number, _a.state == "usable")
        state = connection.execute(select(_a.state).where(mine, _a.id == number)).scalar_one_or_none()
        if state is None:
            raise _none()
        if state == "usable" and not connection.execute(others).scalar_one():
            words = {"zh": "请至少留一个能收到消息的地址。", "en": "Please keep one address at which you can be told."}
            raise Invalid({"target": words})
        connection.execute(delete(addresses).where(mine, _a.id == number))


def choose(house: House, person: int, entered: Mapping[str, str], now: datetime) -> None:
    """Keep what somebody chose: ``first_…``, ``off_…``, ``digest_…`` by topic; ``daily_at``, ``quiet_from``, ``quiet_to``, ``zone``, ``language``."""
    daily_at = clock(entered.get("daily_at") or "09:00", "daily_at")
    starts, ends = (entered.get(name) or "" for name in ("quiet_from", "quiet_to"))
    quiet = (clock(starts, "quiet_from"), clock(ends, "quiet_to")) if starts or ends else ("00:00", "00:00")
    hours = {"starts": quiet[0], "ends": quiet[1], "zone": zone_named(entered.get("zone") or house.zone.key)}
    with house.database.writing() as connection:
        for topic in TOPICS:
            _keep(connection, person, topic, {**_chosen(entered, topic), "daily_at": daily_at, "changed_at": now})
        connection.execute(delete(quiet_hours).where(quiet_hours.c.participant_id == person))
        # the same twice: never, whatever the office sets
        connection.execute(insert(quiet_hours).values(participant_id=person, changed_at=now, **hours))
        if entered.get("language") in ("zh", "en"):
            own = update(participants).where(participants.c.id == person)
            connection.execute(own.values(language=entered["language"]))


def _chosen(entered: Mapping[str, str], topic: Topic) -> dict[str, Any]:
    first = entered.get(f"first_{topic}") or ""
    return {
        "channels": [first] if first in CHANNELS else [],
        "off": topic in MAY_BE_OFF and entered.get(f"off_{topic}") == "yes",
        "digest": chosen_digest(entered.get(f"digest_{topic}") or "once", topic),
    }


def _keep(connection: Connection, person: int, topic: Topic, row: Mapping[str, Any]) -> None:
    mine = preferences.c.participant_id == person, preferences.c.topic == topic
    if not connection.execute(update(preferences).where(*mine).values(**row)).rowcount:
        connection.execute(insert(preferences).values(participant_id=person, topic=topic, **row))


def chosen_digest(entered: str, topic: Topic) -> str:
    """How often, where that can be chosen."""
    return entered if entered in DIGESTS and topic in GATHERED else "once"


def clock(entered: str, name: str) -> str:
    """A time of day as it is kept; ``Invalid`` by the name of the entry."""
    try:
        return f"{time.fromisoformat(entered):%H:%M}"
    except ValueError:
        raise Invalid({name: {"zh": "请填写时间，例如 22:00。", "en": "This is a time such as 22:00."}}) from None


def zone_named(entered: str) -> str:
    """A time zone that there is; ``Invalid``."""
    try:
        return ZoneInfo(entered).key
    except (ValueError, OSError, LookupError):
        raise Invalid({"zone": {"zh": "没有这个时区。", "en": "There is no such time zone."}}) from None


def _none() -> NotFound:
    return NotFound("没有这个地址。", "There is no such address.")


def _hash(number: int, code: str) -> str:
    return hashlib.sha256(f"address-code:{number}:{code}".encode()).hexdigest()
