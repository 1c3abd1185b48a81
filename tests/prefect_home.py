"""What Prefect's own server makes at its first start, its database and a copy of its pages, takes longer than all the rest: once a run is enough."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

#: The variable that names the folder which all workers of a run share.
SHARED = "HUYING_TESTS_FOLDER"


def furnish(home: Path) -> bool:
    """Put an empty database and the pages into the home of a server that is to be started; whether there is nothing in it yet to keep."""
    kept, file = Path(os.environ[SHARED]) / "prefect", home / "prefect.db"
    if file.exists():
        return False
    home.mkdir(parents=True, exist_ok=True)
    if kept.exists():
        shutil.copyfile(kept / "prefect.db", file)
        if not (home / "ui").exists():
            shutil.copytree(kept / "ui", home / "ui")
        return False
    return True


def keep(home: Path) -> None:
    """Keep what a server made that has just started for the first time, for those that come after it."""
    shared = Path(os.environ[SHARED])
    making = shared / f"prefect-{os.getpid()}"
    shutil.copytree(home / "ui", making / "ui")
    with closing(sqlite3.connect(home / "prefect.db", timeout=30)) as connection:
        connection.execute("VACUUM INTO ?", (str(making / "prefect.db"),))
    # whoever was first
    with suppress(OSError):
        making.rename(shared / "prefect")
