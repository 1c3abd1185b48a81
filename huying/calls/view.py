"""Calls as an operator sees them: who rings now, what became of the last ones, who is to be called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, Select, or_, select, update

from engine.refusal import Unavailable
from huying.access.viewer import Viewer
from huying.audit.record import AuditNote, note
from huying.database.tables import calls, issues, participants
from huying.errors import NotFound
from huying.house.house import House

#: A call that rang so long ago, and of which nothing was heard since, rings no more.
_RINGS = timedelta(minutes=3)
#: So long somebody who talks is shown.
_TALKS = timedelta(hours=1)
#: So many are listed.
_MOST = 200
#: What an operator may say became of a call.
OUTCOMES = ("answered", "wrong", "called-back")


@dataclass(frozen=True, slots=True)
class ToldCall:
    """One call; ``recorded``: there is a recording elsewhere; ``missed``: somebody should call back."""

    id: int
    number: str
    agent: str
    at: datetime
    seconds: int | None
    outcome: str
    issue: str
    recorded: bool
    missed: bool
    ringing: bool


def ringing_for(house: House, person: int, now: datetime) -> tuple[ToldCall, ...]:
    """The calls that ring at somebody's desk, or that they answered and have not taken over yet."""
    mine = or_(calls.c.agent_id == person, calls.c.agent_id.is_(None))
    rings = calls.c.answered_at.is_(None) & (calls.c.rang_at > now - _RINGS)
    talks = (calls.c.answered_at > now - _TALKS) & (calls.c.agent_id == person)
    query = _query().where(mine, calls.c.ended_at.is_(None), calls.c.taken_by_id.is_(None), or_(rings, talks))
    with house.database.reading() as connection:
        return tuple(_line(row) for row in connection.execute(query.order_by(calls.c.id.desc()).limit(5)))


def last_calls(house: House, reader: Viewer, which: str) -> tuple[ToldCall, ...]:
    """The last calls, the newest first: all of the house for its office, one's own and those of nobody for others. ``which``: missed, or all."""
    query = _query()
    if not reader.office:
        query = query.where(or_(calls.c.agent_id == reader.participant_id, calls.c.agent_id.is_(None)))
    if which == "missed":
        query = query.where(calls.c.outcome == "abandoned")
    with house.database.reading() as connection:
        return tuple(_line(row) for row in connection.execute(query.order_by(calls.c.id.desc()).limit(_MOST)))


def call_of(house: House, call: int, person: int) -> ToldCall:
    """A call that somebody may see to: theirs, or of nobody yet; ``NotFound`` otherwise."""
    mine = or_(calls.c.agent_id == person, calls.c.taken_by_id == person, calls.c.agent_id.is_(None))
    with house.database.reading() as connection:
        row = connection.execute(_query().where(calls.c.id == call, mine)).one_or_none()
    if row is None:
        raise NotFound("没有这个来电。", "There is no such call.")
    return _line(row)


def take_over(house: House, call: int, person: int) -> ToldCall:
    """Somebody takes a caller over; ``Unavailable`` if somebody else did."""
    with house.database.writing() as connection:
        row = connection.execute(_query().where(calls.c.id == call)).one_or_none()
        if row is None:
            raise NotFound("没有这个来电。", "There is no such call.")
        if row.taken_by_id not in (None, person):
            raise Unavailable("这个来电已由同事接手。", "A colleague has taken this caller over.")
        connection.execute(update(calls).where(calls.c.id == call).values(taken_by_id=person))
    return _line(row)


def became(house: House, call: int, person: int, outcome: str, issue_id: int | None = None) -> None:
    """Say what became of a call: an issue, an answer, a wrong number, somebody was called back."""
    with house.database.writing() as connection:
        mine = or_(calls.c.taken_by_id.is_(None), calls.c.taken_by_id == person, calls.c.agent_id == person)
        new = {"outcome": outcome, "taken_by_id": person, **({"issue_id": issue_id} if issue_id else {})}
        connection.execute(update(calls).where(calls.c.id == call, calls.c.issue_id.is_(None), mine).values(**new))


def recording_of(house: House, call: int, person: int) -> str:
    """Where a recording lies, for somebody who may hear it; that they asked is kept. ``NotFound`` if there is none."""
    with house.database.writing() as connection:
        address: str | None = connection.execute(select(calls.c.recording).where(calls.c.id == call)).scalar()
        if not address:
            raise NotFound("这个来电没有录音。", "There is no recording of this call.")
        note(connection, AuditNote(what="recording-opened", object=f"call:{call}", by=person))
    return address


def _query() -> Select[tuple[object, ...]]:
    return (
        select(calls, participants.c.name.label("agent_name"), issues.c.number.label("issue_number"))
        .outerjoin(participants, participants.c.id == calls.c.agent_id)
        .outerjoin(issues, issues.c.id == calls.c.issue_id)
    )


def _line(row: Row[tuple[object, ...]]) -> ToldCall:
    said = row._mapping
    begun, ended = said["answered_at"] or said["rang_at"] or said["told_at"], said["ended_at"]
    return ToldCall(
        id=said["id"],
        number=said["number"] or "",
        agent=said["agent_name"] or said["agent"],
        at=said["rang_at"] or begun,
        seconds=max(0, int((ended - said["answered_at"]).total_seconds())) if ended and said["answered_at"] else None,
        outcome=said["outcome"] or "",
        issue=said["issue_number"] or "",
        recorded=bool(said["recording"]),
        missed=said["outcome"] == "abandoned",
        ringing=said["answered_at"] is None,
    )
