"""Accounts as those see them who care for them: who was invited, who has come in, who is shut out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import exists, func, or_, select

from definitions.text import Said
from huying.database.tables import accounts, addresses, credential_links, participants, passkeys, second_factors
from huying.house.house import House

State = Literal["never", "invited", "lapsed", "in", "off"]
#: In the order in which they need somebody's hand.
STATES: Mapping[State, Said] = {
    "never": Said("未邀请", "Not invited"),
    "invited": Said("已邀请，未登录", "Invited"),
    "lapsed": Said("邀请已过期", "Lapsed"),
    "in": Said("已开通", "Come in"),
    "off": Said("已停用", "Disabled"),
}
KINDS: Mapping[str, Said] = {
    "administrator": Said("管理员", "Administrator"),
    "staff": Said("工作人员", "Staff"),
    "deputy": Said("代表", "Deputy"),
    "liaison": Said("联络员", "Liaison officer"),
    "handler": Said("部门经办", "Department"),
    "department": Said("部门经办", "Department"),
    "citizen": Said("居民", "Resident"),
}
PAGE = 100


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One person with a user name: ``until`` is when their open link ends, ``seen`` when they came in last, ``second_factor`` whether they
    show one."""

    id: int
    name: str
    login: str
    kind: Said
    state: State
    has_mail: bool
    second_factor: bool
    until: datetime | None
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class AccountList:
    """One page of the lines that were asked for, how many there are, and how many of each state."""

    lines: tuple[AccountLine, ...]
    found: int
    counts: Mapping[str, int]
    page: int

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        return self.page * PAGE < self.found


def account_list(
    house: House,
    now: datetime,
    state: str = "",
    sought: str = "",
    page: int = 1,
    among: Collection[int] | None = None,
) -> AccountList:
    """The accounts, narrowed to a state and to names or logins that hold what is sought, ``among`` some people alone unless it is ``None``."""
    wanted = sought.strip().casefold()
    theirs = [one for one in _lines(house, now) if among is None or one.id in among]
    every = [one for one in theirs if wanted in one.name.casefold() or wanted in one.login]
    shown = [one for one in every if not state or one.state == state]
    order = list(STATES)
    shown.sort(key=lambda one: (order.index(one.state), one.id))
    first = (max(page, 1) - 1) * PAGE
    return AccountList(
        tuple(shown[first : first + PAGE]), len(shown), Counter(one.state for one in every), max(page, 1)
    )


def not_come_in(house: House, now: datetime, logins: Collection[str]) -> tuple[AccountLine, ...]:
    """Of these people those in service who have never come in, whoever has no open link first."""
    wanted = set(logins)
    found = [one for one in _lines(house, now) if one.login in wanted and one.state in ("never", "lapsed", "invited")]
    return tuple(sorted(found, key=lambda one: (one.state == "invited", one.id)))


def _lines(house: House, now: datetime) -> list[AccountLine]:
    c, links = participants.c, credential_links.c
    newest = (
        select(links.participant_id, func.max(links.expires_at).label("until"))
        .where(links.used_at.is_(None), links.ended_at.is_(None))
        .group_by(links.participant_id)
        .subquery()
    )
    mail = exists().where(addresses.c.participant_id == c.id, addresses.c.channel == "mail")
    codes = exists().where(second_factors.c.participant_id == c.id, second_factors.c.kind == "totp")
    factor = or_(codes, exists().where(passkeys.c.participant_id == c.id))
    query = (
        select(c.id, c.name, c.login, c.kind, c.active, c.passphrase_hash.is_not(None).label("set"), mail.label("mail"))
        .add_columns(newest.c.until, accounts.c.signed_in_at, factor.label("factor"))
        .outerjoin(newest, newest.c.participant_id == c.id)
        .outerjoin(accounts, accounts.c.participant_id == c.id)
        .where(c.login.is_not(None))
        .order_by(c.id)
    )
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        AccountLine(
            id=row.id,
            name=row.name,
            login=row.login,
            kind=KINDS.get(row.kind, Said(row.kind, row.kind)),
            state=_state(active=row.active, came_in=row.set, until=row.until, now=now),
            has_mail=bool(row.mail),
            second_factor=bool(row.factor),
            until=row.until if row.until and row.until > now else None,
            seen=row.signed_in_at,
        )
        for row in rows
    ]


def _state(*, active: bool, came_in: bool, until: datetime | None, now: datetime) -> State:
    if not active:
        return "off"
    if came_in:
        return "in"
    if until is None:
        return "never"
    return "invited" if until > now else "lapsed"
