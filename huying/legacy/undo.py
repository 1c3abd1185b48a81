"""Taking an import of records back: what nobody has touched since is as if it had never come; what people went on with stays, and is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, select, update

from definitions.model.reference import reference
from huying.audit.record import AuditNote, note
from huying.database import tables as t
from huying.database.data_keys import open_keys
from huying.evidence.coverage import BETWEEN
from huying.evidence.segments import Exemption, let_go
from huying.house.by import By
from huying.house.house import House
from huying.legacy.imports import LegacyOffer, NotTaken, offered_records
from huying.privacy.erasure import erase_person, is_left

_WHY = "撤回旧台账导入 the import of records was taken back"
#: What is written with an issue, and goes with it.
_OWN = (
    *(t.candidates, t.work_items, t.timers, t.tallies, t.involvements, t.issue_links, t.unique_values),
    *(t.search_parties, t.search_readers, t.search_due, t.attentions, t.legacy_matters, t.history),
)


@dataclass(frozen=True, slots=True)
class StayingMatter:
    """An issue that stays, since something happened to it here."""

    issue_id: int
    ours: str
    number: str


@dataclass(frozen=True, slots=True)
class RecordsUndone:
    """How many issues are gone, and which stay."""

    gone: int
    kept: tuple[StayingMatter, ...]


def undo_records_preview(house: House, number: int) -> RecordsUndone:
    """What taking back would come to; nothing is changed."""
    _written(offered_records(house, number))
    with house.database.reading() as connection:
        ids, kept = _sorted(connection, number)
    return RecordsUndone(len(ids), kept)


def undo_records(house: House, number: int, by: By) -> RecordsUndone:
    """Take it back in one transaction."""
    found = _written(offered_records(house, number))
    with house.database.writing() as connection:
        ids, kept = _sorted(connection, number)
        for issue in ids:
            _take_out(connection, issue, by)
        undone = update(t.legacy_imports).where(t.legacy_imports.c.id == number)
        connection.execute(undone.values(state="undone"))
        detail = {"gone": len(ids), "kept": len(kept)}
        told = AuditNote(
            what="records-undone", object=reference("process", found.definition), by=by.person, detail=detail, at=by.now
        )
        note(connection, told)
    return RecordsUndone(len(ids), kept)


def _written(found: LegacyOffer) -> LegacyOffer:
    if found.state != "written":
        raise NotTaken("这次导入没有写入，或已撤回。", "This import was not written, or was taken back already.")
    return found


def _sorted(connection: Connection, number: int) -> tuple[list[int], tuple[StayingMatter, ...]]:
    """The issues that can go, and those that stay."""
    query = (
        select(t.issues.c.id, t.issues.c.number, t.issues.c.version, t.legacy_matters.c.ours)
        .join(t.legacy_matters, t.legacy_matters.c.issue_id == t.issues.c.id)
        .where(t.legacy_matters.c.import_id == number)
        .order_by(t.issues.c.id)
        .with_for_update(of=t.issues)
    )
    ids, kept = list[int](), list[StayingMatter]()
    for row in connection.execute(query).all():
        if row.version > 1 or _is_named(connection, row.id):
            kept.append(StayingMatter(row.id, row.ours, row.number))
        else:
            ids.append(row.id)
    return ids, tuple(kept)


def _is_named(connection: Connection, issue: int) -> bool:
    """Whether anything else in the house speaks of it: a message, a paper, an entry of a file …"""
    return any(
        connection.execute(select(table.c[of]).where(table.c[of] == issue).limit(1)).first() for table, of in _OTHERS
    )


def _others() -> Iterator[tuple[Table, str]]:
    """All columns elsewhere that name an issue."""
    for table in t.issues.metadata.tables.values():
        if table not in _OWN:
            for column in table.columns:
                if any(key.column.table is t.issues for key in column.foreign_keys):
                    yield table, column.name


_OTHERS = tuple(_others())


def _take_out(connection: Connection, issue: int, by: By) -> None:
    """Remove one with all that was written with it; whoever verifies is told in the same transaction."""
    person = connection.execute(select(t.issues.c.reporter_id).where(t.issues.c.id == issue)).scalar_one()
    entries = [f"{issue}{BETWEEN}1"]
    for table in _OWN:
        connection.execute(delete(table).where(table.c.issue_id == issue))
    connection.execute(delete(t.issues).where(t.issues.c.id == issue))
    of = reference("issue", issue)
    keys: Sequence[str] = connection.execute(select(t.data_keys.c.id).where(t.data_keys.c.of == of)).scalars().all()
    open_keys(connection).destroy(connection, keys, by.now)
    let_go(connection, Exemption(of_table=t.issues.name, keys=[str(issue)], why=_WHY), by.now)
    let_go(connection, Exemption(of_table=t.history.name, keys=entries, why=_WHY), by.now)
    if is_left(connection, person):
        erase_person(connection, person, by.now)
