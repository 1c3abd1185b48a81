"""Holds: what must not be erased, because of a law suit, an appeal or an audit, however old it is; by whom, why and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select, update

from definitions.model.reference import reference
from definitions.text import Said
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.tables import holds, issues, participants
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from huying.house.house import House

CAUSES: dict[str, Said] = {
    "suit": Said("诉讼、仲裁", "a law suit"),
    "appeal": Said("信访、复议", "an appeal"),
    "audit": Said("审计、巡察", "an audit"),
    "archive": Said("归档要求", "the archive asks for it"),
    "other": Said("其他", "another reason"),
}


@dataclass(frozen=True, slots=True)
class HoldWish:
    """What is to be held: the issue of this number, or with ``person`` all that its reporter has; ``until`` a day (ISO), or until it is lifted."""

    number: str
    cause: str
    reason: str
    until: str = ""
    person: bool = False


def standing(day: date) -> ColumnElement[bool]:
    """That a hold stands on a day."""
    return holds.c.lifted_at.is_(None) & (holds.c.until.is_(None) | (holds.c.until >= day))


def held(day: date) -> ColumnElement[bool]:
    """That an issue, or its reporter, is held on a day."""
    return exists().where(
        standing(day), or_(holds.c.issue_id == issues.c.id, holds.c.participant_id == issues.c.reporter_id)
    )


def is_held(connection: Connection, of: str, number: int, day: date) -> bool:
    """Whether this very issue or person is held on a day; a person also where an issue of theirs is."""
    if of == "issue":
        query = select(issues.c.id).where(issues.c.id == number, held(day))
    else:
        own = exists().where(
            standing(day),
            or_(
                holds.c.participant_id == participants.c.id,
                holds.c.issue_id.in_(select(issues.c.id).where(issues.c.reporter_id == participants.c.id)),
            ),
        )
        query = select(participants.c.id).where(participants.c.id == number, own)
    return connection.execute(query).first() is not None


def place_hold(house: House, wish: HoldWish, by: By) -> int:
    """Hold it from now on; the number of the hold. ``Invalid`` says what is wrong, ``NotFound`` that there is no such issue."""
    until = _checked(house, wish, by)
    with house.database.writing() as connection:
        query = select(issues.c.id, issues.c.reporter_id).where(issues.c.number == wish.number.strip())
        found = connection.execute(query).one_or_none()
        if found is None:
            raise Invalid({"number": {"zh": "没有这个编号的事项。", "en": "There is no issue of this number."}})
        row = {
            "issue_id": None if wish.person else found.id,
            "participant_id": found.reporter_id if wish.person else None,
            "cause": wish.cause,
            "reason": wish.reason.strip()[:1000],
            "until": until,
            "placed_at": by.now,
            "placed_by_id": by.somebody,
            "lifted_reason": "",
        }
        hold = int(connection.execute(insert(holds).returning(holds.c.id), row).scalar_one())
        _note(connection, hold, "placed", wish.reason, by)
        return hold


def lift_hold(house: House, number: int, reason: str, by: By) -> None:
    """Hold it no longer; whose time is over goes with the next proposal."""
    if not reason.strip():
        raise Invalid({"reason": {"zh": "请写明为什么解除。", "en": "Please say why it is lifted."}})
    with house.database.writing() as connection:
        if connection.execute(select(holds.c.id).where(holds.c.id == number)).first() is None:
            raise NotFound("没有这项保全。", "There is no such hold.")
        change = {"lifted_at": by.now, "lifted_by_id": by.somebody, "lifted_reason": reason.strip()[:1000]}
        changed = update(holds).where(holds.c.id == number, holds.c.lifted_at.is_(None)).values(**change)
        if not connection.execute(changed).rowcount:
            raise AlreadyDone("这项保全已经解除。", "This hold was lifted already.")
        _note(connection, number, "lifted", reason, by)


def _note(connection: Connection, number: int, became: str, reason: str, by: By) -> None:
    """A line of the audit log by which it is found from what is held: the issue's number, or the person."""
    held_one = select(holds.c.participant_id, issues.c.number).outerjoin(issues, issues.c.id == holds.c.issue_id)
    row = connection.execute(held_one.where(holds.c.id == number)).one()
    told = AuditNote(
        what="hold-changed",
        object=reference("issue", row.number) if row.number else f"hold:{number}",
        about=row.participant_id,
        by=by.somebody,
        reason=reason.strip(),
        detail={"decision": became},
        at=by.now,
    )
    note(connection, told)


def _checked(house: House, wish: HoldWish, by: By) -> date | None:
    errors = {}
    if wish.cause not in CAUSES:
        errors["cause"] = {"zh": "请选择原因。", "en": "Please choose a cause."}
    if not wish.reason.strip():
        errors["reason"] = {"zh": "请写明案号或依据。", "en": "Please give the case or the ground."}
    until = None
    if wish.until.strip():
        try:
            until = date.fromisoformat(wish.until.strip())
        except ValueError:
            errors["until"] = {"zh": "请填写日期。", "en": "Please enter a day."}
        else:
            if until < house.day_of(by.now):
                errors["until"] = {"zh": "这一天已经过去。", "en": "This day has passed."}
    if errors:
        raise Invalid(errors)
    return until
