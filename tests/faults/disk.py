"""A full disk under everything that writes: a small file system that is filled up (as root), and a database that may not grow (everywhere)."""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tests.faults.deeds import GAVE_UP
from tests.faults.fault import Fault, Tools, drive, office
from tests.faults.report import Kind
from tests.faults.world import World

#: In bytes.
_SIZE = 64 * 1024 * 1024


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of its own; ``None`` where this user may not mount one."""
    place = folder / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(place)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


def _fill(disk: Path, left: int) -> None:
    """Leave so many bytes."""
    with suppress(OSError), (disk / "ballast").open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 65536)
    room = os.statvfs(disk)
    ballast = (disk / "ballast").stat().st_size
    os.truncate(disk / "ballast", max(0, ballast + room.f_bavail * room.f_bsize - left))


def _harm(world: World, disk: Path | None) -> list[int]:
    """Clients and a dispatcher work with hardly any room; their exit statuses."""
    people = [
        world.order("enduring", works=False, rounds=2, patience=3, after=60, **story) for story in world.stories(2)
    ]
    orders = [*people, world.order("enduring", rounds=2, patience=3, after=60)]
    with world.house.database.reading() as connection:
        # its log takes room anew
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    if disk is None or world.chance.random() < 0.3:
        return world.forks.run(*(replace(order, pages=world.chance.randint(0, 2)) for order in orders))
    _fill(disk, world.chance.randint(0, 30) * 1024)
    try:
        return world.forks.run(*orders)
    finally:
        (disk / "ballast").unlink()


def _unanswered(world: World) -> int:
    """How many requests found the database unable to answer."""
    said = Counter(record.said for record in world.scene.ledger.records())
    return said["invoke"] - said["ok"] - said["fail"]


def _run(tools: Tools, count: int, kind: Kind) -> None:
    with _small_disk(tools.folder) as disk:
        path = (disk or tools.folder) / "huying-on-disk.db"
        with office(tools, f"sqlite:///{path}") as world:

            def inject() -> bool:
                open_before = _unanswered(world)
                statuses = _harm(world, disk)
                kind.findings += [f"a process ended with {status}" for status in statuses if status not in (0, GAVE_UP)]
                return GAVE_UP in statuses or _unanswered(world) > open_before

            drive(world, count, kind, inject)
            kind.note = "a small file system, and limits" if disk else "limits alone: this user may not mount"
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()


FAULTS = (Fault("disk-full", "Disk full, or nearly, under people and a dispatcher", _run),)
