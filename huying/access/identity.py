"""Who somebody is elsewhere: what a provider calls them, bound to their account here by themself, and by nobody and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from engine.refusal import Refusal
from huying.access.journal import noted
from huying.database.tables import identities, participants


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of OpenID Connect as the office has registered at it; ``name`` is what people call it."""

    issuer: str
    client_id: str
    secret: str
    name: str
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as a provider knows them: only both together say who it is. Names and addresses may be given to others."""

    issuer: str
    subject: str


class Unbound(Refusal):
    """A provider knows somebody whom nobody here has said to be."""

    code = "unbound"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"“{name}”认得您，但这里还没有账号和它绑定。有账号的，请先用口令登录，在“我的账号”里绑定；没有账号的，请找管理员邀请。",
            f"“{name}” knows you, but no account here is bound to it. If you have one, log in with your passphrase and bind it on your account "
            "page; if not, ask an administrator to invite you.",
        )


def person_of_identity(connection: Connection, identity: Identity) -> int | None:
    """Whose account it opens, of those in service; ``None`` if none."""
    c = identities.c
    query = (
        select(c.participant_id)
        .join(participants, participants.c.id == c.participant_id)
        .where(c.issuer == identity.issuer, c.subject == identity.subject, participants.c.active)
    )
    return connection.execute(query).scalar_one_or_none()


def bind(connection: Connection, person: int, identity: Identity, now: datetime) -> None:
    """Bind it to somebody's account, in place of the one before; refused if it is another person's."""
    c = identities.c
    query = select(c.participant_id).where(c.issuer == identity.issuer, c.subject == identity.subject)
    owner = connection.execute(query).scalar_one_or_none()
    if owner is not None and owner != person:
        raise Refusal(
            "这个身份已经和另一个账号绑定。", "This identity is bound to the account of somebody else already."
        )
    unbind(connection, person, quiet=True)
    row = {"issuer": identity.issuer, "subject": identity.subject, "participant_id": person, "bound_at": now}
    connection.execute(insert(identities), row)
    noted(connection, "provider-bound", person)


def unbind(connection: Connection, person: int, *, quiet: bool = False) -> None:
    """Let no provider sign somebody in any more."""
    gone = connection.execute(delete(identities).where(identities.c.participant_id == person)).rowcount
    if gone and not quiet:
        noted(connection, "provider-unbound", person)


def bound_at(connection: Connection, person: int) -> datetime | None:
    """Since when somebody's account is bound."""
    query = select(identities.c.bound_at).where(identities.c.participant_id == person)
    return connection.execute(query).scalar_one_or_none()
