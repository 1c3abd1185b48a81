"""Events: what can happen to an issue that is open. Who does it and when is passed beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Act:
    """A person takes an action on a work item, with the answers of its form as entered."""

    item: int
    action: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """One of several candidates takes a work item for themself."""

    item: int


@dataclass(frozen=True, slots=True)
class Release:
    """The owner gives a work item back to all its candidates."""

    item: int


@dataclass(frozen=True, slots=True)
class Fire:
    """The moment of a timer has come."""

    timer: int


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark; ``public`` ones are seen by the reporter too."""

    text: str
    public: bool = False


@dataclass(frozen=True, slots=True)
class Attach:
    """A file was added; its content lies outside of the kernel."""

    name: str
    media_type: str
    size: int
    digest: str
    public: bool = True


Event = Act | Claim | Release | Fire | Comment | Attach
Kind = Literal["open", "act", "claim", "release", "fire", "comment", "attach"]

KINDS: Mapping[type, Kind] = {
    Act: "act",
    Claim: "claim",
    Release: "release",
    Fire: "fire",
    Comment: "comment",
    Attach: "attach",
}
