"""Requests as people read them: for the office all that wait and the last that were answered, for whoever asked their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, Select, select

from huying.database.tables import data_requests, issues, participants
from huying.errors import NotFound
from huying.house.house import House
from huying.privacy.requests import KINDS, STATES
from huying.words.moments import date_words

_LAST = 50


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request: what is asked, of whom (by the number of an issue, or by name), by when, and what came of it."""

    id: int
    kind: str
    key: str
    who: str
    person: int
    said: str
    made: str
    noted_by: str
    due: str
    late: bool
    state: str
    state_words: str
    answer: str
    answered: str


@dataclass(frozen=True, slots=True)
class RequestList:
    """Those that wait, the most urgent first, and the last ones that were answered."""

    open: tuple[RequestLine, ...]
    done: tuple[RequestLine, ...]


def request_list(house: House, language: str, now: datetime) -> RequestList:
    """All that wait, and the last others."""
    waiting = _asked.where(data_requests.c.state == "open").order_by(data_requests.c.due_on, data_requests.c.id)
    past = _asked.where(data_requests.c.state != "open").order_by(data_requests.c.id.desc()).limit(_LAST)
    return RequestList(_lines(house, waiting, language, now), _lines(house, past, language, now))


def request_line(house: House, number: int, language: str, now: datetime) -> RequestLine:
    """One of them; ``NotFound`` if there is none."""
    found = _lines(house, _asked.where(data_requests.c.id == number), language, now)
    if not found:
        raise NotFound("没有这件申请。", "There is no such request.")
    return found[0]


def own_requests(house: House, person: int, language: str, now: datetime) -> tuple[RequestLine, ...]:
    """What somebody has asked themself, the newest first."""
    mine = _asked.where(data_requests.c.participant_id == person).order_by(data_requests.c.id.desc())
    return _lines(house, mine, language, now)


_noting = participants.alias("noting")
_asked = (
    select(data_requests, participants.c.name, issues.c.number, _noting.c.name.label("noted_by"))
    .join(participants, participants.c.id == data_requests.c.participant_id)
    .join(issues, issues.c.id == data_requests.c.issue_id, isouter=True)
    .join(_noting, _noting.c.id == data_requests.c.by_id, isouter=True)
)


def _lines(house: House, query: Select[tuple[object, ...]], language: str, now: datetime) -> tuple[RequestLine, ...]:
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    today = house.day_of(now)
    return tuple(_line(row, house, today, language) for row in rows)


def _line(row: Row[tuple[object, ...]], house: House, today: date, language: str) -> RequestLine:
    return RequestLine(
        id=row.id,
        kind=KINDS[row.kind].of(language),
        key=row.kind,
        who=row.number or row.name,
        person=row.participant_id,
        said=row.said,
        made=date_words(house.day_of(row.made_at), language, today),
        noted_by=row.noted_by or "",
        due=date_words(row.due_on, language, today),
        late=row.state == "open" and row.due_on < today,
        state=row.state,
        state_words=STATES[row.state].of(language),
        answer=row.answer,
        answered=date_words(house.day_of(row.answered_at), language, today) if row.answered_at else "",
    )
