"""What people ask about the data that is held about them: each with a day by which it is answered or refused, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from definitions.text import Said
from engine.deadlines.calendar import working_day
from engine.refusal import Invalid
from huying.audit.record import AuditNote, note
from huying.database.tables import data_requests, issues
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from huying.house.house import House
from huying.privacy.copy import personal_copy

#: So long the office takes at most, by its own calendar.
WORKING_DAYS = 15
KINDS: dict[str, Said] = {
    "access": Said("查阅、复制", "a copy"),
    "correction": Said("更正", "a correction"),
    "erasure": Said("删除", "erasing"),
    "other": Said("其他", "something else"),
}
STATES: dict[str, Said] = {
    "open": Said("待答复", "to be answered"),
    "answered": Said("已答复", "answered"),
    "refused": Said("未同意", "refused"),
}


@dataclass(frozen=True, slots=True)
class RequestWish:
    """What somebody asks, in their words; ``issue``: by which of their issues they are known."""

    kind: str
    person: int
    said: str = ""
    issue: int | None = None


def ask(house: House, wish: RequestWish, by: By) -> int:
    """Note what somebody asks; its number. Whoever notes it for them stands in it."""
    if wish.kind not in KINDS:
        raise Invalid({"kind": {"zh": "请选择要办什么。", "en": "Please choose what is asked for."}})
    if wish.kind in ("correction", "other") and not wish.said.strip():
        raise Invalid({"said": {"zh": "请写明要更正什么。", "en": "Please say what is to be put right."}})
    calendar = house.calendars.in_force(house.offices.now().calendar)
    row = {
        "kind": wish.kind,
        "participant_id": wish.person,
        "issue_id": wish.issue,
        "said": wish.said.strip()[:5000],
        "made_at": by.now,
        "by_id": by.person if by.person != wish.person else None,
        "due_on": working_day(house.day_of(by.now), WORKING_DAYS, calendar),
        "state": "open",
        "answer": "",
    }
    with house.database.writing() as connection:
        return int(connection.execute(insert(data_requests).returning(data_requests.c.id), row).scalar_one())


def ask_for(house: House, number: str, kind: str, said: str, by: By) -> int:
    """The same for the reporter of an issue, who came to the counter or called."""
    with house.database.reading() as connection:
        query = select(issues.c.id, issues.c.reporter_id).where(issues.c.number == number.strip())
        found = connection.execute(query).one_or_none()
    if found is None:
        raise Invalid({"number": {"zh": "没有这个编号的事项。", "en": "There is no issue of this number."}})
    return ask(house, RequestWish(kind, found.reporter_id, said, found.id), by)


def answer(house: House, number: int, said: str, by: By, *, refused: bool = False) -> None:
    """Answer a request, or refuse it; both with words that whoever asked will read."""
    if not said.strip():
        raise Invalid({"answer": {"zh": "请写明答复或理由。", "en": "Please write the answer, or the reason."}})
    found(house, number)
    with house.database.writing() as connection:
        answer_in(connection, number, said, by, refused=refused)


def answer_in(connection: Connection, number: int, said: str, by: By, *, refused: bool = False) -> None:
    """The same in the transaction of what answers it; ``AlreadyDone`` if somebody has."""
    values = {
        "state": "refused" if refused else "answered",
        "answer": said.strip()[:5000],
        "answered_at": by.now,
        "answered_by_id": by.somebody,
    }
    changed = update(data_requests).where(data_requests.c.id == number, data_requests.c.state == "open")
    if not connection.execute(changed.values(**values)).rowcount:
        raise AlreadyDone("这件申请已经答复。", "This request was answered already.")


def found(house: House, number: int) -> Row[Any]:
    """A request; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        row = connection.execute(select(data_requests).where(data_requests.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这件申请。", "There is no such request.")
    return row


def handed_out(house: House, person: int, language: str, by: By, why: str) -> bytes:
    """The copy of all that is held about somebody, noted before it leaves the house; ``Invalid`` without a reason."""
    if not why.strip():
        raise Invalid({"why": {"zh": "请写明理由。", "en": "Please say why."}})
    made = personal_copy(house, person, language, by.now)
    with house.database.writing() as connection:
        told = AuditNote(what="data-handed-out", about=person, by=by.person, reason=why, at=by.now)
        note(connection, told)
    return made
