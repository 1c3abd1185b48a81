"""What somebody looks for in the audit log: by person, happening, object and time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, or_, select

from huying.audit.kind import KINDS, SUBJECTS
from huying.database.tables import audit, participants

_c = audit.c


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """``person``: part of a name, or a user name whole: who did it, or whom it was done to. ``what``: a key, or the Chinese title of a subject.

    ``object``: how it begins after its kind, such as the number of an issue. ``until`` is a whole day. ``address`` is compared whole.
    """

    person: str = ""
    what: str = ""
    object: str = ""
    address: str = ""
    since: date | None = None
    until: date | None = None
    outcome: str = ""


def conditions(query: AuditQuery, zone: ZoneInfo) -> Iterator[ColumnElement[bool]]:
    """What the rows that are looked for have in common."""
    if query.person:
        named = _people(query.person)
        yield or_(_c.by_id.in_(named), _c.about_id.in_(named), _c.on_behalf_id.in_(named))
    if query.what:
        yield _c.what.in_(keys_of(query.what))
    if query.object:
        said = query.object.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
        yield or_(_c.object.like(f"{said}%", escape="\\"), _c.object.like(f"%:{said}%", escape="\\"))
    if query.address:
        yield _c.address == query.address
    if query.outcome:
        yield _c.outcome == query.outcome
    if query.since:
        yield _c.at >= _beginning(query.since, zone)
    if query.until:
        yield _c.at < _beginning(query.until + timedelta(days=1), zone)


def keys_of(what: str) -> tuple[str, ...]:
    """The keys that are meant: one, or all of a subject; none that is unknown."""
    for subject, kinds in SUBJECTS:
        if what == subject.zh:
            return tuple(one.key for one in kinds)
    return (what,) if what in KINDS else ()


def _people(said: str) -> Select[tuple[int]]:
    p = participants.c
    return select(p.id).where(or_(p.login == said, p.name.contains(said, autoescape=True)))


def _beginning(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
