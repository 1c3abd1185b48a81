"""Many nouns of one kind kept packed, so that a register of ten thousand people takes no more memory than one of a thousand: they are unpacked
one portion at a time, as often as somebody walks through them.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, TypeVar, overload

import msgspec

T = TypeVar("T")

#: So many stand in a portion.
SIZE = 256
#: So many portions stay unpacked for whoever asks for one by its place; registers and sheets are mostly in the same order.
_AT_HAND = 4
_ENCODER = msgspec.msgpack.Encoder()


class Portions(Sequence[T], Generic[T]):
    """A sequence that only grows. ``of`` is the noun, as msgspec takes it; ``frames`` are what ``packed`` gave."""

    def __init__(self, of: type[T], lines: Iterable[T] = (), *, frames: Iterable[bytes] = ()) -> None:
        self._decoder: msgspec.msgpack.Decoder[list[T]] = msgspec.msgpack.Decoder(list[of])  # type: ignore[valid-type]
        self._frames = list(frames)
        #: The last portion, as long as it is not full.
        self._open: list[T] = self._unpacked(self._frames.pop()) if self._frames else []
        self._known: OrderedDict[int, list[T]] = OrderedDict()
        self.extend(lines)

    def append(self, line: T) -> None:
        """Add one at the end."""
        if len(self._open) >= SIZE:
            self._frames.append(self._packed(self._open))
            self._open = []
        self._open.append(line)

    def extend(self, lines: Iterable[T]) -> None:
        """Add all of them."""
        for one in lines:
            self.append(one)

    def packed(self) -> tuple[bytes, ...]:
        """All of it as bytes, to be kept."""
        return (*self._frames, self._packed(self._open)) if self._open else ()

    def __len__(self) -> int:
        return len(self._frames) * SIZE + len(self._open)

    def __iter__(self) -> Iterator[T]:
        for frame in self._frames:
            yield from self._unpacked(frame)
        yield from self._open

    @overload
    def __getitem__(self, at: int) -> T: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...

    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        frame, within = divmod(place, SIZE)
        return (self._open if frame == len(self._frames) else self._portion(frame))[within]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == len(self) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _portion(self, at: int) -> list[T]:
        found = self._known.pop(at, None)
        self._known[at] = lines = self._unpacked(self._frames[at]) if found is None else found
        if len(self._known) > _AT_HAND:
            self._known.popitem(last=False)
        return lines

    def _unpacked(self, frame: bytes) -> list[T]:
        return self._decoder.decode(zlib.decompress(frame))

    @staticmethod
    def _packed(lines: list[T]) -> bytes:
        return zlib.compress(_ENCODER.encode(lines), 1)
