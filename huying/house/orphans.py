"""Files that nobody names: of forms that were never finished. They are removed when they are old enough that nobody comes back to them.

Whatever is in doubt stays: a file is removed only if neither a history nor a half-filled form holds its digest, or the key of an upload of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Text, cast, or_, select

from huying.database.tables import form_drafts, history
from huying.house.house import House

#: So long somebody may leave a form open, and still send it with the files that were chosen.
LEFT_OPEN = timedelta(days=7)
_KEY = re.compile(r"[0-9a-f]{64}")
_BATCH = 1_000


def remove_orphans(house: House, now: datetime) -> int:
    """Remove what has lain for a week and is named nowhere; how many files."""
    before = (now - LEFT_OPEN).timestamp()
    lying = list(_files(house.files))
    old = [path for path in lying if path.stat().st_mtime < before]
    if not old:
        return 0
    named = set(_named(house))
    young = set(lying).difference(old)
    # an upload that is named, or young, keeps the bytes that it names
    named.update(_bytes_of(path) for path in lying if path.suffix and (path.stem in named or path in young))
    removed = 0
    for path in old:
        # the same bytes may have come again meanwhile: then the file was touched
        if path.stem not in named and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _files(folder: Path) -> Iterator[Path]:
    """Kept bytes (their name is their digest) and what uploads are called (the key of the upload, and ``.json``)."""
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        if _KEY.fullmatch(path.stem) and path.suffix in ("", ".json"):
            yield path


def _named(house: House) -> Iterator[str]:
    """The keys and digests that any history or half-filled form holds."""
    event, changes, entered = (
        cast(column, Text) for column in (history.c.event, history.c.changes, form_drafts.c.entered)
    )
    holding = or_(history.c.kind == "attach", event.like("%file:%"), changes.like("%file:%"))
    with house.database.reading() as connection:
        rows = connection.execution_options(yield_per=_BATCH).execute(select(event, changes).where(holding))
        for row in rows:
            for text in row:
                yield from _KEY.findall(text or "")
        for (text,) in connection.execute(select(entered)):
            yield from _KEY.findall(text or "")


def _bytes_of(path: Path) -> str:
    said: dict[str, str] = json.loads(path.read_text("utf-8"))
    return said.get("digest", "")
