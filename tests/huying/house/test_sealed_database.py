"""Whoever has the database alone reads nothing that is private, and a house of before comes to that by its upgrade."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, text, update

from huying.access.secret import kept_secret, read_secret
from huying.database.connections import Database
from huying.database.schema import migrations
from huying.database.tables import (
    addresses,
    connections,
    deliveries,
    form_drafts,
    incidents,
    issues,
    participants,
    saved_views,
    second_factors,
)
from huying.effects.carriers import carry_many
from huying.house.by import By
from huying.issues.deeds import comment
from huying.outbox.claims import claim_effects
from huying.search.upkeep import every_portion
from models import metadata
from tests.conftest import Office
from tests.huying.story import Story

#: The version of the tables in which nothing was sealed.
BEFORE = "0053"
PHONE, MAIL, SECRET = "138 0571 4422", "zhou.hui@private.example", "JBSWY3DPEHPK3PXP"
HOOK, DRAFT = "whsec-4f1c9a77", "草稿里写的住址幸福里七号"
NOTE, WHY, LIST, CARD = "已电话告知陈女士", "550 no mailbox chen.nv", "q=陈女士家漏水", "陈女士家漏水的卡片"


def _told(number: int) -> str:
    return f"第{number}号证人住在望海巷{number}栋，病历号X{number:05d}"


def _lived(office: Office, now: datetime, issues: int) -> None:
    """People with numbers and addresses, and issues with words in all places where words can stand."""
    house, clerk = office.house, office.city["clerk"]
    with house.database.writing() as connection:
        changed = update(participants).where(participants.c.id == clerk)
        connection.execute(changed.values(phone=PHONE, phone_index=PHONE))
        connection.execute(insert(addresses), {"participant_id": clerk, "channel": "mail", "target": MAIL})
        secret = {"participant_id": clerk, "kind": "totp", "secret": kept_secret(connection, SECRET), "made_at": now}
        connection.execute(insert(second_factors), secret)
        connection.execute(insert(connections), {"key": "crm", "url": "https://crm.example", "secret": HOOK})
    for number in range(issues):
        story = Story(office, now + timedelta(minutes=number))
        story.open(f"open-{number}", subject="路灯")
        comment(house, story.issue_id, _told(number), By(clerk, story.now, f"comment-{number}"))
        draft = {"issue_id": story.issue_id, "item": 1, "participant_id": clerk, "action": "accept"}
        with house.database.writing() as connection:
            connection.execute(insert(form_drafts), {**draft, "entered": {"note": DRAFT}, "saved_at": now})
    carry_many(house, claim_effects(house, now + timedelta(hours=1)), now + timedelta(hours=1))
    for _ in every_portion(house):
        pass


def _notes(office: Office, now: datetime) -> None:
    """What staff and other systems wrote beside an issue."""
    row: dict[str, Any] = {"what": "delivery", "what_id": 1, "kind": "mail", "opened_at": now, "changed_at": now}
    view = {"owner_id": office.city["clerk"], "title": "漏水", "query": LIST, "shared": False, "saved_at": now}
    with office.house.database.writing() as connection:
        connection.execute(insert(incidents), {**row, "attempts": 1, "note": NOTE})
        connection.execute(insert(saved_views), view)
        connection.execute(update(deliveries).values(reason=WHY))
        connection.execute(update(issues).values(shown_as={"title": CARD}))


def _dump(database: Database) -> str:
    """Everything in all tables, as somebody reads it who has the database alone."""
    with database.reading() as connection:
        names = [table.name for table in metadata.sorted_tables] + ["search_text", "search_text_shared"]
        return "\n".join(str(row) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"')))


@pytest.fixture(name="private")
def _private() -> list[str]:
    return [
        PHONE,
        "13805714422",
        MAIL,
        SECRET,
        HOOK,
        DRAFT,
        "幸福里",
        "望海巷",
        "病历号",
        *map(_told, range(30)),
    ]


def test_a_dump_of_the_database_tells_nothing_private(office: Office, now: datetime, private: list[str]) -> None:
    _lived(office, now, 30)
    held = _dump(office.house.database)
    assert "路灯" in held, "the subject is what lists show"
    assert [one for one in private if one in held] == []


def test_what_was_readable_is_sealed_by_the_upgrade(office: Office, now: datetime, private: list[str]) -> None:
    _lived(office, now, 2)
    house, clerk = office.house, office.city["clerk"]
    with house.database.engine.begin() as connection:
        _to(connection, command.downgrade, BEFORE)
    before = _dump_before(house.database)
    assert [one for one in (PHONE, "13805714422", MAIL, SECRET, HOOK, DRAFT) if one not in before] == []
    house.database.migrate()
    held = _dump(house.database)
    assert [one for one in (PHONE, "13805714422", MAIL, SECRET, HOOK, DRAFT) if one in held] == []
    with house.database.reading() as connection:
        found = select(participants.c.phone).where(participants.c.phone_index == "+86 138-0571-4422")
        assert connection.execute(found).scalars().all() == [PHONE]
        known = select(addresses.c.target).where(addresses.c.target_index == MAIL.upper())
        assert connection.execute(known).scalars().all() == [MAIL]
        assert connection.execute(select(connections.c.secret)).scalars().all() == [HOOK]
        assert connection.execute(select(form_drafts.c.entered)).scalars().all() == [{"note": DRAFT}] * 2
        kept = connection.execute(select(second_factors.c.secret).where(second_factors.c.participant_id == clerk))
        assert read_secret(connection, kept.scalar_one()) == SECRET


def test_notes_reasons_saved_lists_and_cards_are_sealed_by_the_upgrade(office: Office, now: datetime) -> None:
    _lived(office, now, 2)
    _notes(office, now)
    words = [NOTE, WHY, LIST, CARD]
    assert [one for one in words if one in _dump(office.house.database)] == []
    database = office.house.database
    with database.engine.begin() as connection:
        _to(connection, command.downgrade, "0064")
    with database.reading() as connection:
        names = ("issue", "incident", "delivery", "saved_view")
        before = "\n".join(str(row) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"')))
    assert [one for one in words if one not in before] == []
    database.migrate()
    assert [one for one in words if one in _dump(database)] == []
    with database.reading() as connection:
        assert connection.execute(select(incidents.c.note)).scalars().all() == [NOTE]
        assert set(connection.execute(select(deliveries.c.reason)).scalars()) == {WHY}
        assert connection.execute(select(saved_views.c.query)).scalars().all() == [LIST]
        assert connection.execute(select(issues.c.shown_as)).scalars().all() == [{"title": CARD}] * 2


def _to(connection: Connection, move: Any, version: str) -> None:
    config = migrations()
    config.attributes["connection"] = connection
    move(config, version)


def _dump_before(database: Database) -> str:
    with database.reading() as connection:
        names = ("participant", "address", "second_factor", "connection", "form_draft", "delivery", "register_change")
        return "\n".join(str(row) for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"')))
