"""One-time links by which somebody sets their passphrase: the first administrator, whoever is invited, whoever has forgotten theirs.

A link is a random token of which only the hash is kept. A new one ends those before it, and so does its use, which is possible once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, insert, select, update

from engine.refusal import Refusal
from huying.access.journal import noted, noted_failure
from huying.access.sessions import token_hash
from huying.database.tables import credential_links, participants
from huying.errors import NotFound

Purpose = Literal["first-administrator", "invitation", "reset"]
How = Literal["command", "message", "slip"]

_LASTS = {"first-administrator": timedelta(hours=24), "invitation": timedelta(days=7), "reset": timedelta(hours=24)}
#: A message arrives at once, and stays in a mailbox; paper has to be carried to somebody.
_RESET_BY_MESSAGE = timedelta(hours=1)
_c = credential_links.c
_OPEN = (_c.used_at.is_(None), _c.ended_at.is_(None))


class LinkOver(Refusal):
    """A one-time link that was used, has expired, or was ended."""

    code = "link-over"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new link: its token, which is shown this once, for whom, what for, and until when."""

    token: str
    participant_id: int
    purpose: Purpose
    expires_at: datetime

    def address(self, portal_url: str) -> str:
        """The whole address that it opens."""
        return f"{portal_url}/{page_of(self.token)}"


@dataclass(frozen=True, slots=True)
class CredentialLink:
    """What a token opens: whose passphrase it sets, and why."""

    id: int
    participant_id: int
    name: str
    login: str
    language: str
    purpose: Purpose
    expires_at: datetime


def page_of(token: str) -> str:
    """The page that a token opens, within the portal."""
    return f"account/set/{token}"


def make_credential_link(
    connection: Connection, person: int, purpose: Purpose, how: How, *, by: int | None, now: datetime
) -> MadeLink:
    """A new link, in place of those before it."""
    _end(connection, person, now)
    made = _written(connection, person, purpose, how, by, now)
    noted(connection, "link-made", person, by, f"{purpose} {how}")
    return made


def link_in_message(connection: Connection, person: int, now: datetime) -> str | None:
    """A token for a message that leaves now, made like the link that was made for it; ``None`` when that is over.

    So no token waits in the database, and a message that is sent once more has a link of its own.
    """
    query = select(credential_links).where(
        _c.participant_id == person, _c.how == "message", *_OPEN, _c.expires_at > now
    )
    first = connection.execute(query.order_by(_c.id.desc()).limit(1)).one_or_none()
    if first is None:
        return None
    return _written(connection, person, first.purpose, "message", first.made_by_id, now).token


def _written(
    connection: Connection, person: int, purpose: Purpose, how: How, by: int | None, now: datetime
) -> MadeLink:
    token = secrets.token_urlsafe(24)
    lasts = _RESET_BY_MESSAGE if (purpose, how) == ("reset", "message") else _LASTS[purpose]
    row = {"token_hash": token_hash(token), "participant_id": person, "purpose": purpose, "how": how}
    connection.execute(insert(credential_links), {**row, "made_by_id": by, "made_at": now, "expires_at": now + lasts})
    return MadeLink(token, person, purpose, now + lasts)


def open_credential_link(connection: Connection, token: str, now: datetime) -> CredentialLink:
    """What a token opens; ``LinkOver`` says why it does not any more, ``NotFound`` that there is none."""
    people = participants.c
    query = (
        select(credential_links, people.name, people.login, people.language, people.active)
        .join(participants, people.id == _c.participant_id)
        .where(_c.token_hash == token_hash(token))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(
            "没有这个链接，可能没有复制全。请核对纸上或消息里的网址，或请管理员重新发一个。",
            "There is no such link; it may not have been copied whole. Compare the address, or ask an administrator for a new one.",
        )
    over = _over(row, now)
    if over is not None:
        noted_failure(connection.engine, "link-refused", row.participant_id, row.purpose)
        raise over
    return CredentialLink(
        row.id, row.participant_id, row.name, row.login or "", row.language, row.purpose, row.expires_at
    )


def _over(row: Row[Any], now: datetime) -> LinkOver | None:
    if row.used_at is not None:
        return LinkOver(
            "这个链接已经用过了，只能用一次。口令已设好的话请直接登录；不是您设的，请马上告诉管理员。",
            "This link was used already, and works once. Log in if you set your passphrase; if it was not you, tell an administrator now.",
        )
    if row.ended_at is not None:
        return LinkOver(
            "这个链接已经作废：后来发了新的，或被管理员收回。请用最新的那一个，或请管理员再发。",
            "This link was ended: a newer one was made, or an administrator took it back. Use the newest one, or ask for another.",
        )
    if row.expires_at <= now:
        return LinkOver(
            "这个链接已经过期。请管理员重新发一个。",
            "This link has expired. Please ask an administrator for a new one.",
        )
    if not row.active:
        return LinkOver("这个账号已停用，请联系管理员。", "This account is disabled; please ask an administrator.")
    return None


def use_credential_link(connection: Connection, link: CredentialLink, now: datetime) -> None:
    """Use it up; ``LinkOver`` if somebody was quicker. All other links of the person end."""
    used = update(credential_links).where(_c.id == link.id, *_OPEN, _c.expires_at > now).values(used_at=now)
    if not connection.execute(used).rowcount:
        open_again = select(credential_links, participants.c.active).join(
            participants, participants.c.id == _c.participant_id
        )
        row = connection.execute(open_again.where(_c.id == link.id)).one()
        raise _over(row, now) or LinkOver("这个链接已经失效。", "This link is over.")
    _end(connection, link.participant_id, now)
    noted(connection, "link-used", link.participant_id, how=link.purpose)


def end_credential_links(connection: Connection, person: int, now: datetime, by: int | None = None) -> int:
    """Take back all open links of somebody; how many there were."""
    ended = _end(connection, person, now)
    if ended:
        noted(connection, "link-ended", person, by)
    return ended


def _end(connection: Connection, person: int, now: datetime) -> int:
    ended = update(credential_links).where(_c.participant_id == person, *_OPEN).values(ended_at=now)
    return connection.execute(ended).rowcount
