"""The store of a house: what is asked of any place where bytes of attachments lie, by names that this program gives them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from huying.settings.attachments import USUAL_KINDS


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

    def mend(self, before: float) -> int:
        """Put right what a crash left half done, older than ``before``; how much was thrown away."""
        ...

    def clear(self) -> None:
        """Take everything away."""
        ...


@dataclass(frozen=True, slots=True)
class Store:
    """A shelf, and what this house puts on it: the ``kinds`` of files that it takes."""

    shelf: FileShelf
    kinds: tuple[str, ...] = USUAL_KINDS

    def put(self, name: str, content: bytes) -> None:
        """Write what is not there yet; what is there is new again, so that it is not removed as left over while it is about to be named."""
        if not self.shelf.touch(name):
            self.shelf.write(name, content)

    def get(self, name: str) -> bytes | None:
        """What was put there; ``None`` if nothing was."""
        return self.shelf.read(name)

    def touch(self, name: str) -> bool:
        """Whether it is there; then it is new again."""
        return self.shelf.touch(name)
