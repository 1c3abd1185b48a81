"""The calendar by which plans reckon."""

from __future__ import annotations

from datetime import tzinfo

from definitions.calendars.calendar import Calendar
from definitions.plans.plan import BasePlan
from huying.house.house import House

#: The calendar of plans that name none.
DEFAULT = str(BasePlan.model_fields["calendar"].default)


def calendar_of(house: House, key: str) -> Calendar:
    """The calendar of this name; ``NotFound`` if there is none."""
    return house.calendars.in_force(key)


def local_zone(house: House) -> tzinfo:
    """The time zone in which the days of duties begin and end: that of the calendar that holds where none is named."""
    return calendar_of(house, DEFAULT).zone
