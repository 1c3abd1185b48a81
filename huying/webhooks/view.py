"""Subscriptions as administrators see them, in words: who is told of what, how it goes, and what was told lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import select

from definitions.text import words
from huying.database.tables import stations
from huying.house.house import House
from huying.locale import translations
from huying.processes.view import definitions_in_force
from huying.webhooks.happenings import KINDS, TRIAL
from huying.webhooks.subscriptions import Subscription, ToldEvent, subscription, subscription_list, told
from huying.words.moments import moment_words
from huying.words.names import named


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """A subscription in the list; ``wishes`` says what it hears of, ``state`` is ``well``, ``failing`` or ``stopped``."""

    id: int
    name: str
    place: str
    wishes: tuple[str, ...]
    state: str
    waiting: int
    failed: int


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event that was, or is to be, told; ``status`` is pending, accepted or failed. Times are in words."""

    id: int
    what: str
    number: str
    sequence: int
    status: str
    attempts: int
    when: str
    again: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """One subscription with its newest events."""

    line: SubscriptionLine
    created: str
    created_by: str
    stopped: str
    failing_since: str | None
    two_secrets_until: str | None
    events: tuple[EventLine, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a new subscription can choose from: titles by key."""

    definitions: Mapping[str, str]
    happenings: Mapping[str, str]
    stations: Mapping[str, str]


def subscription_lines(house: House, language: str, now: datetime) -> tuple[SubscriptionLine, ...]:
    """All subscriptions."""
    known = choices(house, language, now)
    return tuple(_line(one, known, language) for one in subscription_list(house))


def subscription_view(house: House, number: int, language: str, now: datetime) -> SubscriptionView:
    """One of them; ``NotFound`` if there is none of this number."""
    found, zone = subscription(house, number), house.zone
    until = found.two_secrets_until if found.two_secrets_until and now < found.two_secrets_until else None
    return SubscriptionView(
        line=_line(found, choices(house, language, now), language),
        created=moment_words(found.created_at, zone, language),
        created_by=found.created_by,
        stopped=found.stopped or "",
        failing_since=moment_words(found.failing_since, zone, language) if found.failing_since else None,
        two_secrets_until=moment_words(until, zone, language) if until else None,
        events=tuple(_event(one, zone, language) for one in told(house, number)),
    )


def choices(house: House, language: str, now: datetime) -> Choices:
    """What can be chosen from."""
    name = named(stations.c, language)
    with house.database.reading() as connection:
        rows = connection.execute(select(stations.c.code, name).order_by(stations.c.code))
        places = {row[0]: row[1] for row in rows}
    return Choices(
        definitions={line.key: line.title for line in definitions_in_force(house, language, now)},
        happenings={kind: words(said, language) for kind, said in KINDS.items()},
        stations=places,
    )


def _line(one: Subscription, known: Choices, language: str) -> SubscriptionLine:
    _ = translations(language).gettext
    definitions = tuple(known.definitions.get(key, key) for key in one.definitions) or (_("all processes"),)
    happenings = tuple(known.happenings.get(kind, kind) for kind in one.happenings) or (_("everything that happens"),)
    station = (known.stations.get(one.station, one.station),) if one.station else (_("all stations"),)
    state = "stopped" if not one.active else "failing" if one.failing_since else "well"
    wishes = (*station, *definitions, *happenings)
    return SubscriptionLine(one.id, one.name, one.place, wishes, state, one.waiting, one.failed)


def _event(one: ToldEvent, zone: tzinfo, language: str) -> EventLine:
    what = (
        translations(language).gettext("Trial") if one.kind == TRIAL else words(KINDS.get(one.kind), language, one.kind)
    )
    again = one.status == "pending" and one.attempts > 0
    # reasons come in both languages, Chinese first; they are short, and kept as they were
    return EventLine(
        id=one.id,
        what=what,
        number=one.number,
        sequence=one.sequence,
        status=one.status,
        attempts=one.attempts,
        when=moment_words(one.created_at, zone, language),
        again=moment_words(one.available_at, zone, language) if again else None,
        reason=one.reason or "",
    )
