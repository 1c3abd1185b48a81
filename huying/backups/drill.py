"""A drill: a backup is restored aside, verified, and cleared away; what is said is until when the house could be had again, and how long it takes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from huying.backups.manifest import Backup
from huying.backups.refusal import BackupRefusal
from huying.backups.restoration import Restored, Site, restore
from huying.database.connections import Database


@dataclass(frozen=True, slots=True)
class Drill:
    """How it went: what was verified, and how many seconds it took."""

    restored: Restored
    seconds: float


def drill(backup: Backup, site: Site, now: Callable[[], datetime]) -> Drill:
    """Restore a backup beside the house: in a folder of its own, and of PostgreSQL in a database of its own on the same server.

    ``BackupRefusal`` if it cannot be restored, or if the database's user may make no databases.
    """
    begun = time.monotonic()
    site.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        aside = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-", dir=site.home)))
        url = f"sqlite:///{aside / 'huying.db'}"
        if backup.manifest.kind == "postgresql":
            url = stack.enter_context(_Beside(site.database_url))
        made = restore(backup, Site(home=aside, database_url=url, key=site.key, ring=site.ring), now)
    return Drill(made, time.monotonic() - begun)


class _Beside:
    """A database beside another one, for as long as it is needed."""

    def __init__(self, url: str) -> None:
        self._database, self._name = Database(url), f"huying_drill_{uuid4().hex[:8]}"

    def __enter__(self) -> str:
        try:
            self._run(f"CREATE DATABASE {self._name}")
        except DBAPIError as error:
            self._database.close()
            raise BackupRefusal(
                f"不能在旁边另建数据库来演练（{error.orig}）：请给数据库用户 CREATEDB 权限。",
                f"No database can be made beside for the drill ({error.orig}): the database's user needs CREATEDB.",
            ) from None
        return self._database.engine.url.set(database=self._name).render_as_string(hide_password=False)

    def __exit__(self, *_: object) -> None:
        self._run(f"DROP DATABASE {self._name} WITH (FORCE)")
        self._database.close()

    def _run(self, statement: str) -> None:
        with self._database.reading() as connection:
            connection.execute(text(statement))
