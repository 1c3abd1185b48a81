"""Links in messages: a random token opens one person's task or issue, for a time, without a log-in.

A link lives as long as what it is for: at least ``LASTS``, and beyond that until the task is done, or the issue closed, and a week more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, insert, or_, select

from huying.access.sessions import token_hash
from huying.database.tables import action_links, issues, participants, work_items
from huying.errors import NotFound
from huying.house.house import House

LASTS = timedelta(days=60)
#: So long a link still shows what became of a task or issue that ended late.
AFTERWARDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ActionLink:
    """What a token opens: a task of this person, or (``item`` is ``None``) the issue as this person sees it."""

    participant_id: int
    issue_id: int
    item: int | None


def make_link(connection: Connection, participant_id: int, issue_id: int, item: int | None, now: datetime) -> str:
    """A new token; only its hash is kept."""
    token = secrets.token_urlsafe(24)
    row = {"token_hash": token_hash(token), "participant_id": participant_id, "issue_id": issue_id, "item": item}
    connection.execute(insert(action_links), {**row, "expires_at": now + LASTS})
    return token


def lives(now: datetime) -> ColumnElement[bool]:
    """Whether a link still opens something."""
    links, of_issue = action_links.c, issues.c.id == action_links.c.issue_id
    task = exists().where(
        work_items.c.issue_id == links.issue_id,
        work_items.c.number == links.item,
        or_(work_items.c.status == "open", work_items.c.ended_at > now - AFTERWARDS),
    )
    issue = exists().where(of_issue, or_(issues.c.status == "open", issues.c.closed_at > now - AFTERWARDS))
    return or_(links.expires_at > now, links.item.is_not(None) & task, links.item.is_(None) & issue)


def open_link(house: House, token: str, now: datetime) -> ActionLink:
    """What the token opens; ``NotFound`` when it is unknown or has expired."""
    columns = (action_links.c.participant_id, action_links.c.issue_id, action_links.c.item)
    query = (
        select(*columns)
        .join(participants)
        .where(action_links.c.token_hash == token_hash(token), lives(now), participants.c.active)
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            "这个链接无效或已过期。请登录办理，或用事项编号和查询码查看。",
            "This link is unknown or has expired. Please log in, or follow the issue by its number and code.",
        )
    return ActionLink(*row)
