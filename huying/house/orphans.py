"""Files that nobody names: of forms that were never finished. They are removed when they are old enough that nobody comes back to them.

Whatever is in doubt stays. A file goes only if no table holds its digest, or the key of an upload of it, and if it has lain for a week by the
disk's own clock. Whoever is about to name a file touches it first (``kept.hold``), and a file is looked at once more after it was set aside: so
none goes that is named meanwhile. What a crash left aside is put back by the next run.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Set
from datetime import timedelta
from pathlib import Path

from sqlalchemy import JSON, ColumnElement, Text, cast, or_, select

from huying.house.house import House
from models import metadata
from models.base import NounsColumn

#: So long somebody may leave a form open, and still send it with the files that were chosen.
LEFT_OPEN = timedelta(days=7)
#: What a file is called between being set aside and being removed.
LEFT = ".left"
_KEY = re.compile(r"[0-9a-f]{64}")
_BATCH = 1_000
#: How a reference to an upload, and an event that names the bytes themselves, are told in JSON.
_SIGNS = ("%file:%", '%"digest"%')


def remove_orphans(house: House) -> int:
    """Remove what has lain for a week and is named nowhere; how many files. Several may do it at once."""
    if not house.files.is_dir():
        return 0
    _put_back(house.files)
    before = _disk_time(house.files) - LEFT_OPEN.total_seconds()
    ages = {path: age for path in house.files.glob("[0-9a-f][0-9a-f]/*") if (age := _age(path)) is not None}
    lying = {path for path in ages if _KEY.fullmatch(path.stem) and path.suffix in ("", ".json")}
    old = {path for path in ages if ages[path] < before and (path in lying or path.name.startswith("tmp"))}
    if not old:
        return 0
    wanted = set(named(house, {path.stem for path in lying}))
    if lying and not wanted:
        # this is more likely another house's folder than a house in which nobody ever added a file
        return 0
    # an upload that is named, or young, keeps the bytes that it names
    for path in lying:
        if path.suffix and (path.stem in wanted or path not in old):
            wanted.update(_bytes_of(path))
    return sum(_remove(path, before) for path in sorted(old) if path.stem not in wanted)


def named(house: House, keys: Set[str]) -> Iterator[str]:
    """Those of these keys and digests that any table holds, in whatever noun."""
    with house.database.at_one_moment() as connection:
        for table in metadata.sorted_tables:
            texts = [cast(column, Text) for column in table.columns if isinstance(column.type, JSON | NounsColumn)]
            if not texts:
                continue
            signs: list[ColumnElement[bool]] = [text.like(sign) for text in texts for sign in _SIGNS]
            rows = connection.execute(select(*texts).where(or_(*signs)).execution_options(yield_per=_BATCH))
            for row in rows:
                for text in row:
                    yield from keys & set(_KEY.findall(text or ""))


def _remove(path: Path, before: float) -> bool:
    """Remove a file, unless somebody has touched it meanwhile; whether it is gone by this."""
    aside = path.with_name(path.name + LEFT)
    try:
        os.replace(path, aside)
        if aside.stat().st_mtime >= before:
            os.replace(aside, path)
            return False
        aside.unlink()
    except FileNotFoundError:
        # another process clears up, too
        return False
    return True


def _put_back(folder: Path) -> None:
    """What a crash left aside lies where it lay, and is new again."""
    for aside in folder.glob(f"[0-9a-f][0-9a-f]/*{LEFT}"):
        try:
            os.utime(aside)
            os.replace(aside, aside.with_name(aside.name.removesuffix(LEFT)))
        except FileNotFoundError:
            continue


def _disk_time(folder: Path) -> float:
    """Now, by the clock that dates the files: neither a house's clock nor this machine's need be the same."""
    with tempfile.TemporaryFile(dir=folder) as file:
        return os.fstat(file.fileno()).st_mtime


def _age(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _bytes_of(path: Path) -> list[str]:
    try:
        return _KEY.findall(path.read_text("utf-8", errors="replace"))
    except FileNotFoundError:
        return []
