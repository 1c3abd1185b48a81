"""The database as one file, taken at one moment while people work, and a database made of it again."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from huying.backups.refusal import BackupRefusal
from huying.database.connections import Database

#: How the file is called in a backup, by the kind of the database.
NAMES: Mapping[str, str] = {"sqlite": "database.sqlite.gz", "postgresql": "database.pgdump"}
_BLOCK = 1 << 20
#: What of an address's query the clients take from their environment.
_QUERY = frozenset({"sslmode", "sslrootcert"})
_WITHIN = 6 * 3600

T = TypeVar("T")


def kind_of(database: Database) -> str:
    """``sqlite`` or ``postgresql``."""
    return "sqlite" if database.sqlite else "postgresql"


def dump(database: Database, folder: Path, also: Callable[[Connection], T]) -> tuple[Path, T]:
    """Write the database into a new file in a folder that nobody else reads, and ask ``also`` of the same moment; writers wait for a moment at most.

    ``BackupRefusal`` if it fails.
    """
    target = folder / NAMES[kind_of(database)]
    if database.sqlite:
        return target, _dump_sqlite(database, folder / "copy.db", target, also)
    with database.at_one_moment() as connection, target.open("wb") as file:
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        told = also(connection)
        _run("pg_dump", database.engine.url, _form(f"--snapshot={snapshot}"), output=file.fileno())
    return target, told


def load(source: Path, url: URL) -> None:
    """Make the database of a dump: of SQLite a new file, of PostgreSQL all tables in an empty database. ``BackupRefusal`` if it is damaged."""
    if url.get_backend_name() == "sqlite":
        _load_sqlite(source, Path(str(url.database)))
        return
    # functions that an interrupted try has left go first; all of it, or nothing
    whole = ("--clean", "--if-exists", "--single-transaction", "--no-owner", "--no-privileges")
    _run("pg_restore", url, (f"--dbname={url.database}", *whole, str(source)))


def _dump_sqlite(database: Database, copy: Path, target: Path, also: Callable[[Connection], T]) -> T:
    with database.reading() as connection:
        # a copy in steps begins anew at each write of somebody else, and never ends in a busy house
        connection.execute(text("VACUUM INTO :copy"), {"copy": str(copy)})
    with copy.open("rb") as plain, gzip.open(target, "wb", compresslevel=3) as packed:
        shutil.copyfileobj(plain, packed, _BLOCK)
    engine = create_engine(f"sqlite:///{copy}", poolclass=NullPool)
    with engine.connect() as connection:
        told = also(connection)
    copy.unlink()
    return told


def _load_sqlite(source: Path, target: Path) -> None:
    try:
        with gzip.open(source, "rb") as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, _BLOCK)
        with sqlite3.connect(target) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        connection.close()
    except (OSError, EOFError, sqlite3.DatabaseError) as error:
        found = str(error)
    if found != "ok":
        raise BackupRefusal(f"备份里的数据库已损坏：{found}", f"The database in the backup is damaged: {found}")


def _form(*others: str) -> tuple[str, ...]:
    return ("--format=custom", "--no-owner", "--no-privileges", *others)


class _Installed(NamedTuple):
    """A program of one of PostgreSQL's versions."""

    version: int
    path: Path


def _program(name: str) -> str:
    """A client of PostgreSQL: the newest that is there, for an older one refuses a newer server."""
    there = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    found = [_Installed(int(path.parts[-3]), path) for path in there if path.parts[-3].isdigit()]
    program = str(max(found).path) if found else shutil.which(name)
    if program is None:
        raise BackupRefusal(
            f"缺少 PostgreSQL 的客户端程序 {name}：请安装 postgresql-client。",
            f"PostgreSQL's client {name} is missing: install postgresql-client.",
        )
    return program


def _run(name: str, url: URL, arguments: tuple[str, ...], output: int = subprocess.DEVNULL) -> None:
    """Run a client on a database; the password is not on its command line, where others would see it."""
    where: dict[str, object] = {"HOST": url.host, "PORT": url.port, "USER": url.username, "PASSWORD": url.password}
    where |= {"DATABASE": url.database, **{key.upper(): value for key, value in url.query.items() if key in _QUERY}}
    ended = subprocess.run(
        [_program(name), *arguments],
        env={**os.environ, **{f"PG{key}": str(value) for key, value in where.items() if value is not None}},
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.PIPE,
        timeout=_WITHIN,
        check=False,
    )
    if ended.returncode:
        why = " ".join(ended.stderr.decode(errors="replace").split())[:500]
        raise BackupRefusal(f"{name} 没有成功：{why}", f"{name} failed: {why}")
