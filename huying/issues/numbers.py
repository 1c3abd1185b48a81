"""The running numbers of new issues: counted by series (a definition, or a channel that counts apart), station and year.

Taken last, in a statement of its own where the database lets it be a transaction too: nobody waits for a number until somebody else's issue is
written. What is refused has been refused before; what is lost between taking and writing leaves a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from huying.database.statement import Statement
from huying.database.tables import issue_numbers, issues


class Number(NamedTuple):
    """What a new issue is counted as, and its id."""

    sequence: int
    issue_id: int


class IssueSeries(NamedTuple):
    """Within what issues are counted: ``name`` is a definition's key, or a channel's with ``@`` before it."""

    name: str
    station: int
    year: int


_last = issue_numbers.c.last
_free_id: Mapping[str, Any] = {
    # a writing transaction of SQLite is alone
    "sqlite": select(func.coalesce(func.max(issues.c.id), literal_column("0")) + literal_column("1")).scalar_subquery(),
    "postgresql": literal_column("nextval(pg_get_serial_sequence('issue', 'id'))"),
}


def _following(dialect: str, make: Any) -> Statement:
    beyond = bindparam("beyond", type_=_last.type)
    row: dict[str, Any] = {name: bindparam(name) for name in ("definition_key", "station_id", "year")}
    taken = (
        make(issue_numbers)
        .values(**row, last=beyond + literal_column("1"))
        .on_conflict_do_update(
            index_elements=["definition_key", "station_id", "year"],
            set_={"last": case((beyond > _last, beyond), else_=_last) + literal_column("1")},
        )
    )
    return Statement(taken.returning(_last, _free_id[dialect].label("free")))


_next: Mapping[str, Statement] = {
    "sqlite": _following("sqlite", sqlite.insert),
    "postgresql": _following("postgresql", postgresql.insert),
}
_highest = Statement(
    select(func.max(_last)).where(
        issue_numbers.c.station_id == bindparam("station_id"), issue_numbers.c.year == bindparam("year")
    )
)


def next_number(connection: Connection, series: IssueSeries, *, beyond_all: bool) -> Number:
    """The next number of a series, and an id that no issue has; ``beyond_all``: higher than any series there has given in that year."""
    where = {"station_id": series.station, "year": series.year}
    beyond = (_highest.rows(connection, where)[0][0] or 0) if beyond_all else 0
    values = {**where, "definition_key": series.name, "beyond": beyond}
    sequence, issue_id = _next[connection.dialect.name].rows(connection, values, apart=True)[0]
    return Number(int(sequence), int(issue_id))
