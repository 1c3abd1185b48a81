"""The record of searches in private data: who looked for what, when, and how much they were shown for it."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import insert

from huying.audit.record import AuditNote, note
from huying.database.tables import private_searches
from huying.house.house import House
from huying.words.mask import mask


def note_private(house: House, person: int, at: datetime, what: tuple[str, str, int]) -> None:
    """Write down a search: ``what`` is how it found something, the question (kept masked) and how many issues were found by private data."""
    kind, said, found = what
    if kind == "contact":
        # however its digits are parted, they are masked
        said = re.sub(r"[^\w@.+]", "", said)
    row = {"participant_id": person, "at": at, "kind": kind, "said": mask(said), "found": found}
    with house.database.writing() as connection:
        connection.execute(insert(private_searches), row)
        told = {"how": kind, "said": row["said"], "found": found}
        note(connection, AuditNote(what="private-searched", by=person, detail=told, at=at))
