"""What an issue takes of what others want too, in rows: numbers of series, and bookings. Written with the decision, in its transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import DBAPIError

from engine import Outcome
from engine.books.change import Booked, BookingEnded, NumberGiven
from huying.database.tables import bookings, given_numbers

#: Changes of which others see something.
_TAKING = frozenset({NumberGiven, Booked, BookingEnded})


def write_books(connection: Connection, issue_id: int, outcome: Outcome, now: datetime) -> None:
    """Write what the changes of one event say; an ``IntegrityError`` if a number was given to another issue meanwhile."""
    for change in [one for one in outcome.changes if type(one) in _TAKING]:
        match change:
            case NumberGiven():
                row = {
                    "series": change.series,
                    "station": change.station,
                    "year": change.year,
                    "sequence": change.sequence,
                    "number": change.number,
                    "issue_id": issue_id,
                    "field": change.field,
                    "given_at": now,
                }
                connection.execute(insert(given_numbers), row)
            case Booked(booking=one):
                _free(connection, issue_id, one.resource)
                row = {
                    "issue_id": issue_id,
                    "resource": one.resource,
                    "unit": one.unit,
                    "begins_at": one.begins,
                    "ends_at": one.ends,
                }
                connection.execute(insert(bookings), row)
            case BookingEnded(resource=resource):
                _free(connection, issue_id, resource)


def _free(connection: Connection, issue_id: int, resource: str) -> None:
    connection.execute(delete(bookings).where(bookings.c.issue_id == issue_id, bookings.c.resource == resource))


def in_a_circle(error: DBAPIError) -> bool:
    """Whether two transactions waited for each other, and PostgreSQL ended this one: it can be tried again."""
    return getattr(error.orig, "sqlstate", None) == "40P01"
