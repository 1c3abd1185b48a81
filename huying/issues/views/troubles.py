"""What went wrong with an issue, in words for those who watch."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from definitions.model.definition import Definition
from definitions.text import Said, words
from huying.database.tables import incidents
from huying.words.effects import effect_title


@dataclass(frozen=True, slots=True)
class IssueTrouble:
    """Something that failed: the number of its incident, what it was and why, and whether it is being tried again."""

    incident: int
    words: str
    retrying: bool


def troubles(connection: Connection, issue_id: int, definition: Definition, language: str) -> tuple[str, ...]:
    """What failed for good, and is neither put right nor being tried again: at which step, or what it was, and why."""
    found = all_troubles(connection, issue_id, definition, language)
    return tuple(one.words for one in found if not one.retrying)


def all_troubles(
    connection: Connection, issue_id: int, definition: Definition, language: str
) -> tuple[IssueTrouble, ...]:
    """The same with what is being tried again."""
    c = incidents.c
    columns = c.id, c.kind, c.step, c.visit, c.reason, c.status
    query = select(*columns).where(c.issue_id == issue_id, c.status != "closed").order_by(c.id)
    found = []
    for row in connection.execute(query):
        step = definition.steps.get(row.step) if row.visit is not None else None
        what = words(step.title, language, row.step) if step is not None else effect_title(row.kind, language)
        said = Said(f"{what}：{row.reason}", f"{what}: {row.reason}").of(language)
        found.append(IssueTrouble(row.id, said, row.status == "retrying"))
    return tuple(found)
