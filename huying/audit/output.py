"""The audit log handed on as it grows: JSON lines, appended to a file or written to the standard output, for the collector of the office."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Row, func, insert, select, update

from huying.database.connections import Database
from huying.database.tables import audit, audit_outputs

#: Of two lines the later one may stand in the database first: what is younger than this waits.
_SETTLED = timedelta(seconds=20)
_PORTION = 1_000
#: The place that stands for the standard output.
STANDARD = "-"


def waiting(database: Database, place: str, now: datetime) -> int:
    """How many lines this place has not got yet."""
    with database.reading() as connection:
        mine = select(audit_outputs.c.seq).where(audit_outputs.c.place == place[:200])
        done = connection.execute(mine).scalar_one_or_none() or 0
        counted = select(func.count()).where(audit.c.seq > done, audit.c.at <= now - _SETTLED)
        return int(connection.execute(counted).scalar_one())


def hand_on(database: Database, place: str, now: datetime) -> int:
    """Hand on a portion of what waits; how many lines. What was written and then interrupted comes once more: each has its number."""
    with database.writing() as connection:
        mine = audit_outputs.c.place == place[:200]
        known = connection.execute(select(audit_outputs.c.seq).where(mine)).scalar_one_or_none()
        rows = connection.execute(
            select(audit)
            .where(audit.c.seq > (known or 0), audit.c.at <= now - _SETTLED)
            .order_by(audit.c.seq)
            .limit(_PORTION)
        ).all()
        if not rows:
            return 0
        _append(place, [orjson.dumps(line_of(row)) for row in rows])
        if known is None:
            connection.execute(insert(audit_outputs), {"place": place[:200], "seq": rows[-1].seq})
        else:
            connection.execute(update(audit_outputs).where(mine).values(seq=rows[-1].seq))
    return len(rows)


def line_of(row: Row[Any]) -> dict[str, Any]:
    """One line for programs: the columns as they are, the moment in ISO 8601; what is empty is left out."""
    return {key: value for key, value in row._mapping.items() if value not in (None, "", {})}


def _append(place: str, lines: Iterable[bytes]) -> None:
    written = b"".join(line + b"\n" for line in lines)
    if place == STANDARD:
        sys.stdout.buffer.write(written)
        sys.stdout.buffer.flush()
        return
    path = Path(place)
    # nobody else on this machine reads who looked at what
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "ab") as into:
        into.write(written)
        into.flush()
        os.fsync(into.fileno())
