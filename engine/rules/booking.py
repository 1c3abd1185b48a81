"""Booking resources: never more at once than there is room for, and free again when the issue ends, or as the definition says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from definitions.calendars.calendar import Calendar
from definitions.model.field import Field
from definitions.model.resource import Resource
from definitions.text import COMMA, words
from engine.books.change import Booked, BookingEnded
from engine.draft import Draft
from engine.refusal import Invalid, Occupied
from engine.state import Booking

#: What is booked where a resource is only one.
ONLY = "-"


def book(draft: Draft, key: str) -> None:
    """Hold a resource for the issue, by its fields; ``Occupied`` if others have it then, ``Invalid`` where a field says too little."""
    resource = draft.definition.resources[key]
    wanted = _wanted(draft, key, resource)
    if wanted in draft.state.bookings:
        return
    if draft.directory.books.taken(wanted) >= resource.room(wanted.unit):
        raise _occupied(draft, resource, wanted)
    draft.record(Booked(wanted))


def follow(draft: Draft) -> None:
    """What is booked follows its fields: where an action has changed them, the new time is booked in place of the old."""
    for booking in draft.state.bookings:
        if booking.resource in draft.definition.resources:
            book(draft, booking.resource)


def release(draft: Draft, key: str) -> None:
    """Free a resource, if the issue has it."""
    if any(booking.resource == key for booking in draft.state.bookings):
        draft.record(BookingEnded(key))


def end_bookings(draft: Draft, resolution: str) -> None:
    """Free what was booked when an issue ends, unless it is kept."""
    for booking in draft.state.bookings:
        resource = draft.definition.resources.get(booking.resource)
        if resource is None or resolution not in resource.kept_as:
            draft.record(BookingEnded(booking.resource))


def _wanted(draft: Draft, key: str, resource: Resource) -> Booking:
    data = draft.state.data
    missing = [name for name in resource.fields if data.get(name) is None]
    if missing:
        raise Invalid({name: _needed(draft.definition.data.get(name), name) for name in missing})
    calendar, last = draft.process.calendar, resource.to or resource.from_
    try:
        begins, ends = moment(str(data[resource.from_]), calendar), moment(str(data[last]), calendar, after=True)
    except (ValueError, OverflowError):
        raise Invalid({last: _BEYOND}) from None
    if ends <= begins:
        raise Invalid({last: _NOT_BEFORE})
    unit = str(data[resource.which]) if resource.which else ONLY
    return Booking(resource=key, unit=unit, begins=begins, ends=ends)


def moment(value: str, calendar: Calendar, *, after: bool = False) -> datetime:
    """The moment (UTC) of a date or a local date with time; ``after``: of a date, the end of that day."""
    if "T" in value:
        return datetime.fromisoformat(value).replace(tzinfo=calendar.zone).astimezone(UTC)
    day = date.fromisoformat(value) + timedelta(days=1 if after else 0)
    return datetime.combine(day, time(0), calendar.zone).astimezone(UTC)


def _needed(field: Field | None, name: str) -> dict[str, str]:
    title = field.title if field else None
    return {
        "zh": f"预订要写明“{words(title, 'zh', name)}”。",
        "en": f"A booking needs “{words(title, 'en', name)}”.",
    }


_BEYOND = {"zh": "这一天无法预订。", "en": "That day cannot be booked."}
_NOT_BEFORE = {"zh": "结束要在开始之后。", "en": "It must end after it begins."}


def _occupied(draft: Draft, resource: Resource, wanted: Booking) -> Occupied:
    """Why not, and what is free at that time."""
    field = draft.definition.data.get(resource.which or "")
    options = field.options if field else {}
    free = [unit for unit in options if unit != wanted.unit and _free(draft, resource, wanted, unit)]
    said = {}
    for language in ("zh", "en"):
        name = words(options.get(wanted.unit) or resource.title, language, wanted.unit)
        others = COMMA.of(language).join(words(options[unit], language, unit) for unit in free)
        said[language] = (name, others)
    return Occupied(said["zh"], said["en"])


def _free(draft: Draft, resource: Resource, wanted: Booking, unit: str) -> bool:
    other = Booking(resource=wanted.resource, unit=unit, begins=wanted.begins, ends=wanted.ends)
    return draft.directory.books.taken(other) < resource.room(unit)


def held(bookings: Iterable[Booking], wanted: Booking) -> list[tuple[datetime, datetime]]:
    """The times of those bookings that are of the same thing."""
    same = ((one.resource, one.unit, one.begins, one.ends) for one in bookings)
    return [
        (begins, ends) for resource, unit, begins, ends in same if (resource, unit) == (wanted.resource, wanted.unit)
    ]
