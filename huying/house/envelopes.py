"""Files that lie open, or are sealed by an older key of the ring: sealed by the newest one, a few at a time, while people work."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import NamedTuple

from huying.house.house import House
from huying.keys.ring import Sealed
from huying.shelf.envelope import key_id


class SealedFiles(NamedTuple):
    """How many files were ``done``, and the names of those that do not open (``faults``) and stay as they are."""

    done: int
    faults: tuple[str, ...]


def file_keys(house: House) -> Counter[str | None]:
    """By which keys of the ring files are sealed, and how many by each; ``None``: they lie open. A key that stands here is still needed."""
    shelf = house.store.shelf
    return Counter(key_id(begun) for one in shelf.lying() if (begun := shelf.begins(one.name)))


def seal_files(house: House, most: int | None = None) -> SealedFiles:
    """Seal files that are not sealed by the ring's newest key, at ``most`` so many; it may be broken off, and several may do it at once."""
    store, ring = house.store, house.store.ring
    if ring is None:
        return SealedFiles(0, ())
    ring.look_again()
    waiting = (one.name for one in store.shelf.lying() if key_id(store.shelf.begins(one.name)) != ring.active)
    done, faults = 0, []
    for name in islice(waiting, most):
        try:
            done += store.seal(name)
        except Sealed:
            faults.append(name)
    return SealedFiles(done, tuple(faults))
