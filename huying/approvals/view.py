"""Proposals as people read them: those that are open, and what became of the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from definitions.text import Said, words
from huying.approvals.kinds import KINDS
from huying.approvals.proposals import may_decide
from huying.database.tables import participants, proposals
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.rights.four_eyes import FourEyesRule, rule_of
from huying.words.moments import moment_words

_LAST = 50


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal: what, by whom and when, how it stands.

    ``hinder`` says why whoever looks may not approve it, ``failure`` why it was not carried out.
    """

    id: int
    kind: str
    about: str
    by: str
    at: str
    reason: str
    state: str
    decided_by: str
    decided_at: str
    said: str
    failure: str
    diff: str
    digest: str
    mine: bool
    hinder: str


@dataclass(frozen=True, slots=True)
class ProposalList:
    """The open ones, the last decided ones, and the rule that holds."""

    open: tuple[ProposalLine, ...]
    decided: tuple[ProposalLine, ...]
    rule: FourEyesRule


def proposal_list(house: House, by: By, language: str) -> ProposalList:
    """All that are open, and the last that are not."""
    with house.database.reading() as connection:
        waiting = connection.execute(
            select(proposals).where(proposals.c.state == "open").order_by(proposals.c.id)
        ).all()
        done = select(proposals).where(proposals.c.state != "open").order_by(proposals.c.id.desc()).limit(_LAST)
        past = connection.execute(done).all()
        names = _Names(house, connection, language, by)
        return ProposalList(
            tuple(names.line(row) for row in waiting), tuple(names.line(row) for row in past), rule_of(connection)
        )


def proposal_view(house: House, number: int, by: By, language: str) -> ProposalLine:
    """One of them; ``NotFound`` if there is none."""
    with house.database.reading() as connection:
        row = connection.execute(select(proposals).where(proposals.c.id == number)).one_or_none()
        if row is None:
            raise NotFound("没有这项提请。", "There is no such proposal.")
        return _Names(house, connection, language, by).line(row)


class _Names:
    """What the lines need to be put into words."""

    def __init__(self, house: House, connection: Any, language: str, by: By) -> None:
        self._connection, self._language, self._by = connection, language, by
        self._zone = house.zone
        self._people = {row[0]: row[1] for row in connection.execute(select(participants.c.id, participants.c.name))}

    def line(self, row: Row[Any]) -> ProposalLine:
        """A proposal in words."""
        hinder = may_decide(self._connection, row, self._by) if row.state == "open" else None
        return ProposalLine(
            id=row.id,
            kind=KINDS[row.kind].title.of(self._language),
            about=row.about,
            by=self._proposer(row),
            at=self._moment(row.proposed_at),
            reason=row.reason,
            state=row.state,
            decided_by=self._people.get(row.decided_by_id, "") or (self._proposer(row) if row.state == "alone" else ""),
            decided_at=self._moment(row.decided_at) if row.decided_at else "",
            said=row.said,
            failure=words(row.failure, self._language) if row.failure else "",
            diff=row.diff,
            digest=row.digest[:12],
            mine=row.proposed_by_id == self._by.person,
            hinder=words(hinder.message, self._language) if hinder else "",
        )

    def _proposer(self, row: Row[Any]) -> str:
        """Who asked for it; what was asked for at the command line says so."""
        if not row.hand:
            return str(self._people.get(row.proposed_by_id, "?"))
        name = self._people.get(row.proposed_by_id)
        if name is None:
            return Said(f"服务器上（{row.hand}）", f"at the server ({row.hand})").of(self._language)
        return Said(f"{name}（在服务器上以此名义提请）", f"{name} (proposed at the server in this name)").of(
            self._language
        )

    def _moment(self, at: datetime) -> str:
        return moment_words(at, self._zone, self._language)
