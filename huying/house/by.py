"""By whom something is done: who, when, by which request, and through what; it goes with every use case that changes something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

#: Through what: said of an issue that was merged into this one.
MERGED = "merged"
#: Through what: whoever shows an issue's number and code is its reporter there, whatever else that person may do in the house.
CODE = "code"
#: Through what: said with a link's mark behind it, of what was done by a link in a message, without a log-in.
LINK = "link:"
#: Through what: said with a key's id behind it, of what a machine did for the person.
KEY = "key:"
#: How a resident told it to somebody who noted it; the same ways on which a matter comes in when it is taken for them.
VOICES = ("phone", "counter", "visit", "reception", "mail")
#: Through what: a mail that answers one of ours.
MAILED = "mailed"


@dataclass(frozen=True, slots=True)
class By:
    """``person`` is ``None`` for the clock and for other systems; ``request_id`` makes a repeat harmless.

    ``via``: through what, if not through the portal; one of ``VOICES``: the person notes what the reporter said to them. ``late``: it should have
    happened long ago, and nobody is to be flooded with what it tells.
    """

    person: int | None
    now: datetime
    request_id: str | None = None
    via: str | None = None
    late: bool = False

    @property
    def alone(self) -> bool:
        """Whether they act for themself alone: neither for a department, nor as staff."""
        return self.via == CODE

    @property
    def by_link(self) -> bool:
        """Whether they came by a link in a message: what staff may do beside the rules, they do after a log-in."""
        return self.via is not None and self.via.startswith(LINK)

    @property
    def notes(self) -> bool:
        """Whether the person only notes what the reporter said to them."""
        return self.via in VOICES

    @property
    def somebody(self) -> int:
        """The person, where only persons do such a thing."""
        if self.person is None:
            raise ValueError("only a person does this, not the clock")
        return self.person

    @property
    def request_key(self) -> str | None:
        """The key that makes a repeated request harmless, apart for each actor."""
        return f"{self.person or 'open'}:{self.request_id}" if self.request_id else None

    def part(self, name: str) -> By:
        """The same, for one part of a request: a repeat of each is harmless by itself."""
        return replace(self, request_id=f"{self.request_id}{name}") if self.request_id else self
