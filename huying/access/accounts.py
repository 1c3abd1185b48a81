"""Accounts: the first administrator, setting a passphrase by a one-time link, disabling; and who may care for the accounts of others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from definitions.forms.address import digits
from engine.refusal import Invalid, Refusal
from huying.access.api_keys import end_keys_of
from huying.access.credential_links import (
    CredentialLink,
    How,
    MadeLink,
    Purpose,
    end_credential_links,
    make_credential_link,
    open_credential_link,
    use_credential_link,
)
from huying.access.journal import noted, noted_failure
from huying.access.links import end_links
from huying.access.passphrase import check, hash_passphrase
from huying.access.policy import PassphraseRules, fault_of
from huying.access.rules import AccountRules
from huying.access.sessions import ComingIn, begin_session, end_sessions, has_second_factor
from huying.database.tables import accounts, memberships, organisations, participants, stations
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.rights.account_bounds import assure_cares_for
from huying.rights.grants import found_house, holders, last_of

#: The administrator of a new house, until they say otherwise.
ADMINISTRATOR, LOGIN = "管理员", "admin"
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


class AccountRefusal(Refusal):
    """Something cannot be done with this account."""

    code = "account"


def first_administrator(house: House, now: datetime, name: str = ADMINISTRATOR, login: str = LOGIN) -> MadeLink:
    """The administrator of a house that nobody administers yet, and the link by which they come in.

    Harmless to repeat until somebody has used the link; ``AccountRefusal`` afterwards, and for a login that somebody has.
    """
    wrong = login_fault(login)
    if wrong:
        raise Invalid({"login": wrong})
    with house.database.writing() as connection:
        c, known = participants.c, holders(connection, "invite people", now)
        if connection.execute(select(c.id).where(c.id.in_(known), c.passphrase_hash.is_not(None))).first():
            raise AccountRefusal(
                "这里已经有管理员了。忘了口令：huying person reset 用户名。",
                "There is an administrator already. A forgotten passphrase: huying person reset LOGIN.",
            )
        person = min(known) if known else _new_administrator(connection, name, login, now)
        return make_credential_link(connection, person, "first-administrator", "command", by=None, now=now)


def _new_administrator(connection: Connection, name: str, login: str, now: datetime) -> int:
    _free(connection, login)
    row = {"name": name, "login": login, "kind": "administrator", "language": "zh", "active": True, "created_at": now}
    key = connection.execute(insert(participants), row).inserted_primary_key
    assert key is not None
    found_house(connection, int(key[0]), now)
    return int(key[0])


def _free(connection: Connection, login: str, but: int | None = None) -> None:
    owner = connection.execute(select(participants.c.id).where(participants.c.login == login)).scalar_one_or_none()
    if owner is not None and owner != but:
        raise Invalid({"login": {"zh": "这个用户名已经有人用了。", "en": "Somebody has this user name already."}})


def login_fault(login: str) -> dict[str, str] | None:
    """What is wrong with a user name; ``None`` if nothing is."""
    if _LOGIN.fullmatch(login):
        return None
    return {
        "zh": "用户名用小写字母、数字、点、横线，2 到 60 个字符，例如 zhangwei。",
        "en": "A user name is of small letters, digits, dots and dashes, 2 to 60 of them, such as zhangwei.",
    }


def link_for(connection: Connection, person: int, how: How, by: By) -> MadeLink:
    """A link for somebody: an invitation if they have never come in, else a reset; for whoever cares for their account alone."""
    row = person_row(connection, person)
    assure_cares_for(connection, person, by)
    if not row.active:
        raise AccountRefusal(
            f"{row.name}的账号已停用，请先恢复。", f"The account of {row.name} is disabled; enable it first."
        )
    purpose: Purpose = "reset" if row.passphrase_hash else "invitation"
    return make_credential_link(connection, person, purpose, how, by=by.person, now=by.now)


def person_row(connection: Connection, person: int) -> Row[Any]:
    """Somebody with a user name; ``NotFound`` if there is no such person."""
    return _one(connection, participants.c.id == person)


def person_by_login(connection: Connection, login: str) -> int:
    """The person of a user name; ``NotFound`` if there is none."""
    return int(_one(connection, participants.c.login == login).id)


def _one(connection: Connection, condition: Any) -> Row[Any]:
    query = select(participants).where(condition, participants.c.login.is_not(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound("没有这个人，或没有用户名。", "There is no such person, or they have no user name.")
    return row


def set_by_link(
    house: House, token: str, passphrase: str, arrival: ComingIn, now: datetime, renamed: tuple[str, str] | None = None
) -> str:
    """Set somebody's passphrase by their link, end all their sessions, and begin one; its token.

    ``renamed``: name and user name, which a first administrator may choose. ``Invalid`` says what is wrong by field, ``LinkOver`` and ``NotFound``
    what is wrong with the link.
    """
    with house.database.reading() as connection:
        link = open_credential_link(connection, token, now)
        _judge(connection, link.participant_id, passphrase, arrival.rules, renamed or ())
    # takes its time, so no lock is held meanwhile
    hashed = hash_passphrase(passphrase)
    with house.database.writing() as connection:
        use_credential_link(connection, link, now)
        if renamed is not None and link.purpose == "first-administrator":
            _rename(connection, link, *renamed)
        keep_passphrase(connection, link.participant_id, hashed, now)
        return begin_session(connection, link.participant_id, now, arrival)


def change_passphrase(house: House, person: int, present: str, wanted: str, arrival: ComingIn, now: datetime) -> str:
    """Change one's own passphrase, end all sessions, and begin one; its token. ``Invalid`` says what is wrong by field."""
    with house.database.reading() as connection:
        row = person_row(connection, person)
    if not check(present, row.passphrase_hash).right:
        noted_failure(house.database.engine, "passphrase-refused", person)
        raise Invalid({"present": {"zh": "现在的口令不对。", "en": "The present passphrase is wrong."}})
    with house.database.reading() as connection:
        _judge(connection, person, wanted, arrival.rules)
    hashed = hash_passphrase(wanted)
    with house.database.writing() as connection:
        keep_passphrase(connection, person, hashed, now)
        end_credential_links(connection, person, now, person)
        return begin_session(connection, person, now, replace(arrival, vouched=True))


def _judge(connection: Connection, person: int, passphrase: str, rules: AccountRules, more: Iterable[str] = ()) -> None:
    fault = fault_of(
        passphrase, passphrase_rules(connection, person, rules), [*names_around(connection, person), *more]
    )
    if fault is not None:
        noted_failure(connection.engine, "passphrase-refused", person)
        raise Invalid({"passphrase": fault._asdict()})


def passphrase_rules(connection: Connection, person: int, rules: AccountRules) -> PassphraseRules:
    """Which passphrases are taken of somebody: shorter ones where a second factor stands beside them."""
    kind = connection.execute(select(participants.c.kind).where(participants.c.id == person)).scalar_one()
    beside = kind in rules.second_factor_for or has_second_factor(connection, person)
    return rules.passphrases(second_factor=beside)


def _rename(connection: Connection, link: CredentialLink, name: str, login: str) -> None:
    wrong = login_fault(login)
    if wrong:
        raise Invalid({"login": wrong})
    _free(connection, login, but=link.participant_id)
    person = update(participants).where(participants.c.id == link.participant_id)
    connection.execute(person.values(name=name[:100] or link.name, login=login))


def keep_passphrase(connection: Connection, person: int, hashed: str, now: datetime) -> None:
    """Keep a new passphrase, by its hash, and end all sessions."""
    connection.execute(update(participants).where(participants.c.id == person).values(passphrase_hash=hashed))
    known = update(accounts).where(accounts.c.participant_id == person).values(passphrase_at=now)
    if not connection.execute(known).rowcount:
        connection.execute(insert(accounts), {"participant_id": person, "passphrase_at": now})
    end_sessions(connection, person)
    end_links(connection, person, now)
    noted(connection, "passphrase-set", person)


def disable(house: House, person: int, by: By) -> None:
    """Let somebody in no more: their sessions and links end at once. Never the last administrator, nor oneself."""
    with house.database.writing() as connection:
        row = person_row(connection, person)
        assure_cares_for(connection, person, by)
        if by.person == person:
            raise AccountRefusal(
                "不能停用自己的账号，请另一位管理员来做。",
                "Nobody disables their own account; ask another administrator.",
            )
        if last_of(connection, person, by.now):
            raise AccountRefusal(
                f"{row.name}是最后一位管理员，停用后就没有人能管理了。请先把权限授予另一位。",
                f"{row.name} is the last administrator; nobody could administer the house any more. Grant it to another one first.",
            )
        connection.execute(update(participants).where(participants.c.id == person).values(active=False))
        end_sessions(connection, person)
        end_keys_of(connection, person, by.now, by.person)
        end_credential_links(connection, person, by.now, by.person)
        noted(connection, "account-disabled", person, by.person)


def enable(house: House, person: int, by: By) -> None:
    """Let somebody in again, with the passphrase that they had."""
    with house.database.writing() as connection:
        person_row(connection, person)
        assure_cares_for(connection, person, by)
        connection.execute(update(participants).where(participants.c.id == person).values(active=True))
        noted(connection, "account-enabled", person, by.person)


def sign_out_person(house: House, person: int, by: By) -> None:
    """End all sessions of somebody, who may log in again."""
    with house.database.writing() as connection:
        person_row(connection, person)
        assure_cares_for(connection, person, by)
        end_sessions(connection, person)
        noted(connection, "session-ended", person, by.person)


def names_around(connection: Connection, person: int) -> tuple[str, ...]:
    """What everybody knows of somebody: names, in letters as well, login, telephone, where they serve, and what the house is called."""
    return tuple(dict.fromkeys(_names_around(connection, person)))


def _names_around(connection: Connection, person: int) -> Iterator[str]:
    row = connection.execute(select(participants).where(participants.c.id == person)).one()
    number = digits(row.phone or "")
    yield from (row.name, row.login or "", number, number[-8:], "呼应", "huying")
    yield _pinyin(row.name)
    serves = select(memberships.c.station_id, memberships.c.organisation_id).where(
        memberships.c.participant_id == person
    )
    at = connection.execute(serves).all()
    of_stations = select(stations.c.name_zh, stations.c.name_en, stations.c.code).where(
        stations.c.id.in_([one.station_id for one in at if one.station_id])
    )
    of_organisations = select(organisations.c.name_zh, organisations.c.name_en, organisations.c.code).where(
        or_(
            organisations.c.id.in_([one.organisation_id for one in at if one.organisation_id]),
            organisations.c.kind == "office",
        )
    )
    for query in (of_stations, of_organisations):
        for zh, en, code in connection.execute(query):
            yield from (zh, en or "", code, _pinyin(zh))


def _pinyin(name: str) -> str:
    # its dictionaries take a moment: only who sets a passphrase waits for them
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name))
