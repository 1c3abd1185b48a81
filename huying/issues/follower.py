"""Whoever has the same matter follows the issue instead of reporting it again: with an account, or with the number and a code of their own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from definitions.forms.form import check
from definitions.model.reference import Reference, participant
from engine import Outcome
from engine.deadlines.deadline import reckon
from engine.event import Follow
from engine.refusal import Invalid
from huying.database.tables import involvements, issues
from huying.house.by import By
from huying.house.house import House
from huying.issues.decision import change
from huying.issues.opening import CODE_LETTERS
from huying.issues.record import no_issue, number_of, record
from huying.issues.reporter import CONTACT, NewReporter, register


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows which issue; ``code`` is theirs alone, and empty for whoever is signed in."""

    issue_id: int
    number: str
    participant_id: int
    code: str = ""


def follow_too(house: House, issue_id: int, who: int | NewReporter, *, request_id: str, now: datetime) -> Follower:
    """Follow an open issue that others may read; the same request twice is one follower. ``NotFound`` for any other issue."""
    _open_to_others(house, issue_id, now)
    if isinstance(who, int):
        change(house, issue_id, Follow(), By(who, now, request_id))
        return Follower(issue_id, number_of(house, issue_id), who)
    key = f"follow:{request_id}"
    earlier = _earlier(house, issue_id, key)
    if earlier is not None:
        return earlier
    said = check(CONTACT, who.entered, required=False, known=lambda _: False)
    wrong = {name: text for name, text in said.errors.items() if who.entered.get(name, "").strip()}
    if wrong:
        raise Invalid(wrong)
    with house.database.writing() as connection:
        person = register(connection, said.values, who.language, now)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))

    def also(connection: Connection, _: Outcome) -> None:
        theirs = involvements.c.issue_id == issue_id, involvements.c.party == participant(person)
        given = {"follow_code": code, "request_key": key}
        connection.execute(update(involvements).where(*theirs, involvements.c.kind == "follower").values(**given))

    change(house, issue_id, Follow(), By(person, now, request_id), also=also)
    return Follower(issue_id, number_of(house, issue_id), person, code)


def _open_to_others(house: House, issue_id: int, now: datetime) -> None:
    """Whether somebody who is about to report the same may read of this issue."""
    with house.database.reading() as connection:
        found = record(house, connection, issue_id, "zh")
    rule = found.definition.alike
    if rule is None or reckon(rule.within, found.opened_at, found.process.calendar).due_at <= now:
        raise no_issue()


def _earlier(house: House, issue_id: int, key: str) -> Follower | None:
    query = (
        select(involvements.c.party, involvements.c.follow_code, issues.c.number)
        .join(issues, issues.c.id == involvements.c.issue_id)
        .where(involvements.c.request_key == key, involvements.c.issue_id == issue_id)
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return Follower(issue_id, row.number, Reference.parse(row.party).number, row.follow_code) if row else None
