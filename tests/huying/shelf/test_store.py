"""What lies on a shelf tells nobody anything who does not have the ring, and opens only as it was put there."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from huying.keys.ring import Ring, Sealed, new_keys
from huying.shelf.envelope import BLOCK, key_id, opened, sealed
from huying.shelf.folder import Folder
from huying.shelf.store import Store

TODAY = date(2026, 12, 1)
PLAIN = "身份证 350203199001011234".encode()
KEY = hashlib.sha256(PLAIN).hexdigest()


@pytest.fixture
def ring() -> Ring:
    return Ring(new_keys(TODAY))


@pytest.fixture
def store(tmp_path: Path, ring: Ring) -> Store:
    return Store(Folder(tmp_path), ring=ring)


def lying(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_neither_what_is_in_a_file_nor_its_digest_nor_its_name_can_be_seen_where_it_lies(
    store: Store, tmp_path: Path
) -> None:
    store.put(KEY, PLAIN)
    store.put(f"{KEY}.json", '{"name": "身份证-张三.png"}'.encode())
    found = lying(tmp_path)
    assert len(found) == 2
    for name, content in found.items():
        assert KEY not in name
        assert PLAIN not in content
        assert "张三".encode() not in content
        assert KEY.encode() not in content
    assert store.get(KEY) == PLAIN
    assert store.get("0" * 64) is None


def test_the_same_file_lies_there_once_and_another_house_gives_it_another_name(store: Store, tmp_path: Path) -> None:
    store.put(KEY, PLAIN)
    before = lying(tmp_path)
    store.put(KEY, PLAIN)
    assert lying(tmp_path) == before
    assert store.names_of(KEY)[0] != Store(store.shelf, ring=Ring(new_keys(TODAY))).names_of(KEY)[0]


@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 10 << 20])
def test_files_of_any_length_come_back_as_they_were(ring: Ring, size: int) -> None:
    plain = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    made = sealed(ring, "a" * 64, plain)
    assert opened(ring, "a" * 64, made) == plain
    assert len(made) < size + 200 + 16 * (size // BLOCK + 1)


def test_whatever_is_changed_cut_off_doubled_or_moved_does_not_open(ring: Ring) -> None:
    name = "a" * 64
    whole = sealed(ring, name, b"x" * (3 * BLOCK))
    head = len(whole) - 3 * (BLOCK + 16)
    blocks = [whole[head + number * (BLOCK + 16) :][: BLOCK + 16] for number in range(3)]
    for number in (3, 8, head - 1, head, head + 100, len(whole) - 1):
        with pytest.raises(Sealed):
            opened(ring, name, whole[:number] + bytes([whole[number] ^ 1]) + whole[number + 1 :])
    kept = whole[:head]
    for wrong in (
        kept + blocks[0] + blocks[1],
        kept + blocks[1] + blocks[0] + blocks[2],
        kept + blocks[0] + blocks[0] + blocks[1] + blocks[2],
        kept,
        whole[: head - 5],
        whole + b"\0",
        whole[:5],
    ):
        with pytest.raises(Sealed):
            opened(ring, name, wrong)


def test_a_file_put_into_another_ones_place_does_not_open(store: Store) -> None:
    other = hashlib.sha256(b"other").hexdigest()
    store.put(KEY, PLAIN)
    store.put(other, b"other")
    (mine, theirs) = (store.names_of(one)[0] for one in (KEY, other))
    store.shelf.write(mine, store.shelf.read(theirs) or b"")
    with pytest.raises(Sealed):
        store.get(KEY)


def test_without_the_ring_nothing_opens_and_the_missing_key_is_named(store: Store, ring: Ring) -> None:
    store.put(KEY, PLAIN)
    name = store.names_of(KEY)[0]
    with pytest.raises(Sealed) as missing:
        Store(store.shelf, ring=Ring(new_keys(TODAY))).lying_under(name)
    assert missing.value.key == ring.active
    with pytest.raises(Sealed):
        Store(store.shelf).lying_under(name)


def test_what_lay_open_before_there_was_a_ring_is_read_and_then_sealed(store: Store, tmp_path: Path) -> None:
    Store(store.shelf).put(KEY, PLAIN)
    assert lying(tmp_path) == {KEY: PLAIN}
    assert store.get(KEY) == PLAIN
    assert store.touch(KEY)
    assert store.seal(KEY)
    assert list(lying(tmp_path)) == [store.names_of(KEY)[0]]
    assert store.get(KEY) == PLAIN
    assert not store.seal(store.names_of(KEY)[0]), "it is sealed"
    assert not store.seal(KEY), "it is gone"


def test_a_new_key_of_the_ring_seals_files_anew_and_then_the_old_one_is_not_needed(store: Store, ring: Ring) -> None:
    store.put(KEY, PLAIN)
    name = store.names_of(KEY)[0]
    old = ring.active
    keys = ring.keys.with_new(TODAY)
    newer = Store(store.shelf, ring=Ring(keys))
    assert newer.get(KEY) == PLAIN
    assert newer.seal(name)
    assert key_id(newer.shelf.begins(name)) == keys.sealing[-1].id
    assert not newer.seal(name)
    assert Store(store.shelf, ring=Ring(keys.without(old))).get(KEY) == PLAIN
