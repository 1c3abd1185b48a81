"""Verifying the index: it says of each issue what would be read of it now; what is still to be read is not compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, select

from huying.database.tables import issues, search_due, search_parties
from huying.house.house import House
from huying.search.audience import Shared, rows_of, shared
from huying.search.entry import Concern, entry
from huying.search.upkeep import involved_parties, key, known_readers, readers, sources
from huying.search.words import other, same_shared

_PORTION = 500


def verify_search(house: House) -> list[str]:
    """Every issue that search knows otherwise than it is, in words."""
    return [
        f"{number}: 检索索引与事项不符，可用 huying search rebuild 重建。"
        " Search knows it otherwise; huying search rebuild makes it anew."
        for number in _otherwise(house)
    ]


def _otherwise(house: House) -> Iterator[str]:
    """The numbers of those issues, in the order of their ids."""
    after = 0
    while True:
        with house.database.at_one_moment() as connection:
            query = (
                select(issues.c.id, issues.c.number).where(issues.c.id > after).order_by(issues.c.id).limit(_PORTION)
            )
            rows = {row.id: row.number for row in connection.execute(query)}
            if not rows:
                return
            wrong = _wrong(house, connection, list(rows))
        yield from (rows[one] for one in sorted(wrong))
        after = max(rows)


def _wrong(house: House, connection: Connection, ids: list[int]) -> set[int]:
    due = set(connection.execute(select(search_due.c.issue_id).where(search_due.c.issue_id.in_(ids))).scalars())
    found = sources(house, connection, [one for one in ids if one not in due])
    secret = key(connection)
    wrong = set(other(connection, {one.id: entry(one, secret) for one in found}))
    known: dict[int, dict[str, Concern]] = {}
    for row in connection.execute(select(search_parties).where(search_parties.c.issue_id.in_(ids))):
        known.setdefault(row.issue_id, {})[row.party] = Concern(bool(row.holds), bool(row.follows))
    wrong |= {one for one, all_of in involved_parties(connection, found).items() if known.get(one, {}) != all_of}
    return wrong | _wrong_audiences(connection, {one.id: shared(one, secret) for one in found})


def _wrong_audiences(connection: Connection, wanted: Mapping[int, Mapping[int, Shared]]) -> set[int]:
    """The issues of which the index knows other words for an audience, or other readers."""
    otherwise = readers(wanted) ^ known_readers(connection, list(wanted))
    return {of for _, _, of in otherwise} | {
        issue_id
        for issue_id, kept in wanted.items()
        if not same_shared(connection, rows_of(issue_id), {row: one.tokens for row, one in kept.items()})
    }
