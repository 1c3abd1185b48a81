"""Moments and deadlines in words, in the time zone of the issue's calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from babel.dates import format_date, get_timezone_name

from definitions.calendars.calendar import Calendar
from definitions.text import Said
from huying.locale import LOCALES, translations
from huying.words.horizon import Tone, horizon, last_day

_PATTERNS = {"zh": ("M月d日（EEE）", "y年M月d日（EEE）"), "en": ("EEE d MMMM", "EEE d MMMM y")}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: the moment from which it is missed (UTC), the last day in words, and how long there is left.

    ``tone`` is its urgency, and ``says`` puts that into words, so that no colour has to be understood. ``provisional``: the year's public holidays
    are not announced yet. ``paused_at``: the clock stands since then, so ``by`` will be later. Where every clock of an issue stands, ``at`` is
    ``None`` and ``by`` empty. ``begun``: when its period began, where that is known.
    """

    at: datetime | None
    by: str
    left: str
    overdue: bool
    provisional: bool = False
    tone: Tone = "calm"
    says: str = ""
    paused_at: datetime | None = None
    begun: datetime | None = None

    def spent(self, now: datetime) -> int | None:
        """How much of the period has passed, in percent; ``None`` where nobody knows, or the clock stands."""
        if self.begun is None or self.at is None or self.paused_at is not None or self.at <= self.begun:
            return None
        return max(0, min(100, round(100 * ((now - self.begun) / (self.at - self.begun)))))


def due_words(at: datetime, zone: tzinfo, now: datetime, language: str, *, provisional: bool = False) -> Due:
    """A deadline as this reader reads it at this moment."""
    local = at.astimezone(zone)
    midnight = local.time() == time(0)
    last = local.date() - timedelta(days=1) if midnight else local.date()
    today = now.astimezone(zone).date()
    day = date_words(last, language, today)
    said = day if midnight else f"{day} {local:%H:%M}"
    by = translations(language).gettext("by %(day)s") % {"day": said}
    left = _left(at, last, today, now, language)
    return Due(at, by, left, now >= at, provisional, "overdue" if now >= at else "calm", left)


def due_seen(
    at: datetime | None,
    calendar: Calendar,
    now: datetime,
    language: str,
    *,
    provisional: bool = False,
    paused_at: datetime | None = None,
) -> Due | None:
    """A deadline with its urgency, as it is seen wherever one is shown; ``None`` where there is neither a deadline nor a clock that stands.

    Where nobody knows when its period began, the last three working days stand for its last third; ``in_period`` knows it.
    """
    if paused_at is not None:
        return _standing_still(at, calendar, now, language, provisional, paused_at)
    if at is None:
        return None
    due = due_words(at, calendar.zone, now, language, provisional=provisional)
    return _toned(due, horizon(calendar, now).tone(at), language)


def in_period(due: Due | None, begun: datetime | None, calendar: Calendar, now: datetime, language: str) -> Due | None:
    """The same deadline, whose period began then: it is soon in the last third of it."""
    if due is None or due.at is None or due.paused_at is not None or begun is None:
        return due
    return replace(_toned(due, horizon(calendar, now).tone(due.at, begun), language), begun=begun)


def _toned(due: Due, tone: Tone, language: str) -> Due:
    return replace(due, tone=tone, says=_says(tone, due.left, language))


def _says(tone: Tone, left: str, language: str) -> str:
    _ = translations(language).gettext
    if tone == "soon" and left != _("due tomorrow"):
        return _("due soon: %(left)s") % {"left": left}
    if tone == "today" and left != _("due today"):
        return _("due today: %(left)s") % {"left": left}
    return left


def _standing_still(
    at: datetime | None, calendar: Calendar, now: datetime, language: str, provisional: bool, paused_at: datetime
) -> Due:
    """A deadline whose clock stands: nobody is late meanwhile; what was missed before says so."""
    zone, spoken = calendar.zone, translations(language)
    since = paused_at.astimezone(zone).date()
    said = spoken.gettext("the clock stands since %(day)s") % {
        "day": date_words(since, language, now.astimezone(zone).date())
    }
    by = ""
    if at is not None:
        by = due_words(at, zone, now, language).by
        if paused_at >= at:
            days = max(1, (since - last_day(at, calendar)).days)
            late = spoken.ngettext("it was %(num)s day overdue", "it was %(num)s days overdue", days) % {"num": days}
            said = spoken.gettext("%(stands)s (%(late)s)") % {"stands": said, "late": late}
    return Due(at, by, said, overdue=False, provisional=provisional, tone="paused", says=said, paused_at=paused_at)


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
    return _day(day, pattern, language)


def moment_words(at: datetime, zone: tzinfo, language: str) -> str:
    """A moment to the minute."""
    local = at.astimezone(zone)
    pattern = {"zh": "y年M月d日", "en": "d MMMM y"}[language]
    return f"{_day(local.date(), pattern, language)} {local:%H:%M}"


def clock_words(at: datetime, zone: tzinfo) -> Said:
    """A moment to the minute for who may sit elsewhere: with the zone that is meant."""
    local = at.astimezone(zone)
    zh, en = (get_timezone_name(local, locale=LOCALES[language]) for language in ("zh", "en"))
    return Said(f"{local:%Y-%m-%d %H:%M}（{zh}）", f"{local:%Y-%m-%d %H:%M} ({en})")


@lru_cache(maxsize=4096)
def _day(day: date, pattern: str, language: str) -> str:
    """A day as Babel writes it: half a millisecond each, and a list has a hundred of them on a few days."""
    return format_date(day, pattern, locale=LOCALES[language])


def day_words(at: datetime, zone: tzinfo, language: str, beside: datetime) -> str:
    """A moment's day as short as it can be said; its year too where that is not the year of ``beside``."""
    day, other = at.astimezone(zone).date(), beside.astimezone(zone).date()
    short, full = {"zh": ("M月d日", "y年M月d日"), "en": ("d MMM", "d MMM y")}[language]
    return _day(day, short if day.year == other.year else full, language)
