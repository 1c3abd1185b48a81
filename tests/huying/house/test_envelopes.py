"""What lay open before there was a ring is sealed while people work, and a key that files need is known as needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from huying.errors import NotFound
from huying.house.by import By
from huying.house.envelopes import file_keys, seal_files
from huying.house.house import House
from huying.house.orphans import remove_orphans
from huying.issues.attachments import attach, read_attachment
from huying.keys.ring import Ring
from huying.shelf.store import Store
from tests.huying.house.test_orphans import aged, lying
from tests.huying.town import PIXEL, Town


def _with_open_files(town: Town) -> tuple[House, int]:
    """An issue with a picture and a document, as they were kept before there was a ring."""
    house = replace(town.house, shelved=Store(town.house.store.shelf))
    issue = town.report()
    for name, content in (("图.png", PIXEL), ("信.pdf", b"%PDF-1.7 13800000000")):
        attach(house, issue, name, content, By(town.people["clerk"], town.clock()))
    return house, issue


def test_open_files_are_sealed_in_portions_and_read_as_before(town: Town) -> None:
    _, issue = _with_open_files(town)
    assert file_keys(town.house) == {None: 2}
    assert seal_files(town.house, 1) == (1, ())
    assert file_keys(town.house)[None] == 1
    assert seal_files(town.house, 5).done == 1
    assert seal_files(town.house) == (0, ())
    assert not any(b"13800000000" in path.read_bytes() for path in lying(town))
    assert [read_attachment(town.house, issue, number)[1][:4] for number in (2, 3)] == [PIXEL[:4], b"%PDF"]


def test_files_that_were_sealed_later_are_known_as_named(town: Town) -> None:
    _with_open_files(town)
    seal_files(town.house)
    aged(lying(town))
    assert remove_orphans(town.house) == 0
    assert len(lying(town)) == 2


def test_with_a_new_key_all_are_sealed_anew_and_the_old_one_is_needed_until_then(town: Town) -> None:
    ring = town.house.store.ring
    assert ring is not None
    attach(town.house, town.report(), "图.png", PIXEL, By(town.people["clerk"], town.clock()))
    keys = ring.keys.with_new(date(2026, 12, 2))
    house = replace(town.house, shelved=Store(town.house.store.shelf, ring=Ring(keys)))
    assert file_keys(house) == {ring.active: 1}
    assert seal_files(house).done == 1
    assert file_keys(house) == {keys.sealing[-1].id: 1}


def test_a_file_that_does_not_open_is_named_and_keeps_nobody_from_sealing_the_rest(town: Town) -> None:
    ring = town.house.store.ring
    assert ring is not None
    attach(town.house, town.report(), "图.png", PIXEL, By(town.people["clerk"], town.clock()))
    (path,) = lying(town)
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(NotFound, match="damaged"):
        read_attachment(town.house, 1, 2)
    house = replace(town.house, shelved=Store(town.house.store.shelf, ring=Ring(ring.keys.with_new(date(2026, 12, 2)))))
    assert seal_files(house) == (0, (path.name,))
