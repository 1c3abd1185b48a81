"""What is known of a report when it comes: the station it is for, and the entry of the same request, if it was carried out before."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, literal_column, select

from huying.database.statement import Statement
from huying.database.tables import history, issues, stations


class ReportStation(NamedTuple):
    """The station of a report."""

    id: int
    code: str
    name_zh: str
    name_en: str
    industry: str | None
    active: bool


_here = select(literal_column("1").label("one")).subquery()
#: One row always: the earlier issue's id, number, sequence and event, then the station; ``None`` for what is not there.
arrival = Statement(
    select(
        issues.c.id,
        issues.c.number,
        history.c.sequence,
        history.c.event,
        *(stations.c[name] for name in ReportStation._fields),
    )
    .select_from(_here)
    .join(history, history.c.request_key == bindparam("key", type_=history.c.request_key.type), isouter=True)
    .join(issues, issues.c.id == history.c.issue_id, isouter=True)
    .join(stations, stations.c.code == bindparam("code", type_=stations.c.code.type), isouter=True)
)
