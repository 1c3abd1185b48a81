"""Writing the audit log: in the transaction of a deed; reads and failures apart, many at once, by a thread that waits for no page."""

from __future__ import annotations

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from sqlalchemy import Connection, Engine, insert
from sqlalchemy.exc import SQLAlchemyError

from huying.audit.caller import caller
from huying.audit.kind import KINDS
from huying.database.tables import audit
from huying.words.private_text import masked

_log = logging.getLogger("huying.audit")

Outcome = Literal["done", "refused", "failed"]
#: What waits is written so soon.
_EVERY = 0.3
#: What could not be written is tried again, at last so seldom.
_LONGEST = 30.0
#: So much may wait; whoever brings more waits until it is written.
_MOST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditNote:
    """What happened, to what (``kind:name``), to whom (``about``), why, and what came of it; the caller says who, unless ``by`` does.

    ``detail``: counts, names of fields, keys; never a private value, a token or a passphrase.
    """

    what: str
    object: str = ""
    about: int | None = None
    by: int | None = None
    via: str = ""
    on_behalf: int | None = None
    reason: str = ""
    outcome: Outcome = "done"
    detail: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def note(connection: Connection, *notes: AuditNote) -> None:
    """Write what happened in the transaction of the deed: both are true, or neither."""
    if notes:
        connection.execute(insert(audit), [_row(one) for one in notes])


def note_at_once(engine: Engine, *notes: AuditNote) -> None:
    """Write what is about to be shown or handed out, in a transaction of its own: nothing leaves before it stands there."""
    with engine.begin() as connection:
        note(connection, *notes)


def note_apart(engine: Engine, *notes: AuditNote) -> None:
    """Write a read or a failure soon, whatever becomes of the transaction around it."""
    _pending.add(engine, [_row(one) for one in notes])


def settle() -> None:
    """Write now what waits to be written by this process."""
    _pending.write()


def _row(one: AuditNote) -> dict[str, Any]:
    known = caller()
    moment = one.at or known.clock()
    return {
        "at": moment.astimezone(UTC),
        "what": KINDS[one.what].key,
        "by_id": one.by if one.by is not None else known.person,
        "via": (one.via or known.via)[:80],
        "on_behalf_id": one.on_behalf,
        "object": one.object[:120],
        "about_id": one.about,
        "reason": masked(one.reason)[:500],
        "address": known.address[:64],
        "agent": known.agent[:200],
        "session": known.session,
        "outcome": one.outcome,
        "detail": {key: masked(value) if isinstance(value, str) else value for key, value in one.detail.items()},
    }


class _Queue:
    """Lines that wait to be written, and the thread that writes them."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Engine, dict[str, Any]]] = deque()
        self._writing = threading.Lock()
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, engine: Engine, rows: Iterable[dict[str, Any]]) -> None:
        """Have lines written soon."""
        last = engine.get_execution_options().get("last", [])
        if self.write not in last:
            last.append(self.write)
        self._waiting.extend((engine, row) for row in rows)
        if len(self._waiting) >= _MOST:
            self.write()
            return
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
            self._thread.start()
        self._wanted.set()

    def _run(self) -> None:
        pause = _EVERY
        while True:
            self._wanted.wait()
            # what comes in a moment goes along
            threading.Event().wait(pause)
            self._wanted.clear()
            if self.write():
                pause = _EVERY
            else:
                pause = min(2 * pause, _LONGEST)
                self._wanted.set()

    def write(self) -> bool:
        """Write all that waits; what cannot be written goes on waiting, and is said."""
        with self._writing:
            taken = [self._waiting.popleft() for _ in range(len(self._waiting))]
            kept = [one for engine in dict.fromkeys(engine for engine, _ in taken) for one in _left(engine, taken)]
            self._waiting.extendleft(reversed(kept))
            return not kept

    def end(self) -> None:
        """The last chance: what still cannot be written goes into the log of the process, whole."""
        if not self.write():
            for _, row in self._waiting:
                _log.error("not written to the audit log: %s", orjson.dumps(row).decode())


def _left(engine: Engine, taken: list[tuple[Engine, dict[str, Any]]]) -> list[tuple[Engine, dict[str, Any]]]:
    mine = [(one, row) for one, row in taken if one is engine]
    try:
        with engine.begin() as connection:
            connection.execute(insert(audit), [row for _, row in mine])
    except SQLAlchemyError as error:
        _log.error("the audit log could not be written, and is tried again: %s", type(error).__name__)
        return mine
    return []


_pending = _Queue()
atexit.register(lambda: _pending.end())


def _begin_anew() -> None:
    # what the parent had waiting, the parent writes
    global _pending
    _pending = _Queue()


os.register_at_fork(after_in_child=_begin_anew)
