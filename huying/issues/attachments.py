"""Files that people add to an issue: the bytes are kept by their digest, and the history says who added them, and what they are called."""

from __future__ import annotations

from sqlalchemy import select

from engine.event import Attach, Happened
from huying.database.tables import history
from huying.errors import NotFound
from huying.house.by import By
from huying.house.house import House
from huying.house.kept import read, store
from huying.issues.decision import Capacity, Receipt, change
from huying.issues.sight import sight_of


def attach(house: House, issue_id: int, name: str, content: bytes, by: By, *, public: bool = True) -> Receipt:
    """Add a file; the bytes are on the disk before the history says so."""
    kept = store(house.files, name, content)
    seen = sight_of(house, issue_id, by.somebody)
    # the reporter of what somebody only follows is a stranger to them
    shown = public and not (seen is not None and seen.follows)
    event = Attach(kept.name, kept.media_type, kept.size, kept.digest, shown)
    return change(house, issue_id, event, by, capacity=Capacity(seen is not None))


def read_attachment(house: House, issue_id: int, sequence: int) -> tuple[Attach, bytes]:
    """What the history says of a file that the event ``sequence`` added, and its bytes."""
    query = select(history.c.event).where(
        history.c.issue_id == issue_id, history.c.sequence == sequence, history.c.kind == "attach"
    )
    with house.database.reading() as connection:
        added: Happened | None = connection.execute(query).scalar_one_or_none()
    if not isinstance(added, Attach):
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return added, read(house.files, added.digest)
