"""Putting incidents right: tried again, or gone on without; one, or many at once, with counts that add up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, select, true, update

from engine.event import Comment, Retry, Skip
from engine.refusal import Invalid, NotAllowed, Refusal, Unavailable
from huying.acting import happen
from huying.house import House
from huying.tables import deliveries, incidents, issues, outbox, timers
from huying.views.sight import Viewer, viewer

Do = Literal["retry", "skip"]
#: So many at once; the rest is asked for again.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Righted:
    """What became of a request about several: ``asked`` = ``done`` + ``refused`` + ``gone`` (closed, or somebody else's, meanwhile).

    Of a retry, ``done`` are those tried again; whether they are fixed is known only once they have succeeded. ``refusals`` say why, by incident.
    """

    asked: int
    done: int
    refused: int
    gone: int
    refusals: dict[int, str]


def right(
    house: House, which: Sequence[int], do: Do, *, actor_id: int, reason: str, request_id: str, now: datetime
) -> Righted:
    """Try incidents again, or go on without what failed; staff do, each for what they look after. ``Invalid`` for a skip without a reason."""
    wanted = list(dict.fromkeys(which))[:MOST]
    if do == "skip" and not reason.strip():
        raise Invalid({"reason": {"zh": "请写明跳过的理由。", "en": "Please say why it is skipped."}})
    with house.database.reading() as connection:
        person = viewer(connection, actor_id)
        if not person.staff:
            raise NotAllowed
        query = select(incidents).where(
            incidents.c.id.in_(wanted), incidents.c.status != "closed", looked_after(person)
        )
        found = connection.execute(query.order_by(incidents.c.id)).all()
    done, refusals = 0, dict[int, str]()
    for row in found:
        try:
            _right_one(house, row, do, actor_id, reason.strip(), f"{request_id}-{row.id}", now)
            done += 1
        except Refusal as refusal:
            refusals[row.id] = f"{refusal.message['zh']} {refusal.message['en']}"
    return Righted(len(wanted), done, len(refusals), len(wanted) - len(found), refusals)


def looked_after(person: Viewer) -> ColumnElement[bool]:
    """The incidents that somebody looks after: those of their stations; the office all of them."""
    return true() if person.office else incidents.c.station_id.in_(person.stations)


def _right_one(house: House, row: Row[Any], do: Do, actor_id: int, reason: str, request_id: str, now: datetime) -> None:
    if row.visit is not None:
        event = Retry(row.visit, reason) if do == "retry" else Skip(row.visit, reason)
        happen(house, row.issue_id, event, actor_id=actor_id, request_id=request_id, now=now)
    elif do == "skip":
        _without(house, row, actor_id, reason, request_id, now)
    with house.database.writing() as connection:
        if do == "retry" and row.visit is None:
            _free(connection, row, now)
        _note(connection, row, do, actor_id, reason, now)
        # what staff see of the issue has changed, though no event did it
        connection.execute(update(issues).where(issues.c.id == row.issue_id).values(shown_version=0))


def _free(connection: Connection, row: Row[Any], now: datetime) -> None:
    """Have it tried again at once, with all its attempts."""
    again: dict[str, Any] = {"attempts": 0, "available_at": now, "status": "pending"}
    if row.what == "effect":
        mine = outbox.c.id == row.what_id, outbox.c.status == "failed"
        connection.execute(update(outbox).where(*mine).values(**again, error=None))
    elif row.what == "delivery":
        mine = deliveries.c.id == row.what_id, deliveries.c.status == "failed"
        connection.execute(update(deliveries).where(*mine).values(**again, ended_at=None))
    else:
        mine = timers.c.issue_id == row.issue_id, timers.c.number == row.what_id
        connection.execute(update(timers).where(*mine).values(retry_at=None, leased_until=None, attempts=0))


def _without(house: House, row: Row[Any], actor_id: int, reason: str, request_id: str, now: datetime) -> None:
    """Go on without an effect or a message; the issue's history says so."""
    if row.what == "timer":
        raise Unavailable(
            "到期事项不能跳过，请重试，或把事项移到别的步骤。",
            "A deadline cannot be skipped; have it tried again, or move the issue to another step.",
        )
    said = Comment(f"跳过未成的“{row.kind}”：{reason} (skipped)", public=False)
    if row.issue_id:
        # the history of a closed issue takes no remarks; the incident itself says who skipped it, and why
        with suppress(Refusal):
            happen(house, row.issue_id, said, actor_id=actor_id, request_id=request_id, now=now)
    if row.what == "effect":
        with house.database.writing() as connection:
            mine = outbox.c.id == row.what_id, outbox.c.status == "failed"
            connection.execute(update(outbox).where(*mine).values(status="skipped", done_at=now))


def _note(connection: Connection, row: Row[Any], do: Do, actor_id: int, reason: str, now: datetime) -> None:
    note = {"note": reason[:500] or None, "changed_at": now}
    still = incidents.c.id == row.id, incidents.c.status != "closed"
    if do == "retry":
        connection.execute(update(incidents).where(*still).values(status="retrying", **note))
    else:
        ended = {"status": "closed", "outcome": "skipped", "closed_at": now, "closed_by_id": actor_id}
        connection.execute(update(incidents).where(*still).values(**ended, **note))
