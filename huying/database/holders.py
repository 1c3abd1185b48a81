"""Who keeps a database from us: asked when waiting was in vain, and never guessed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, text

#: The kernel's list of locks; there is none but on Linux.
LOCKS = Path("/proc/locks")
#: More of them are not named.
_NAMED = 3

#: Sessions that hold the lock which this key stands for.
_OF_KEY = text(
    "SELECT pid, application_name, host(client_addr) AS host FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND pg_locks.database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND (classid::bigint << 32 | objid::bigint) = :key"
)
#: Sessions that have used the tables of this database within a transaction, and go on with it.
_OF_TABLES = text(
    "SELECT DISTINCT pid, application_name, host(client_addr) AS host FROM pg_stat_activity JOIN pg_locks USING (pid)"
    " WHERE locktype = 'relation' AND granted AND pid <> pg_backend_pid() AND datname = current_database()"
    " AND relation IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)"
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A process; its number is that of this machine, or of the database's server."""

    pid: int
    name: str

    def __str__(self) -> str:
        return f"{self.pid} {self.name}".strip()


def of_file(path: Path, locks: Path = LOCKS) -> list[Holder]:
    """The processes that keep others from this SQLite file, as far as this machine tells.

    The file itself must not be opened to find out: closing it again would drop the locks of this very process.
    """
    files = {_inode(Path(f"{path}{suffix}")): Path(f"{path}{suffix}") for suffix in ("", "-shm")}
    found: dict[str, dict[int, Path]] = {"WRITE": {}, "READ": {}}
    with suppress(OSError):
        for line in locks.read_text("ascii").splitlines():
            words = line.split()
            if len(words) < 8 or words[1] != "POSIX" or words[3] not in found:
                continue
            pid, file = int(words[4]), files.get(int(words[5].rpartition(":")[2]))
            if file is not None and pid not in (os.getpid(), -1):
                found[words[3]][pid] = file
    # readers are in the way of nobody but of who switches to WAL, and then nobody writes
    holders = found["WRITE"] or found["READ"]
    return [Holder(pid, _name(pid)) for pid, file in sorted(holders.items()) if _has_open(pid, file)]


def of_key(connection: Connection, key: int) -> list[Holder]:
    """The sessions of PostgreSQL that hold the advisory lock of this key."""
    return _sessions(connection.execute(_OF_KEY, {"key": key}))


def of_tables(connection: Connection) -> list[Holder]:
    """The sessions of PostgreSQL that hold a table of ours, each within a transaction that goes on."""
    return _sessions(connection.execute(_OF_TABLES))


def said(holders: list[Holder], path: Path | None = None) -> tuple[str, str]:
    """Who it is, in Chinese and English; how to find out, if it is not known."""
    if holders:
        named = [str(one) for one in holders[:_NAMED]]
        return f"占用者：进程 {'、'.join(named)}。", f"It is process {', '.join(named)}."
    if path is None:
        return "占用者不明。", "Which one is not known."
    return f"占用者不明，可用 fuser {path} 查看。", f"Which one is not known; fuser {path} may tell."


def _sessions(rows: Iterable[Row[Any]]) -> list[Holder]:
    found = []
    for row in rows:
        where = f"@ {row.host}" if row.host else ""
        found.append(Holder(row.pid, f"{row.application_name} {where}".strip()))
    return found


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return -1


def _has_open(pid: int, path: Path) -> bool:
    """Whether it is this file, and not one of the same number on another disk."""
    with suppress(OSError):
        return any(_same(link, path) for link in Path(f"/proc/{pid}/fd").iterdir())
    return False


def _same(link: Path, path: Path) -> bool:
    with suppress(OSError):
        return os.path.samefile(link, path)
    return False


def _name(pid: int) -> str:
    """What it is called: the command if it is one of ours, otherwise its program alone, as other words may be somebody's secrets."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text("utf-8", errors="replace").rstrip("\0").split("\0")
    except OSError:
        return ""
    for number, word in enumerate(words[1:4], 1):
        if Path(word).name == "huying":
            return " ".join(["huying", *words[number + 1 : number + 2]])
    return Path(words[0]).name
