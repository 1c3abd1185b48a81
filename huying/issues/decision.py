"""The one way in which an issue changes: read, let the kernel decide, write if nobody was faster, else decide again.

The decision is made before the write lock is taken. A request key that was seen before changes nothing and gives the first answer again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from msgspec import structs
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from engine import Outcome, transition
from engine.codec import decode_event, encode
from engine.directory import Actor
from engine.event import Event, Fire
from engine.refusal import Gone, Refusal, Taken
from engine.state import State
from huying.access import parties
from huying.database.statement import Statement
from huying.database.tables import history
from huying.errors import AlreadyDone, Reused
from huying.house.house import House
from huying.issues.first import who_was_first
from huying.issues.incident_rows import follow
from huying.issues.store import Entry, Stored, read, write
from huying.register.directory import RegisterDirectory
from huying.telemetry import figures, logs, tracing
from huying.webhooks.announcement import announce, to_announce

_ATTEMPTS = 10
Also = Callable[[Connection, Outcome], None]


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
    also: Also | None = None,
) -> Receipt:
    """Let an event happen to an issue; a ``Refusal`` says why not.

    ``oversees``: the actor may see the issue even without a task in it; ``manages``: they are staff who look after it. ``late``: it should
    have happened long ago, and nobody is to be flooded with what it tells. It never happens before the event before, whatever the clock says.
    ``stands_in``: the parties beside their own for whom the actor may act this time; ``via``: through what, if not through the portal.
    ``also`` is what else becomes true with it, in the same transaction; not of a request that had been carried out before.
    """
    with tracing.span("change", huying__event=event.kind) as span:
        try:
            return _changed(
                house,
                span,
                issue_id,
                event,
                _Who(actor_id, oversees, manages, stands_in, via),
                request_key(actor_id, request_id),
                now,
                late,
                also,
            )
        except Refusal as refusal:
            figures.refused(event.kind, refusal.code)
            span.note(huying__refusal=refusal.code)
            raise


@dataclass(frozen=True, slots=True)
class _Who:
    """Who does it, in what capacity, and through what."""

    actor_id: int | None
    oversees: bool
    manages: bool
    stands_in: frozenset[str]
    via: str | None

    def acting(self, connection: Connection) -> Actor | None:
        """The actor as the kernel knows them; nobody for the clock."""
        if self.actor_id is None:
            return None
        actor = parties.actor(connection, self.actor_id, oversees=self.oversees, manages=self.manages)
        return structs.replace(actor, parties=actor.parties | self.stands_in) if self.stands_in else actor


def _changed(
    house: House,
    span: tracing.Span,
    issue_id: int,
    event: Event,
    who: _Who,
    key: str | None,
    now: datetime,
    late: bool,
    also: Also | None,
) -> Receipt:
    begun = perf_counter()
    for _ in range(_ATTEMPTS):
        with house.database.reading() as connection:
            earlier = _repeated(connection, key, issue_id, event)
            if earlier:
                return earlier
            stored = read(connection, issue_id)
            process = house.processes.process(stored.definition_version_id)
            actor = who.acting(connection)
            at = max(now, stored.changed_at)
            directory = RegisterDirectory(connection, process.calendar, at, files=house.files, issue=stored.id)
            logs.about(stored.number)
            span.note(huying__issue=stored.number, huying__definition=process.definition.id)
            try:
                with tracing.span("kernel", huying__issue=stored.number):
                    deciding = perf_counter()
                    outcome = transition(process, stored.state, event, at, directory, actor)
                    figures.decided(deciding)
            except Refusal as refusal:
                # the same request may have been carried out since it was looked for
                if earlier := _repeated(connection, key, issue_id, event):
                    return earlier
                if isinstance(refusal, Gone | Taken):
                    raise who_was_first(house, process, issue_id, event, refusal, who.actor_id) from refusal
                raise
        if tracing.on():
            # only now is the action known to be one of the definition's: before, it is whatever somebody sent
            span.note(huying__step=step_of(stored.state, event), huying__action=getattr(event, "action", None))
        entry = Entry(event, who.actor_id, key, at, written_at=now, late=late, via=who.via)
        told = to_announce(house, process, stored.state, outcome, at, now)
        try:
            with house.database.writing() as connection:
                written = write(connection, process, stored, outcome, entry)
                if written:
                    announce(connection, stored.id, told)
                    states = (stored.state, outcome.state)
                    follow(connection, process, stored.id, states, (event, who.actor_id), now)
                    if also is not None:
                        also(connection, outcome)
            if written:
                figures.happened(event.kind, process.definition.id, begun)
                return Receipt(stored.id, stored.number, outcome.state.version)
        except IntegrityError:
            # the same request, or the same version, was written between reading and writing: look again
            continue
    raise AlreadyDone("很多人正在办理这件事项，请稍后再试。", "Many people are changing this issue; please try again.")


def step_of(state: State, event: Event) -> str | None:
    """The step that an event is about, as far as the state tells."""
    item, visit = state.item(getattr(event, "item", None)), state.visit(getattr(event, "visit", None))
    if item is not None:
        return item.step
    timer = state.timer(event.timer) if isinstance(event, Fire) else None
    visit = visit or (state.visit(timer.visit) if timer else None)
    return visit.step if visit else None


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
    if earlier_issue != issue_id or earlier_event != decode_event(encode(event)):
        raise Reused
    stored: Stored = read(connection, issue_id)
    return Receipt(issue_id, stored.number, sequence, repeated=True)
