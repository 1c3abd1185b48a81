"""What stands in a person's calendar: the deadlines of their open tasks, their dated duties, the days of their promises.

Whoever holds a feed's address reads it without a log-in, so it says numbers, steps and titles of processes, never what somebody entered; what
an issue is about only if the person wants it. The links lead to pages that ask who is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import Connection, Row, or_, select

from definitions.calendars.calendar import Calendar
from definitions.text import words
from engine import Process
from huying.access import parties
from huying.calendars.feeds import Feed
from huying.calendars.icalendar import Event
from huying.database.tables import (
    candidates,
    dated_duties,
    history,
    issues,
    participants,
    promises,
    stations,
    work_items,
)
from huying.house.house import House
from huying.issues.views.task import item_title
from huying.locale import known_language, translations
from huying.words.horizon import last_day
from huying.words.names import named
from huying.words.private_text import masked

_MOST = 500
_ONE_DAY = timedelta(days=1)
#: Duties that are over are still shown so long.
_PAST = timedelta(days=31)
#: Before the day begins: at nine in the morning of the day before.
_MORNING_BEFORE = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A calendar's name and its events, in the person's language."""

    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """For whom it is written, and where the links lead."""

    house: House
    feed: Feed
    language: str
    portal_url: str

    @property
    def host(self) -> str:
        """What makes the events' ids those of this house."""
        return urlsplit(self.portal_url).hostname or "huying"

    def about(self, subject: str) -> str:
        """What an issue is about, if the person wants it said."""
        return f" · {masked(subject)}" if self.feed.subjects and subject else ""


def agenda(house: House, feed: Feed, portal_url: str, now: datetime) -> Agenda:
    """What a feed shows at this moment."""
    with house.database.reading() as connection:
        query = select(participants.c.language).where(participants.c.id == feed.participant_id)
        language = known_language(connection.execute(query).scalar_one()) or "zh"
        reader = _Reader(house, feed, language, portal_url)
        actor = parties.actor(connection, feed.participant_id)
        events = (
            *_tasks(connection, reader, actor.parties),
            *_promises(connection, reader, actor.parties),
            *_duties(connection, reader, now),
        )
    return Agenda(translations(language).gettext("Huying: my deadlines"), events)


def _tasks(connection: Connection, reader: _Reader, mine: frozenset[str]) -> Iterator[Event]:
    w = work_items.c
    query = (
        select(
            w.issue_id, w.number.label("item"), w.step, w.role, w.kind, w.due_at, w.provisional, w.paused_at,
            w.due_version, w.opened_at, issues.c.number, issues.c.subject, issues.c.definition_version_id,
            history.c.at.label("set_at"),
        )
        .join(candidates, (candidates.c.issue_id == w.issue_id) & (candidates.c.item == w.number))
        .join(issues, issues.c.id == w.issue_id)
        .outerjoin(history, (history.c.issue_id == w.issue_id) & (history.c.sequence == w.due_version))
        .where(w.status == "open", w.due_at.is_not(None), candidates.c.party.in_(mine))
        .where(or_(w.owner_id.is_(None), w.owner_id == reader.feed.participant_id))
        .distinct()
        .order_by(w.due_at, w.issue_id, w.number)
        .limit(_MOST)
    )  # fmt: skip
    for row in connection.execute(query):
        yield _task(reader, row, reader.house.processes.process(row.definition_version_id))


def _task(reader: _Reader, row: Row[*tuple[Any, ...]], process: Process) -> Event:
    _, language = translations(reader.language).gettext, reader.language
    step = item_title(row.kind, words(process.definition.steps[row.step].title, language, row.step), language)
    begins, ends, alarm = _when(row.due_at, process.calendar)
    stands = row.paused_at is not None
    notes = [
        words(process.definition.title, language, process.definition.id),
        f"{row.number} · {words(process.definition.role_title(row.role), language, row.role)}",
        _("The clock stands; the deadline will be later.") if stands else "",
        _("Provisional: next year's holidays are not announced yet.") if row.provisional else "",
    ]
    mark = _(" (clock stands)") if stands else _(" (provisional)") if row.provisional else ""
    return Event(
        uid=f"task-{row.issue_id}-{row.item}@{reader.host}",
        summary=_("Due: %(step)s, %(number)s") % {"step": step, "number": row.number}
        + mark
        + reader.about(row.subject),
        begins=begins,
        ends=ends,
        modified=row.set_at or row.opened_at,
        sequence=row.due_version,
        description="\n".join(filter(None, notes)),
        url=f"{reader.portal_url}/tasks/{row.issue_id}/{row.item}",
        categories=(_("Deadline"),),
        tentative=stands or row.provisional,
        alarm=None if stands else alarm,
    )


def _when(due_at: datetime, calendar: Calendar) -> tuple[date, date | None, timedelta]:
    """A deadline in days is an event of its last day; an exact one is at its moment. With how long before it is reminded."""
    if due_at.astimezone(calendar.zone).time() == time(0):
        day = last_day(due_at, calendar)
        return day, day + _ONE_DAY, _MORNING_BEFORE
    return due_at, None, _ONE_DAY


def _promises(connection: Connection, reader: _Reader, mine: frozenset[str]) -> Iterator[Event]:
    _, language, p = translations(reader.language).gettext, reader.language, promises.c
    query = (
        select(p.issue_id, p.number.label("promise"), p.what, p.due_on, p.made_at, issues.c.number, issues.c.definition_version_id)
        .join(issues, issues.c.id == p.issue_id)
        .where(p.status == "open", p.party.in_(mine))
        .order_by(p.due_on, p.issue_id, p.number)
        .limit(_MOST)
    )  # fmt: skip
    for row in connection.execute(query):
        definition = reader.house.processes.process(row.definition_version_id).definition
        yield Event(
            uid=f"promise-{row.issue_id}-{row.promise}@{reader.host}",
            summary=_("Promise due, %(number)s") % {"number": row.number} + reader.about(row.what),
            begins=row.due_on,
            ends=row.due_on + _ONE_DAY,
            modified=row.made_at,
            description=words(definition.title, language, definition.id),
            url=f"{reader.portal_url}/issues/{quote(row.number)}",
            categories=(_("Promise"),),
            alarm=_MORNING_BEFORE,
        )


def _duties(connection: Connection, reader: _Reader, now: datetime) -> Iterator[Event]:
    _, d = translations(reader.language).gettext, dated_duties.c
    name = named(stations.c, reader.language)
    query = (
        select(d.day, d.starts_at, d.ends_at, stations.c.code, stations.c.calendar, name.label("station"))
        .join(stations, stations.c.id == d.station_id)
        .where(d.participant_id == reader.feed.participant_id, d.day >= (now - _PAST).date())
        .order_by(d.day, d.starts_at, stations.c.code)
        .limit(_MOST)
    )
    for row in connection.execute(query):
        begins, ends = _hours(row, reader.house.calendars.in_force(row.calendar or reader.house.offices.now().calendar))
        whole = not isinstance(begins, datetime)
        yield Event(
            # a duty at another time is another duty: whoever was to come then need not come now
            uid=f"duty-{row.code}-{_stamp(begins)}-{_stamp(ends)}@{reader.host}",
            summary=_("On duty: %(station)s") % {"station": row.station},
            begins=begins,
            ends=ends,
            modified=reader.feed.created_at,
            url=f"{reader.portal_url}/?station={quote(row.code)}",
            categories=(_("Duty"),),
            busy=True,
            alarm=_MORNING_BEFORE if whole else _ONE_DAY,
        )


def _hours(row: Row[*tuple[Any, ...]], calendar: Calendar) -> tuple[date, date]:
    """From when to when a duty lasts: a whole day without hours; one that does not end after it began ends on the next day."""
    if row.starts_at is None and row.ends_at is None:
        return row.day, row.day + _ONE_DAY
    begins = datetime.combine(row.day, row.starts_at or time(0), calendar.zone)
    if row.ends_at is None:
        return begins, datetime.combine(row.day + _ONE_DAY, time(0), calendar.zone)
    ends = datetime.combine(row.day, row.ends_at, calendar.zone)
    return begins, ends if ends > begins else ends + _ONE_DAY


def _stamp(moment: date) -> str:
    return f"{moment:%Y%m%dT%H%M}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"
