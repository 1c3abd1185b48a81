"""Changes of which other issues see something: numbers given, and what is held of resources."""

from __future__ import annotations

from engine.noun import OfKind
from engine.state import Booking


class NumberGiven(OfKind, frozen=True):
    """The issue got a number of its own in a field: the ``sequence``-th of a series that runs for a station (code) and a year."""

    field: str
    number: str
    series: str
    sequence: int
    station: str = ""
    year: int = 0


class Booked(OfKind, frozen=True):
    """Something is held for this issue; it replaces what the issue had booked of the same resource."""

    booking: Booking


class BookingEnded(OfKind, frozen=True):
    """What was held of a resource is free again."""

    resource: str


Taken = NumberGiven | Booked | BookingEnded
