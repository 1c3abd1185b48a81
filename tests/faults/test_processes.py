"""Mistakes with whole processes: a second supervisor on one folder, and a dispatcher that a newer program overtakes."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from huying.database.connections import Database
from tests.faults.forks import ROOT
from tests.patience import within
from tests.ports import free_port


def environment(home: Path) -> dict[str, str]:
    """The settings of a house of its own, whose Prefect is away."""
    ports = {"HUYING_PORTAL_PORT": str(free_port()), "HUYING_PREFECT_PORT": str(free_port())}
    return {**os.environ, "HUYING_HOME": str(home), **ports}


def test_a_second_supervisor_on_the_same_folder_refuses_in_both_languages(tmp_path: Path) -> None:
    with (tmp_path / "supervisor.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = subprocess.run(
            [sys.executable, "-m", "huying", "up"],
            cwd=ROOT,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 1
    assert "已有一个呼应在运行" in told.stderr
    assert "already running" in told.stderr
    assert not (tmp_path / "huying.db").exists()


def test_a_running_dispatcher_ends_when_a_newer_program_has_changed_the_database(tmp_path: Path) -> None:
    path, log = tmp_path / "huying.db", tmp_path / "log"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    with log.open("wb") as out:
        command = [sys.executable, "-m", "huying", "dispatch"]
        dispatcher = subprocess.Popen(command, cwd=ROOT, env=environment(tmp_path), stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + within(60)
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            while not connection.execute("SELECT 1 FROM heartbeat WHERE name LIKE 'dispatcher%'").fetchone():
                assert time.monotonic() < deadline, log.read_text("utf-8")
                time.sleep(0.1)
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
            connection.commit()
        assert dispatcher.wait(within(30)) == 1
    finally:
        dispatcher.kill()
        dispatcher.wait()
    told = log.read_text("utf-8")
    assert "数据库已由更新版本的程序升级到 9999" in told
    assert "brought up to 9999 by a newer program" in told
    assert "Traceback" not in told
