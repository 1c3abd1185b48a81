"""Log-ins: signing in with name and passphrase, whose session a token is, when it ends, signing out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, bindparam, delete, exists, func, insert, or_, select, update

from engine.refusal import Invalid, Refusal
from huying.access.journal import noted, noted_failure
from huying.access.passphrase import check
from huying.access.rules import AccountRules
from huying.audit.record import AuditNote, note
from huying.database.tables import accounts, participants, passkeys, second_factors, sessions
from huying.database.tenure import serving
from huying.house.by import By
from huying.house.house import House

_RULES = AccountRules()
LASTS = _RULES.lasts
#: So long somebody has for the second factor.
_HALF_LASTS = timedelta(minutes=10)
#: That somebody is here is written no more often.
_SEEN_EVERY = timedelta(minutes=1)
#: With this begins the token of a program, which no browser keeps; without it the one of a browser, which no program shows.
PROGRAM = "hyt_"
#: By what a session was opened, beside a passphrase, a link or a provider: a code of an authenticator, a passkey.
CODE, PASSKEY = "code", "passkey"
Awaits = Literal["", "code", "enrolment"]
_s = sessions.c


class WrongLogin(Refusal):
    """Name or passphrase is wrong; which one is not said."""

    code = "wrong-login"

    def __init__(self) -> None:
        super().__init__("用户名或口令不对。", "The name or the passphrase is wrong.")


@dataclass(frozen=True, slots=True)
class ComingIn:
    """How somebody comes in: by what, with which browser, and what the office asks of them."""

    how: str = "passphrase"
    agent: str = ""
    rules: AccountRules = _RULES
    #: The second factor was shown already, to whomever the office trusts with that.
    vouched: bool = False
    #: A program comes in, by the API.
    program: bool = False


_ARRIVAL = ComingIn()


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def of_program(token: str) -> bool:
    """Whether a token is one of programs: it is good for the API alone, as that of a browser is for pages alone."""
    return token.startswith(PROGRAM)


def _new_token(program: bool) -> str:
    return (PROGRAM if program else "") + secrets.token_urlsafe(24)


def sign_in(house: House, login: str, passphrase: str, now: datetime, arrival: ComingIn = _ARRIVAL) -> str:
    """A new session's token; ``WrongLogin`` otherwise. It opens nothing yet where a second factor is asked for: ``awaited`` says so."""
    query = select(participants.c.id, participants.c.passphrase_hash).where(
        participants.c.login == login, participants.c.active
    )
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    checked = check(passphrase, (row.passphrase_hash or None) if row else None)
    if not checked.right or row is None:
        noted_failure(house.database.engine, "sign-in-refused", row.id if row else None, "passphrase")
        raise WrongLogin
    with house.database.writing() as connection:
        if checked.renewed:
            known = update(participants).where(participants.c.id == row.id)
            connection.execute(known.values(passphrase_hash=checked.renewed))
        return begin_session(connection, row.id, now, arrival)


def begin_session(connection: Connection, person: int, now: datetime, arrival: ComingIn = _ARRIVAL) -> str:
    """A new session's token, for somebody who has shown who they are. It is always a new one: none that somebody brought along is made good."""
    connection.execute(delete(sessions).where(_s.expires_at < now))
    token, awaits = _new_token(arrival.program), "" if arrival.vouched else _awaits(connection, person, arrival.rules)
    row: dict[str, Any] = {
        "token_hash": token_hash(token),
        "participant_id": person,
        "expires_at": now + (_HALF_LASTS if awaits else arrival.rules.lasts),
        "made_at": now,
        "seen_at": now,
        "agent": arrival.agent[:200],
        "how": arrival.how,
        "awaits": awaits,
        "served": connection.execute(select(_serves(person))).scalar_one(),
        # a passkey that has checked its owner is two factors at once
        "second_factor_at": now if arrival.how == PASSKEY else None,
    }
    connection.execute(insert(sessions), row)
    if not awaits:
        _came_in(connection, person, now, arrival.how)
    return token


def complete_session(
    connection: Connection, token: str, now: datetime, rules: AccountRules = _RULES, by: str = CODE
) -> str:
    """A whole session in place of one that awaited the second factor, which was shown ``by`` a code or a passkey; its token is a new one."""
    whole = _new_token(of_program(token))
    values = {"token_hash": token_hash(whole), "awaits": "", "second_factor_at": now, "seen_at": now}
    made = update(sessions).where(_s.token_hash == token_hash(token), _s.awaits != "", _s.expires_at > now)
    how = {"how": _s.how + f"+{by}"}
    row = connection.execute(
        made.values(**values, **how, expires_at=now + rules.lasts).returning(_s.participant_id, _s.how)
    ).one_or_none()
    if row is None:
        raise WrongLogin
    _came_in(connection, row.participant_id, now, row.how)
    return whole


def _came_in(connection: Connection, person: int, now: datetime, how: str) -> None:
    seen = update(accounts).where(accounts.c.participant_id == person).values(signed_in_at=now)
    if not connection.execute(seen).rowcount:
        connection.execute(insert(accounts), {"participant_id": person, "signed_in_at": now})
    noted(connection, "signed-in", person, how=how)


def _awaits(connection: Connection, person: int, rules: AccountRules) -> Awaits:
    if has_second_factor(connection, person):
        return "code"
    kind = connection.execute(select(participants.c.kind).where(participants.c.id == person)).scalar_one()
    return "enrolment" if kind in rules.second_factor_for else ""


def has_second_factor(connection: Connection, person: int) -> bool:
    """Whether somebody has set up a second factor: an authenticator, or a passkey."""
    codes = exists().where(second_factors.c.participant_id == person, second_factors.c.kind == "totp")
    keys = exists().where(passkeys.c.participant_id == person)
    return bool(connection.execute(select(or_(codes, keys))).scalar_one())


def participant_of(house: House, token: str, now: datetime, rules: AccountRules = _RULES) -> int | None:
    """Whose session this is; ``None`` when it is unknown or over, stood idle, awaits a second factor, or its person serves nowhere any more."""
    with house.database.reading() as connection:
        row = _found(connection, token, now)
    if row is None or row.awaits or (row.served and not row.serves):
        return None
    if row.seen_at is not None:
        if now - row.seen_at >= rules.idle_of(row.kind):
            return None
        if now - row.seen_at >= _SEEN_EVERY:
            with house.database.at_once() as connection:
                connection.execute(update(sessions).where(_s.token_hash == row.token_hash).values(seen_at=now))
    return int(row.participant_id)


def awaited(house: House, token: str, now: datetime) -> tuple[int, Awaits] | None:
    """Of whom a session awaits what before it opens anything; ``None`` for any other session."""
    with house.database.reading() as connection:
        row = _found(connection, token, now)
    return (row.participant_id, row.awaits) if row is not None and row.awaits else None


def _found(connection: Connection, token: str, now: datetime) -> Row[Any] | None:
    return connection.execute(_session(), {"token": token_hash(token), "now": now}).one_or_none()


@cache
def _session() -> Select[Any]:
    """Asked for every page of whoever is signed in."""
    return (
        select(sessions, participants.c.kind, _serves(_s.participant_id).label("serves"))
        .join(participants, participants.c.id == _s.participant_id)
        .where(_s.token_hash == bindparam("token"), _s.expires_at > bindparam("now", type_=_s.expires_at.type))
        .where(participants.c.active)
    )


def begun_at(connection: Connection, token: str) -> datetime | None:
    """When a log-in began; ``None`` if there is none of this token."""
    began: datetime | None = connection.execute(
        select(_s.made_at).where(_s.token_hash == token_hash(token))
    ).scalar_one_or_none()
    return began


def _serves(person: Any) -> Any:
    return exists().where(serving.c.participant_id == person)


def sign_out(house: House, token: str) -> None:
    """End a session."""
    with house.database.writing() as connection:
        gone = delete(sessions).where(_s.token_hash == token_hash(token)).returning(_s.participant_id)
        person = connection.execute(gone).scalar_one_or_none()
        if person is not None:
            noted(connection, "signed-out", person)


def end_sessions(connection: Connection, person: int, but: str | None = None) -> int:
    """End all sessions of somebody, but the one of this token; how many."""
    ended = delete(sessions).where(_s.participant_id == person, _s.token_hash != (token_hash(but) if but else ""))
    return connection.execute(ended).rowcount


def signed_in_now(house: House, now: datetime) -> int:
    """How many people have a session that is not over."""
    with house.database.reading() as connection:
        return _people(connection, now)


def sign_out_everybody(house: House, reason: str, by: By) -> int:
    """End all sessions of everybody, those of whoever does it too (ASVS 5.0, 7.4.5); of how many people. ``Invalid`` without a reason.

    Passphrases, second factors, keys of the API and links in messages stay as they are.
    """
    why = " ".join(reason.split())
    if not why:
        raise Invalid({"reason": {"zh": "请写明理由，审计日志里要留。", "en": "Say why: it stands in the audit log."}})
    with house.database.writing() as connection:
        people = _people(connection, by.now)
        connection.execute(delete(sessions))
        told = AuditNote(what="everybody-signed-out", by=by.person, reason=why, detail={"people": people}, at=by.now)
        note(connection, told)
    return people


def _people(connection: Connection, now: datetime) -> int:
    query = select(func.count(_s.participant_id.distinct())).where(_s.expires_at > now, _s.awaits == "")
    return int(connection.execute(query).scalar_one())
