"""What a timeline is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.event import Attach


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was written: under which title (may be empty), and what."""

    title: str
    text: str
    long: bool = False


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file of an issue; ``sequence`` names it in the issue, ``size`` is in bytes."""

    sequence: int
    name: str
    media_type: str
    size: int
    public: bool

    @classmethod
    def of(cls, sequence: int, event: Attach) -> AttachedFile:
        """The file that an event added."""
        return cls(sequence, event.name, event.media_type, event.size, event.public)

    @property
    def picture(self) -> bool:
        """Whether a browser can show it as a picture."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One entry of a timeline: when (``day`` and ``hour`` for a column of their own), who, what, what was written, and what followed from it."""

    sequence: int
    at: datetime
    when: str
    kind: str
    who: str
    what: str
    notes: tuple[Note, ...]
    follows: tuple[str, ...]
    attachment: AttachedFile | None = None
    day: str = ""
    hour: str = ""
