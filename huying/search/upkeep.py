"""Keeping the index: what has changed is read anew, in portions; and all of it, if somebody wants it made anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text

from definitions.model.reference import participant
from huying.database.tables import (
    given_numbers,
    history,
    issues,
    participants,
    search_due,
    search_parties,
    search_readers,
)
from huying.house.history import histories_of
from huying.house.house import House
from huying.issues.sight import has_acted
from huying.search.audience import Shared, rows_of, shared
from huying.search.entry import Concern, Source, entry, parties
from huying.search.words import write, write_shared
from models.sealed import ring_of

#: So many rows of what is due are taken at once.
PORTION = 300
#: One process at a time keeps the index, on PostgreSQL: any number that nobody else uses.
_KEEPING = 7_227_392


def waiting(house: House) -> int:
    """1 if something has changed that search does not know yet, else 0; cheap."""
    with house.database.reading() as connection:
        return 1 if connection.execute(select(search_due.c.id).limit(1)).first() else 0


def keep_up(house: House, portion: int = PORTION) -> int:
    """Read a portion of what has changed; of how many issues it was (0: nothing was left, or another process is at it)."""
    with house.database.writing() as connection:
        if not _alone(connection):
            return 0
        query = select(search_due.c.id, search_due.c.issue_id).order_by(search_due.c.id).limit(portion)
        rows = connection.execute(query).all()
        if not rows:
            return 0
        ids = sorted({row.issue_id for row in rows})
        found = sources(house, connection, ids)
        secret = key(connection)
        write(connection, {one.id: entry(one, secret) for one in found})
        _write_shared(connection, {one.id: shared(one, secret) for one in found})
        _write_parties(connection, found)
        gone = delete(search_due).where(search_due.c.id == bindparam("done"))
        connection.execute(gone, [{"done": row.id} for row in rows])
        return len(ids)


def _alone(connection: Connection) -> bool:
    """Whether this transaction is the only one that keeps the index: what it reads then is newer than what is written."""
    if connection.dialect.name == "sqlite":
        return True
    taken = connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _KEEPING})
    return bool(taken.scalar_one())


def ask_all(house: House) -> int:
    """Have every issue read anew; how many there are."""
    with house.database.writing() as connection:
        connection.execute(insert(search_due).from_select(["issue_id"], select(issues.c.id).order_by(issues.c.id)))
        return int(connection.execute(select(func.count()).select_from(issues)).scalar_one())


def key(connection: Connection) -> str:
    """What keys the hashes of words that not everybody may read."""
    return ring_of(connection.dialect).sub_key("search").hex()


def sources(house: House, connection: Connection, ids: Sequence[int]) -> list[Source]:
    """The issues of these ids as they are to be read."""
    columns = (issues.c.id, issues.c.number, issues.c.subject, issues.c.station_id, issues.c.answerable_id)
    query = select(*columns, issues.c.state, issues.c.definition_version_id, participants.c.name, participants.c.phone)
    rows = connection.execute(
        query.join(participants, participants.c.id == issues.c.reporter_id).where(issues.c.id.in_(ids))
    )
    given: dict[int, list[str]] = {}
    numbers = select(given_numbers.c.issue_id, given_numbers.c.number).where(given_numbers.c.issue_id.in_(ids))
    for issue_id, number in connection.execute(numbers.order_by(given_numbers.c.given_at, given_numbers.c.number)):
        given.setdefault(issue_id, []).append(number)
    told = histories_of(connection, ids)
    return [
        Source(
            id=row.id,
            numbers=(row.number, *given.get(row.id, ())),
            subject=row.subject,
            station=row.station_id,
            answerable=row.answerable_id,
            state=row.state,
            definition=house.processes.process(row.definition_version_id).definition,
            name=row.name,
            phone=row.phone,
            history=told.get(row.id, ()),
        )
        for row in rows
    ]


def involved_parties(connection: Connection, found: Sequence[Source]) -> Mapping[int, dict[str, Concern]]:
    """Of each issue, who may find it: by its state, and by having acted in it."""
    ids = [one.id for one in found]
    did: dict[int, dict[int, set[str]]] = {}
    columns = history.c.issue_id, history.c.actor_id, history.c.kind
    query = select(*columns).where(history.c.issue_id.in_(ids), history.c.actor_id.is_not(None)).distinct()
    for issue_id, actor, kind in connection.execute(query):
        did.setdefault(issue_id, {}).setdefault(actor, set()).add(kind)
    return {
        one.id: parties(
            one.definition,
            one.state,
            [participant(who) for who, kinds in did.get(one.id, {}).items() if has_acted(kinds)],
        )
        for one in found
    }


def readers(kept: Mapping[int, Mapping[int, Shared]]) -> set[tuple[str, int, int]]:
    """The parties that belong to audiences of these issues: party, row, issue."""
    return {(party, row, of) for of, rows in kept.items() for row, one in rows.items() for party in one.readers}


def known_readers(connection: Connection, ids: Sequence[int]) -> set[tuple[str, int, int]]:
    """The same, as the index knows them."""
    query = select(search_readers).where(search_readers.c.issue_id.in_(ids))
    return {(row.party, row.passage, row.issue_id) for row in connection.execute(query)}


def _write_shared(connection: Connection, wanted: Mapping[int, Mapping[int, Shared]]) -> None:
    for issue_id, kept in wanted.items():
        write_shared(connection, rows_of(issue_id), {row: one.tokens for row, one in kept.items()})
    known, named = known_readers(connection, list(wanted)), readers(wanted)
    if gone := [{"who": party, "of": row} for party, row, _ in known - named]:
        these = search_readers.c.party == bindparam("who"), search_readers.c.passage == bindparam("of")
        connection.execute(delete(search_readers).where(*these), gone)
    if added := [{"party": party, "passage": row, "issue_id": of} for party, row, of in sorted(named - known)]:
        connection.execute(insert(search_readers), added)


def _write_parties(connection: Connection, found: Sequence[Source]) -> None:
    wanted = {
        (party, one, concern)
        for one, all_of in involved_parties(connection, found).items()
        for party, concern in all_of.items()
    }
    query = select(search_parties).where(search_parties.c.issue_id.in_([one.id for one in found]))
    known = {
        (row.party, row.issue_id, Concern(bool(row.holds), bool(row.follows))) for row in connection.execute(query)
    }
    if gone := [{"of": issue_id, "who": party} for party, issue_id, _ in known - wanted]:
        these = search_parties.c.issue_id == bindparam("of"), search_parties.c.party == bindparam("who")
        connection.execute(delete(search_parties).where(*these), gone)
    if added := sorted(wanted - known, key=lambda one: one[:2]):
        rows = [
            {"party": party, "issue_id": one, "holds": concern.holds, "follows": concern.follows}
            for party, one, concern in added
        ]
        connection.execute(insert(search_parties), rows)


def every_portion(house: House) -> Iterator[int]:
    """Keep up until nothing is left; after each portion, how many issues it was."""
    while count := keep_up(house):
        yield count
