"""A ring on paper, in two halves."""

from __future__ import annotations

from datetime import date

import pytest

from huying.keys.halves import halved, joined
from huying.keys.ring import WrongRing, new_keys, read_keys

KEYS = new_keys(date(2026, 3, 2)).with_new(date(2026, 4, 1))


def test_two_halves_make_the_ring_in_whatever_order_they_are_typed() -> None:
    first, second = halved(KEYS.written())
    assert read_keys(joined(first, second)) == KEYS
    assert read_keys(joined(second.lower().replace(" ", ""), first)) == KEYS


def test_a_half_alone_says_nothing() -> None:
    first, second = halved(KEYS.written())
    assert first != halved(KEYS.written())[0]
    for one in (first, second):
        with pytest.raises(WrongRing):
            joined(one, one)


def test_one_wrong_letter_is_found() -> None:
    first, second = halved(KEYS.written())
    wrong = ("B" if first[0] != "B" else "C") + first[1:]
    for one in (wrong, first[:-1], first + "A", ""):
        with pytest.raises(WrongRing):
            joined(one, second)
