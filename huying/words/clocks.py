"""How a deadline comes about, in words: what the pages show under "How this date comes about"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from definitions.calendars.calendar import Calendar
from definitions.text import words
from engine.deadlines.deadline import Deadline, again
from engine.deadlines.explanation import explain
from huying.locale import translations
from huying.words.moments import Due, due_seen, in_period


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that has a deadline: what it is called, until when, and how that day comes about."""

    title: str
    due: Due
    how: str


def clock(
    title: str, deadline: Deadline | None, paused_at: datetime | None, calendar: Calendar, now: datetime, language: str
) -> Clock | None:
    """A deadline in words; ``None`` where there is none."""
    if deadline is None:
        return None
    seen = due_seen(deadline.due_at, calendar, now, language, provisional=deadline.provisional, paused_at=paused_at)
    due = in_period(seen, deadline.start, calendar, now, language)
    return Clock(title, due, explanation_of(deadline, calendar, language)) if due else None


def explanation_of(deadline: Deadline, calendar: Calendar, language: str) -> str:
    """How a deadline comes about by a calendar, and which calendar that is.

    Where the calendar has changed since and the day would be another, it is said that it will be reckoned again.
    """
    _ = translations(language).gettext
    title = words(calendar.title, language, calendar.id)
    by = _("Calendar: %(title)s.") % {"title": title}
    if calendar.version:
        by = _("Calendar: %(title)s, version %(version)s.") % {"title": title, "version": calendar.version}
    said = f"{explain(deadline, calendar)[language]} {by}"
    if again(deadline, calendar).due_at == deadline.due_at:
        return said
    return _("%(how)s The calendar has changed meanwhile; this deadline is about to be reckoned again.") % {"how": said}
