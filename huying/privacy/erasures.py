"""Erasures in batches: proposed (monthly, or on somebody's request), approved, carried out one issue at a time by whoever comes by.

Each part is erased in a transaction of its own that also says so: whoever is killed leaves it whole or erased, and the next one goes on. What is held
by then, or was taken up again, is kept, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, func, insert, select, update

from definitions.text import Said
from engine.refusal import Unavailable
from huying.database.connections import Writing
from huying.database.tables import erasure_parts, erasures, issues, participants
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from huying.house.house import House
from huying.privacy.due import due_issues, still_due
from huying.privacy.erased_list import ErasedList, ErasedThing
from huying.privacy.erasure import erase_issue, erase_person, hinders
from huying.privacy.holds import is_held
from huying.privacy.rules import PERSONAL

ISSUE, PERSON = "issue", "participant"
STATES: dict[str, Said] = {
    "proposed": Said("待批准", "to be approved"),
    "approved": Said("正在删除", "being erased"),
    "done": Said("已删除", "erased"),
    "dropped": Said("未批准", "not approved"),
}
#: Why something was kept all the same.
WHYS: dict[str, Said] = {
    "held": Said("保全中", "held"),
    "not due": Said("未到期，或已重办", "not due, or taken up again"),
    "open": Said("还有在办事项", "an issue is open"),
    "serves": Said("本机构工作人员或代表", "serves here"),
    "gone": Said("已不存在", "not there any more"),
}
_BATCH = 500


def propose_due(house: House, by: By) -> int | None:
    """Propose to erase all whose time is over and that nothing holds; the number of the erasure, ``None`` if nobody is due."""
    with house.database.at_one_moment() as connection:
        under_way = _under_way(connection)
        due = [
            ErasedThing(ISSUE, one.id, one.what)
            for one in due_issues(house, connection, by.now)
            if not one.held and one.id not in under_way
        ]
    return _proposed(house, "retention", "", due, by) if due else None


def propose_for(house: House, person: int, reason: str, by: By) -> int:
    """Propose to erase somebody on their request, with all that they reported. ``Unavailable`` for whoever serves here, or waits for an answer."""
    with house.database.reading() as connection:
        hindered = hinders(connection, person)
        if hindered:
            why = WHYS[hindered]
            raise Unavailable(f"现在不能删除：{why.zh}。", f"This cannot be erased now: {why.en}.")
        own = select(issues.c.id).where(issues.c.reporter_id == person, issues.c.erased.is_(None))
        numbers = list(connection.execute(own).scalars())
    parts = [*(ErasedThing(ISSUE, number, PERSONAL) for number in numbers), ErasedThing(PERSON, person, PERSONAL)]
    return _proposed(house, "request", reason, parts, by)


def approving(house: House, number: int, names: str, now: datetime) -> Writing:
    """Have an erasure carried out, in the transaction of whoever approves it; ``names`` are those who did."""

    def write(connection: Connection) -> None:
        _assure_proposed(connection, number)
        values = {"state": "approved", "approved_at": now, "approved_by": names[:300]}
        connection.execute(update(erasures).where(erasures.c.id == number).values(**values))

    return write


def drop(house: House, number: int, by: By) -> None:
    """Let it be: nothing of it is erased."""
    with house.database.writing() as connection:
        _assure_proposed(connection, number)
        ended = {"state": "dropped", "ended_at": by.now}
        connection.execute(update(erasures).where(erasures.c.id == number).values(**ended))


def waiting(house: House) -> int:
    """How much was approved and is still to be erased."""
    query = select(func.count()).select_from(erasure_parts).join(erasures, erasures.c.id == erasure_parts.c.erasure_id)
    with house.database.reading() as connection:
        parts = query.where(erasures.c.state == "approved", erasure_parts.c.state == "waiting")
        return int(connection.execute(parts).scalar_one())


@dataclass(frozen=True, slots=True)
class ErasedPortion:
    """What became of a portion: of so many parts, so many are erased; the others are kept."""

    taken: int
    erased: int


def carry_on(house: House, listed: ErasedList | None, now: datetime, portion: int = 20) -> ErasedPortion:
    """Erase a portion of what was approved; harmless to several at once, and to whoever is killed."""
    query = (
        select(erasure_parts, erasures.c.cause)
        .join(erasures, erasures.c.id == erasure_parts.c.erasure_id)
        .where(erasures.c.state == "approved", erasure_parts.c.state == "waiting")
        .order_by(erasure_parts.c.erasure_id, erasure_parts.c.of, erasure_parts.c.number)
        .limit(portion)
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    erased = 0
    for row in rows:
        part = ErasedThing(row.of, row.number, row.what)
        with house.database.writing() as connection:
            mine = (erasure_parts.c.erasure_id == row.erasure_id, erasure_parts.c.of == row.of)
            own = update(erasure_parts).where(*mine, erasure_parts.c.number == row.number)
            # only one of several who come by at once finds it waiting
            if not connection.execute(own.where(erasure_parts.c.state == "waiting").values(state="done")).rowcount:
                continue
            why = _kept(house, connection, part, row.cause, now)
            if why:
                connection.execute(own.values(state="kept", why=why, done_at=now))
                continue
            if listed is not None:
                listed.add([part], now)
            _erase(house, connection, part, now)
            connection.execute(own.values(done_at=now))
            erased += 1
    _end(house, now)
    return ErasedPortion(len(rows), erased)


def erase_again(house: House, listed: ErasedList, now: datetime) -> int:
    """Erase what the list names and the house still has, because it was restored from an older backup; how much. A hold goes before it."""
    done = 0
    for part in listed.read():
        with house.database.writing() as connection:
            if _stands(connection, part) and not is_held(connection, part.of, part.number, house.day_of(now)):
                _erase(house, connection, part, now)
                done += 1
    return done


def _erase(house: House, connection: Connection, part: ErasedThing, now: datetime) -> None:
    if part.of == ISSUE:
        erase_issue(house, connection, part.number, part.what, now)
    else:
        erase_person(connection, part.number, now)


def _stands(connection: Connection, part: ErasedThing) -> bool:
    """Whether something that the list names is there, and not erased."""
    if part.of == PERSON:
        own = (participants.c.id == part.number, participants.c.erased_at.is_(None))
        return connection.execute(select(participants.c.id).where(*own)).first() is not None
    row = connection.execute(select(issues.c.erased).where(issues.c.id == part.number)).one_or_none()
    return row is not None and row.erased not in (part.what, "file")


def _kept(house: House, connection: Connection, part: ErasedThing, cause: str, now: datetime) -> str:
    """Why a part is kept; empty: nothing keeps it."""
    if not _stands(connection, part):
        return "gone"
    if is_held(connection, part.of, part.number, house.day_of(now)):
        return "held"
    if part.of == PERSON:
        return hinders(connection, part.number)
    if cause == "retention":
        # by the rules of today, whatever they were when it was proposed
        return "" if still_due(house, connection, part.number, now) else "not due"
    status = connection.execute(select(issues.c.status).where(issues.c.id == part.number)).scalar_one()
    return "open" if status == "open" else ""


def _proposed(house: House, cause: str, reason: str, parts: list[ErasedThing], by: By) -> int:
    row = {"cause": cause, "state": "proposed", "reason": reason.strip()[:1000], "approved_by": ""}
    with house.database.writing() as connection:
        made = insert(erasures).returning(erasures.c.id)
        number = int(connection.execute(made, {**row, "proposed_at": by.now, "proposed_by_id": by.person}).scalar_one())
        rows = [{**one._asdict(), "erasure_id": number, "state": "waiting", "why": ""} for one in parts]
        for begin in range(0, len(rows), _BATCH):
            connection.execute(insert(erasure_parts), rows[begin : begin + _BATCH])
    return number


def _under_way(connection: Connection) -> set[int]:
    """Issues that stand in an erasure which is not over."""
    query = (
        select(erasure_parts.c.number)
        .join(erasures, erasures.c.id == erasure_parts.c.erasure_id)
        .where(erasures.c.state.in_(("proposed", "approved")), erasure_parts.c.of == ISSUE)
    )
    return set(connection.execute(query.where(erasure_parts.c.state == "waiting")).scalars())


def _assure_proposed(connection: Connection, number: int) -> None:
    row = connection.execute(select(erasures.c.state).where(erasures.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这一批。", "There is no such erasure.")
    if row.state != "proposed":
        raise AlreadyDone("这一批已经有结果了。", "This was decided already.")


def _end(house: House, now: datetime) -> None:
    """What has nothing left to be erased is done."""
    left = exists().where(erasure_parts.c.erasure_id == erasures.c.id, erasure_parts.c.state == "waiting")
    with house.database.writing() as connection:
        over = update(erasures).where(erasures.c.state == "approved", ~left)
        connection.execute(over.values(state="done", ended_at=now))
