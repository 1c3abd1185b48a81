"""Files that nobody names: of forms that were never finished. They are removed when they are old enough that nobody comes back to them.

Whatever is in doubt stays. A file goes only if no table holds its digest, or the key of an upload of it, and if it has lain for a week by the
disk's own clock. Whoever is about to name a file touches it first (``kept.hold``), and a file is looked at once more after it was set aside: so
none goes that is named meanwhile. What a crash left aside is put back by the next run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import JSON, ColumnElement, Text, cast, or_, select

from engine.codec import encode
from huying.house.house import House
from huying.keys.ring import Sealed
from models import metadata
from models.base import NounsColumn
from models.sealed import SealedJson

#: So long somebody may leave a form open, and still send it with the files that were chosen.
LEFT_OPEN = timedelta(days=7)
_KEY = re.compile(r"[0-9a-f]{64}")
_BATCH = 1_000
#: How a reference to an upload, and an event that names the bytes themselves, are told in JSON.
_SIGNS = ("%file:%", '%"digest"%')


def remove_orphans(house: House) -> int:
    """Remove what has lain for a week and is named nowhere; how many files. Several may do it at once."""
    shelf = house.store.shelf
    before = shelf.now() - LEFT_OPEN.total_seconds()
    gone = shelf.mend(before)
    lying = {one.name: one.since for one in shelf.lying()}
    old = {name for name, since in lying.items() if since < before}
    if not old:
        return gone
    wanted = _names(house, named(house))
    if wanted.isdisjoint(_stem(name) for name in lying):
        # this is more likely another house's folder than a house in which nobody ever added a file
        return gone
    # an upload that is named, or young, keeps the bytes that it names
    for name in lying:
        if name != _stem(name) and (_stem(name) in wanted or name not in old):
            wanted |= _names(house, _keys_in(house, name))
    return gone + sum(shelf.remove(name, before) for name in sorted(old) if _stem(name) not in wanted)


def named(house: House) -> Iterator[str]:
    """The keys and digests, and whatever looks like them, that any table holds in whatever noun, sealed columns among them."""
    with house.database.at_one_moment() as connection:
        for table in metadata.sorted_tables:
            texts = [cast(column, Text) for column in table.columns if isinstance(column.type, JSON | NounsColumn)]
            # nothing can be looked for in what is sealed: all of it is opened
            closed = [column for column in table.columns if isinstance(column.type, SealedJson)]
            if not texts and not closed:
                continue
            signs: list[ColumnElement[bool]] = [text.like(sign) for text in texts for sign in _SIGNS]
            if texts:
                rows = connection.execute(select(*texts).where(or_(*signs)).execution_options(yield_per=_BATCH))
                for text in (text for row in rows for text in row):
                    yield from _KEY.findall(text or "")
            for column in closed:
                rows = connection.execute(select(column).where(column.is_not(None)).execution_options(yield_per=_BATCH))
                for value in rows.scalars():
                    yield from _KEY.findall(encode(value).decode())


def _names(house: House, keys: Iterable[str]) -> set[str]:
    """Under which names what belongs to these keys may lie."""
    return {name for key in set(keys) for name in house.store.names_of(key)}


def _keys_in(house: House, name: str) -> list[str]:
    """The keys that are written under a name; none if it is damaged."""
    try:
        return _KEY.findall((house.store.lying_under(name) or b"").decode(errors="replace"))
    except Sealed:
        return []


def _stem(name: str) -> str:
    return name.partition(".")[0]
