"""What of an issue's history becomes lines of files: pure, and the same however often it is asked.

Of one matter each kind stands once for each person: an issue that was merged into another belongs to that one's matter, what was undone by
reopening does not stand, and a process may have registered what a rule would find again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from definitions.files.chapters import FileRules, Occasion
from definitions.model.reference import Reference, refers_to

#: Signs of the changes that rules look for, as they stand in what is kept: other rows of a history are not read at all.
SIGNS = ('"made-answerable"', '"role-given"', '"closed"', '"reopened"', '"organisation:')


class _Seen(msgspec.Struct, gc=False):
    """What is looked at of a change, whatever it is; of its words nothing is read."""

    kind: str = ""
    role: str = ""
    party: Any = None
    parties: tuple[str, ...] = ()
    rung: str | None = None
    item: Any = None
    resolution: str = ""
    by: Any = None
    behalf: str | None = None


_seen = msgspec.json.Decoder(list[_Seen]).decode


class KeptEvent(NamedTuple):
    """A row of a history, as it is kept."""

    sequence: int
    at: datetime
    changes: str


class RegisteredEntry(NamedTuple):
    """What a process registered: the row, whose, of which kind, by which event."""

    id: int
    participant_id: int
    kind: str
    at: datetime
    sequence: int
    points: float | None


class FileLine(NamedTuple):
    """A line of a file; the row of ``file_line`` but for its day, which the office's zone says."""

    key: str
    participant_id: int
    at: datetime
    kind: str
    rule: str | None
    issue_id: int
    sequence: int
    entry_id: int | None
    points: float | None


@dataclass(slots=True)
class IssueCourse:
    """An issue as files see it: whether it is closed, what its resolutions count as, its history, and what was registered of it."""

    issue_id: int
    closed: bool
    classes: Mapping[str, str]
    told: list[KeptEvent] = field(default_factory=list)
    registered: list[RegisteredEntry] = field(default_factory=list)


@dataclass(slots=True)
class _Relay:
    """Who holds what while a history is read, and since when it stands."""

    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rungs: dict[str, str] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    answerable: str | None = None
    reopened: int = 0

    @property
    def at_work(self) -> Iterator[str]:
        """Whoever answers for it, and whoever holds a rung of a ladder now."""
        if self.answerable:
            yield self.answerable
        for role in self.rungs:
            yield from self.roles.get(role, ())

    @property
    def credited(self) -> Iterator[str]:
        """Each link of the relay, and whoever answers for it."""
        yield from self.links
        if self.answerable and self.answerable not in self.links:
            yield self.answerable

    def given(self, change: _Seen) -> Iterator[str]:
        """Note who holds a role; those who handed it up, if it was."""
        before, rung = self.roles.get(change.role, ()), self.rungs.get(change.role)
        self.roles[change.role] = change.parties
        if change.rung is None:
            return
        self.rungs[change.role] = change.rung
        self.links.update(dict.fromkeys((*before, *change.parties)))
        if rung is not None and rung != change.rung:
            yield from before


class Occurrence(NamedTuple):
    """An occasion: when, which, whose."""

    told: KeptEvent
    occasion: Occasion
    parties: tuple[str, ...]
    resolution: str = ""


def lines_of(matter: Sequence[IssueCourse], rules: FileRules) -> Iterator[FileLine]:
    """The lines of one matter: of an issue and of those that were merged into it, the one that goes on first."""
    best: dict[tuple[int, str], tuple[int, FileLine]] = {}
    for place, course in enumerate(matter):
        for rank, line in _of_course(course, rules):
            mine = (line.participant_id, line.kind)
            # of the issue that goes on, as a process registered it, as it came last
            worth = rank - 4 * place
            if mine not in best or worth >= best[mine][0]:
                best[mine] = (worth, line)
    for _, line in best.values():
        yield line


def _of_course(course: IssueCourse, rules: FileRules) -> Iterator[tuple[int, FileLine]]:
    """The lines of an issue, with what they are worth beside others of their kind: what was registered is worth more than what a rule found."""
    relay = _Relay()
    found: dict[Occasion, list[Occurrence]] = {}
    for one in _occasions(course.told, relay):
        found.setdefault(one.occasion, []).append(one)
    for name, rule in rules.issues.items():
        keep = found.get(rule.when, [])
        if rule.when == "closed":
            keep = [one for one in keep[-1:] if _counts(one, rule.as_, course, relay)]
        known: set[int] = set()
        for one in keep:
            for person in _people(one.parties):
                if person not in known:
                    known.add(person)
                    at = (one.told.at, rule.kind, name, course.issue_id, one.told.sequence)
                    yield 0, FileLine(f"{course.issue_id}/{name}/{person}", person, *at, None, None)
    for entry in course.registered:
        kind = rules.kinds.get(entry.kind)
        if kind is not None and kind.undone and (not course.closed or entry.sequence < relay.reopened):
            continue
        of = (entry.at, entry.kind, None, course.issue_id, entry.sequence, entry.id, entry.points)
        yield 1, FileLine(f"entry/{entry.id}", entry.participant_id, *of)


def _counts(one: Occurrence, classes: Sequence[str], course: IssueCourse, relay: _Relay) -> bool:
    if not course.closed or one.told.sequence < relay.reopened:
        return False
    return not classes or course.classes.get(one.resolution, one.resolution) in classes


def _occasions(told: Iterable[KeptEvent], relay: _Relay) -> Iterator[Occurrence]:
    for row in told:
        done_by: tuple[str, ...] = ()
        asked = False
        for change in _seen(row.changes):
            match change.kind:
                case "made-answerable":
                    relay.answerable = str(change.party)
                    yield Occurrence(row, "made answerable", (relay.answerable,))
                case "role-given":
                    if before := tuple(relay.given(change)):
                        yield Occurrence(row, "handed up", before)
                case "item-done":
                    done_by = (change.behalf or str(change.by),)
                case "item-opened":
                    asked = asked or _of_department(change.item)
                case "reopened":
                    relay.reopened = row.sequence
                case "closed":
                    yield Occurrence(row, "closed", tuple(relay.credited), change.resolution)
        if asked and not set(done_by).isdisjoint(relay.at_work):
            yield Occurrence(row, "departments asked", done_by)


def _of_department(item: Any) -> bool:
    """Whether a task is a department's; a mere question to one is none."""
    if not isinstance(item, dict) or item.get("kind", "task") != "task":
        return False
    return any(refers_to(party, "organisation") for party in item.get("candidates", ()))


def _people(parties: Iterable[str]) -> Iterator[int]:
    for party in parties:
        if (person := _person(party)) is not None:
            yield person


@lru_cache(10_000)
def _person(party: str) -> int | None:
    return Reference.parse(party).number if refers_to(party, "participant") else None
