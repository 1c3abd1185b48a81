"""When an office is open: the next moment at which its people can be told something. Pure: no clock is read here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from definitions.calendars.calendar import Calendar

#: A calendar without a working hour in so many days has none, and holds nothing back.
_FAR = 60


def next_office_moment(calendar: Calendar, moment: datetime) -> datetime:
    """The moment (UTC) itself if the office is open then, else when it opens next; the moment, if it never does."""
    local = moment.astimezone(calendar.zone)
    for ahead in range(_FAR):
        day = local.date() + timedelta(days=ahead)
        for begin, end in calendar.hours_on(day):
            opens = datetime.combine(day, begin, calendar.zone).astimezone(UTC)
            # an end that is not after the beginning is that of the day
            last = day if end > begin else day + timedelta(days=1)
            if moment < datetime.combine(last, end, calendar.zone).astimezone(UTC):
                return max(opens, moment.astimezone(UTC))
    return moment.astimezone(UTC)
