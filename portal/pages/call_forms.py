"""How a call centre tells of calls: which part of its JSON means what, and how it signs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from definitions.finding import Finding, Unreadable
from huying.calls.forms import keep_mapping, mapping_source
from huying.processes.findings import CheckReport
from portal.frame.reception import Reception, SignedIn
from portal.frame.right import needs
from portal.frame.submission import Submitted

router = APIRouter(dependencies=[needs("keep connections")])
_LONGEST = 20_000


@router.get("/connections/{key}/calls")
def form_of_calls(at: SignedIn, key: str) -> Response:
    """The mapping of a connection; empty: it tells in our own form."""
    return _page(at, key, mapping_source(at.house, key))


@router.post("/connections/{key}/calls")
def keep(at: SignedIn, form: Submitted, key: str) -> Response:
    """Keep it, if it is sound."""
    source = form.entries.get("source", "").replace("\r\n", "\n")[:_LONGEST]
    try:
        findings = keep_mapping(at.house, key, source)
    except Unreadable as error:
        findings = error.findings
    return _page(at, key, source, findings, 422) if findings else at.go(f"/connections/{key}/calls")


def _page(at: Reception, key: str, source: str, findings: tuple[Finding, ...] = (), status: int = 200) -> Response:
    return at.page(
        "call_form.html",
        status,
        key=key,
        source=source,
        report=CheckReport(findings).text((at.language,)) if findings else "",
        address=f"{at.here.config.portal_url.rstrip('/')}/api/v1/calls/{key}",
        back=f"/connections/{key}/calls",
    )
