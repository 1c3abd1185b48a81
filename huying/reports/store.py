"""Reports as they are kept: what was prepared, what was issued, what was corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from definitions.text import Said
from huying.database.tables import frozen_reports, report_amendments
from huying.errors import NotFound
from huying.reports.frozen import Frozen, Revision, decode_frozen, decode_revisions, digest_of, written

_r, _a = frozen_reports.c, report_amendments.c


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file of an issued report: the digest under which it is kept, and what it is called."""

    digest: str
    name: str


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report; without ``issued_at`` it was prepared, and waits for somebody to issue it."""

    id: int
    number: str
    plan: str
    span: str
    first: date
    last: date
    as_of: datetime
    title: Said
    body: str
    digest: str
    issued_at: datetime | None
    issued_by: str | None
    note: str
    files: Mapping[str, ReportFile]

    @property
    def frozen(self) -> Frozen:
        """What it says."""
        return decode_frozen(self.body)

    @property
    def sound(self) -> bool:
        """Whether what it says is what was written down."""
        return digest_of(self.body) == self.digest


@dataclass(frozen=True, slots=True)
class ReportAmendment:
    """A correction: the ``nth`` of its report, by whom and when, what changed and why."""

    nth: int
    made_at: datetime
    made_by: str
    why: str
    changes: tuple[Revision, ...]
    sound: bool


def put_report(connection: Connection, number: str, frozen: Frozen) -> None:
    """Write down what was prepared."""
    body = written(frozen)
    row = {
        "number": number,
        "plan_key": frozen.plan.key,
        "span": frozen.span,
        "first_day": frozen.first,
        "last_day": frozen.last,
        "as_of": frozen.as_of,
        "title": {"zh": frozen.title.zh, "en": frozen.title.en},
        "body": body,
        "digest": digest_of(body),
    }
    connection.execute(insert(frozen_reports), row)


def put_issue(connection: Connection, report: KeptReport, **values: Any) -> bool:
    """Note that it was issued; what was prepared stays as it is. Whether nobody else was first."""
    waits = _r.id == report.id, _r.issued_at.is_(None)
    return connection.execute(update(frozen_reports).where(*waits).values(**values)).rowcount == 1


def put_amendment(connection: Connection, report: KeptReport, changes: tuple[Revision, ...], **values: Any) -> int:
    """Write down a correction; which it is of its report."""
    nth = len(amendments_of(connection, report.id)) + 1
    body = written(changes)
    row = {"report_id": report.id, "nth": nth, "changes": body, "digest": digest_of(body), **values}
    connection.execute(insert(report_amendments), row)
    return nth


def report_of(connection: Connection, number: str) -> KeptReport:
    """One report; ``NotFound`` if there is none of this number."""
    row = connection.execute(select(frozen_reports).where(_r.number == number)).one_or_none()
    if row is None:
        raise NotFound("没有这份报告。", "There is no such report.")
    return _kept(row)


def reports(connection: Connection, plan: str | None = None) -> tuple[KeptReport, ...]:
    """All reports, or those of a plan, the newest first."""
    query = select(frozen_reports).order_by(_r.first_day.desc(), _r.id.desc())
    if plan is not None:
        query = query.where(_r.plan_key == plan)
    return tuple(_kept(row) for row in connection.execute(query))


def amendments_of(connection: Connection, report: int) -> tuple[ReportAmendment, ...]:
    """The corrections of a report, in their order."""
    query = select(report_amendments).where(_a.report_id == report).order_by(_a.nth)
    return tuple(
        ReportAmendment(
            row.nth,
            row.made_at,
            row.made_by,
            row.why,
            decode_revisions(row.changes),
            digest_of(row.changes) == row.digest,
        )
        for row in connection.execute(query)
    )


def _kept(row: Row[Any]) -> KeptReport:
    return KeptReport(
        row.id,
        row.number,
        row.plan_key,
        row.span,
        row.first_day,
        row.last_day,
        row.as_of,
        Said(row.title["zh"], row.title["en"]),
        row.body,
        row.digest,
        row.issued_at,
        row.issued_by,
        row.note or "",
        {kind: ReportFile(one["digest"], one["name"]) for kind, one in (row.files or {}).items()},
    )
