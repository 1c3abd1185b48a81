"""The store of a house: what is asked of any place where bytes of attachments lie, by names that this program gives them."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from huying.keys.ring import Ring, Sealed
from huying.settings.attachments import USUAL_KINDS
from huying.shelf.envelope import is_sealed, key_id, opened, resealed, sealed
from huying.shelf.scanner import Scanner

#: What the names of files are made for, by the ring.
_NAMES = "file names"


class Lying(NamedTuple):
    """Something that lies there: its name, and when it was last new (seconds, by the place's own clock)."""

    name: str
    since: float


class FileShelf(Protocol):
    """A place for bytes. A name is 64 hexadecimal digits, and perhaps an ending; what was written under one is never changed.

    ``OSError`` if the place cannot be used just now.
    """

    def write(self, name: str, content: bytes) -> None:
        """Have them lie there, on the disk and whole, before it returns."""
        ...

    def read(self, name: str) -> bytes | None:
        """What lies there; ``None`` if nothing does."""
        ...

    def touch(self, name: str) -> bool:
        """Whether it lies there; then it is new again."""
        ...

    def lying(self) -> Iterator[Lying]:
        """All that lies there under names that were given by this program."""
        ...

    def now(self) -> float:
        """The present moment by the clock that dates what lies there."""
        ...

    def remove(self, name: str, before: float) -> bool:
        """Take it away unless it is new again since ``before``; whether it is gone by this."""
        ...

    def begins(self, name: str) -> bytes:
        """The first 256 bytes of what lies there; none if nothing does."""
        ...

    def drop(self, name: str) -> None:
        """Take it away, whenever it was new."""
        ...

    def mend(self, before: float) -> int:
        """Put right what a crash left half done, older than ``before``; how much was thrown away."""
        ...

    def clear(self) -> None:
        """Take everything away."""
        ...


@dataclass(frozen=True, slots=True)
class Store:
    """A shelf, and what this house puts on it: the ``kinds`` of files that it takes, looked at by the ``scanner``, sealed by its ``ring``.

    A key is the digest of a file's bytes or of its upload, with ``.json`` behind it for what the upload was called. The name under which it lies is
    made of the key by the ring: whoever has the shelf alone cannot ask it for a file that they have, or guess. Without a ring, and from before there
    was one, files lie open under their keys.
    """

    shelf: FileShelf
    kinds: tuple[str, ...] = USUAL_KINDS
    ring: Ring | None = field(default=None, repr=False)
    scanner: Scanner | None = None

    def put(self, key: str, content: bytes) -> None:
        """Write what is not there yet; what is there is new again, so that it is not removed as left over while it is about to be named."""
        if not self.touch(key):
            self._write(self.names_of(key)[0], content)

    def get(self, key: str) -> bytes | None:
        """What was put there; ``None`` if nothing was. ``Sealed`` if it is something else than what was put there."""
        return next((found for name in self.names_of(key) if (found := self.lying_under(name)) is not None), None)

    def touch(self, key: str) -> bool:
        """Whether it is there; then it is new again."""
        return any(self.shelf.touch(name) for name in self.names_of(key))

    def names_of(self, key: str) -> tuple[str, ...]:
        """Under which names what belongs to a key may lie, the one that is given to it now first."""
        if self.ring is None:
            return (key,)
        digest, dot, ending = key.partition(".")
        return hmac.digest(self.ring.sub_key(_NAMES), digest.encode(), "sha256").hex() + dot + ending, key

    def lying_under(self, name: str) -> bytes | None:
        """What lies under a name; ``None`` if nothing does."""
        content = self.shelf.read(name)
        if content is None or not is_sealed(content):
            return content
        if self.ring is None:
            raise Sealed(name, key_id(content))
        return opened(self.ring, name, content)

    def seal(self, name: str) -> bool:
        """Seal what lies open under its key, or is sealed by an older key of the ring; whether there was anything to do.

        It lies under its new name before the old one goes: whoever reads meanwhile finds one of them.
        """
        content = self.shelf.read(name)
        if self.ring is None or content is None:
            return False
        if not is_sealed(content):
            self._write(self.names_of(name)[0], content)
            self.shelf.drop(name)
            return True
        if key_id(content) == self.ring.active:
            return False
        self.shelf.write(name, resealed(self.ring, name, content))
        return True

    def put_under(self, name: str, content: bytes) -> None:
        """Write something beside what lies under a name: with its ending."""
        self._write(name, content)

    def drop(self, key: str) -> None:
        """Take away what was put there."""
        for name in self.names_of(key):
            self.shelf.drop(name)

    def _write(self, name: str, content: bytes) -> None:
        self.shelf.write(name, content if self.ring is None else sealed(self.ring, name, content))
