"""The one way in which an issue changes: read, let the kernel decide, write if nobody was faster, else decide again.

The decision is made before the write lock is taken; only one that asked what other issues have taken (numbers, sums, bookings) is made again
under locks on what it asked about, and written in the same transaction. A request key that was seen before changes nothing and gives the first
answer again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

from msgspec import structs
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from definitions.forms.characters import seen
from definitions.model.reference import participant
from engine import Outcome, Process, transition
from engine.codec import decode_event, encode
from engine.directory import Actor
from engine.event import Event, Fire
from engine.refusal import Gone, Refusal, Taken
from engine.state import State
from huying.access.links import confirm_addresses
from huying.access.parties import own_parties
from huying.database.bundle import bundled
from huying.database.statement import Statement
from huying.database.tables import history
from huying.errors import AlreadyDone, Reused
from huying.house.by import By
from huying.house.house import House
from huying.issues.books import in_a_circle
from huying.issues.first import who_was_first
from huying.issues.incident_rows import follow
from huying.issues.merger import survivors_are_open
from huying.issues.store import Earlier, NewEntry, Stored, read_all, write
from huying.register.books import HouseBooks
from huying.register.directory import RegisterDirectory
from huying.telemetry import figures, logs, tracing
from huying.webhooks.announcement import Row, announce, to_announce

_ATTEMPTS = 10
Also = Callable[[Connection, Outcome], None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a change came to; ``repeated`` tells that the request had been carried out before."""

    issue_id: int
    number: str
    version: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity somebody acts, beside their own tasks.

    ``oversees``: they may see the issue even without a task in it; ``manages``: they are staff who look after it. ``stands_in``: the parties
    beside their own for whom they may act this time.
    """

    oversees: bool = False
    manages: bool = False
    stands_in: frozenset[str] = frozenset()


ORDINARY = Capacity()


def change(
    house: House, issue_id: int, event: Event, by: By, *, capacity: Capacity = ORDINARY, also: Also | None = None
) -> Receipt:
    """Let an event happen to an issue; a ``Refusal`` says why not.

    It never happens before the event before, whatever the clock says. ``also`` is what else becomes true with it, in the same transaction; not
    of a request that had been carried out before.
    """
    with tracing.span("change", huying__event=event.kind) as span:
        try:
            return _Change(house, issue_id, _as_read(event), by, capacity, span).made(also)
        except Refusal as refusal:
            figures.refused(event.kind, refusal.code)
            span.note(huying__refusal=refusal.code)
            raise


def _as_read(event: Event) -> Event:
    """The event with the words that somebody adds to it as their reader sees them, whatever door they came through."""
    words = {name: getattr(event, name) for name in ("reason", "text") if hasattr(event, name)}
    unlike = {name: seen(said) for name, said in words.items() if seen(said) != said}
    return structs.replace(event, **unlike) if unlike else event


@dataclass(frozen=True, slots=True)
class _Decided:
    """What the kernel made of an event, and of what."""

    stored: Stored
    process: Process
    outcome: Outcome
    at: datetime
    #: What it asked of other issues, by the names under which that is locked.
    asked: frozenset[str]
    #: Whom the world outside tells of it, where that was found out before anything is locked.
    told: Sequence[Row] | None = None


class _Unknown(Exception):
    """The connection was lost while a decision was written: only the database knows whether it was."""

    def __init__(self, decided: _Decided) -> None:
        self.decided = decided


@dataclass(frozen=True, slots=True)
class _Change:
    """One event on its way into an issue."""

    house: House
    issue_id: int
    event: Event
    by: By
    capacity: Capacity
    span: tracing.Span

    def made(self, also: Also | None) -> Receipt:
        begun = perf_counter()
        asked: frozenset[str] = frozenset()
        unknown: _Decided | None = None
        for _ in range(_ATTEMPTS):
            try:
                with self.house.database.reading() as connection:
                    if unknown is not None and self._stands(connection, unknown):
                        return self._done(unknown, begun)
                    decided, written = self._once(connection, asked, also)
            except IntegrityError:
                # the same request, or the same version, was written between reading and writing: look again
                continue
            except _Unknown as lost:
                unknown = lost.decided
                continue
            except DBAPIError as error:
                # the server ended our connection, or one of two that waited for each other: nothing was written
                if not (error.connection_invalidated or in_a_circle(error)):
                    raise
                continue
            if isinstance(decided, Receipt):
                return decided
            if written:
                return self._done(decided, begun)
            asked |= decided.asked
        raise AlreadyDone(
            "很多人正在办理这件事项，请稍后再试。", "Many people are changing this issue; please try again."
        )

    def _done(self, decided: _Decided, begun: float) -> Receipt:
        figures.happened(self.event.kind, decided.process.definition.id, begun)
        return Receipt(decided.stored.id, decided.stored.number, decided.outcome.state.version)

    def _once(
        self, connection: Connection, asked: frozenset[str], also: Also | None
    ) -> tuple[_Decided | Receipt, bool]:
        """Decide, and write: before the write lock is taken, or (with ``asked``) under it; whether it was written."""
        database = self.house.database
        if asked:
            with bundled(database, connection):
                decided = self._decided(connection, asked)
                return decided, isinstance(decided, _Decided) and self._written(connection, decided, also)
        decided = self._decided(connection)
        if isinstance(decided, Receipt) or decided.asked:
            return decided, False
        decided = replace(decided, told=self._told(decided))
        try:
            with bundled(database, connection):
                return decided, self._written(connection, decided, also)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _Unknown(decided) from error
            raise

    def _stands(self, connection: Connection, decided: _Decided) -> bool:
        """Whether what was sent when the connection was lost had been written after all; a request's key tells by itself."""
        version = decided.outcome.state.version
        rows = _entry.rows(connection, {"of_id": decided.stored.id, "of_version": version})
        return bool(rows) and rows[0] == [decided.at, self.by.person, decode_event(encode(self.event))]

    def _told(self, decided: _Decided) -> Sequence[Row]:
        """Whom the world outside hears of it."""
        if tracing.on():
            # only now is the action known to be one of the definition's: before, it is whatever somebody sent
            step = step_of(decided.stored.state, self.event)
            self.span.note(huying__step=step, huying__action=getattr(self.event, "action", None))
        before, outcome = decided.stored.state, decided.outcome
        return to_announce(self.house, decided.process, before, outcome, decided.at, self.by.now)

    def _decided(self, connection: Connection, held: frozenset[str] = frozenset()) -> _Decided | Receipt:
        """The kernel's decision; the receipt of before, if the same request was carried out meanwhile.

        ``held``: what is locked first; whatever else is asked of other issues is locked then too.
        """
        if held:
            HouseBooks(connection, holds=True).hold(held)
        stored, earlier, departments = read_all(connection, self.issue_id, self.by.request_key, self.by.person)
        if earlier is not None:
            return self._again(stored.number, earlier)
        process = self.house.processes.process(stored.definition_version_id)
        actor = self._actor(departments)
        at = max(self.by.now, stored.changed_at)
        directory = RegisterDirectory(
            connection, process.calendar, at, files=self.house.store, issue=stored.id, holds=bool(held)
        )
        logs.about(stored.number)
        self.span.note(huying__issue=stored.number, huying__definition=process.definition.id)
        try:
            with tracing.span("kernel", huying__issue=stored.number):
                deciding = perf_counter()
                outcome = transition(process, stored.state, self.event, at, directory, actor)
                figures.decided(deciding)
        except Refusal as refusal:
            # the same request may have been carried out since it was looked for
            if done := self._repeated(connection):
                return done
            if isinstance(refusal, Gone | Taken):
                first = who_was_first(self.house, process, self.issue_id, self.event, refusal, self.by.person)
                raise first from refusal
            raise
        return _Decided(stored, process, outcome, at, frozenset(directory.books.asked))

    def _actor(self, departments: Sequence[int]) -> Actor | None:
        """The actor as the kernel knows them; nobody for the clock."""
        if self.by.person is None:
            return None
        own = participant(self.by.person)
        if self.by.alone:
            return Actor(own, frozenset({own}))
        parties = own_parties(self.by.person, departments) | self.capacity.stands_in
        return Actor(own, parties, self.capacity.oversees, self.capacity.manages, self.by.notes)

    def _written(self, connection: Connection, decided: _Decided, also: Also | None) -> bool:
        """Write it in the caller's transaction; ``False``, and nothing written, if somebody was faster."""
        by, stored, process, outcome = self.by, decided.stored, decided.process, decided.outcome
        entry = NewEntry(self.event, by.person, by.request_key, decided.at, by.now, by.late, by.via)
        if not survivors_are_open(connection, stored.id, outcome):
            return False
        write(connection, process, stored, outcome, entry)
        announce(connection, stored.id, self._told(decided) if decided.told is None else decided.told)
        follow(connection, process, stored.id, (stored.state, outcome.state), (self.event, by.person), by.now)
        if by.by_link:
            confirm_addresses(connection, by.somebody, by.now)
        if also is not None:
            also(connection, outcome)
        return True

    def _repeated(self, connection: Connection) -> Receipt | None:
        """The receipt of the same request, if it was carried out before."""
        stored, earlier, _ = read_all(connection, self.issue_id, self.by.request_key, None)
        return None if earlier is None else self._again(stored.number, earlier)

    def _again(self, number: str, earlier: Earlier) -> Receipt:
        """The receipt of a request that was carried out before; ``Reused`` if it was another one."""
        if earlier.issue_id != self.issue_id or earlier.event != decode_event(encode(self.event)):
            raise Reused
        return Receipt(self.issue_id, number, earlier.sequence, repeated=True)


def step_of(state: State, event: Event) -> str | None:
    """The step that an event is about, as far as the state tells."""
    item, visit = state.item(getattr(event, "item", None)), state.visit(getattr(event, "visit", None))
    if item is not None:
        return item.step
    timer = state.timer(event.timer) if isinstance(event, Fire) else None
    visit = visit or (state.visit(timer.visit) if timer else None)
    return visit.step if visit else None


_entry = Statement(
    select(history.c.at, history.c.actor_id, history.c.event).where(
        history.c.issue_id == bindparam("of_id"), history.c.sequence == bindparam("of_version")
    )
)
