"""Files that people add to an issue: the bytes are kept by their digest, and the history says who added them, and what they are called."""

from __future__ import annotations

from sqlalchemy import select

from engine.event import Attach, Happened
from huying.database.tables import history
from huying.errors import NotFound, TooLarge
from huying.house.by import By
from huying.house.house import House
from huying.house.kept import put, read
from huying.issues.decision import Capacity, Receipt, change
from huying.issues.sight import sight_of

#: So many files, and so many bytes, one person adds to one issue.
MOST_FILES, MOST_BYTES = 9, 30_000_000


class TooMany(TooLarge):
    """Somebody has added to an issue what one person may add."""

    def __init__(self) -> None:
        super().__init__(
            f"一个人在一件事项里最多添加 {MOST_FILES} 个文件、共 {MOST_BYTES // 1_000_000} MB；请挑最要紧的，或联系工作人员。",
            f"One person adds {MOST_FILES} files and {MOST_BYTES // 1_000_000} MB to an issue at most; choose what matters most, or ask the staff.",
        )


def attach(house: House, issue_id: int, name: str, content: bytes, by: By, *, public: bool = True) -> Receipt:
    """Add a file; the bytes are on the disk before the history says so. ``TooMany`` beyond what one person adds to one issue: nothing is kept then.

    It is counted by person, so that whoever fills it up keeps nobody else from adding the answer.
    """
    _within_quota(house, issue_id, len(content), by)
    kept = put(house.store, name, content, by.person)
    seen = sight_of(house, issue_id, by.somebody)
    # the reporter of what somebody only follows is a stranger to them
    shown = public and not (seen is not None and seen.follows)
    event = Attach(kept.name, kept.media_type, kept.size, kept.digest, shown)
    return change(house, issue_id, event, by, capacity=Capacity(seen is not None))


def _within_quota(house: House, issue_id: int, size: int, by: By) -> None:
    added = select(history.c.event, history.c.request_key).where(
        history.c.issue_id == issue_id, history.c.kind == "attach", history.c.actor_id == by.person
    )
    with house.database.reading() as connection:
        rows = connection.execute(added).all()
    if by.request_key is not None and any(row.request_key == by.request_key for row in rows):
        # a repeat adds nothing
        return
    sizes = [row.event.size for row in rows if isinstance(row.event, Attach)]
    if len(sizes) >= MOST_FILES or sum(sizes) + size > MOST_BYTES:
        raise TooMany


def read_attachment(house: House, issue_id: int, sequence: int) -> tuple[Attach, bytes]:
    """What the history says of a file that the event ``sequence`` added, and its bytes."""
    query = select(history.c.event).where(
        history.c.issue_id == issue_id, history.c.sequence == sequence, history.c.kind == "attach"
    )
    with house.database.reading() as connection:
        added: Happened | None = connection.execute(query).scalar_one_or_none()
    if not isinstance(added, Attach):
        raise NotFound("没有这个附件。", "There is no such attachment.")
    return added, read(house.store, added.digest)
