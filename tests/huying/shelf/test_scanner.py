"""ClamAV itself looks at files: what is infected is not taken, and while it does not answer, files wait.

Its own signatures are 300 MB, and take a gigabyte of memory: it is started with a signature of the harmless test file (EICAR) alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from huying.errors import WrongFile
from huying.house.kept import keep, read_kept
from huying.house.kept import read as read_bytes
from huying.keys.ring import Ring, new_keys
from huying.settings import SettingError, read
from huying.shelf.folder import Folder
from huying.shelf.scanner import ScanFinding, Scanner
from huying.shelf.scans import LockedAway, ScanState, assure_readable, look_again, standing, waiting
from huying.shelf.store import Store
from tests.huying.shelf.documents import PDF

#: The test file that every scanner knows; in two halves, so that none finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
INFECTED = PDF + EICAR
CLERK, OTHER = 7, 8


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """ClamAV's daemon on a socket of its own."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed (Debian: clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    way = folder / "clamd.ctl"
    (folder / "clamd.conf").write_text(
        f"Foreground yes\nDatabaseDirectory {folder}/signatures\nLocalSocket {way}\nLogFile {folder}/clamd.log\n"
        "StreamMaxLength 25M\nMaxThreads 2\n"
    )
    with subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL) as process:
        try:
            until(way.exists, 60)
            yield f"unix:{way}"
        finally:
            process.terminate()


def until(true: Callable[[], bool], seconds: float) -> None:
    for _ in range(int(seconds * 20)):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(Folder(tmp_path / "files"), ring=Ring(new_keys(date(2026, 12, 1))))


def with_scanner(store: Store, address: str) -> Store:
    return Store(store.shelf, store.kinds, store.ring, Scanner(address))


@contextlib.contextmanager
def answering(said: bytes) -> Iterator[str]:
    """Something on a port that reads what it is sent, and says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    talk, _ = listening.accept()
                    with talk:
                        heard = b""
                        while not heard.endswith(bytes(4)):
                            heard += talk.recv(65536)
                        talk.sendall(said)

        threading.Thread(target=serve, daemon=True).start()
        yield f"tcp:127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def test_clamav_tells_what_is_infected_and_what_is_not(clamd: str) -> None:
    scanner = Scanner(clamd)
    assert scanner.look(PDF) == (ScanFinding.CLEAN, "")
    finding, said = scanner.look(INFECTED)
    assert finding is ScanFinding.INFECTED
    assert "Test.Eicar" in said
    assert scanner.look(PDF + b"x" * (10 << 20)).finding is ScanFinding.CLEAN
    assert scanner.look(b"").finding is ScanFinding.CLEAN


def test_what_is_infected_is_not_taken_and_whoever_sent_it_is_told(clamd: str, store: Store, tmp_path: Path) -> None:
    with pytest.raises(WrongFile) as refused:
        keep(with_scanner(store, clamd), "信.pdf", INFECTED, CLERK)
    assert "病毒" in refused.value.message["zh"]
    assert "Test.Eicar" in refused.value.message["zh"]
    assert not list((tmp_path / "files").rglob("*.*")), "nothing of it is kept"


def test_what_is_clean_is_seen_by_everybody_at_once(clamd: str, store: Store) -> None:
    scanned = with_scanner(store, clamd)
    keep(scanned, "信.pdf", PDF, CLERK)
    digest = hashlib.sha256(PDF).hexdigest()
    assert standing(scanned, digest).state == ScanState.CLEAN
    assure_readable(scanned, digest, OTHER, by_code=False)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"stream: OK",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"OK\0",
        b"\xff\0",
    ],
)
def test_whatever_is_not_understood_is_not_clean(store: Store, said: bytes) -> None:
    with answering(said) as address:
        assert Scanner(address).look(PDF).finding is ScanFinding.AWAY


def test_while_the_scanner_is_away_a_file_waits_and_its_uploader_alone_sees_it(store: Store, clamd: str) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    away = with_scanner(store, "unix:/nowhere/clamd.ctl")
    kept = keep(away, "信.pdf", PDF, CLERK)
    assert standing(away, digest).state == ScanState.WAITING
    assure_readable(away, digest, CLERK, by_code=False)
    for person in (OTHER, None):
        with pytest.raises(LockedAway) as refused:
            assure_readable(away, digest, person, by_code=True)
        assert "等杀毒软件检查" in refused.value.message["zh"]
    assert look_again(away, 10).away
    assert standing(away, digest).state == ScanState.WAITING, "nobody has said that it is clean"
    back = with_scanner(store, clamd)
    assert look_again(back, 10).clean == 1
    assert waiting(back) == []
    assure_readable(back, digest, OTHER, by_code=False)
    assert read_kept(back, kept.digest)[1] == PDF


def test_a_file_of_a_guest_that_waits_is_seen_by_whoever_has_the_code(store: Store) -> None:
    away = with_scanner(store, "tcp:127.0.0.1:9")
    keep(away, "信.pdf", PDF)
    digest = hashlib.sha256(PDF).hexdigest()
    assure_readable(away, digest, None, by_code=True)
    with pytest.raises(LockedAway):
        assure_readable(away, digest, CLERK, by_code=False)


def test_what_turns_out_to_be_infected_later_is_kept_from_everybody_and_named(store: Store, clamd: str) -> None:
    away = with_scanner(store, "unix:/nowhere/clamd.ctl")
    keep(away, "信.pdf", INFECTED, CLERK)
    looked = look_again(with_scanner(store, clamd), 10)
    assert (looked.clean, len(looked.infected)) == (0, 1)
    for person in (CLERK, OTHER):
        with pytest.raises(LockedAway) as refused:
            assure_readable(store, hashlib.sha256(INFECTED).hexdigest(), person, by_code=False)
        assert "谁也不能打开" in refused.value.message["zh"]
    with pytest.raises(LockedAway):
        read_bytes(store, hashlib.sha256(INFECTED).hexdigest())
    assert waiting(store) == []


def test_files_that_came_before_a_scanner_was_set_are_looked_at_too_after_those_that_wait(
    store: Store, clamd: str
) -> None:
    keep(store, "旧.pdf", INFECTED, CLERK)
    assure_readable(store, hashlib.sha256(INFECTED).hexdigest(), OTHER, by_code=False)
    keep(with_scanner(store, "unix:/nowhere/clamd.ctl"), "新.pdf", PDF, CLERK)
    back = with_scanner(store, clamd)
    assert waiting(back)[0] == back.names_of(hashlib.sha256(PDF).hexdigest())[0]
    assert look_again(back, 1).clean == 1
    assert len(look_again(back, 10).infected) == 1


def test_where_the_scanner_is_must_be_written_rightly() -> None:
    assert read({"HUYING_CLAMD": "unix:/run/clamav/clamd.ctl"}).clamd
    assert read({"HUYING_CLAMD": "tcp:clamav.example:3310"}).clamd
    assert read({}).clamd is None
    for wrong in ("clamd", "tcp:host", "http://x:1", "unix:relative"):
        with pytest.raises(SettingError):
            read({"HUYING_CLAMD": wrong})
