"""What is known of the files on a shelf: beside each lies what the scanner said of it, sealed as the file is.

``.waiting``: it was not looked at yet, and only its uploader sees it. ``.clean``: nothing was found. ``.infected``: nobody sees it. Without any it is
unchecked: no scanner was set when it came.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec

from engine.refusal import Refusal
from huying.errors import WrongFile
from huying.shelf.scanner import ScanFinding, Scanner, Verdict
from huying.shelf.store import Store


class ScanState(StrEnum):
    """How it stands with a file."""

    UNCHECKED = "unchecked"
    WAITING = "waiting"
    CLEAN = "clean"
    INFECTED = "infected"


class ScanStanding(msgspec.Struct, frozen=True):
    """How it stands with a file: who uploaded it (``None``: somebody with a form or a code), and what was found."""

    state: str = ScanState.UNCHECKED.value
    by: int | None = None
    found: str = ""


class LockedAway(Refusal):
    """The file is there, and may not be opened now."""

    code = "not-found"


class Looked(NamedTuple):
    """What came of looking at files again."""

    clean: int = 0
    infected: tuple[str, ...] = ()
    away: str = ""


def standing(store: Store, digest: str) -> ScanStanding:
    """How it stands with the file of this digest; whatever was found last comes first."""
    for state in (ScanState.INFECTED, ScanState.WAITING, ScanState.CLEAN):
        kept = store.get(f"{digest}.{state}")
        if kept is not None:
            return msgspec.json.decode(kept, type=ScanStanding)
    return ScanStanding()


def receive(store: Store, digest: str, content: bytes, by: int | None) -> None:
    """Look at a file before it is put on the shelf; ``WrongFile`` if something was found. Where nobody answers, it waits."""
    if store.scanner is None or standing(store, digest).state == ScanState.CLEAN:
        return
    _write(store, digest, ScanStanding(_state(inspect(store.scanner, content)), by))


def inspect(scanner: Scanner, content: bytes) -> Verdict:
    """What a scanner says of a file that is about to be taken; ``WrongFile`` if something was found."""
    verdict = scanner.look(content)
    if verdict.finding is ScanFinding.INFECTED:
        raise WrongFile(
            f"杀毒软件在这个文件里查出病毒（{verdict.said}），没有收下。请先给手机或电脑杀毒，再换一个文件传。",
            f"A virus was found in this file ({verdict.said}), and it was not taken. Have your device cleaned, and send another file.",
        )
    return verdict


def assure_readable(store: Store, digest: str, person: int | None, *, by_code: bool) -> None:
    """``LockedAway`` unless this person may open the file: nothing was found, or it is their own and nobody has looked yet."""
    assure_harmless(store, digest)
    known = standing(store, digest)
    own = known.by == person if known.by is not None else by_code
    if known.state == ScanState.WAITING and not own:
        raise LockedAway(
            "这个文件还在等杀毒软件检查，查完才能打开，请过几分钟再来。",
            "This file waits to be looked at for viruses, and cannot be opened before; come back in some minutes.",
        )


def assure_harmless(store: Store, digest: str) -> None:
    """``LockedAway`` if something was found in the file: nobody gets it, by whatever way, also when no scanner is set any more."""
    kept = store.get(f"{digest}.{ScanState.INFECTED}")
    if kept is not None:
        found = msgspec.json.decode(kept, type=ScanStanding).found
        raise LockedAway(
            f"杀毒软件在这个文件里查出病毒（{found}），已封存，谁也不能打开。",
            f"A virus was found in this file ({found}): it is locked away, and nobody can open it.",
        )


def waiting(store: Store) -> list[str]:
    """The names of files that the scanner has to look at: those that wait, the longest waiting first, then those that came before it was set."""
    marks: dict[str, set[str]] = {}
    since = {}
    for one in store.shelf.lying():
        name, _, ending = one.name.partition(".")
        marks.setdefault(name, set()).add(ending)
        since[name] = one.since
    looked_at = {ScanState.CLEAN.value, ScanState.INFECTED.value}
    left = [name for name, found in marks.items() if "" in found and not found & looked_at]
    return sorted(left, key=lambda name: (ScanState.WAITING.value not in marks[name], since[name]))


def look_again(store: Store, most: int) -> Looked:
    """Ask the scanner about files that wait; the first time that it does not answer ends it."""
    clean, infected = 0, list[str]()
    for name in waiting(store)[:most] if store.scanner is not None else ():
        content = store.lying_under(name)
        if content is None or store.scanner is None:
            # it was cleared away since
            continue
        verdict = store.scanner.look(content)
        if verdict.finding is ScanFinding.AWAY:
            return Looked(clean, tuple(infected), verdict.said)
        marker = f"{name}.{ScanState.WAITING}"
        kept = store.lying_under(marker)
        by = msgspec.json.decode(kept, type=ScanStanding).by if kept else None
        now = ScanStanding(_state(verdict), by, verdict.said)
        store.put_under(f"{name}.{now.state}", msgspec.json.encode(now))
        store.shelf.drop(marker)
        clean += verdict.finding is ScanFinding.CLEAN
        infected.extend([verdict.said] if verdict.finding is ScanFinding.INFECTED else [])
    return Looked(clean, tuple(infected))


def _state(verdict: Verdict) -> str:
    states = {
        ScanFinding.CLEAN: ScanState.CLEAN,
        ScanFinding.INFECTED: ScanState.INFECTED,
        ScanFinding.AWAY: ScanState.WAITING,
    }
    return states[verdict.finding].value


def _write(store: Store, digest: str, one: ScanStanding) -> None:
    store.put(f"{digest}.{one.state}", msgspec.json.encode(one))
    if one.state == ScanState.CLEAN:
        store.drop(f"{digest}.{ScanState.WAITING}")
