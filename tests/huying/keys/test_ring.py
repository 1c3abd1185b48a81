"""The ring of keys: what it seals opens again at the same place alone, by whatever key of it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huying.keys.ring import Keys, Ring, Sealed, WrongRing, key_of, new_keys, read_keys

DAY = date(2026, 3, 2)
KEYS = new_keys(DAY)
RING = Ring(KEYS)


@given(st.text(), st.text(min_size=1))
def test_what_is_sealed_opens_at_its_place(said: str, place: str) -> None:
    assert RING.open("fields", RING.seal("fields", said.encode(), place), place).decode() == said


@given(st.text(), st.text(), st.text())
def test_what_is_moved_elsewhere_does_not_open(said: str, place: str, other: str) -> None:
    sealed = RING.seal("fields", said.encode(), place)
    with pytest.raises(Sealed):
        RING.open("files", sealed, place)
    if other != place:
        with pytest.raises(Sealed) as refused:
            RING.open("fields", sealed, other)
        assert refused.value.key is None


@pytest.mark.parametrize(
    "changed",
    ["", "v1", "v1:", "plain", "v2:00000000:AAAA", f"v1:{KEYS.sealing[0].id}:", f"v1:{KEYS.sealing[0].id}:!"],
    ids=["nothing", "version", "half", "plain", "later", "empty", "letters"],
)
def test_what_is_not_sealed_does_not_open(changed: str) -> None:
    with pytest.raises(Sealed):
        RING.open("fields", changed, "here")


def test_every_bit_of_what_is_sealed_counts() -> None:
    sealed = RING.seal("fields", b"13800000000", "participant.phone")
    for position in range(12, len(sealed) - 1):
        other = "A" if sealed[position] != "A" else "B"
        with pytest.raises(Sealed):
            RING.open("fields", sealed[:position] + other + sealed[position + 1 :], "participant.phone")


def test_the_same_is_sealed_as_something_else_each_time() -> None:
    assert len({RING.seal("fields", b"13800000000", "participant.phone") for _ in range(20)}) == 20


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    before = RING.seal("fields", b"said", "here")
    newer = Ring(KEYS.with_new(DAY))
    after = newer.seal("fields", b"said", "here")
    assert newer.open("fields", before, "here") == newer.open("fields", after, "here") == b"said"
    assert key_of(before) == KEYS.sealing[0].id != key_of(after) == newer.active


def test_a_missing_key_is_named() -> None:
    newer = Ring(KEYS.with_new(DAY))
    sealed = newer.seal("fields", b"said", "here")
    with pytest.raises(Sealed) as refused:
        RING.open("fields", sealed, "here")
    assert refused.value.key == newer.active
    assert newer.active in str(refused.value)


def test_digests_stay_when_keys_change() -> None:
    newer = Ring(KEYS.with_new(DAY))
    assert newer.mac("phone", "13800000000") == RING.mac("phone", "13800000000")
    assert RING.mac("phone", "13800000000") != RING.mac("mail", "13800000000")
    assert newer.sub_key("chain") == RING.sub_key("chain") != RING.sub_key("heads")


def test_two_houses_have_nothing_in_common() -> None:
    other = Ring(new_keys(DAY))
    assert other.mac("phone", "13800000000") != RING.mac("phone", "13800000000")


def test_a_ring_is_read_as_it_was_written() -> None:
    keys = KEYS.with_new(DAY)
    assert read_keys(keys.written()) == keys
    assert read_keys(f"# a remark\n\n{' '.join(keys.written().split())}") == keys


def test_a_key_that_is_used_up_is_taken_off() -> None:
    keys = KEYS.with_new(DAY)
    assert [key.id for key in keys.without(KEYS.sealing[0].id).sealing] == [keys.sealing[1].id]
    assert keys.without(keys.sealing[1].id) == keys, "the one that seals stays"


def _mistyped(keys: Keys) -> str:
    text = keys.written().rstrip()
    return text[:-3] + ("x" if text[-3] != "x" else "y") + text[-2:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lasting",
        _mistyped(KEYS),
        KEYS.written().splitlines()[0],
        KEYS.written() + KEYS.written(),
        "key:00000000:2026-13-01:" + "A" * 43,
    ],
    ids=["nothing", "word", "mistyped", "half", "twice", "day"],
)
def test_what_is_no_whole_ring_is_refused(text: str) -> None:
    with pytest.raises(WrongRing):
        read_keys(text)


def test_a_ring_that_another_process_changed_is_read_again() -> None:
    newer = KEYS.with_new(DAY)
    sealed = Ring(newer).seal("fields", b"said", "here")
    ring = Ring(KEYS, lambda: newer)
    assert ring.open("fields", sealed, "here") == b"said"
    assert ring.active == newer.sealing[-1].id
