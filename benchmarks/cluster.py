"""A PostgreSQL server of our own for the time of a benchmark, from Debian's package; it refuses to run as root, so `postgres` runs it then."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def cluster(**options: str) -> Iterator[str]:
    """Its URL, without a database; ``options`` are settings of the server. ``SystemExit`` where it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise SystemExit("PostgreSQL is not installed here")
    folder, programs = Path(tempfile.mkdtemp(prefix="huying-pg-")), found[-1].parent
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")

    def run(program: str, *arguments: str, check: bool = True) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([*user, str(programs / program), "-D", data, *arguments], check=check, cwd=folder, **quiet)  # type: ignore[call-overload]

    run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8")
    told = "".join(f" -c {name}={value}" for name, value in options.items())
    run(
        "pg_ctl",
        "-o",
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1{told}",
        "-w",
        "-l",
        str(folder / "log"),
        "start",
    )
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def create_database(server: str, name: str) -> str:
    """The URL of a new, empty database of that server."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


def occupied(url: str) -> int:
    """The bytes that tables and indexes of a database take, its dead rows cleared away."""
    query = (
        "SELECT coalesce(sum(pg_total_relation_size(relid)), 0) FROM pg_stat_user_tables"
        " WHERE schemaname NOT LIKE 'pg_%'"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM FULL")
        row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def postmaster(url: str) -> int:
    """The process of PostgreSQL from which the others come."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return int(Path(f"/proc/{row[0]}/stat").read_text().rsplit(")", 1)[1].split()[1])


def processor_seconds(parent: int) -> float:
    """Processor seconds of a process and its children, those that ended included."""
    total = 0
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for pid, last in ((str(parent), 15), *((child, 13) for child in children)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(int(value) for value in fields[11:last])
    return total / _TICKS
