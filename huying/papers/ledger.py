"""The ledger of papers, as whoever looks after the machine reads it: numbers and digests, nothing of what stands in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from huying.database.tables import issues, papers
from huying.house.house import House
from huying.issues.record import issue_id_of


def paper_rows(house: House, issue: str | None = None) -> list[dict[str, Any]]:
    """Every paper in the order in which they were made, or those of an issue; ``NotFound`` if there is no such issue."""
    old = papers.alias("old")
    query = (
        select(
            papers.c.number,
            papers.c.kind,
            issues.c.number.label("issue"),
            papers.c.made_at,
            papers.c.file,
            papers.c.voided_at,
            old.c.number.label("replaces"),
        )
        .outerjoin(issues, issues.c.id == papers.c.issue_id)
        .outerjoin(old, old.c.id == papers.c.replaces_id)
        .order_by(papers.c.id)
    )
    if issue is not None:
        query = query.where(papers.c.issue_id == issue_id_of(house, issue))
    with house.database.reading() as connection:
        rows = connection.execute(query).all()
    return [
        {
            "number": row.number,
            "kind": row.kind,
            "issue": row.issue,
            "made_at": row.made_at,
            "digest": row.file["digest"],
            "void": row.voided_at is not None,
            "replaces": row.replaces,
        }
        for row in rows
    ]
