"""The audit log, for those who may read it: narrowed by person, happening, object and time; as a sheet; and who looked how often."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from huying.audit.kind import KINDS, SUBJECTS
from huying.audit.query import AuditQuery
from huying.audit.record import AuditNote, note_at_once
from huying.audit.sheet import audit_sheet
from huying.audit.view import OUTCOMES, audit_lines, audit_page, lookers
from portal.frame.bounds import Number
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs

router = APIRouter(dependencies=[needs("read audit")])
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/audit")
def log(at: SignedIn, before: Number | None = None) -> Response:
    """The log, the newest first."""
    query, said = _asked(at)
    found = audit_page(at.house.database, query, at.house.zone, at.language, before or 0)
    return at.page(
        "audit.html",
        found=found,
        said=said,
        subjects=SUBJECTS,
        kinds=KINDS,
        outcomes=OUTCOMES,
        narrowed=urlencode(said),
    )


@router.get("/audit/sheet")
def as_sheet(at: SignedIn) -> Response:
    """The same lines as a sheet; that it was taken out is noted."""
    query, said = _asked(at)
    lines = list(audit_lines(at.house.database, query, at.house.zone, at.language))
    told = AuditNote(what="audit-exported", object="list:audit", detail={"rows": len(lines), "filter": urlencode(said)})
    note_at_once(at.house.database.engine, told)
    content = audit_sheet(lines, at.house.zone, at.language)
    name = f"audit-{at.house.day_of(at.now):%Y-%m-%d}.xlsx"
    return Response(content, media_type=_SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/audit/lookers")
def who_looked(at: SignedIn) -> Response:
    """Who looked at personal data, searched by it or took it out, how often in thirty days."""
    found = lookers(at.house.database, at.house.zone, at.language, at.now)
    return at.page("audit_lookers.html", found=found)


def _asked(at: Reception) -> tuple[AuditQuery, dict[str, str]]:
    """What the address asks for, and as it is said; what cannot be understood narrows nothing."""
    given = at.request.query_params
    names = ("person", "what", "object", "address", "outcome", "since", "until")
    said = {name: given[name].strip()[:80] for name in names if given.get(name, "").strip()}
    query = AuditQuery(
        person=said.get("person", ""),
        what=said.get("what", ""),
        object=said.get("object", ""),
        address=said.get("address", ""),
        outcome=said.get("outcome", ""),
        since=_day(said.get("since")),
        until=_day(said.get("until")),
    )
    return query, said


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None
