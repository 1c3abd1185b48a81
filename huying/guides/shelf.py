"""Which guides there are, for whom, and where their files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from definitions.text import Said, spoken
from huying.access.viewer import Viewer
from huying.rights.role import FOUNDING

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "pictures"

Role = Literal["resident", "deputy", "clerk", "administrator", "operator", "developer"]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The guides for one role, the one to begin with first."""

    role: Role
    title: Said
    keys: tuple[str, ...]


SHELVES = (
    Shelf("resident", Said("居民", "Residents"), ("resident",)),
    Shelf(
        "deputy",
        Said("代表、联络员、承办单位", "Deputies, liaison officers, departments"),
        ("deputy", "messages", "deadlines"),
    ),
    Shelf(
        "clerk",
        Said("工作人员", "Staff"),
        ("clerk", "mail", "papers", "messages", "deadlines", "plans", "reports", "console"),
    ),
    Shelf(
        "administrator",
        Said("管理员", "Administrators"),
        (
            "administrator",
            "people",
            "messages",
            "senders",
            "moving-in",
            "tutorial",
            "how-to",
            "language",
            "expressions",
            "proof",
            "simulation",
            "practices",
            "ways-in",
            "mail",
            "semantics",
            "plans",
            "figures",
            "reports",
            "rights",
        ),
    ),
    Shelf(
        "operator",
        Said("运行维护", "Operators"),
        (
            "operations",
            "mail",
            "hardening",
            "evidence",
            "security",
            "threats",
            "moving-in",
            "commands",
            "settings",
            "scale-out",
            "scale",
            "faults",
        ),
    ),
    Shelf("developer", Said("开发", "Developers"), ("house",)),
)
KEYS = tuple(dict.fromkeys(key for shelf in SHELVES for key in shelf.keys))


def role_of(person: Viewer | None) -> Role:
    """For whom the guides of somebody are; who is not signed in reads as a resident."""
    if person is None or person.kind == "citizen":
        return "resident"
    if any(grant.role in FOUNDING for grant in person.entitlement.grants):
        return "administrator"
    return "clerk" if person.staff else "deputy"


def shelves_for(role: Role) -> tuple[Shelf, ...]:
    """All shelves, the role's own first."""
    return tuple(sorted(SHELVES, key=lambda shelf: shelf.role != role))


def file_of(key: str, language: str) -> Path | None:
    """The file of a guide in a language: its own, else the one for all languages, else the English one; ``None`` if there is none."""
    if key not in KEYS:
        return None
    places = (DOCS / spoken(language), DOCS / "reference", DOCS / "en")
    return next((path for place in places if (path := place / f"{key}.md").is_file()), None)
