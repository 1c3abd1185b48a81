"""Carrying out a quota's reminder: who is behind the share that should be done by now is told what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, func, select

from definitions.calendars.calendar import Calendar
from definitions.plans.plan import QuotaPlan
from definitions.text import words
from engine.deadlines.recurrence import period_of, reminders
from huying.database.tables import file_entries
from huying.duties.plans.places import people_everywhere
from huying.messages.notices import write_notice
from huying.words.moments import date_words

#: Entries that count: what was recorded, and what was corrected since.
_COUNTED = ("confirmed", "corrected")


@dataclass(frozen=True, slots=True)
class QuotaStanding:
    """How far somebody is with a quota: ``done`` of ``wanted`` in the period until ``last``."""

    done: int
    wanted: int
    last: date

    @property
    def missing(self) -> int:
        """How many are still to come."""
        return max(0, self.wanted - self.done)


def remind(
    connection: Connection, plan: QuotaPlan, occurrence: int, day: date, calendar: Calendar, now: datetime
) -> dict[str, Any]:
    """Tell those who are behind; whom, among how many."""
    people = people_everywhere(connection, plan.for_, plan.of)
    begin, last = period_of(plan.per, day)
    should = plan.at_least * _share(plan, day, begin, last)
    done = entries_of(connection, plan, people, day, calendar)
    behind = [person for person in people if done.get(person, 0) < should]
    for person in behind:
        standing = QuotaStanding(done.get(person, 0), plan.at_least, last)

        def said(language: str, standing: QuotaStanding = standing) -> dict[str, Any]:
            return {
                "quota": words(plan.title, language),
                "done": standing.done,
                "wanted": standing.wanted,
                "missing": standing.missing,
                "when": date_words(standing.last, language),
            }

        write_notice(connection, "falling-behind", f"quota.{occurrence}", person, said, now)
    return {"among": len(people), "behind": behind}


def standing_of(connection: Connection, plan: QuotaPlan, person: int, today: date, calendar: Calendar) -> QuotaStanding:
    """How far one person is today."""
    _, last = period_of(plan.per, today)
    return QuotaStanding(entries_of(connection, plan, [person], today, calendar).get(person, 0), plan.at_least, last)


def entries_of(
    connection: Connection, plan: QuotaPlan, people: list[int], day: date, calendar: Calendar
) -> dict[int, int]:
    """How many entries each has in the period in which a day lies; whole years go by the year of the file."""
    begin, last = period_of(plan.per, day)
    query = select(file_entries.c.participant_id, func.count()).where(
        file_entries.c.participant_id.in_(people),
        file_entries.c.kind == plan.entries,
        file_entries.c.state.in_(_COUNTED),
        file_entries.c.year == begin.year,
    )
    if plan.per != "year":
        first_moment = datetime.combine(begin, time(), calendar.zone)
        query = query.where(
            file_entries.c.at >= first_moment,
            file_entries.c.at < datetime.combine(last + timedelta(days=1), time(), calendar.zone),
        )
    return {row[0]: row[1] for row in connection.execute(query.group_by(file_entries.c.participant_id))}


def _share(plan: QuotaPlan, day: date, begin: date, last: date) -> Fraction:
    """The share that should be done by a day: the one that the point names, else how much of the period has passed."""
    passed = Fraction((day - begin).days + 1, (last - begin).days + 1)
    named = [point.share for on, point in reminders(plan, day, day) if on == day and point.share is not None]
    return max(named, default=passed)
