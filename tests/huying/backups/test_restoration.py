"""A house made again from a backup is the house that was backed up, whatever goes wrong on the way."""

from __future__ import annotations

import threading
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from huying.backups import restoration
from huying.backups.copy import check, take
from huying.backups.drill import drill
from huying.backups.folder import backups_in
from huying.backups.manifest import Backup, signed
from huying.backups.refusal import BackupRefusal
from huying.backups.restoration import restore
from huying.backups.seal import new_key
from huying.database import tables as t
from huying.database.connections import Database
from huying.evidence.notary import Notary
from huying.house.by import By
from huying.house.house import House
from huying.house.known_keys import note
from huying.issues.attachments import attach
from huying.issues.verification import verify
from huying.keys.ring import Ring, new_keys
from huying.settings import SettingError, read
from tests.forked import forked
from tests.huying.backups.site import Elsewhere, files, rows
from tests.huying.town import MORNING, PIXEL, Town

#: What restoring itself changes: log-ins and links are void, numbers go on further, and it is noted.
CHANGED = ("audit", "restoration", "issue_number", "session", "action_link", "credential_link")


@pytest.fixture
def lived(town: Town) -> Town:
    """A town with something in it: an issue, a photo, work done."""
    issue = town.report()
    attach(town.house, issue, "现场.png", PIXEL, By(town.people["clerk"], town.clock.now))
    town.to_departments(issue)
    return town


def test_every_row_and_every_file_is_there_again(lived: Town, folder: Path, elsewhere: Elsewhere) -> None:
    before, photos = rows(lived.house, *CHANGED), files(lived.house)
    made = take(lived.house, folder, lived.clock)
    assert check(made) == []
    told = elsewhere.restored(made, lived)
    again = elsewhere.town(lived).house
    assert rows(again, *CHANGED) == before
    assert files(again) == photos
    assert (told.issues, told.faults) == (1, [])


def test_a_backup_holds_no_key_of_the_ring_and_asks_for_it_by_name(
    lived: Town, folder: Path, elsewhere: Elsewhere
) -> None:
    ring = lived.house.database.ring
    assert ring is not None
    note(lived.house.database, ring)
    made = take(lived.house, folder, lived.clock)
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for word in ring.keys.written().split():
        assert word.rpartition(":")[2].encode() not in written
    other = Elsewhere(replace(elsewhere.site, ring=Ring(new_keys(MORNING.date()))))
    with pytest.raises(BackupRefusal) as refused:
        other.restored(made, lived)
    assert {key for key in (ring.active, ring.keys.lasting_id) if key not in str(refused.value)} == set()
    assert not elsewhere.site.home.exists(), "nothing was made"
    assert elsewhere.restored(made, lived).faults == []


def test_nobody_reads_a_sealed_backup_without_its_key(
    lived: Town, folder: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    key, recipient = new_key()
    made = take(lived.house, folder, lived.clock, [recipient])
    written = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert PIXEL not in written
    parts = [made.folder / made.manifest.database.path, *(folder / one.path for one in made.manifest.files.values())]
    assert {path.read_bytes()[:22] for path in parts} == {b"age-encryption.org/v1\n"}
    other = tmp_path / "other.key"
    other.write_text(new_key()[0])
    for wrong in (None, other, tmp_path / "none.key"):
        with pytest.raises(BackupRefusal):
            restore(made, replace(elsewhere.site, key=wrong), lived.clock)
    right = tmp_path / "right.key"
    right.write_text(f"# kept in the safe\n{key}\n")
    assert restore(made, replace(elsewhere.site, key=right), lived.clock).issues == 1


def test_a_manifest_that_somebody_has_changed_is_refused(lived: Town, folder: Path, elsewhere: Elsewhere) -> None:
    made = take(lived.house, folder, lived.clock)
    assert check(made) == []
    manifest = made.manifest
    fewer = msgspec.structs.replace(manifest, files={})
    unsigned = msgspec.structs.replace(fewer, signature="")
    stranger = signed(fewer, Notary(lambda _: bytes(32)))
    for wrong in (fewer, unsigned, stranger):
        with pytest.raises(BackupRefusal):
            restore(Backup(made.folder, wrong), elsewhere.site, lived.clock)
    assert restore(made, elsewhere.site, lived.clock).faults == []


def test_with_another_key_attachments_are_written_anew_and_the_old_backup_still_opens(
    lived: Town, folder: Path, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    (key, first), (_, second) = new_key(), new_key()
    old = take(lived.house, folder, lived.clock, [first])
    lived.clock.move(hours=1)
    take(lived.house, folder, lived.clock, [second])
    assert check(old) == []
    file = tmp_path / "old.key"
    file.write_text(key)
    assert restore(old, replace(elsewhere.site, key=file), lived.clock).issues == 1


def test_what_was_there_before_the_backup_is_in_it_while_people_go_on(
    lived: Town, folder: Path, elsewhere: Elsewhere
) -> None:
    begun, done = threading.Event(), threading.Event()
    reported: list[int] = []

    def live() -> None:
        for number in range(400):
            reported.append(lived.report(subject=f"第 {number} 件"))
            if number == 3:
                begun.set()
            if done.is_set():
                return

    people = threading.Thread(target=live)
    people.start()
    assert begun.wait(60)
    before = list(reported)
    made = take(lived.house, folder, lived.clock)
    done.set()
    people.join()
    assert elsewhere.restored(made, lived).faults == []
    again = elsewhere.town(lived).house
    with again.database.reading() as connection:
        there = set(connection.execute(select(t.issues.c.id)).scalars())
    assert there >= set(before)
    assert len(there) == made.manifest.holdings.issues


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", ["database changed", "file changed", "file missing", "manifest cut"])
def test_a_damaged_backup_is_not_restored_and_nothing_is_left_behind(
    lived: Town, folder: Path, elsewhere: Elsewhere, harm: str
) -> None:
    made = take(lived.house, folder, lived.clock)
    photo = folder / next(part.path for name, part in made.manifest.files.items() if not name.endswith(".json"))
    match harm:
        case "database changed":
            _flip(made.folder / made.manifest.database.path)
        case "file changed":
            _flip(photo)
        case "file missing":
            photo.unlink()
        case _:
            (made.folder / "manifest.json").write_bytes(b'{"format": 1')
            assert backups_in(folder) == []
            return
    assert len(check(made)) == 1
    with pytest.raises(BackupRefusal, match="不完整"):
        elsewhere.restored(made, lived)
    assert not elsewhere.site.home.exists() or not any(elsewhere.site.home.iterdir())


def test_where_somebody_lives_nothing_is_restored(lived: Town, folder: Path, elsewhere: Elsewhere) -> None:
    made = take(lived.house, folder, lived.clock)
    elsewhere.restored(made, lived)
    lived.clock.move(minutes=1)
    with pytest.raises(BackupRefusal, match="已经有一个呼应"):
        elsewhere.restored(made, lived)


def test_interrupted_it_is_no_house_and_the_next_try_ends_it(
    lived: Town, folder: Path, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = take(lived.house, folder, lived.clock)
    settings = read({"HUYING_HOME": str(elsewhere.site.home), "HUYING_DATABASE_URL": elsewhere.site.database_url})
    for step in ("_bring_files", "_verified", "hold"):
        with monkeypatch.context() as patch:
            patch.setattr(restoration, step, _interrupted)
            with pytest.raises(KeyboardInterrupt):
                elsewhere.restored(made, lived)
        _of_a_later_version(elsewhere)
        with pytest.raises(SettingError, match="正在从备份恢复"):
            settings.assure_whole()
    elsewhere.restored(made, lived)
    settings.assure_whole()
    again = elsewhere.town(lived).house
    assert verify(again).faults == []
    with again.database.reading() as connection:
        assert len(connection.execute(select(t.restorations)).all()) == 1


def _of_a_later_version(elsewhere: Elsewhere) -> None:
    """What the program that was interrupted had added to the tables of the backup."""
    database = Database(elsewhere.site.database_url)
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE later (id INTEGER REFERENCES issue (id))")
    database.close()


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_drill_says_how_long_it_takes_and_leaves_nothing(lived: Town, folder: Path, elsewhere: Elsewhere) -> None:
    made = take(lived.house, folder, lived.clock)
    done = drill(made, elsewhere.site, lived.clock)
    assert (done.restored.issues, done.restored.faults) == (1, [])
    assert done.seconds > 0
    assert not any(elsewhere.site.home.iterdir())


def _take(begun: Connection, url: str, files: Path, folder: Path) -> None:
    begun.send(True)
    take(House(Database(url), files), folder, lambda: MORNING)


def test_killed_at_any_moment_a_backup_is_there_whole_or_not_at_all(lived: Town, folder: Path) -> None:
    url = lived.house.database.engine.url.render_as_string(hide_password=False)
    for wait in (0.0, 0.01, 0.05, 0.2):
        with forked(_take, url, lived.house.files, folder) as (process, said):
            assert said.poll(60)
            process.join(wait)
            process.kill()
            process.join()
        for one in backups_in(folder):
            assert check(one) == []
    lived.clock.move(minutes=1)
    assert check(take(lived.house, folder, lived.clock)) == []
    assert not list(folder.glob(".unfinished-*"))
