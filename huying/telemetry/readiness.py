"""Whether this process may be given work: the database answers, its tables are this program's, and the dispatcher was heard of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from huying.database.tables import heartbeats
from huying.house.house import House
from huying.telemetry.probe import Probe
from huying.telemetry.vitals import OF_DISPATCHER, SILENCE, Trouble

#: So many seconds, and no more, an answer waits for the database.
PATIENCE = 1.0
#: What is looked at, in the order of the answer; each can be left out by who asks.
PARTS = ("database", "tables", "dispatcher")

_DATABASE = {"zh": "数据库连不上。", "en": "The database cannot be reached."}
_HANGS = {"zh": "数据库没有及时应答。", "en": "The database does not answer in time."}
_TABLES = {"zh": "数据库的表不是本版本的。", "en": "The tables are those of another version of this program."}
_SILENT = {"zh": "派发程序没有运行。", "en": "The dispatcher is not running."}

Parts = Mapping[str, Trouble]


class Readiness:
    """Asks the database of one house, without ever waiting for it longer than ``PATIENCE``."""

    def __init__(self, house: House, clock: Callable[[], datetime]) -> None:
        # found now: whoever asked first would wait for it in vain
        head()
        self._probe = Probe(lambda: _look(house, clock()))

    async def parts(self) -> Parts:
        """What keeps each part from being ready, for a process that serves others meanwhile."""
        try:
            return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._probe.begin())), PATIENCE)
        except (TimeoutError, SQLAlchemyError) as error:
            return _unknown(error)

    def parts_now(self) -> Parts:
        """The same for a process that has threads to wait with."""
        try:
            return self._probe.answer(PATIENCE)
        except (TimeoutError, SQLAlchemyError) as error:
            return _unknown(error)


def verdict(parts: Parts, left_out: frozenset[str] = frozenset()) -> tuple[int, dict[str, Any]]:
    """The HTTP status and body of an answer."""
    seen = {name: trouble for name, trouble in parts.items() if name not in left_out}
    ready = not any(seen.values())
    return 200 if ready else 503, {"ready": ready, "parts": seen}


def _look(house: House, now: datetime) -> Parts:
    with house.database.reading() as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        heard = connection.execute(select(func.max(heartbeats.c.at)).where(OF_DISPATCHER)).scalar_one_or_none()
    silent = heard is None or now - heard > SILENCE
    return {
        "database": None,
        "tables": None if revision == head() else _TABLES,
        "dispatcher": _SILENT if silent else None,
    }


def _unknown(error: Exception) -> Parts:
    """Of a database that does not answer, nothing else is known."""
    trouble = _HANGS if isinstance(error, TimeoutError) else _DATABASE
    return {"database": trouble, "tables": trouble, "dispatcher": trouble}


@lru_cache(maxsize=1)
def head() -> str | None:
    """The revision to which this program migrates."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).resolve().parents[2] / "models" / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()
