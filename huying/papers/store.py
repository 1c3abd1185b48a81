"""The rows of papers: written, and never changed but by being voided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from definitions.model.reference import reference
from huying.audit.record import AuditNote, note
from huying.database.gap import left_out
from huying.database.tables import papers
from huying.errors import AlreadyDone, NotFound
from huying.house.by import By
from huying.house.house import House


@dataclass(frozen=True, slots=True)
class PaperWish:
    """A paper that somebody wants: its kind, language and issue, and what they filled in; ``replaces``: one that was wrong."""

    kind: str
    language: str
    issue_id: int | None
    entered: Mapping[str, Any]
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class MadePaper:
    """A paper that was made."""

    id: int
    number: str
    digest: str


def next_sequence(connection: Connection, series: str, year: int) -> int:
    """The number that follows the last one of a series and year; taken by nobody until a row has it. After a restore some are left out."""
    mine = papers.c.series == series, papers.c.year == year
    highest = select(func.coalesce(func.max(papers.c.sequence), 0)).where(*mine)

    def highest_by(moment: datetime) -> int:
        return int(connection.execute(highest.where(papers.c.made_at <= moment)).scalar_one())

    return max(int(connection.execute(highest).scalar_one()), left_out(connection, year, highest_by)) + 1


def write_paper(connection: Connection, row: dict[str, Any], wish: PaperWish, by: By) -> MadePaper:
    """Keep a paper, in the caller's transaction; ``IntegrityError`` if its number was taken meanwhile."""
    if wish.replaces is not None:
        _assure_replaces(connection, wish)
    made = int(connection.execute(insert(papers).values(**row).returning(papers.c.id)).scalar_one())
    told = {"number": row["number"], "kind": row["kind"]}
    note(connection, AuditNote(what="paper-made", object=reference("paper", made), detail=told))
    return MadePaper(made, row["number"], row["file"]["digest"])


def _assure_replaces(connection: Connection, wish: PaperWish) -> None:
    """``NotFound`` unless the paper that is replaced is one of the same issue and kind, ``AlreadyDone`` if another one replaced it."""
    old = connection.execute(select(papers).where(papers.c.id == wish.replaces)).one_or_none()
    if old is None or (old.issue_id, old.kind) != (wish.issue_id, wish.kind):
        raise NotFound("没有要替换的文书。", "There is no such paper to replace.")
    if connection.execute(select(papers.c.id).where(papers.c.replaces_id == wish.replaces)).first() is not None:
        raise AlreadyDone("这份文书已经有了更正件。", "This paper has been replaced already.")


def found_paper(connection: Connection, number: int) -> Row[Any]:
    """The row of a paper; ``NotFound`` if there is none."""
    row = connection.execute(select(papers).where(papers.c.id == number)).one_or_none()
    if row is None:
        raise NotFound("没有这份文书。", "There is no such paper.")
    return row


def write_void(connection: Connection, row: Row[Any], reason: str, by: By) -> None:
    """Void a paper, in the caller's transaction; ``AlreadyDone`` if it is void."""
    gone = {"voided_at": by.now, "voided_by_id": by.somebody, "void_reason": reason}
    mine = update(papers).where(papers.c.id == row.id, papers.c.voided_at.is_(None))
    if connection.execute(mine.values(**gone)).rowcount == 0:
        raise AlreadyDone("这份文书已经作废。", "This paper is void already.")
    note(connection, AuditNote(what="paper-voided", object=reference("paper", row.id), detail={"number": row.number}))


def repeated(house: House, by: By) -> MadePaper | None:
    """What a request has made before, if it has."""
    if by.request_key is None:
        return None
    query = select(papers).where(papers.c.request_key == f"paper:{by.request_key}")
    with house.database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None else MadePaper(row.id, row.number, row.file["digest"])
