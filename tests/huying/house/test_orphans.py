"""Files that nobody names are cleared away, and never one that anything still names, or is about to name."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, insert

from engine.effect import Referral
from engine.event import Attach
from huying.database.tables import outbox
from huying.house import orphans
from huying.house.by import By
from huying.house.kept import hold, keep, read_kept
from huying.house.orphans import remove_orphans
from huying.issues.attachments import attach
from huying.issues.form_drafts import save_draft
from huying.shelf.folder import LEFT
from models import metadata
from models.base import NounsColumn
from models.sealed import SealedColumn, SealedJson
from tests.huying.town import PIXEL, Town, sqlite_town


class Crash(BaseException):
    """The process is gone."""


def crash(*_given: object, **_named: object) -> None:
    raise Crash


WEEK = timedelta(days=8).total_seconds()


def lying(town: Town) -> set[Path]:
    return {path for path in town.house.files.rglob("*") if path.is_file()}


def aged(paths: set[Path]) -> None:
    """Let files have lain for longer than a form is left open."""
    for path in paths:
        long_ago = path.stat().st_mtime - WEEK
        os.utime(path, (long_ago, long_ago))


def with_a_picture(town: Town) -> Town:
    """An issue with a picture: the folder is this house's."""
    attach(town.house, town.report(), "named.png", PIXEL, By(town.people["clerk"], town.clock()))
    return town


def test_what_nobody_names_is_removed_after_a_week_and_nothing_else(town: Town) -> None:
    issue = town.report()
    clerk = By(town.people["clerk"], town.clock())
    attach(town.house, issue, "named.png", PIXEL, clerk)
    named = lying(town)
    keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    held = keep(town.house.store, "draft.pdf", b"%PDF-1.7 draft")
    item = town.item(issue, town.party("clerk"))
    save_draft(town.house, issue, item, "accept", {"photo": held.reference}, clerk)
    assert remove_orphans(town.house) == 0, "somebody may still send their form"
    aged(lying(town))
    assert remove_orphans(town.house) == 2, "the bytes, and what they were called"
    assert named < lying(town)
    assert read_kept(town.house.store, held.digest)[1] == b"%PDF-1.7 draft"
    assert remove_orphans(town.house) == 0


@pytest.mark.whole
def test_a_file_named_in_any_table_is_found(tmp_path: Path) -> None:
    """Whatever table comes to hold answers: an outbox, a proposal, an import, a version of a process."""
    town = sqlite_town(tmp_path)
    keys = {}
    dialect = town.house.database.engine.dialect
    with sqlite3.connect(tmp_path / "town.db") as connection:
        connection.execute("pragma ignore_check_constraints = on")
        for table in metadata.sorted_tables:
            names = [each.name for each in table.columns]
            for column in table.columns:
                closed = isinstance(column.type, SealedJson)
                if not (closed or isinstance(column.type, JSON | NounsColumn)):
                    continue
                place = f"{table.name}.{column.name}"
                keys[place] = hashlib.sha256(place.encode()).hexdigest()
                said = f'{{"deep": ["file:{keys[place]}"]}}'
                write = column.type.bind_processor(dialect) if closed else None
                said = write(said) if write else said
                empty = {one.name for one in table.columns if isinstance(one.type, SealedColumn)}
                other = {name: "" if name in empty else 900_000 + len(keys) for name in names}
                values = list({**other, column.name: said}.values())
                into = f'insert into "{table.name}" ({",".join(names)}) values ({",".join("?" * len(names))})'
                connection.execute(into, values)
    connection.close()
    found = set(orphans.named(town.house))
    assert {place for place, key in keys.items() if key not in found} == set()
    assert {"history.event", "issue.state", "form_draft.entered"} <= keys.keys()
    town.house.database.close()


def test_bytes_that_an_event_on_its_way_names_stay(town: Town) -> None:
    """What is added to a merged issue is on its way to the other one: the effect names the bytes themselves."""
    with_a_picture(town)
    way = keep(town.house.store, "way.pdf", b"%PDF-1.7 way")
    digest = hashlib.sha256(b"%PDF-1.7 way").hexdigest()
    aged(lying(town))
    with town.house.database.writing() as connection:
        row = connection.execute(outbox.select().limit(1)).one()._asdict()
        del row["id"]
        sent = Attach("way.pdf", "application/pdf", 12, digest, public=False)
        row |= {
            "position": 99,
            "kind": "referral",
            "payload": Referral(issue="issue:9", by="participant:1", event=sent),
        }
        connection.execute(insert(outbox).values(**row))
    remove_orphans(town.house)
    names = {path.name for path in lying(town)}
    assert town.house.store.names_of(f"{way.digest}.json")[0] not in names, "what it was called"
    assert town.house.store.names_of(digest)[0] in names


def test_a_folder_of_which_nothing_is_named_is_another_houses(town: Town) -> None:
    """A start on an empty database, with the folder of the real one, must not empty it."""
    keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    before = lying(town)
    aged(before)
    assert remove_orphans(town.house) == 0
    assert lying(town) == before


def test_a_form_that_is_sent_while_it_clears_up_keeps_its_files(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left open for longer than a week, and sent after the histories were read: what it names was asked for, and so is new again."""
    with_a_picture(town)
    late = keep(town.house.store, "late.pdf", b"%PDF-1.7 late")
    aged(lying(town))
    read = orphans.named

    def read_and_then_sent(*given: object) -> Iterator[str]:
        found = [*read(*given)]  # type: ignore[arg-type]
        assert hold(town.house.store, late.digest)
        return iter(found)

    monkeypatch.setattr(orphans, "named", read_and_then_sent)
    assert remove_orphans(town.house) == 0
    assert read_kept(town.house.store, late.digest)[1] == b"%PDF-1.7 late"


def test_a_file_that_comes_again_in_the_last_moment_stays(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_picture(town)
    again = keep(town.house.store, "again.pdf", b"%PDF-1.7 again")
    aged(lying(town))
    move = os.replace

    def comes_just_before(source: Path, target: Path) -> None:
        if str(target).endswith(LEFT):
            os.utime(source)
        move(source, target)

    monkeypatch.setattr(os, "replace", comes_just_before)
    assert remove_orphans(town.house) == 0
    assert read_kept(town.house.store, again.digest)[1] == b"%PDF-1.7 again"


def test_what_a_crash_left_aside_is_put_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_picture(town)
    keep(town.house.store, "crash.pdf", b"%PDF-1.7 crash")
    before = lying(town)
    aged(before)
    monkeypatch.setattr(Path, "unlink", crash)
    with pytest.raises(Crash):
        remove_orphans(town.house)
    monkeypatch.undo()
    (aside,) = {path for path in lying(town) if path.name.endswith(LEFT)}
    remove_orphans(town.house)
    assert aside.with_name(aside.name.removesuffix(LEFT)).is_file(), "it waits for another week"
    aged(lying(town))
    remove_orphans(town.house)
    assert len(lying(town)) == 1, "the picture that is named"


def test_two_that_clear_up_at_once_do_not_stumble(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with_a_picture(town)
    keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    aged(lying(town))
    read, counts = orphans.named, []

    def the_other_first(*given: object) -> Iterator[str]:
        found = [*read(*given)]  # type: ignore[arg-type]
        monkeypatch.setattr(orphans, "named", read)
        counts.append(remove_orphans(town.house))
        return iter(found)

    monkeypatch.setattr(orphans, "named", the_other_first)
    counts.append(remove_orphans(town.house))
    assert counts == [2, 0]


def test_what_an_upload_was_called_is_damaged_and_the_rest_is_cleared_away_all_the_same(town: Town) -> None:
    with_a_picture(town)
    keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    next(iter(path for path in lying(town) if path.suffix)).write_text("")
    aged(lying(town))
    assert remove_orphans(town.house) == 2


def test_a_file_half_written_by_whoever_was_killed_goes_too(town: Town) -> None:
    with_a_picture(town)
    half = town.house.files / "ab" / "tmpk3j2h1"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"%PDF-1.7 ha")
    assert remove_orphans(town.house) == 0
    aged(lying(town))
    assert remove_orphans(town.house) == 1
    assert not half.exists()


def test_bytes_that_come_again_are_new_again(town: Town) -> None:
    keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    aged(lying(town))
    old = {path: path.stat().st_mtime for path in lying(town)}
    keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    assert all(path.stat().st_mtime > old[path] for path in lying(town))


def test_what_is_held_needs_its_bytes(town: Town) -> None:
    kept = keep(town.house.store, "left.pdf", b"%PDF-1.7 left")
    assert hold(town.house.store, kept.digest)
    for path in lying(town):
        if not path.suffix:
            path.unlink()
    assert not hold(town.house.store, kept.digest)


def test_a_house_without_a_folder_has_nothing_to_clear_away(town: Town) -> None:
    shutil.rmtree(town.house.files, ignore_errors=True)
    assert remove_orphans(town.house) == 0
