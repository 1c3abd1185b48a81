"""The one way in which an issue changes: read, let the kernel decide, write if nobody was faster, else decide again.

The decision is made before the write lock is taken. A request key that was seen before changes nothing and gives the first answer again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from engine import transition
from engine.codec import plain
from engine.event import KINDS, Event
from engine.refusal import Gone, Taken
from huying import parties
from huying.directory import RegisterDirectory
from huying.errors import AlreadyDone, Reused
from huying.house import House
from huying.issue_store import Entry, Stored, read, write
from huying.statement import Statement
from huying.tables import history
from huying.who_was_first import who_was_first

_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a change came to; ``repeated`` tells that the request had been carried out before."""

    issue_id: int
    number: str
    version: int
    repeated: bool = False


def change(
    house: House,
    issue_id: int,
    event: Event,
    *,
    actor_id: int | None,
    request_id: str | None,
    now: datetime,
    oversees: bool = False,
    manages: bool = False,
    late: bool = False,
    stands_in: frozenset[str] = frozenset(),
    via: str | None = None,
) -> Receipt:
    """Let an event happen to an issue; a ``Refusal`` says why not.

    ``oversees``: the actor may see the issue even without a task in it; ``manages``: they are staff who look after it. ``late``: it should
    have happened long ago, and nobody is to be flooded with what it tells. It never happens before the event before, whatever the clock says.
    ``stands_in``: the parties beside their own for whom the actor may act this time; ``via``: through what, if not through the portal.
    """
    key = request_key(actor_id, request_id)
    for _ in range(_ATTEMPTS):
        with house.database.reading() as connection:
            earlier = _repeated(connection, key, issue_id, event)
            if earlier:
                return earlier
            stored = read(connection, issue_id)
            process = house.processes.process(stored.definition_version_id)
            actor = (
                parties.actor(connection, actor_id, oversees=oversees, manages=manages)
                if actor_id is not None
                else None
            )
            if actor is not None and stands_in:
                actor = replace(actor, parties=actor.parties | stands_in)
            at = max(now, stored.changed_at)
            directory = RegisterDirectory(connection, process.calendar, at, files=house.files, issue=stored.id)
            try:
                outcome = transition(process, stored.state, event, at, directory, actor)
            except (Gone, Taken) as refusal:
                raise who_was_first(house, process, issue_id, event, refusal, actor_id) from refusal
        entry = Entry(KINDS[type(event)], plain(event), actor_id, key, at, written_at=now, late=late, via=via)
        try:
            with house.database.writing() as connection:
                if write(connection, process, stored, outcome, entry):
                    return Receipt(stored.id, stored.number, outcome.state.version)
        except IntegrityError:
            # the same request, or the same version, was written between reading and writing: look again
            continue
    raise AlreadyDone("很多人正在办理这件事项，请稍后再试。", "Many people are changing this issue; please try again.")


def request_key(actor_id: int | None, request_id: str | None) -> str | None:
    """The key that makes a repeated request harmless, apart for each actor."""
    return f"{actor_id or 'open'}:{request_id}" if request_id else None


_earlier = Statement(
    select(history.c.issue_id, history.c.sequence, history.c.event).where(history.c.request_key == bindparam("key"))
)


def _repeated(connection: Connection, key: str | None, issue_id: int, event: Event) -> Receipt | None:
    rows = _earlier.rows(connection, {"key": key}) if key else []
    if not rows:
        return None
    earlier_issue, sequence, earlier_event = rows[0]
    if earlier_issue != issue_id or earlier_event != plain(event):
        raise Reused
    stored: Stored = read(connection, issue_id)
    return Receipt(issue_id, stored.number, sequence, repeated=True)
