"""Half-filled forms: saved for whoever fills them in, shown again to them alone, and gone when the task is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.rules.holders import own_item
from huying.access import parties
from huying.database.tables import form_drafts
from huying.errors import TooLarge
from huying.house.by import By
from huying.house.house import House
from huying.issues.store import read

_LARGEST = 64 * 1024


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What was entered so far, for which action, and when."""

    action: str
    entered: Mapping[str, Any]
    saved_at: datetime


def save_draft(house: House, issue_id: int, item: int, action: str, entered: Mapping[str, Any], by: By) -> None:
    """Keep what was entered for a task that is this person's; the kernel's refusal otherwise."""
    if len(orjson.dumps(dict(entered), default=str)) > _LARGEST:
        raise TooLarge("草稿太长。", "The draft is too long.")
    with house.database.reading() as connection:
        own_item(read(connection, issue_id).state, item, parties.actor(connection, by.somebody))
    row = {
        "issue_id": issue_id,
        "item": item,
        "participant_id": by.somebody,
        "action": action[:60],
        "entered": dict(entered),
        "saved_at": by.now,
    }
    make = sqlite.insert if house.database.sqlite else postgresql.insert
    with house.database.writing() as connection:
        connection.execute(
            make(form_drafts)
            .values(**row)
            .on_conflict_do_update(
                index_elements=["issue_id", "item", "participant_id"],
                set_={name: row[name] for name in ("action", "entered", "saved_at")},
            )
        )


def draft_of(connection: Connection, issue_id: int, item: int, participant_id: int) -> FormDraft | None:
    """What this person has saved for a task."""
    row = connection.execute(
        select(form_drafts).where(
            form_drafts.c.issue_id == issue_id,
            form_drafts.c.item == item,
            form_drafts.c.participant_id == participant_id,
        )
    ).one_or_none()
    return FormDraft(row.action, row.entered, row.saved_at) if row else None
