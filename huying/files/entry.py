"""Entries of a file as people read them, and what is written in one by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from definitions.text import Said
from engine.noun import Noun

#: ``draft``: entered and not confirmed; ``corrected``: another line stands in its place; ``objected``: it counts until the objection is answered.
EntryState = Literal["draft", "confirmed", "corrected", "objected"]
Source = Literal["issue", "process", "hand"]
What = Literal[
    "entered", "confirmed", "returned", "taken back", "corrected", "objected", "answered", "closed", "amended"
]


@dataclass(frozen=True, slots=True)
class FilePeriod:
    """From a day to a day, both in it, as the office counts days."""

    first: date
    last: date

    @classmethod
    def of_year(cls, year: int) -> FilePeriod:
        """A whole year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def years(self) -> range:
        """The years that it touches."""
        return range(self.first.year, self.last.year + 1)


class EntryMatter(Noun, frozen=True, kw_only=True):
    """What somebody writes of an entry: ``day`` is ISO, ``kind`` and ``part`` are keys of the rules, ``paper`` the page of a paper book."""

    kind: str
    day: str
    title: str
    place: str = ""
    organiser: str = ""
    part: str = ""
    half_days: float | None = None
    result: str = ""
    paper: str = ""


class KeptLine(Noun, frozen=True, kw_only=True):
    """A line as it stood when its year was closed; ``pattern`` is its title by language, in which ``{subject}`` stands for the issue's."""

    key: str
    day: str
    kind: str
    rule: str | None = None
    issue_id: int | None = None
    sequence: int | None = None
    entry_id: int | None = None
    points: float | None = None
    pattern: dict[str, str] | None = None


class DeedWords(Noun, frozen=True, kw_only=True):
    """What a deed to a file says: the matter, a reason, the lines that a closed year keeps; ``accepted``: an objection was granted."""

    matter: EntryMatter | None = None
    reason: str = ""
    lines: tuple[KeptLine, ...] = ()
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class EntryRemark:
    """A deed about an entry: what, when, by whom, and why."""

    deed_id: int
    what: What
    at: datetime
    by: int
    reason: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One line of a file, whatever it comes from.

    ``key`` is the same however often the file is made. ``points`` are those that a process registered. ``instead`` is the key of the line that
    this one corrects; ``amended``: it was written after its year was closed. ``evidence`` are references of kept files.
    """

    key: str
    participant_id: int
    day: date
    kind: str
    chapter: str
    title: Said
    source: Source
    state: EntryState
    points: float | None = None
    half_days: float | None = None
    part: str = ""
    place: str = ""
    organiser: str = ""
    result: str = ""
    paper: str = ""
    issue_id: int | None = None
    number: str | None = None
    sequence: int | None = None
    evidence: tuple[str, ...] = ()
    entered_by: int | None = None
    confirmed_by: int | None = None
    instead: str | None = None
    amended: bool = False
    remarks: tuple[EntryRemark, ...] = ()

    @property
    def year(self) -> int:
        """The year in whose file it stands."""
        return self.day.year

    @property
    def counts(self) -> bool:
        """Whether it stands: confirmed, or objected to and not answered yet."""
        return self.state in ("confirmed", "objected")

    @property
    def returned(self) -> bool:
        """Whether it was sent back to whoever entered it."""
        return self.state == "draft" and bool(self.remarks) and self.remarks[-1].what == "returned"
