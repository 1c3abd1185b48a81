"""Accounts: a first administrator, one-time links, and who is shut out; on each kind of database."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.refusal import Invalid
from huying.access import accounts
from huying.access.account_view import account_list
from huying.access.credential_links import LinkOver, MadeLink, open_credential_link
from huying.access.sessions import ComingIn, WrongLogin, participant_of, sign_in
from huying.database.connections import Database
from huying.database.tables import credential_links, deliveries, grants
from huying.delivery.sender import send_pending
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.messages.invitations import send_link
from huying.rights.grants import NewGrant, give
from huying.rights.scope import HOUSE
from notifications import Mailbox, Transports
from tests.huying.town import MORNING, PASSPHRASE, Town

ENTRY = ComingIn()
GOOD = "three hens refuse to lay"


def _keeper(town: Town, at: datetime = MORNING) -> By:
    """Somebody in the office, who keeps the register and so the accounts."""
    person = town.people["office"]
    with town.house.database.writing() as connection:
        if not connection.execute(select(grants.c.id).where(grants.c.participant_id == person)).first():
            give(connection, NewGrant(person, "registrar", HOUSE, MORNING.date(), None, "管账号"), MORNING, None)
    return By(person, at)


def _link(town: Town, login: str, **moved: float) -> MadeLink:
    by = _keeper(town, town.clock.now + timedelta(**moved))
    with town.house.database.writing() as connection:
        return accounts.link_for(connection, town.people[login], "slip", by)


def _set(town: Town, token: str, passphrase: str = GOOD) -> str:
    return accounts.set_by_link(town.house, token, passphrase, ENTRY, town.clock.now)


def test_an_empty_house_gets_one_first_administrator(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    lost = accounts.first_administrator(house, MORNING, "温如玉", "wenruyu")
    made = accounts.first_administrator(house, MORNING, "温如玉", "wenruyu")
    assert made.participant_id == lost.participant_id
    assert made.expires_at == MORNING + timedelta(hours=24)
    with pytest.raises(LinkOver, match="newer one"):
        accounts.set_by_link(house, lost.token, GOOD, ENTRY, MORNING)
    session = accounts.set_by_link(house, made.token, GOOD, ENTRY, MORNING, ("温如玉主任", "wen"))
    assert participant_of(house, session, MORNING) == made.participant_id
    assert sign_in(house, "wen", GOOD, MORNING)
    with pytest.raises(accounts.AccountRefusal, match="administrator already"):
        accounts.first_administrator(house, MORNING, "冯硕", "fengshuo")


def test_a_link_sets_a_passphrase_once_and_ends_what_was_signed_in(town: Town) -> None:
    before = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    link = _link(town, "deputy")
    _set(town, link.token)
    assert participant_of(town.house, before, MORNING) is None
    with pytest.raises(WrongLogin):
        sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    assert sign_in(town.house, "deputy", GOOD, MORNING)
    with pytest.raises(LinkOver, match="used already"):
        _set(town, link.token, "another sentence of mine")


def test_a_weak_passphrase_leaves_the_link_as_it_was(town: Town) -> None:
    link = _link(town, "deputy")
    for weak in ("short", "passwordpassword", "deputy 王芳 2026 11 30"):
        with pytest.raises(Invalid) as refused:
            _set(town, link.token, weak)
        assert "passphrase" in refused.value.errors
    _set(town, link.token)


def test_a_link_that_is_over_says_why(town: Town) -> None:
    first, second = _link(town, "deputy"), _link(town, "deputy", minutes=1)
    with town.house.database.reading() as connection:
        with pytest.raises(LinkOver, match="newer"):
            open_credential_link(connection, first.token, MORNING)
        with pytest.raises(LinkOver, match="expired"):
            open_credential_link(connection, second.token, second.expires_at)
        with pytest.raises(NotFound):
            open_credential_link(connection, second.token[:-1], MORNING)
    accounts.disable(town.house, town.people["deputy"], _keeper(town))
    with town.house.database.reading() as connection, pytest.raises(LinkOver):
        open_credential_link(connection, second.token, MORNING)


def test_whoever_is_disabled_is_out_at_once_and_can_come_back(town: Town) -> None:
    token = sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    by = _keeper(town)
    accounts.disable(town.house, town.people["deputy"], by)
    assert participant_of(town.house, token, MORNING) is None
    with pytest.raises(WrongLogin):
        sign_in(town.house, "deputy", PASSPHRASE, MORNING)
    with pytest.raises(accounts.AccountRefusal, match="disabled"):
        _link(town, "deputy")
    accounts.enable(town.house, town.people["deputy"], by)
    assert participant_of(town.house, token, MORNING) is None
    assert sign_in(town.house, "deputy", PASSPHRASE, MORNING)


def test_nobody_shuts_out_themself_or_the_last_administrator(town: Town) -> None:
    admin = accounts.first_administrator(town.house, MORNING).participant_id
    with pytest.raises(accounts.AccountRefusal, match="own account"):
        accounts.disable(town.house, admin, By(admin, MORNING))
    with pytest.raises(accounts.AccountRefusal, match="last administrator"):
        accounts.disable(town.house, admin, By(None, MORNING))


def test_the_list_says_who_was_invited_and_who_has_come_in(town: Town) -> None:
    admin = accounts.first_administrator(town.house, MORNING)

    def state(login: str, **later: float) -> str:
        (line,) = account_list(town.house, MORNING + timedelta(**later), sought=login).lines
        return line.state

    assert (state("admin"), state("admin", days=2), state("deputy")) == ("invited", "lapsed", "in")
    accounts.disable(town.house, town.people["deputy"], By(admin.participant_id, MORNING))
    assert state("deputy") == "off"
    found = account_list(town.house, MORNING)
    assert (found.found, found.counts["in"], found.counts["invited"]) == (9, 7, 1)
    assert [line.login for line in account_list(town.house, MORNING, state="off").lines] == ["deputy"]


def test_an_invitation_by_message_has_its_token_only_in_the_mail(town: Town, tmp_path: Path) -> None:
    _give_mail(town, "deputy")
    by = _keeper(town)
    with town.house.database.writing() as connection:
        send_link(connection, town.people["deputy"], by)
    with town.house.database.reading() as connection:
        (kept,) = connection.execute(select(deliveries)).all()
    assert "周主任" in kept.text
    assert "account/set" not in kept.text
    mailbox = Mailbox(tmp_path / "mailbox")
    send_pending(town.house, Transports(mail=mailbox), "http://house", MORNING)
    (token,) = _tokens_in(tmp_path / "mailbox")
    _set(town, token)
    with town.house.database.reading() as connection:
        hashes = [row.token_hash for row in connection.execute(select(credential_links))]
    assert token not in hashes


def test_a_message_without_an_address_is_refused_with_the_remedy(town: Town) -> None:
    by = _keeper(town)
    with town.house.database.writing() as connection, pytest.raises(accounts.AccountRefusal, match="print a slip"):
        send_link(connection, town.people["deputy"], by)


def test_what_happens_is_noted_without_secrets(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "huying.access"):
        link = _link(town, "deputy")
        _set(town, link.token)
        with pytest.raises(WrongLogin):
            sign_in(town.house, "deputy", "wrong words entirely", MORNING)
    said = [record.__dict__["facts"]["what"] for record in caplog.records]
    assert said == ["link-made", "link-used", "passphrase-set", "signed-in", "sign-in-refused"]
    assert link.token not in caplog.text
    assert "wrong words" not in caplog.text


def test_at_once_only_one_uses_a_link(town: Town) -> None:
    link = _link(town, "deputy")
    with town.house.database.reading() as connection:
        seen = open_credential_link(connection, link.token, MORNING)
    _set(town, link.token)
    from huying.access.credential_links import use_credential_link

    with town.house.database.writing() as connection, pytest.raises(LinkOver, match="used already"):
        use_credential_link(connection, seen, MORNING)


def _give_mail(town: Town, login: str) -> None:
    from sqlalchemy import insert

    from huying.database.tables import addresses

    row = {"participant_id": town.people[login], "channel": "mail", "target": "fang@station.example"}
    with town.house.database.writing() as connection:
        connection.execute(insert(addresses), row)


def _tokens_in(mailbox: Path) -> set[str]:
    import re
    from email import message_from_bytes, policy

    found: set[str] = set()
    for path in mailbox.rglob("*.eml"):
        body = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(("plain",))
        assert body is not None
        found |= set(re.findall(r"account/set/([\w-]+)", body.get_content()))
    return found
