"""Many numbers in one short part of an address: ``12-45,50``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

#: So many are read; whoever asks for more made the address up.
_MOST = 1000
_LONGEST = 4000


def said_numbers(numbers: Iterable[int]) -> str:
    """The numbers in order, neighbours as one span."""
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in _spans(sorted(set(numbers))))


def _spans(numbers: list[int]) -> Iterator[tuple[int, int]]:
    begin = 0
    for at, number in enumerate(numbers):
        if at + 1 == len(numbers) or numbers[at + 1] != number + 1:
            yield numbers[begin], number
            begin = at + 1


def read_numbers(text: str) -> tuple[int, ...]:
    """The numbers that are meant, in order; whatever is none is left out."""
    return tuple(islice(_read(text[:_LONGEST]), _MOST))


def _read(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if _is_number(first) and (not dash or _is_number(last)):
            yield from range(int(first), int(last if dash else first) + 1)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
