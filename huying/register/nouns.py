"""What stands in a register, one line each, known by codes and logins and never by numbers of rows: the same nouns for every notation.

The fields in which a line is known (``KEYS``) come first. ``None`` is: not written. Days are both included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import NamedTuple

import msgspec

from engine.noun import Noun

#: The nine things that a station has to have, until an office says otherwise in its code lists.
NINE_HAVES: Mapping[str, tuple[str, str]] = {
    "place": ("有场所", "A place"),
    "sign": ("有牌子", "A sign"),
    "equipment": ("有设备", "Equipment"),
    "staff": ("有人员", "Staff"),
    "rules": ("有制度", "Rules"),
    "plan": ("有计划", "A plan"),
    "activities": ("有活动", "Activities"),
    "ledger": ("有台账", "A ledger"),
    "archive": ("有档案", "An archive"),
}


class RegisterLine(Noun, frozen=True, tag_field="of", tag=str.lower):
    """A line of the register; written down, it says which kind it is of."""


class ListedCode(RegisterLine, frozen=True):
    """One entry of a code list such as ``industries``."""

    list: str
    code: str
    name_zh: str
    name_en: str | None = None
    position: int | None = None
    active: bool = True


class Area(RegisterLine, frozen=True):
    """An area; ``parent`` is the code of the one above."""

    code: str
    name_zh: str
    level: str
    name_en: str | None = None
    parent: str | None = None
    since: date | None = None
    until: date | None = None


class Organisation(RegisterLine, frozen=True):
    """A department, or the office that looks after the whole house."""

    code: str
    name_zh: str
    kind: str
    name_en: str | None = None
    area: str | None = None
    calendar: str | None = None
    competences: tuple[str, ...] = ()
    active: bool = True


class Station(RegisterLine, frozen=True):
    """A contact room or station; ``parent`` is the station to which a point belongs, ``successor`` carries on what a closed one had."""

    code: str
    name_zh: str
    kind: str
    area: str
    name_en: str | None = None
    parent: str | None = None
    industry: str | None = None
    address: str | None = None
    phone: str | None = None
    calendar: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    opened: date | None = None
    closed: date | None = None
    successor: str | None = None
    active: bool = True


class Have(RegisterLine, frozen=True):
    """Whether a station has one of the things that it should, by what it is seen, who looked (a login), and how long that counts."""

    station: str
    have: str
    has: bool
    evidence: str | None = None
    confirmed_by: str | None = None
    since: date | None = None
    until: date | None = None


class Person(RegisterLine, frozen=True):
    """Somebody with a login; ``speaks`` names languages beside their own."""

    login: str
    name: str
    kind: str
    phone: str | None = None
    mail: str | None = None
    language: str = "zh"
    speaks: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    competences: tuple[str, ...] = ()
    profession: str | None = None
    unit: str | None = None
    active: bool = True


class Mandate(RegisterLine, frozen=True):
    """A deputy's term in the congress of a level."""

    login: str
    level: str
    since: date
    until: date
    delegation: str | None = None
    constituency: str | None = None


class Membership(RegisterLine, frozen=True):
    """Somebody serves at a station or in an organisation (``place``: its code) in a function."""

    login: str
    place: str
    function: str
    since: date | None = None
    until: date | None = None
    level: str | None = None
    sub_area: str | None = None


class WeeklyDuty(RegisterLine, frozen=True):
    """The rota: on duty at a station on a weekday such as ``monday``."""

    station: str
    weekday: str
    login: str
    starts_at: time | None = None
    ends_at: time | None = None
    first_day: date | None = None
    last_day: date | None = None


class DatedDuty(RegisterLine, frozen=True):
    """On duty at a station on one day; it wins over the rota."""

    station: str
    day: date
    login: str
    starts_at: time | None = None
    ends_at: time | None = None


class Absence(RegisterLine, frozen=True):
    """Somebody is away, and who stands in."""

    login: str
    since: date
    until: date | None = None
    substitute: str | None = None


class RoleGrant(RegisterLine, frozen=True):
    """Somebody is granted a role: in an area with all below it, at a station, or (neither) in the whole house."""

    login: str
    role: str
    area: str | None = None
    station: str | None = None
    since: date | None = None
    until: date | None = None
    why: str | None = None


RegisterNoun = (
    ListedCode
    | Area
    | Organisation
    | Station
    | Have
    | Person
    | Mandate
    | Membership
    | WeeklyDuty
    | DatedDuty
    | Absence
    | RoleGrant
)
#: In the order in which they refer to each other; the name of each kind, and the fields by which a line is known.
KINDS: Mapping[str, type[RegisterNoun]] = {
    "codes": ListedCode,
    "areas": Area,
    "organisations": Organisation,
    "people": Person,
    "mandates": Mandate,
    "stations": Station,
    "haves": Have,
    "memberships": Membership,
    "rota": WeeklyDuty,
    "duty": DatedDuty,
    "absences": Absence,
    "grants": RoleGrant,
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "codes": ("list", "code"),
    "areas": ("code",),
    "organisations": ("code",),
    "people": ("login",),
    "mandates": ("login", "level", "since"),
    "stations": ("code",),
    "haves": ("station", "have"),
    "memberships": ("login", "place", "function", "since"),
    "rota": ("station", "weekday", "login"),
    "duty": ("station", "day", "login", "starts_at"),
    "absences": ("login", "since"),
    "grants": ("login", "role", "area", "station", "since"),
}


class LineKey(NamedTuple):
    """By what a line is known among those of its kind."""

    kind: str
    parts: tuple[object, ...]


def known_by(kind: str, line: RegisterNoun) -> LineKey:
    """The key of a line."""
    return LineKey(kind, tuple(getattr(line, field) for field in KEYS[kind]))


def key_bytes(kind: str, line: RegisterNoun) -> bytes:
    """The same key, shorter: for those who remember the keys of a whole register."""
    return _ENCODER.encode([getattr(line, field) for field in KEYS[kind]])


_ENCODER = msgspec.msgpack.Encoder()
#: All lines of a register by kind; a kind that nobody wrote about is missing.
Lines = Mapping[str, Sequence[RegisterNoun]]
