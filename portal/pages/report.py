"""Reporting an issue: the form made from the definition, and what the reporter is told afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from engine.refusal import Invalid, Refusal
from huying.errors import TooLarge, WrongFile
from huying.issues.opening import Report, open_issue, own
from huying.issues.record import follow_code
from huying.issues.reporter import CONTACT, NewReporter, contact_fields
from huying.issues.views.choices import choices
from huying.issues.views.issue import issue_view
from huying.processes.view import definition_in_force, definitions_in_force
from huying.register.view import station_list
from portal.frame.door import IssueDoor, remembered
from portal.frame.errors import STATUS
from portal.frame.page import set_cookie
from portal.frame.reader import kind_of
from portal.frame.reception import Received, Reception
from portal.frame.submission import Submission, Submitted

router = APIRouter()


@router.get("/report")
def ways(at: Received, station: str = "") -> Response:
    """The form, if there is one; the first page, if there are several or none."""
    open_to = definitions_in_force(at.house, at.language, at.now, kind_of(at.reading))
    query = f"?{urlencode({'station': station})}" if station else ""
    return at.go(f"/report/{open_to[0].key}{query}" if len(open_to) == 1 else f"/{query}")


@router.get("/report/{key}")
def report_form(at: Received, key: str, station: str = "") -> Response:
    """The empty form; a station's own link has its station chosen."""
    return _form(at, key, {"station": station})


@router.post("/report/{key}")
def report(at: Received, form: Submitted, key: str) -> Response:
    """Open the issue; with errors, the form again with all that was entered."""
    try:
        if form.faults:
            raise Invalid(form.faults)
        receipt = open_issue(at.house, _report(form, at, key), request_id=_once(form), now=at.now)
    except (Invalid, WrongFile, TooLarge) as refusal:
        return _form(at, key, form.entries, form.fields, refusal, form.request_id)
    answer = at.go(f"/reported/{receipt.issue_id}")
    if at.person is None:
        cookie = remembered(at.request, receipt.issue_id, follow_code(at.house, receipt.issue_id))
        set_cookie(at.request, answer, cookie.name, cookie.value, cookie.seconds)
    return answer


@router.get("/reported/{issue_id}")
def reported(at: Received, door: IssueDoor) -> Response:
    """The number and the code, once."""
    seen = issue_view(at.house, door.issue_id, door.look(at.language, at.now))
    code = follow_code(at.house, door.issue_id) if seen.own else None
    return at.page("reported.html", issue=seen, code=code)


def _report(form: Submission, at: Reception, key: str) -> Report:
    contact = {name: form.entries.get(name) for name in CONTACT}
    return Report(
        definition=key,
        station=form.entry("station"),
        reporter=at.person.participant_id if at.person else NewReporter(**contact, language=at.language),
        values=form.fields,
        files=form.files,
    )


def _once(form: Submission) -> str:
    """The key of this very report: tapped twice it is one; gone back to and changed, it is another."""
    said = repr((form.request_id, sorted(form.entries.items()), sorted(form.fields.items())))
    return hashlib.sha256(said.encode()).hexdigest()[:48]


def _form(
    at: Reception,
    key: str,
    written: Mapping[str, str],
    entered: Mapping[str, Any] | None = None,
    refusal: Refusal | None = None,
    request_id: str | None = None,
) -> Response:
    view = definition_in_force(at.house, key, at.language, at.now)
    own_files = own("files", view.definition.entered)
    return at.page(
        "report.html",
        STATUS.get(refusal.code, 400) if refusal else 200,
        view=view,
        fields=view.definition.entered,
        contact={} if at.person else contact_fields(view.definition),
        stations=station_list(at.house, at.language),
        names=choices(
            at.house,
            view.definition.entered.values(),
            at.language,
            entered=entered,
            public=at.person is None,
        ),
        written=written,
        entered=entered or {},
        errors=_errors(refusal, own_files),
        own_station=own("station", view.definition.entered),
        own_files=own_files,
        request_id=request_id,
    )


def _errors(refusal: Refusal | None, files: str) -> Mapping[str, Mapping[str, str]]:
    """The messages by field; a file's error stands at the files."""
    if refusal is None:
        return {}
    return refusal.errors if isinstance(refusal, Invalid) else {files: refusal.message}
