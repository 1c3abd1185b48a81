"""How somebody wants to be told of a topic: their own wish, else what the office sets for people of their kind, else as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from huying.database.statement import Statement
from huying.database.tables import preferences, quiet_hours
from huying.messages.quiet import QuietHours
from huying.messages.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWish:
    """``channels`` in this order (none: that of the addresses); ``off``; ``digest``: once, hourly, daily at ``daily_at``.

    ``wait_minutes``: what is unread by then goes to the next address; 0: it does not. ``own``: somebody chose it themselves.
    """

    channels: tuple[str, ...] = ()
    off: bool = False
    digest: str = "once"
    daily_at: str = "09:00"
    wait_minutes: int = 0
    own: bool = False


_p = preferences.c
_wishes = Statement(
    select(_p.participant_id, _p.channels, _p.off, _p.digest, _p.daily_at, _p.wait_minutes).where(
        (_p.participant_id == bindparam("person")) | (_p.kind == bindparam("kind_of_person")),
        _p.topic == bindparam("about"),
    )
)
_q = quiet_hours.c
_quiet = Statement(
    select(_q.participant_id, _q.starts, _q.ends, _q.zone).where(
        (_q.participant_id == bindparam("person")) | (_q.kind == bindparam("kind_of_person"))
    )
)


def wish_of(connection: Connection, person: int, kind: str, topic: Topic) -> TopicWish:
    """How they want to be told; how long the office waits for it to be read is the office's alone."""
    rows = _wishes.rows(connection, {"person": person, "kind_of_person": kind, "about": topic})
    office = next((_wish(row, own=False) for row in rows if row[0] is None), TopicWish())
    own = next((_wish(row, own=True) for row in rows if row[0] is not None), None)
    if own is None:
        return office
    return TopicWish(
        channels=own.channels or office.channels,
        off=own.off,
        digest=own.digest,
        daily_at=own.daily_at,
        wait_minutes=office.wait_minutes,
        own=True,
    )


def _wish(row: Any, *, own: bool) -> TopicWish:
    return TopicWish(
        channels=tuple(row[1] or ()),
        off=bool(row[2]),
        digest=str(row[3]),
        daily_at=str(row[4]),
        wait_minutes=int(row[5]),
        own=own,
    )


def quiet_of(connection: Connection, person: int, kind: str) -> QuietHours | None:
    """When they are not to be told, if ever: their own, else those of their kind."""
    rows = _quiet.rows(connection, {"person": person, "kind_of_person": kind})
    row = next((one for one in rows if one[0] is not None), None) or next(iter(rows), None)
    return QuietHours(row[1], row[2], row[3]) if row is not None and row[1] != row[2] else None
