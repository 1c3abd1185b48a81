"""Joining two residents who are one person, and parting them again.

Nothing is moved: issues, addresses and consents stay whose they were, and are read together while the join holds. So parting gives back exactly
what was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, insert, or_, select, update

from engine.refusal import Invalid, Unavailable
from huying.audit.record import AuditNote, note
from huying.database.tables import participants, person_joins
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House

Confirmed = Literal["code", "officer"]
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class NewJoin:
    """Two residents, the one by whom they are known from now on first; how it is known, and why."""

    kept: int
    joined: int
    confirmed_by: Confirmed
    reason: str


def people_joined(connection: Connection, person: int, *, sure: bool = False) -> tuple[int, ...]:
    """Everybody who is one person with somebody, themself among them, by id. ``sure``: by their own code alone."""
    found, left = {person}, [person]
    c = person_joins.c
    holds = [c.parted_at.is_(None), *([c.confirmed_by == "code"] if sure else [])]
    while left:
        query = select(c.kept_id, c.joined_id).where(*holds, or_(c.kept_id.in_(left), c.joined_id.in_(left)))
        near = {one for pair in connection.execute(query) for one in pair}
        left = sorted(near - found)
        found |= near
    return tuple(sorted(found))


def join_people(house: House, wish: NewJoin, by: By) -> int:
    """Join two residents; the join's number. ``Invalid`` by field for what is wrong."""
    errors = dict(_wrong(wish))
    if errors:
        raise Invalid(errors)
    with house.database.writing() as connection:
        known = select(participants.c.id).where(
            participants.c.id.in_((wish.kept, wish.joined)),
            participants.c.kind == "citizen",
            participants.c.active,
            participants.c.erased_at.is_(None),
        )
        if len(connection.execute(known).all()) != 2:
            raise NotFound("没有这样的两位居民。", "There are no two such residents.")
        if wish.joined in people_joined(connection, wish.kept):
            raise Unavailable("这两位已经合并为一人。", "They are joined already.")
        kept, joined = _order(connection, wish)
        row = {
            "kept_id": kept,
            "joined_id": joined,
            "confirmed_by": wish.confirmed_by,
            "reason": wish.reason.strip(),
            "by_id": by.person,
            "joined_at": by.now,
            "part_reason": "",
        }
        number = int(connection.execute(insert(person_joins).returning(person_joins.c.id), row).scalar_one())
        detail = {"with": wish.joined, "confirmed": wish.confirmed_by}
        note(
            connection,
            AuditNote(what="people-joined", object=f"join:{number}", about=wish.kept, by=by.person, detail=detail),
        )
    return number


def _order(connection: Connection, wish: NewJoin) -> tuple[int, int]:
    """Who is kept, and who comes to them: whoever is joined into a third already cannot come to another."""
    c = person_joins.c
    query = select(c.joined_id).where(c.joined_id.in_((wish.kept, wish.joined)), c.parted_at.is_(None))
    bound = set(connection.execute(query).scalars())
    if len(bound) == 2:
        raise Unavailable(
            "两位都已并入别人，请先分开其中一位。", "Both are joined into others; part one of them first."
        )
    return (wish.joined, wish.kept) if wish.joined in bound else (wish.kept, wish.joined)


def part_people(house: House, number: int, reason: str, by: By) -> None:
    """Part them again; ``Invalid`` without a reason, ``NotFound`` if no such join holds."""
    if not reason.strip() or len(reason) > _LONGEST:
        raise Invalid({"reason": _REASON})
    c = person_joins.c
    with house.database.writing() as connection:
        row = connection.execute(select(c.kept_id).where(c.id == number, c.parted_at.is_(None))).one_or_none()
        if row is None:
            raise NotFound("没有这项合并，或已经分开。", "There is no such join, or it is over.")
        new = {"parted_at": by.now, "parted_by_id": by.person, "part_reason": reason.strip()}
        connection.execute(update(person_joins).where(c.id == number).values(**new))
        note(connection, AuditNote(what="people-parted", object=f"join:{number}", about=row.kept_id, by=by.person))


_REASON: Mapping[str, str] = {
    "zh": f"请写明理由，{_LONGEST} 字以内。",
    "en": f"Say why, in {_LONGEST} characters at most.",
}


def _wrong(wish: NewJoin) -> Mapping[str, Mapping[str, str]]:
    errors: dict[str, Mapping[str, str]] = {}
    if wish.kept == wish.joined:
        errors["other"] = {"zh": "这是同一条记录。", "en": "This is the same person already."}
    if not wish.reason.strip() or len(wish.reason) > _LONGEST:
        errors["reason"] = _REASON
    return errors
