"""Links in messages: a random token opens one person's task, or the page on which an issue is followed, without a log-in.

A link lives as long as what it is for, and dies with it: a task's when the task is done, taken over or handed on, an issue's some days after it was
closed; none outlives ``MOST``. Its owner can list their links and end them, and setting a passphrase ends them all.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, insert, or_, select, update

from engine.refusal import Refusal
from huying.access.parties import actor
from huying.access.sessions import token_hash
from huying.database.tables import action_links, addresses, candidates, issues, participants, work_items
from huying.errors import NotFound
from huying.house.house import House

#: So long an issue's link shows what became of it, whenever that was; so a resident finds the answer again.
LASTS = timedelta(days=60)
#: So long a link still says that its task is over.
AFTERWARDS = timedelta(days=7)
#: No link is older.
MOST = timedelta(days=366)
#: How often it is noted that a link was opened.
_NOTED = timedelta(hours=1)
_LISTED = 200


class LinkSpent(Refusal):
    """What the link was for is done, or no longer its owner's."""

    code = "gone"

    def __init__(self) -> None:
        super().__init__(
            "这项任务已经办完或已由别人办理，这个链接随之失效。要看事项或做别的，请登录。",
            "This task is done, or others do it now, and the link has ended with it. Please log in to see the issue or do anything else.",
        )


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What a token opens: a task of this person, or (``item`` is ``None``) the issue as this person sees it.

    ``mark``: by which histories name it. ``over``: the task is done, or no longer theirs, and nothing else is shown or done.
    """

    participant_id: int
    issue_id: int
    item: int | None
    mark: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One of somebody's links that still open something: its ``key``, which opens nothing, what it is for, and when it was made and last opened."""

    key: str
    number: str
    item: int | None
    made_at: datetime | None
    opened_at: datetime | None


def make_link(connection: Connection, participant_id: int, issue_id: int, item: int | None, now: datetime) -> str:
    """A new token; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    row = {"token_hash": token_hash(token), "participant_id": participant_id, "issue_id": issue_id, "item": item}
    connection.execute(
        insert(action_links), {**row, "issued_at": now, "expires_at": now + (LASTS if item is None else MOST)}
    )
    return token


def lives(now: datetime) -> ColumnElement[bool]:
    """Whether a link still opens something, if only the word that its task is over."""
    # under another name: who asks may be reading issues already
    links, of = action_links.c, issues.alias("link_issue").c
    task = exists().where(
        work_items.c.issue_id == links.issue_id,
        work_items.c.number == links.item,
        or_(work_items.c.status == "open", work_items.c.ended_at > now - AFTERWARDS),
    )
    issue = exists().where(of.id == links.issue_id, or_(of.status == "open", of.closed_at > now - AFTERWARDS))
    young = or_(links.issued_at.is_(None), links.issued_at > now - MOST)
    return and_(
        links.ended_at.is_(None),
        young,
        or_(
            and_(links.item.is_not(None), task),
            and_(links.item.is_(None), or_(links.expires_at > now, issue)),
        ),
    )


def open_link(house: House, token: str, now: datetime) -> ActionLink:
    """What the token opens; ``NotFound`` when it is unknown, was ended, or what it was for is long over."""
    query = (
        select(action_links)
        .join(participants)
        .where(action_links.c.token_hash == token_hash(token), lives(now), participants.c.active)
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
        theirs = row is not None and (row.item is None or _is_theirs(connection, row))
        reports = row is not None and not theirs and _reports(connection, row.participant_id, row.issue_id)
    if row is None:
        raise NotFound(
            "这个链接无效或已过期。请登录办理，或用事项编号和查询码查看。",
            "This link is unknown or has expired. Please log in, or follow the issue by its number and code.",
        )
    if row.opened_at is None or row.opened_at < now - _NOTED:
        with house.database.at_once() as connection:
            opened = update(action_links).where(action_links.c.token_hash == row.token_hash)
            connection.execute(opened.values(opened_at=now))
    # whoever reported it has answered what was asked, and goes on following
    item = None if reports else row.item
    return ActionLink(row.participant_id, row.issue_id, item, row.token_hash[:8], over=not (theirs or reports))


def links_of(house: House, person: int, now: datetime) -> list[LinkLine]:
    """Somebody's links that still open something, the newest first."""
    links = action_links.c
    query = (
        select(links.token_hash, issues.c.number, links.item, links.issued_at, links.opened_at)
        .join(issues, issues.c.id == links.issue_id)
        .where(links.participant_id == person, lives(now))
        .order_by(links.issued_at.desc(), links.token_hash)
        .limit(_LISTED)
    )
    with house.database.reading() as connection:
        return [LinkLine(row[0][:16], *row[1:]) for row in connection.execute(query)]


def end_links(connection: Connection, person: int, now: datetime, key: str = "") -> int:
    """End somebody's links, or the one of this key; how many."""
    theirs = update(action_links).where(action_links.c.participant_id == person, action_links.c.ended_at.is_(None))
    if key:
        theirs = theirs.where(action_links.c.token_hash.startswith(key, autoescape=True))
    return connection.execute(theirs.values(ended_at=now)).rowcount


def confirm_addresses(connection: Connection, person: int, now: datetime) -> None:
    """Somebody acted by a link: they have read the message, so the address is theirs. To open it is not enough: scanners of mail do that too."""
    named = update(addresses).where(addresses.c.participant_id == person, addresses.c.state == "unconfirmed")
    connection.execute(named.values(state="usable", confirmed_at=now))


def _is_theirs(connection: Connection, row: Row[Any]) -> bool:
    """Whether the task is open, and among those of the link's person: not taken by somebody else, nor handed on."""
    parties = actor(connection, row.participant_id).parties
    mine = exists().where(
        candidates.c.issue_id == work_items.c.issue_id,
        candidates.c.item == work_items.c.number,
        candidates.c.party.in_(parties),
    )
    query = select(work_items.c.number).where(
        work_items.c.issue_id == row.issue_id,
        work_items.c.number == row.item,
        work_items.c.status == "open",
        or_(work_items.c.owner_id == row.participant_id, and_(work_items.c.owner_id.is_(None), mine)),
    )
    return connection.execute(query).first() is not None


def _reports(connection: Connection, person: int, issue_id: int) -> bool:
    query = select(issues.c.id).where(issues.c.id == issue_id, issues.c.reporter_id == person)
    return connection.execute(query).first() is not None
