"""Moments and deadlines in words, in the time zone of the issue's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from babel.dates import format_date

from huying.locale import LOCALES, translations

_PATTERNS = {"zh": ("M月d日（EEE）", "y年M月d日（EEE）"), "en": ("EEE d MMMM", "EEE d MMMM y")}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: the moment from which it is missed (UTC), the last day in words, and how long there is left.

    ``provisional`` says that the year's public holidays are not announced yet.
    """

    at: datetime
    by: str
    left: str
    overdue: bool
    provisional: bool = False


def due_words(at: datetime, zone: tzinfo, now: datetime, language: str, *, provisional: bool = False) -> Due:
    """A deadline as this reader reads it at this moment."""
    local = at.astimezone(zone)
    midnight = local.time() == time(0)
    last = local.date() - timedelta(days=1) if midnight else local.date()
    today = now.astimezone(zone).date()
    day = date_words(last, language, today)
    said = day if midnight else f"{day} {local:%H:%M}"
    by = translations(language).gettext("by %(day)s") % {"day": said}
    return Due(at, by, _left(at, last, today, now, language), now >= at, provisional)


def _left(at: datetime, last: date, today: date, now: datetime, language: str) -> str:
    spoken = translations(language)
    _, ngettext = spoken.gettext, spoken.ngettext
    days, minutes = (last - today).days, int((at - now).total_seconds() // 60)
    if now >= at:
        late = max(1, -days)
        return ngettext("%(num)s day overdue", "%(num)s days overdue", late) % {"num": late}
    if minutes < 60:
        return ngettext("%(num)s minute left", "%(num)s minutes left", minutes) % {"num": minutes}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    return ngettext("%(num)s day left", "%(num)s days left", days) % {"num": days}


def date_words(day: date, language: str, today: date | None = None) -> str:
    """A day with its weekday; the year is said unless it is this one."""
    short, full = _PATTERNS[language]
    pattern = short if today and today.year == day.year else full
    return format_date(day, pattern, locale=LOCALES[language])


def moment_words(at: datetime, zone: tzinfo, language: str) -> str:
    """A moment to the minute."""
    local = at.astimezone(zone)
    pattern = {"zh": "y年M月d日", "en": "d MMMM y"}[language]
    return f"{format_date(local.date(), pattern, locale=LOCALES[language])} {local:%H:%M}"
