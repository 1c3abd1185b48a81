"""What stands on a poster beside the code: whom to call, where, when it is open, and who receives next."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Row, select

from definitions.calendars.calendar import Calendar, Hours
from definitions.text import LISTED, Said
from huying.database.tables import areas, stations
from huying.duties.today import receptions_to_come
from huying.house.house import House
from huying.words.duties import hours_words

_RECEPTIONS = 3
#: Receptions of so many days are looked for; those that are announced later are found by the code.
_DAYS = 60
_WEEK = 7

_WORKDAYS = Said("工作日", "Working days")
_DAY_NAMES = (
    Said("周一", "Mon"),
    Said("周二", "Tue"),
    Said("周三", "Wed"),
    Said("周四", "Thu"),
    Said("周五", "Fri"),
    Said("周六", "Sat"),
    Said("周日", "Sun"),
)
_USUAL = frozenset({1, 2, 3, 4, 5})
PHONE, PLACE, OPEN, NEXT = (
    Said("电话", "Phone"),
    Said("地址", "Address"),
    Said("开放时间", "Open"),
    Said("代表接待", "Deputies"),
)


Fact = tuple[str, tuple[str, ...]]


def facts_of(house: House, station: str, language: str, now: datetime) -> tuple[Fact, ...]:
    """Pairs of what it is and what is so, line by line; what the register does not know is left out. Of no station: what is known of the office."""
    with house.database.reading() as connection:
        query = select(stations).outerjoin(areas, areas.c.id == stations.c.area_id).where(stations.c.code == station)
        row = connection.execute(query).one_or_none()
    if row is None:
        address = house.offices.now().address
        return ((PLACE.of(language), (address,)),) if address else ()
    found = (
        (PHONE, (row.phone or "",)),
        (PLACE, (row.address or "",)),
        (OPEN, (_open(house, row, language, now),)),
        (NEXT, _next(house, station, language, now)),
    )
    return tuple((name.of(language), lines) for name, lines in found if any(lines))


def _open(house: House, row: Row[object], language: str, now: datetime) -> str:
    """The hours of the station's calendar, or of the office's."""
    key = getattr(row, "calendar", None) or house.offices.now().calendar
    calendar = house.calendars.in_force(key)
    hours = _hours(calendar, house.day_of(now))
    spans = LISTED.of(language).join(hours_words(begin, end, language) for begin, end in hours)
    if calendar.working_weekdays == _USUAL:
        days = _WORKDAYS.of(language)
    else:
        days = LISTED.of(language).join(_DAY_NAMES[one - 1].of(language) for one in sorted(calendar.working_weekdays))
    return f"{days} {spans}" if spans else ""


def _hours(calendar: Calendar, day: date) -> Hours:
    """The hours of the next working day: in summer those of summer."""
    coming = (calendar.hours_on(day + timedelta(days=ahead)) for ahead in range(2 * _WEEK))
    return next((one for one in coming if one), calendar.hours)


def _next(house: House, station: str, language: str, now: datetime) -> tuple[str, ...]:
    found = receptions_to_come(house, language, now, station, _RECEPTIONS, days=_DAYS)
    return tuple(f"{one.when} {LISTED.of(language).join(one.names)}" for one in found)
