"""Carrying out a quota's reminder: who is behind the share that should be done by now is told what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection

from definitions.calendars.calendar import Calendar
from definitions.files.chapters import shipped_rules
from definitions.plans.plan import QuotaPlan
from definitions.text import words
from engine.deadlines.recurrence import period_of, reminders
from huying.duties.plans.places import people_everywhere
from huying.files.entry import FilePeriod
from huying.files.volume import volumes
from huying.messages.notices import write_notice
from huying.words.moments import date_words


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
    _, last = period_of(plan.per, day)
    should = due_by(plan, day)
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
    """How many entries of the kind stand in each one's file in the period in which a day lies, whoever entered them."""
    begin, last = period_of(plan.per, day)
    period = FilePeriod(begin, last)
    found = volumes(connection, shipped_rules(), people, period)
    return {
        person: sum(
            one.counts and one.kind == plan.entries and period.first <= one.day <= period.last
            for year in period.years
            for one in found[person, year].entries
        )
        for person in people
    }


def due_by(plan: QuotaPlan, day: date) -> Fraction:
    """How many should be done by a day."""
    begin, last = period_of(plan.per, day)
    return plan.at_least * _share(plan, day, begin, last)


def _share(plan: QuotaPlan, day: date, begin: date, last: date) -> Fraction:
    """The share that should be done by a day: the one that the point names, else how much of the period has passed."""
    passed = Fraction((day - begin).days + 1, (last - begin).days + 1)
    named = [point.share for on, point in reminders(plan, day, day) if on == day and point.share is not None]
    return max(named, default=passed)
