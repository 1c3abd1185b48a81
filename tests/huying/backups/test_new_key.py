"""A new key of the ring reaches attachments in backups too: the next backup can be read when the old key is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from huying.backups.copy import check, take
from huying.house.by import By
from huying.house.envelopes import seal_files
from huying.issues.attachments import attach
from huying.keys.ring import Ring
from huying.shelf.envelope import key_id
from tests.huying.town import PIXEL, Town


def test_files_that_were_sealed_anew_are_copied_anew_and_the_old_backup_stays_whole(town: Town, folder: Path) -> None:
    ring = town.house.store.ring
    assert ring is not None
    attach(town.house, town.report(), "图.png", PIXEL, By(town.people["clerk"], town.clock()))
    old = take(town.house, folder, town.clock)
    again = take(town.house, folder, lambda: town.clock() + timedelta(seconds=1))
    assert again.manifest.files == old.manifest.files, "what is there is not copied again"
    newer = Ring(ring.keys.with_new(date(2026, 12, 2)))
    house = replace(town.house, shelved=replace(town.house.store, ring=newer))
    assert seal_files(house).done == 1
    new = take(house, folder, lambda: town.clock() + timedelta(seconds=2))
    assert check(old) == check(new) == []
    keys = [key_id((folder / part.path).read_bytes()) for one in (old, new) for part in one.manifest.files.values()]
    assert keys == [ring.active, newer.active]
