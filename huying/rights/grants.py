"""Giving and ending grants: by whom, why, from when until when. What cannot be meant is refused in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Date, and_, insert, literal, or_, select, update

from definitions.text import Said
from engine.refusal import Invalid, Unavailable
from huying.audit.record import AuditNote, note
from huying.database.day import day_of, zone_of
from huying.database.tables import areas, grants, participants, stations
from huying.database.tenure import lasting
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.rights.action import ACTIONS
from huying.rights.entitlement import Grant, granted, grants_in
from huying.rights.four_eyes import rule_of
from huying.rights.refusal import Unentitled
from huying.rights.role import FOUNDING, ROLES, HouseRole
from huying.rights.scope import HOUSE, Scope

_LONGEST = 1000
#: Why the house itself granted something: kept as both languages in one line, which is what old houses hold, and said in the reader's.
_FOUNDED = Said("建立本系统时的管理员", "administrator from the beginning")
_UPGRADED = Said("升级时由“管理员”转来", "from the kind administrator")


@dataclass(frozen=True, slots=True)
class NewGrant:
    """What is to be granted to whom, from the day ``since`` to the day ``until``, both included; ``None``: until further notice."""

    person: int
    role: str
    scope: Scope
    since: date
    until: date | None
    reason: str


def give(
    connection: Connection, wish: NewGrant, now: datetime, made_by: int | None, approved_by: int | None = None
) -> int:
    """Write a grant; its id. ``Invalid`` says at which entry what cannot be: nobody of that name in service, dates backwards, twice the same."""
    errors = wrong_with(connection, wish, now)
    if errors:
        raise Invalid(errors)
    return _write(connection, wish, now, made_by, approved_by)


def give_grant(house: House, wish: NewGrant, by: By, approved_by: int | None = None) -> int:
    """Grant something, as somebody who may; its id. ``Unentitled`` for whoever may not give this, ``Invalid`` as ``give`` says."""
    with house.database.writing() as connection:
        may_give(connection, wish.role, wish.scope, by)
        if approved_by is None:
            _assure_one_is_enough(connection, wish.role)
        return give(connection, wish, by.now, by.somebody, approved_by)


def end_grant(house: House, number: int, reason: str, by: By) -> None:
    """End a grant, as somebody who could have given it."""
    with house.database.writing() as connection:
        found = end(connection, number, reason, by.now, by.somebody)
        may_give(connection, found.role, found.scope, by)
        _assure_one_is_enough(connection, found.role)


def takes_two(connection: Connection, role: str) -> bool:
    """Whether the office wants a second person for such a grant, to give it or to end it."""
    return role in ROLES and ROLES[role].guarded and rule_of(connection) != "off"


def _assure_one_is_enough(connection: Connection, role: str) -> None:
    if takes_two(connection, role):
        raise Unavailable(
            f"“{ROLES[role].title.zh}”的授予和收回须两人同意，请在“权限”页面提请。",
            f"To grant or end “{ROLES[role].title.en}” takes two here: propose it on the page of rights.",
        )


def granted_number(connection: Connection, number: int) -> Grant:
    """The grant of this number, whatever became of it; ``NotFound`` if there is none."""
    found = next(iter(grants_in(connection, connection.execute(granted(grants.c.id == number)))), None)
    if found is None:
        raise _no_such()
    return found


def holder_of(connection: Connection, number: int) -> int:
    """Who was granted it."""
    return int(connection.execute(select(grants.c.participant_id).where(grants.c.id == number)).scalar_one())


def may_give(connection: Connection, role: str, scope: Scope, by: By) -> None:
    """Whether somebody may give or end such a grant: a system administrator every one, a registrar what can be bounded; else ``Unentitled``."""
    if not can_give(_of(connection, by.somebody), role, scope, by.now):
        raise Unentitled("give grants")


def can_give(grants_held: Iterable[Grant], role: str, scope: Scope, now: datetime) -> bool:
    """Whether whoever holds these could give such a grant."""
    held = [grant for grant in grants_held if grant.holds(now) and grant.scope.holds(scope)]
    bounded = role not in ROLES or ROLES[role].bounded
    return any(grant.role == "system" or (grant.role == "registrar" and bounded) for grant in held)


def _line(said: Said) -> str:
    return f"{said.zh} {said.en}"


def reason_words(reason: str, language: str) -> str:
    """Why something was granted: what somebody wrote stays as it is, what the house says itself is said in one language."""
    own = {_line(said): said for said in (_FOUNDED, _UPGRADED)}
    return own[reason].of(language) if reason in own else reason


def found_house(connection: Connection, person: int, now: datetime) -> None:
    """Give the first administrator of a house what they need to let everybody else in; nothing twice."""
    held = {grant.role for grant in _of(connection, person) if grant.holds(now) and grant.scope.whole}
    for role in FOUNDING:
        if role not in held:
            _write(
                connection,
                NewGrant(person, role, HOUSE, day_of(now, connection), None, _line(_FOUNDED)),
                now,
                None,
                None,
            )


def wrong_with(connection: Connection, wish: NewGrant, now: datetime) -> dict[str, Mapping[str, str]]:
    """What is wrong with a grant before it is written, by entry."""
    errors: dict[str, Mapping[str, str]] = {}
    role = ROLES.get(wish.role)
    person = connection.execute(select(participants.c.active).where(participants.c.id == wish.person)).scalar()
    if person is None:
        errors["person"] = _say("没有这个人。", "There is no such person.")
    elif not person:
        errors["person"] = _say("账号已停用，不能授予权限；请先恢复账号。", "The account is disabled; enable it first.")
    if role is None:
        errors["role"] = _say("请选择一种权限。", "Please choose a role.")
    elif not wish.scope.whole and not role.bounded:
        errors["scope"] = _say(
            f"“{role.title.zh}”只能在全机构授予，请选“全机构”。",
            f"“{role.title.en}” can be granted for the whole house alone.",
        )
    elif not _is_there(connection, wish.scope):
        errors["scope"] = _say("没有这个站点或区域。", "There is no such station or area.")
    errors |= _wrong_dates(wish, day_of(now, connection))
    if not wish.reason.strip():
        errors["reason"] = _say("请写明理由，年度复核时要看。", "Please say why; it is read at the yearly review.")
    if role is not None and not errors:
        errors |= _clashes(_of(connection, wish.person), role, wish)
    return errors


def end(connection: Connection, number: int, reason: str, now: datetime, ended_by: int | None) -> Grant:
    """End a grant now, or withdraw one that has not begun; the grant as it was.

    ``NotFound`` if it is over already; ``Invalid`` without a reason, or where nobody would be left to hold a role that somebody must hold.
    """
    found = assure_ends(connection, number, reason, now)
    said = reason.strip()[:_LONGEST]
    values = {"ended_at": now, "ended_by_id": ended_by, "end_reason": said}
    connection.execute(update(grants).where(grants.c.id == number).values(**values))
    told = AuditNote(
        what="grant-ended",
        object=f"grant:{number}",
        about=holder_of(connection, number),
        by=ended_by,
        reason=said,
        detail={"role": found.role},
        at=now,
    )
    note(connection, told)
    return found


def assure_ends(connection: Connection, number: int, reason: str, now: datetime) -> Grant:
    """The grant, if it can be ended; else as ``end`` says."""
    found = granted_number(connection, number)
    if found.ended(now):
        raise _no_such()
    if not reason.strip():
        raise Invalid({"reason": _say("请写明收回的理由。", "Please say why it is ended.")})
    if ROLES[found.role].kept and found.scope.whole and not _others(connection, found, now):
        raise Invalid({"reason": _last(ROLES[found.role])})
    return found


def _no_such() -> NotFound:
    return NotFound("没有这项权限，或已经收回。", "There is no such grant, or it is over already.")


def holders(connection: Connection, action: str, now: datetime, but: Iterable[int] = ()) -> tuple[int, ...]:
    """Those in service who were granted something that brings an action along in the whole house; not those who have it by where they serve."""
    return _holding(connection, ACTIONS[action].roles, now, tuple(but))


def _holding(connection: Connection, roles: Iterable[str], now: datetime, but: tuple[int, ...]) -> tuple[int, ...]:
    query = (
        select(grants.c.participant_id)
        .join(participants, participants.c.id == grants.c.participant_id)
        .where(
            grants.c.role.in_(tuple(roles)),
            grants.c.area_id.is_(None),
            grants.c.station_id.is_(None),
            in_force(now, zone_of(connection)),
            participants.c.active,
            participants.c.id.not_in(but),
        )
    )
    return tuple(connection.execute(query.distinct().order_by(grants.c.participant_id)).scalars())


def last_of(connection: Connection, person: int, now: datetime) -> HouseRole | None:
    """The role that somebody must always hold, and that nobody would hold without this person; ``None`` if there is none."""
    of_house = (grant for grant in _of(connection, person) if grant.scope.whole and grant.holds(now))
    last = (ROLES[one.role] for one in of_house if ROLES[one.role].kept and not _others(connection, one, now, person))
    return next(last, None)


def in_force(now: datetime, zone: ZoneInfo) -> ColumnElement[bool]:
    """Whether a row is in force at a moment."""
    return and_(
        lasting(grants.c.since, grants.c.until, literal(now.astimezone(zone).date(), Date())),
        or_(grants.c.ended_at.is_(None), grants.c.ended_at > now),
    )


def _of(connection: Connection, person: int) -> tuple[Grant, ...]:
    return grants_in(connection, connection.execute(granted(grants.c.participant_id == person)))


def _others(connection: Connection, ending: Grant, now: datetime, but: int = 0) -> bool:
    """Whether somebody else in service holds the same role in the whole house, without an end."""
    query = (
        select(grants.c.id)
        .join(participants, participants.c.id == grants.c.participant_id)
        .where(
            grants.c.role == ending.role,
            grants.c.id != ending.id,
            grants.c.participant_id != but,
            grants.c.area_id.is_(None),
            grants.c.station_id.is_(None),
            in_force(now, zone_of(connection)),
            grants.c.until.is_(None),
            participants.c.active,
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def _write(connection: Connection, wish: NewGrant, now: datetime, made_by: int | None, approved_by: int | None) -> int:
    row: dict[str, Any] = {
        "participant_id": wish.person,
        "role": wish.role,
        "area_id": wish.scope.number if wish.scope.kind == "area" else None,
        "station_id": wish.scope.number if wish.scope.kind == "station" else None,
        "since": wish.since,
        "until": wish.until,
        "reason": wish.reason.strip()[:_LONGEST],
        "made_at": now,
        "made_by_id": made_by,
        "approved_by_id": approved_by,
    }
    number = int(connection.execute(insert(grants).returning(grants.c.id), row).scalar_one())
    told = AuditNote(
        what="grant-given",
        object=f"grant:{number}",
        about=wish.person,
        by=made_by,
        reason=wish.reason,
        detail={"role": wish.role, "scope": wish.scope.kind},
        at=now,
    )
    note(connection, told)
    return number


def _is_there(connection: Connection, scope: Scope) -> bool:
    if scope.whole:
        return True
    table = areas if scope.kind == "area" else stations
    return connection.execute(select(table.c.id).where(table.c.id == scope.number)).first() is not None


def _wrong_dates(wish: NewGrant, today: date) -> dict[str, Mapping[str, str]]:
    if wish.until is None:
        return {}
    if wish.until < wish.since:
        return {"until": _say("截止日期早于开始日期。", "It would end before it begins.")}
    if wish.until < today:
        return {"until": _say("截止日期已经过去。", "This day has passed.")}
    return {}


def _clashes(held: tuple[Grant, ...], role: HouseRole, wish: NewGrant) -> dict[str, Mapping[str, str]]:
    """What somebody holds already that does not go with it, while both would be in force."""
    for grant in held:
        if not _meet(grant, wish):
            continue
        if grant.role == role.key and grant.scope.holds(wish.scope):
            return {"role": _say("这个人在这一范围已有此权限。", "This person holds this role there already.")}
        if grant.role != role.key and (role.alone or ROLES[grant.role].alone):
            only = role if role.alone else ROLES[grant.role]
            return {
                "role": _say(
                    f"“{only.title.zh}”不能兼其他权限；请先收回原有权限，或另选他人。",
                    f"“{only.title.en}” goes with no other role; end the other one first, or choose somebody else.",
                )
            }
    return {}


def _meet(grant: Grant, wish: NewGrant) -> bool:
    """Whether a day lies in both."""
    before = grant.until is not None and grant.until < wish.since
    after = wish.until is not None and wish.until < grant.since
    return grant.ended_at is None and not (before or after)


def _last(role: HouseRole) -> Mapping[str, str]:
    return _say(
        f"这是最后一位“{role.title.zh}”，收回后没有人能再管理；请先把此权限长期授予另一人。",
        f"This is the last “{role.title.en}”: nobody could act after them. Grant the role to somebody else first, without an end.",
    )


def _say(zh: str, en: str) -> Mapping[str, str]:
    return {"zh": zh, "en": en}
