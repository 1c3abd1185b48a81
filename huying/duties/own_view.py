"""A person's own duties: what comes, whom they have asked to swap, who asks them, and how far they are with what they owe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from definitions.plans.plan import QuotaPlan
from definitions.text import words
from huying.database.tables import dated_duties, duty_swaps, stations
from huying.duties.plans.places import people_everywhere
from huying.duties.plans.quotas import standing_of
from huying.duties.plans.rotas import away_on, busy_on
from huying.duties.plans.store import in_force, plan_from
from huying.duties.rota import Away, OwnWeekday, away_meanwhile, own_weekdays
from huying.duties.swaps import who_may_take
from huying.house.house import House
from huying.house.plan_calendar import calendar_of, local_zone
from huying.words.duties import names_of, over, place_words, station_words, when_words
from huying.words.moments import date_words

#: So far ahead one sees that one is away.
_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one can ask of somebody: to take the duty, or to exchange it; ``value`` is what the form sends."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class SwapRequest:
    """A request to swap that waits for an answer; ``other_when`` is the duty that is given in exchange."""

    id: int
    name: str
    when: str
    other_when: str | None
    station: str
    note: str


@dataclass(frozen=True, slots=True)
class OwnDuty:
    """A coming duty, the request to swap it that is under way, and whom one can ask, by name."""

    id: int
    when: str
    place: str
    station: str
    code: str
    announced: bool
    asked: SwapRequest | None
    offers: Mapping[str, tuple[Offer, ...]]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is with a quota."""

    title: str
    done: int
    wanted: int
    missing: int
    until: str


@dataclass(frozen=True, slots=True)
class OwnDuties:
    """The page: one's weekdays by the rota, the dated duties, requests to swap, days on which one is away, and how far one is."""

    weekdays: tuple[OwnWeekday, ...]
    duties: tuple[OwnDuty, ...]
    requests: tuple[SwapRequest, ...]
    away: tuple[Away, ...]
    progress: tuple[Progress, ...]


def own_duties(house: House, person: int, language: str, now: datetime) -> OwnDuties:
    """What one person has to do and to answer."""
    local = now.astimezone(local_zone(house))
    with house.database.reading() as connection:
        coming = _coming(connection, local)
        places = {row.id: row for row in connection.execute(select(stations))}
        names = names_of(connection, {row.participant_id for row in coming.values()} | {person})
        pending = connection.execute(select(duty_swaps).where(duty_swaps.c.status == "asked")).all()
        look = _Look(connection, person, language, coming, places, names, pending)
        today = local.date()
        return OwnDuties(
            tuple(own_weekdays(connection, person, today, language)),
            tuple(look.duty(row) for row in coming.values() if row.participant_id == person),
            tuple(look.request(swap) for swap in pending if swap.to_id == person and swap.duty_id in coming),
            tuple(away_meanwhile(connection, {person}, today, today + _AHEAD, language)),
            tuple(_progress(house, connection, person, language, now)),
        )


@dataclass(frozen=True)
class _Look:
    """What is looked at for one person: all coming duties by number, stations, names, open requests."""

    _connection: Connection
    _person: int
    _language: str
    _coming: Mapping[int, Row[Any]]
    _places: Mapping[int, Row[Any]]
    _names: dict[int, str]
    _pending: Sequence[Row[Any]]

    def duty(self, row: Row[Any]) -> OwnDuty:
        """One duty of the person."""
        station = self._places[row.station_id]
        asked = next((swap for swap in self._pending if swap.duty_id == row.id), None)
        return OwnDuty(
            id=row.id,
            when=self._when(row),
            place=place_words(row.place, station, self._language),
            station=station_words(station, self._language),
            code=station.code,
            announced=row.announced_at is not None,
            asked=self.request(asked) if asked is not None else None,
            offers={} if asked is not None else self._offers(row),
        )

    def request(self, swap: Row[Any]) -> SwapRequest:
        """A request, as the one of both sees it who is looking."""
        row = self._coming[swap.duty_id]
        other = self._coming.get(swap.other_duty_id) if swap.other_duty_id is not None else None
        whom = swap.to_id if swap.asked_by_id == self._person else swap.asked_by_id
        name = self._names.get(whom) or names_of(self._connection, {whom})[whom]
        station = station_words(self._places[row.station_id], self._language)
        return SwapRequest(
            swap.id, name, self._when(row), self._when(other) if other is not None else None, station, swap.note
        )

    def _offers(self, row: Row[Any]) -> Mapping[str, tuple[Offer, ...]]:
        people = [one for one in who_may_take(self._connection, row) if one != self._person]
        names = names_of(self._connection, people)
        away = away_on(self._connection, people, row.day)
        found: dict[str, tuple[Offer, ...]] = {}
        for person in people:
            if person not in away and person in names:
                offers = tuple(self._offers_of(row, person))
                if offers:
                    found[names[person]] = offers
        return found

    def _offers_of(self, row: Row[Any], person: int) -> Iterable[Offer]:
        if not busy_on(self._connection, [person], row.day, row.starts_at, row.ends_at):
            yield Offer(f"{person}", "")
        for other in self._coming.values():
            same_station = other.station_id == row.station_id and other.participant_id == person
            if same_station and (other.day, other.starts_at) != (row.day, row.starts_at):
                yield Offer(f"{person}:{other.id}", self._when(other))

    def _when(self, row: Row[Any]) -> str:
        return when_words(row.day, row.starts_at, row.ends_at, self._language)


def _coming(connection: Connection, local: datetime) -> dict[int, Row[Any]]:
    query = select(dated_duties).where(dated_duties.c.day >= local.date(), dated_duties.c.status == "planned")
    ordered = query.order_by(dated_duties.c.day, dated_duties.c.starts_at, dated_duties.c.id)
    return {row.id: row for row in connection.execute(ordered) if not over(row.day, row.starts_at, row.ends_at, local)}


def _progress(house: House, connection: Connection, person: int, language: str, now: datetime) -> Iterable[Progress]:
    for row in connection.execute(in_force()).all():
        plan = plan_from(row).plan
        if isinstance(plan, QuotaPlan) and person in people_everywhere(connection, plan.for_, plan.of):
            calendar = calendar_of(house, plan.calendar)
            standing = standing_of(connection, plan, person, now.astimezone(calendar.zone).date(), calendar)
            title, until = words(plan.title, language), date_words(standing.last, language)
            yield Progress(title, standing.done, standing.wanted, standing.missing, until)
